"""Reading a day as people write it: day before month, in words or figures."""

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_FIGURES = re.compile(r"\b(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4}|\d{2})\b")
_WORDS = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([a-z]{3,9})\.?,?\s+['’]?(\d{4}|\d{2})\b", re.IGNORECASE
)
_WORDS_US = re.compile(r"\b([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b", re.IGNORECASE)


_SEVERAL = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?\s*(?:or|and|to|until|&|/|-|–)\s*(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
_NO_ONE_DAY = re.compile(
    r"\b(?:not|no (?:earlier|sooner)|earliest|after|w/c|week (?:of|commencing|beginning)|between|around|"
    r"about|approximately|approx|circa)\b",
    re.IGNORECASE,
)


def read_written_day(written: str) -> date | None:
    """The one day that `written` names, or None when it names none, two, or an impossible one.

    "6 or 7 September", "not before 30 September" and "week of 6 September" are no one day.
    """
    if _SEVERAL.search(written) or _NO_ONE_DAY.search(written):
        return None
    found = set(_find_all_days(written))
    return found.pop() if len(found) == 1 else None


def _find_all_days(written: str) -> list[date | None]:
    days = [_build_valid_date(y, m, d) for y, m, d in _ISO.findall(written)]
    days += [_build_valid_date(y, m, d) for d, m, y in _FIGURES.findall(_ISO.sub(" ", written))]
    days += [
        _build_valid_date(y, _parse_month(m), d) for d, m, y in _WORDS.findall(written) if _parse_month(m)
    ]
    if not days:
        days += [
            _build_valid_date(y, _parse_month(m), d)
            for m, d, y in _WORDS_US.findall(written)
            if _parse_month(m)
        ]
    return days


def _parse_month(word: str) -> int:
    start = word[:3].lower()
    return _MONTHS.index(start) + 1 if start in _MONTHS else 0


def _build_valid_date(year: str | int, month: str | int, day: str | int) -> date | None:
    full_year = int(year) + (2000 if len(str(year)) == 2 else 0)
    try:
        return date(full_year, int(month), int(day))
    except ValueError:
        return None
