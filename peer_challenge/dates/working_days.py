"""Working days of England and Wales: weekends and bank holidays from a maintained library, with additions."""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from peer_challenge.dates.holiday_files import one_off_bank_holidays
from peer_challenge.paths import TEMPLATES

_DAY = timedelta(days=1)  # made once: days are counted in a loop


SHIPPED = TEMPLATES / "calendar" / "england-bank-holidays.json"
"""The library's bank holidays of the years that cycles are in (scripts/bank_holidays.py), by day.

To import the library takes a quarter of a second, as it brings every country's: half of what `dates` takes.
"""


def compute_bank_holidays(year: int) -> dict[date, str]:
    """The bank holidays of England in a year, by day, as the library has them."""
    import holidays

    return dict(holidays.country_holidays("GB", subdiv="ENG", years=year))


@lru_cache(maxsize=1)
def _shipped_years() -> dict[int, dict[date, str]]:
    years: dict[int, dict[date, str]] = {}
    for day, name in json.loads(SHIPPED.read_text(encoding="utf-8")).items():
        years.setdefault(int(day[:4]), {})[date.fromisoformat(day)] = name
    return years


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> dict[date, str]:
    return _shipped_years().get(year) or compute_bank_holidays(year)


class WorkingDays:
    """Which days are worked.

    `extra` are bank holidays of one cycle; those in templates/calendar/bank-holidays.yaml always count.
    """

    def __init__(self, extra: Iterable[date] = ()) -> None:
        self._extra = {**dict.fromkeys(extra, "a bank holiday"), **one_off_bank_holidays()}

    def bank_holiday(self, day: date) -> str | None:
        """The name of the bank holiday that `day` is, or None."""
        return self._extra.get(day) or _bank_holidays(day.year).get(day)

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is worked."""
        return day.weekday() < 5 and self.bank_holiday(day) is None

    def why_not(self, day: date) -> str | None:
        """Why `day` is not a working day ("a Sunday", "Good Friday"), or None when it is one."""
        return self.bank_holiday(day) or (f"a {day:%A}" if day.weekday() >= 5 else None)

    def next_working_day(self, day: date) -> date:
        """`day` when it is worked, else the first working day after it."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def previous_working_day(self, day: date) -> date:
        """`day` when it is worked, else the last working day before it."""
        while not self.is_working_day(day):
            day -= _DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`th working day after `day` (before it, when negative); `day` itself for 0."""
        step = _DAY if count > 0 else -_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def between(self, first: date, last: date) -> int:
        """How many working days lie after `first` up to and including `last`; 0 when none."""
        days = (last - first).days
        return sum(self.is_working_day(first + timedelta(days=n)) for n in range(1, days + 1))
