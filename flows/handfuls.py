"""How many documents each task of a bulk step works on."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

One = TypeVar("One")
_HANDFUL = 10
"""The cost of a task is shared by ten documents; one that is tried again does no more than ten again."""


def split_into_handfuls(
    all_of_them: Sequence[One], waiting: int, *, most_alone: int = 50
) -> Iterator[Sequence[One]]:
    """Each by itself; ten together where more than `most_alone` are waiting.

    A task costs some ten milliseconds, which is little beside reading a document and much beside making one.
    """
    size = _HANDFUL if waiting > most_alone else 1
    for start in range(0, len(all_of_them), size):
        yield all_of_them[start : start + size]
