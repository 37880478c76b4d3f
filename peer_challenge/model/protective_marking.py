"""Protective markings: the highest of what went in governs what comes out."""

from collections.abc import Iterable

ORDER = ("OFFICIAL", "OFFICIAL-SENSITIVE", "SECRET", "TOP SECRET")


def highest(markings: Iterable[str | None]) -> str:
    """The highest of `markings`; OFFICIAL when there is none (an unmarked document is OFFICIAL)."""
    known = [marking for marking in markings if marking in ORDER]
    return max(known, key=ORDER.index, default=ORDER[0])
