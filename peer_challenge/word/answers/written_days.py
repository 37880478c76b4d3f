"""Reading a day as people write it: day before month, in words or figures."""

# ruff: noqa: E501 - a pattern is easier to read on one line than cut in two

import re
from datetime import date

from peer_challenge.model.month_names import MONTH, MONTH_STARTS

_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b(?!\s*/)")
_FIGURES = re.compile(r"\b(\d{1,2})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})\b(?!\s*[/-]\s*\d{4})")
_WORDS = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?(?:-|\s+(?:of\s+)?)([a-z]{3,9})\.?,?(?:-|\s+)['’]?(\d{4}|\d{2})\b",
    re.IGNORECASE,
)
_WORDS_US = re.compile(r"\b([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b", re.IGNORECASE)


_MONTH = rf"{MONTH}\b"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_JOINED = r"\s*(?:\b(?:or|and|to|until|till|through)\b|[&/+–—-])\s*(?:the\s+|[a-z]{3,6}day\s+)?"
_LISTED = rf"(?:{_JOINED}|\s*,\s*)"
_TIME = r"(?:at )?(?:\d{1,2}(?:[:.]\d\d(?![./-]?\d)| ?[ap]\.?m\b)|noon\b|midday\b)"
_SEVERAL = re.compile(
    # a time may come before the day: the minutes of "10:00, 7 September" are no day
    rf"(?<![:.\d/-]){_DAY}{_LISTED}{_DAY}\.?\s+(?:of\s+)?{_MONTH}"
    rf"|(?<![:.\d/-]){_DAY}{_LISTED}\d{{1,2}}\s*[./-]\s*\d{{1,2}}\s*[./-]\s*\d{{2,4}}\b"
    rf"|\b{_MONTH}\.?\s+{_DAY}{_JOINED}{_DAY}\b"
    rf"|{_JOINED}(?:(?:early|mid|late|the end of|end of)[ -])?{_MONTH}(?!\s*[/-])"
    rf"|\b20\d\d{_JOINED}20\d\d\b|\b20\d\d\s*/\s*\d\d\b(?![./-]\d)",
    re.IGNORECASE,
)
_DAY_OF_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTH})", re.IGNORECASE)
_NO_ONE_DAY = re.compile(
    # "not later than" a day, "no later than" it, "by" it and "on or before" it are that day
    r"[~≈±?]|(?<!\bon )\bor\b|\bnot\b(?! later than)|(?<!\bno )(?<!\bnot )\blater\b|"
    r"\bno (?:earlier|sooner)\b|\bc\.? ?(?=\d)|"
    r"\b(?:earliest|after|onwards?|w[cb]|w[/.][cbe]|weeks?|between|around|about|approximately|approx|circa|ca|"
    r"roughly|tbc|tba|to be (?:confirmed|agreed)|provisional(?:ly)?|tentative(?:ly)?|possibly|perhaps|maybe|"
    r"probably|likely)\b|"
    # what goes on from a day ends on another; "from 10:00" is the hour of an event
    rf"\b(?:from|since|start(?:s|ing)?|begin(?:s|ning)?|commenc(?:es|ing))\b(?! ?:? ?{_TIME})",
    re.IGNORECASE,
)


_ANY_MONTH = re.compile(rf"\b{_MONTH}", re.IGNORECASE)
_OTHER_TIME = re.compile(
    # of what goes on, comes in parts, or has moved away from the day
    r"\bq[1-4]\b|\b(?:spring|summer|autumn|winter|easter|christmas|half[ -]term|year[ -]end|end of (?:the )?year)\b|"
    r"\b(?:phase|stage|year|part) \d\b|\b(?:then|on-?going|monthly|quarterly|annually|yearly|termly)\b|"
    r"\b(?:every|each) (?:\w+ )?(?:day|month|quarter|term|year)|\bwithin (?:\w+ ){1,2}(?:days?|months?|years?|terms?)\b|"
    r"\bcancel|\d\b[^.;]*\b(?:slip(?:s|ped)|defer|delay|postpone|reschedule|missed)|"
    r"\b(?:if|subject to|ideally|hopefully|stretch|too (?:early|late|soon))\b|"
    # "30/6, 30/9 and 30/12/2027": a day and a month whose year is said once
    r"(?<![\d/])(?:[12]?\d|3[01])/(?:\d|0\d|1[0-2])(?![\d/])",
    re.IGNORECASE,
)


def read_written_day(written: str) -> date | None:
    """The one day that `written` names, or None when it names none, two, or an impossible one.

    "6 or 7 September", "not before 30 September", "from 6 September", "6 September (tbc)" and "week of 6
    September" are no one day, nor is "6 September, final in October". "By 30 September" and "no later than 30
    September" are that day.
    """
    text = " ".join(written.split())
    days = {(day, _parse_month(month)) for day, month in _DAY_OF_MONTH.findall(text)}
    if len(days) > 1 or any(pattern.search(text) for pattern in (_SEVERAL, _NO_ONE_DAY, _OTHER_TIME)):
        return None
    found = set(_find_all_days(text))
    day = found.pop() if len(found) == 1 else None
    months = set(map(_parse_month, _ANY_MONTH.findall(text)))
    return day if day is not None and months <= {day.month} else None


def _find_all_days(written: str) -> list[date | None]:
    days = [_build_valid_date(y, m, d) for y, m, d in _ISO.findall(written)]
    days += [_build_valid_date(y, m, d) for d, _, m, y in _FIGURES.findall(_ISO.sub(" ", written))]
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
    return MONTH_STARTS.index(start) + 1 if start in MONTH_STARTS else 0


def _build_valid_date(year: str | int, month: str | int, day: str | int) -> date | None:
    full_year = int(year) + (2000 if len(str(year)) == 2 else 0)
    try:
        return date(full_year, int(month), int(day))
    except ValueError:
        return None
