"""A region's indicators: what each area's figure is, and where it lies in the range of all areas."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LEAST_AREAS = 5
"""Areas with a figure from which a range is shown. With fewer, who knows two figures could tell the rest."""
_NUMBER = re.compile(
    r"[£$€]?\s*(?P<sign>[-–−]?)\s*(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*%?"
)
_SUPPRESSED = re.compile(
    r"[cxzuk:*]|\.{1,3}|[-–—]|n/?a|not (?:available|known)|suppressed|[<≤]\s?\d{1,3}%?", re.IGNORECASE
)


class Direction(StrEnum):
    """Whether a higher figure is the better one."""

    HIGHER = "higher is better"
    LOWER = "lower is better"
    NEITHER = "neither is better"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. `values` are texts as the office gave them, by area's id."""

    name: str
    unit: str = ""
    direction: Direction = Direction.NEITHER
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Range:
    """The lowest, the middle and the highest figure of a region as written, and how many areas have one."""

    lowest: str
    middle: str
    highest: str
    areas: int


@dataclass(frozen=True, slots=True)
class Figure:
    """An area's figure for one indicator.

    `written` is empty where the area has none. `range` is None where too few areas have a figure. `place` is
    where the area's figure lies between the lowest (0) and the highest (1), None where that can't be said;
    `middle_place` is where the middle one lies.
    """

    indicator: Indicator
    written: str
    range: Range | None
    place: float | None = None
    middle_place: float = 0.5


def read_number(written: str) -> float | None:
    """The number that a figure is ("1,250", "12.5%", "£3"); None for one that is suppressed or no number."""
    found = _NUMBER.fullmatch(written.strip())
    if found is None:
        return None
    number = float(found["digits"].replace(",", ""))
    return -number if found["sign"] else number


def is_suppressed(written: str) -> bool:
    """Whether a text stands for a figure that is too small to be told or not there: "c", "*", "<5"."""
    return _SUPPRESSED.fullmatch(written.strip()) is not None


def find_range(indicator: Indicator) -> Range | None:
    """The range of an indicator over all areas; None where too few have a number."""
    numbers = [(read_number(text), text) for text in indicator.values.values()]
    ordered = sorted((number, text) for number, text in numbers if number is not None)
    if len(ordered) < LEAST_AREAS:
        return None
    middle = ordered[(len(ordered) - 1) // 2]
    return Range(ordered[0][1], middle[1], ordered[-1][1], len(ordered))


def describe_figure(indicator: Indicator, area_id: str) -> Figure:
    """The figure of one area: of the others it holds nothing but the range."""
    written, whole = indicator.values.get(area_id, ""), find_range(indicator)
    if whole is None:
        return Figure(indicator, written, None)
    low, middle, high = (read_number(text) or 0.0 for text in (whole.lowest, whole.middle, whole.highest))
    number, span = read_number(written), high - low
    if not span:
        return Figure(indicator, written, whole)
    place = (number - low) / span if number is not None else None
    return Figure(indicator, written, whole, place, (middle - low) / span)
