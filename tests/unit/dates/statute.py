"""Bank holidays of England and Wales from the statute book, by another route than the product's library."""

from datetime import date, timedelta
from functools import cache


def _easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus."""
    golden, century = year % 19, year // 100
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    epact -= (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    after = epact - weekday
    month = 3 + (after + 40) // 44
    return date(year, month, after + 28 - 31 * (month // 4))


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


@cache
def bank_holidays(year: int) -> set[date]:
    """The Banking and Financial Dealings Act's days, those at a weekend moved to the next free weekday."""
    easter = _easter(year)
    days = {
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        _monday_from(date(year, 5, 1)),
        _monday_from(date(year, 5, 25)),
        _monday_from(date(year, 8, 25)),
    }
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        moved = fixed
        while moved.weekday() >= 5 or moved in days or (moved != fixed and moved == date(year, 12, 26)):
            moved += timedelta(days=1)
        days.add(moved)
    return days
