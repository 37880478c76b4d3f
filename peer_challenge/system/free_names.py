"""Names for files whose own name is taken: cut to what a file system allows, with a number."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

LONGEST_NAME = 255
"""Bytes of a file's name, as file systems allow."""


def cut_file_name(name: str, addition: str = "", longest: int = LONGEST_NAME) -> str:
    """`name` with `addition` before its ending, its stem cut so that it has `longest` bytes at most."""
    path = Path(name)
    stem, suffix = (path.stem, path.suffix) if len(path.suffix) < 20 else (name, "")
    ending = addition + suffix
    while len(os.fsencode(stem + ending)) > longest:
        stem = stem[:-1]
    return stem + ending


def names_like(name: str, longest: int = LONGEST_NAME) -> Iterator[str]:
    """`name`, then "name (2)", "name (3)" and so on without end: the caller takes the first that is free."""
    yield cut_file_name(name, longest=longest)
    yield from (cut_file_name(name, f" ({number})", longest) for number in count(2))
