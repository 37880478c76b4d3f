"""Days and times are written in five ways, without a leading nought, on any machine, in London's time."""

import re
from datetime import UTC, date, datetime

from peer_challenge.model.days_in_words import (
    day_in_words,
    short_day,
    short_weekday,
    time_of_day,
    weekday_in_words,
)
from peer_challenge.paths import ROOT
from scripts.house import PACKAGES

DAY = date(2027, 3, 6)


def test_a_day_has_no_leading_nought() -> None:
    assert day_in_words(DAY) == "6 March 2027"
    assert weekday_in_words(DAY) == "Saturday 6 March 2027"
    assert short_weekday(DAY) == "Sat 6 Mar 2027"
    assert short_day(DAY) == "Sat 6 Mar"


def test_a_time_is_londons() -> None:
    assert time_of_day(datetime(2027, 7, 1, 8, 5, tzinfo=UTC)) == "09:05"
    assert time_of_day(datetime(2027, 1, 1, 8, 5, tzinfo=UTC)) == "08:05"


MONTHS_ELSEWHERE = {
    "peer_challenge/model/days_in_words.py",
    "dashboard/timeline.py",  # the names of months along a scale, which are no days
}


def test_nothing_else_writes_a_day_with_the_name_of_its_month() -> None:
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    writing = {
        file for file in files if re.search(r"%[-\w/]*[Bb]\b|%-d|%[Bb] ", file.read_text(encoding="utf-8"))
    }
    assert {file.relative_to(ROOT).as_posix() for file in writing} == MONTHS_ELSEWHERE
