"""Names for files whose own name is taken: cut to what a file system allows, with a number."""

import os
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

LONGEST_NAME = 255
"""Bytes of a file's name, as file systems allow."""
LONGEST_PATH = 135
"""Characters of a path below the outbox, before " (2)" and the outbox's own name make it up to 150.

Word on Windows opens no path over 259, of which a synchronised folder's own name may take a hundred.
"""
LONGEST_IDS = 89
"""Characters of a cycle's and a recipient's id together that leave room for every document's name."""
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]|forms|_vti_.*|desktop\.ini|\.lock)"
    r"\s*(\..*)?",
    re.IGNORECASE,
)
"""What Windows keeps for its devices, and SharePoint for its own folders."""


def is_reserved_name(name: str) -> bool:
    """Whether no file or folder can be called so on Windows or in SharePoint."""
    return _RESERVED.fullmatch(name) is not None


def cut_words(words: str, most: int, between: str = "-") -> str:
    """Words with `between` between them, as many as fit into `most` characters; "" where not one does."""
    if len(words) <= most:
        return words
    return words[: max(most, 0) + 1].rpartition(between)[0] if most > 0 else ""


def cut_file_name(name: str, addition: str = "", longest: int = LONGEST_NAME) -> str:
    """`name` with `addition` before its ending, its stem cut so that it has `longest` bytes at most."""
    path = Path(name)
    # 20 letters: behind the dot of a longer one is no ending but the rest of a sentence.
    stem, suffix = (path.stem, path.suffix) if len(path.suffix) < 20 else (name, "")
    ending = addition + suffix
    while len(os.fsencode(stem + ending)) > longest:
        stem = stem[:-1]
    return stem + ending


def names_like(name: str, longest: int = LONGEST_NAME) -> Iterator[str]:
    """`name`, then "name (2)", "name (3)" and so on without end: the caller takes the first that is free."""
    yield cut_file_name(name, longest=longest)
    yield from (cut_file_name(name, f" ({number})", longest) for number in count(2))
