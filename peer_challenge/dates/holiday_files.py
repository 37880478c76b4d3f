"""The days an office adds by hand: one-off bank holidays and school holidays, from templates/calendar.

Files are read again when they have changed. What can't be read says where, and what to write instead.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import DateRange
from peer_challenge.paths import TEMPLATES

FOLDER = TEMPLATES / "calendar"
_BANK, _SCHOOL = "bank-holidays.yaml", "school-holidays.yaml"


class CalendarFileError(WrongUse):
    """A file of days that can't be read; `str()` names the file and the entry."""

    remedy = (
        "Correct that entry (days are written 2027-06-14), then run the command again. See docs/dates.md."
    )


def one_off_bank_holidays(folder: Path = FOLDER) -> Mapping[date, str]:
    """The bank holidays that the office added, by day, each with its name. Raises CalendarFileError."""
    return _bank(folder / _BANK, _seen(folder / _BANK))


def school_holidays(names: Iterable[str], folder: Path = FOLDER) -> tuple[DateRange, ...]:
    """The holidays of the sets `names`, in the order of the file; of a set that isn't there, none.

    Raises CalendarFileError when the file can't be read. `unknown_sets` says which are not there.
    """
    sets = _school(folder / _SCHOOL, _seen(folder / _SCHOOL))
    return tuple(holiday for name in names for holiday in sets.get(name, ()))


def known_sets(folder: Path = FOLDER) -> tuple[str, ...]:
    """The names of the sets of school holidays that there are. Raises CalendarFileError."""
    return tuple(_school(folder / _SCHOOL, _seen(folder / _SCHOOL)))


def unknown_sets(names: Iterable[str], folder: Path = FOLDER) -> tuple[str, ...]:
    """Those of `names` that the file of school holidays does not have."""
    sets = known_sets(folder)
    return tuple(name for name in names if name not in sets)


def _seen(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=16)
def _bank(path: Path, seen: tuple[int, int] | None) -> Mapping[date, str]:
    days = _tree(path, seen).get("days") or {}
    if not isinstance(days, dict):
        raise CalendarFileError(f"{path.name}: under `days:` goes a line a day, `2027-06-14: its name`.")
    return {_day(path, day): str(name or "a bank holiday") for day, name in days.items()}


@lru_cache(maxsize=16)
def _school(path: Path, seen: tuple[int, int] | None) -> Mapping[str, tuple[DateRange, ...]]:
    return {
        str(name): tuple(_range(path, name, entry) for entry in entries or ())
        for name, entries in _tree(path, seen).items()
    }


def _tree(path: Path, seen: tuple[int, int] | None) -> dict[Any, Any]:
    if seen is None:
        return {}
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8-sig")) or {}
    except (UnicodeDecodeError, yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise CalendarFileError(f"{path.name}: line {mark.line + 1 if mark else 1} can't be read.") from None
    if not isinstance(tree, dict):
        raise CalendarFileError(f"{path.name}: a name with a colon goes before the days.")
    return tree


def _day(path: Path, value: Any) -> date:
    if type(value) is not date:
        raise CalendarFileError(f"{path.name}: {value!r} is not a day.")
    return value


def _range(path: Path, name: Any, entry: Any) -> DateRange:
    if not isinstance(entry, dict) or set(entry) != {"first", "last"}:
        raise CalendarFileError(f"{path.name}, {name}: a holiday is {{first: 2027-05-31, last: 2027-06-04}}.")
    holiday = DateRange(first=_day(path, entry["first"]), last=_day(path, entry["last"]))
    if holiday.last < holiday.first:
        raise CalendarFileError(f"{path.name}, {name}: {holiday.last} comes before {holiday.first}.")
    return holiday
