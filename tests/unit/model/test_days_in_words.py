"""Days and times are written in five ways, without a leading nought, on any machine, in London's time."""

from datetime import UTC, date, datetime

from peer_challenge.model.days_in_words import (
    day_in_words,
    short_day,
    short_weekday,
    time_of_day,
    weekday_in_words,
)

DAY = date(2027, 3, 6)


def test_a_day_has_no_leading_nought() -> None:
    assert day_in_words(DAY) == "6 March 2027"
    assert weekday_in_words(DAY) == "Saturday 6 March 2027"
    assert short_weekday(DAY) == "Sat 6 Mar 2027"
    assert short_day(DAY) == "Sat 6 Mar"


def test_a_time_is_londons() -> None:
    assert time_of_day(datetime(2027, 7, 1, 8, 5, tzinfo=UTC)) == "09:05"
    assert time_of_day(datetime(2027, 1, 1, 8, 5, tzinfo=UTC)) == "08:05"
