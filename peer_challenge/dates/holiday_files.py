"""The days that an office adds by hand: one-off bank holidays and school holidays, in templates/calendar.

A file is read again when it has changed. An error names the place and says what to write instead.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle_rules import DateRange
from peer_challenge.paths import TEMPLATES

FOLDER = TEMPLATES / "calendar"
_BANK, _SCHOOL = "bank-holidays.yaml", "school-holidays.yaml"


SCHOOL_CALENDAR_HINT = (
    "No event is set in school holidays. Choose a set if those of this area differ from the region's. "
    f"The person who looks after this machine writes the sets, in {_SCHOOL}."
)
"""What a form says of the choice of a set."""


class CalendarFileError(WrongUse):
    """A file of days cannot be read. `str()` names the file and the entry."""

    remedy = (
        "Correct that entry (days are written 2027-06-14), then run the command again. See docs/dates.md."
    )


def one_off_bank_holidays(folder: Path = FOLDER) -> Mapping[date, str]:
    """The bank holidays that the office added, by day, each with its name. Raises CalendarFileError."""
    return _load_bank_holidays(folder / _BANK, _read_file_state(folder / _BANK))


def school_holidays(names: Iterable[str], folder: Path = FOLDER) -> tuple[DateRange, ...]:
    """The holidays of the sets `names`, in the order of the file. A set that is not there has none.

    Raises CalendarFileError when the file cannot be read. `unknown_sets` lists the sets that are not there.
    """
    sets = _load_school_holidays(folder / _SCHOOL, _read_file_state(folder / _SCHOOL))
    return tuple(holiday for name in names for holiday in sets.get(name, ()))


def known_sets(folder: Path = FOLDER) -> tuple[str, ...]:
    """The names of all sets of school holidays in the file. Raises CalendarFileError."""
    return tuple(_load_school_holidays(folder / _SCHOOL, _read_file_state(folder / _SCHOOL)))


def unknown_sets(names: Iterable[str], folder: Path = FOLDER) -> tuple[str, ...]:
    """Those of `names` that the file of school holidays does not have."""
    sets = known_sets(folder)
    return tuple(name for name in names if name not in sets)


def _read_file_state(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=16)
def _load_bank_holidays(path: Path, seen: tuple[int, int] | None) -> Mapping[date, str]:
    days = _load_calendar_yaml(path, seen).get("days") or {}
    if not isinstance(days, dict):
        raise CalendarFileError(f"{path.name}: under `days:` goes a line a day, `2027-06-14: its name`.")
    return {_require_date(path, day): str(name or "a bank holiday") for day, name in days.items()}


@lru_cache(maxsize=16)
def _load_school_holidays(path: Path, seen: tuple[int, int] | None) -> Mapping[str, tuple[DateRange, ...]]:
    return {
        str(name): _parse_date_ranges(path, name, entries)
        for name, entries in _load_calendar_yaml(path, seen).items()
    }


def _load_calendar_yaml(path: Path, seen: tuple[int, int] | None) -> dict[object, object]:
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


def _require_date(path: Path, value: object) -> date:
    if type(value) is not date:
        raise CalendarFileError(f"{path.name}: {value!r} is not a day.")
    return value


def _parse_date_ranges(path: Path, name: object, entries: object) -> tuple[DateRange, ...]:
    if not entries:
        return ()
    if not isinstance(entries, list):
        raise _make_entry_error(path, name)
    return tuple(_parse_date_range(path, name, entry) for entry in entries)


def _make_entry_error(path: Path, name: object) -> CalendarFileError:
    return CalendarFileError(f"{path.name}, {name}: a holiday is {{first: 2027-05-31, last: 2027-06-04}}.")


def _parse_date_range(path: Path, name: object, entry: object) -> DateRange:
    if not isinstance(entry, dict) or set(entry) != {"first", "last"}:
        raise _make_entry_error(path, name)
    holiday = DateRange(first=_require_date(path, entry["first"]), last=_require_date(path, entry["last"]))
    if holiday.last < holiday.first:
        raise CalendarFileError(f"{path.name}, {name}: {holiday.last} comes before {holiday.first}.")
    return holiday
