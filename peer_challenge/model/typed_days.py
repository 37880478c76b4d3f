"""Reading days that somebody types into a page or a table, in every form in which this program writes them.

A document's free text is read in word/answers/written_days.py: there a day stands among other words.
"""

import re
from datetime import date

from peer_challenge.model.days_in_words import weekday_in_words
from peer_challenge.model.month_names import MONTHS, WEEKDAYS, find_month

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WRITTEN = re.compile(
    r"(?:([a-z]{3,9})[.,]?\s+)?(\d{1,2})(?:st|nd|rd|th)?[/. -]+(\d{1,2}|[a-z]{3,9})[/., -]+(\d{4}|\d{2})",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s+(?:to|until)\s+|\s*[–—]\s*|\s+-\s+", re.IGNORECASE)
"""What stands between the first and the last day. A hyphen without spaces is a part of a day."""


def read_typed_day(text: str) -> date | None:
    """The day that is typed: "26 February 2027", "Fri 26 Feb 2027", "26/2/2027", "2027-02-26".

    None for another text, and where the weekday is not that of the day.
    """
    weekday, day = _take_apart(text)
    return day if day and (not weekday or WEEKDAYS[day.weekday()].startswith(weekday)) else None


def explain_unread_day(text: str) -> str:
    """What to do about a text that is no day: a sentence or two."""
    weekday, day = _take_apart(text)
    if day and any(name.startswith(weekday) for name in WEEKDAYS):
        return f"It is {weekday_in_words(day)}. Correct the weekday or the date."
    return "Write it as 26 February 2027, or in a file as 2027-02-26."


def read_typed_range(text: str) -> tuple[str, str] | None:
    """The first and the last day of "4 May 2027 to 7 May 2027" as texts; None where only one is typed.

    A first day without a month or a year has those of the last: "4 to 7 May 2027", "28 April - 3 May 2027".
    """
    first, *others = _BETWEEN.split(text.strip(), maxsplit=1)
    if not others:
        return None
    last = others[0]
    until = read_typed_day(last)
    if until is None or read_typed_day(first):
        return first, last
    month = MONTHS[until.month - 1]
    for year in (until.year, until.year - 1):  # "28 December to 3 January 2028"
        for whole in (f"{first} {year}", f"{first} {month} {year}"):
            found = read_typed_day(whole)
            if found and found <= until:
                return whole, last
    return first, last


def _take_apart(text: str) -> tuple[str, date | None]:
    """The weekday as it is typed, in small letters, and the day without it; ("", None) for no day."""
    text = " ".join(text.split())
    if iso := _ISO.fullmatch(text):
        return "", _build_day(*iso.groups())
    found = _WRITTEN.fullmatch(text)
    if not found:
        return "", None
    weekday, day, month, year = found.groups()
    number = month if month.isdigit() else find_month(month.lower())
    return (weekday or "").lower(), _build_day(year if len(year) == 4 else f"20{year}", number, day)


def _build_day(year: str, month: str | int, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
