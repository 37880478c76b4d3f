"""How many documents each task of a bulk step works on."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

One = TypeVar("One")
_MANY = 50
_HANDFUL = 10


def handfuls(all_of_them: Sequence[One], waiting: int) -> Iterator[Sequence[One]]:
    """Each by itself; where more than fifty are `waiting`, ten together: a task costs some milliseconds."""
    size = _HANDFUL if waiting > _MANY else 1
    for start in range(0, len(all_of_them), size):
        yield all_of_them[start : start + size]
