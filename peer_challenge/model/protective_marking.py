"""Protective markings: the highest of what went in governs what comes out."""

from collections.abc import Iterable

ORDER = ("OFFICIAL", "OFFICIAL-SENSITIVE", "SECRET", "TOP SECRET")
HIGHEST_HELD = "OFFICIAL-SENSITIVE"
"""The highest that this work may hold."""


def rank_marking(marking: str | None) -> int:
    """How high a marking is, from 0. No marking, and a text that is not a marking, count as OFFICIAL."""
    return ORDER.index(marking) if marking in ORDER else 0


def is_too_high(marking: str | None) -> bool:
    """Whether a marking is higher than this work may hold."""
    return rank_marking(marking) > rank_marking(HIGHEST_HELD)


def find_highest_marking(markings: Iterable[str | None]) -> str:
    """The highest of `markings`; OFFICIAL when there is none (an unmarked document is OFFICIAL)."""
    known = [marking for marking in markings if marking in ORDER]
    return max(known, key=ORDER.index, default=ORDER[0])
