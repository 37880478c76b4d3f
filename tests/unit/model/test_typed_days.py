"""Days that somebody types are read in every form in which the program writes them, and else explained."""

from collections.abc import Callable
from datetime import date

import pytest

from peer_challenge.model.days_in_words import day_in_words, short_weekday, weekday_in_words
from peer_challenge.model.typed_days import explain_unread_day, read_typed_day, read_typed_range

DAY = date(2027, 2, 26)


@pytest.mark.parametrize("write", [day_in_words, short_weekday, weekday_in_words, date.isoformat])
def test_each_form_in_which_the_program_writes_a_day_is_read(write: Callable[[date], str]) -> None:
    assert read_typed_day(write(DAY)) == DAY


@pytest.mark.parametrize(
    "text", ["26/2/2027", "26.02.27", " 26th February 2027 ", "Friday, 26 Feb 2027", "26-2-2027", "26 FEB 27"]
)
def test_each_form_in_which_people_write_it_is_read(text: str) -> None:
    assert read_typed_day(text) == DAY


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Monday 26 February 2027", "It is Friday 26 February 2027. Correct the weekday or the date."),
        ("30 February 2027", "Write it as 26 February 2027"),
        ("not 26 February 2027", "Write it as 26 February 2027"),
        ("late February", "Write it as 26 February 2027"),
        ("", "Write it as 26 February 2027"),
    ],
)
def test_what_is_no_day_says_what_to_write(text: str, why: str) -> None:
    assert read_typed_day(text) is None
    assert explain_unread_day(text).startswith(why)


@pytest.mark.parametrize("between", [" to ", " - ", "–", " until "])
@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("6 April 2027", "7 May 2027", (date(2027, 4, 6), date(2027, 5, 7))),
        ("17 May", "1 June 2027", (date(2027, 5, 17), date(2027, 6, 1))),
        ("4", "7 May 2027", (date(2027, 5, 4), date(2027, 5, 7))),
        ("Tue 4 May", "Fri 7 May 2027", (date(2027, 5, 4), date(2027, 5, 7))),
        ("28 December", "3 January 2028", (date(2027, 12, 28), date(2028, 1, 3))),
    ],
)
def test_a_first_day_may_leave_out_what_the_last_says(
    first: str, last: str, between: str, days: tuple[date, date]
) -> None:
    ends = read_typed_range(f"{first}{between}{last}")
    assert ends is not None
    assert tuple(map(read_typed_day, ends)) == days


def test_one_day_is_no_range() -> None:
    assert read_typed_range("26-2-2027") is None
