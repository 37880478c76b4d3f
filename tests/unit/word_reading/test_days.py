"""Days as people write them: one day is read, and what is no one day is asked about."""

from datetime import date

import pytest

from peer_challenge.word.answers.days import read_written_day


@pytest.mark.parametrize(
    "written",
    [
        "6 or 7 September 2027",
        "6 and 7 September 2027",
        "6 to 10 September 2027",
        "6-10 September 2027",
        "6 – 10 September 2027",
        "6th & 7th of September 2027",
        "6, 7 September 2027",
        "6/7 September 2027",
        "Monday 6 or Tuesday 7 September 2027",
        "6 September or 7 October 2027",
        "6 September to 7 October 2027",
        "6 September - 7 October 2027",
        "6 September, 7 October 2027",
        "6 September 2027 and 7 October 2027",
        "6 September 2027 to October 2027",
        "6 September 2027 or October",
        "6-10/09/2027",
        "6–10/09/2027",
        "6 or 7/9/2027",
        "6/7/9/2027",
        "6, 7/9/2027",
        "06/09/2027 - 10/09/2027",
        "06/09-10/09/2027",
        "2027-09-06/07",
        "2027-09-06 or 2027-09-07",
        "7 September 2026 or 2027",
        "7 September 2026/27",
        "7 September 2026/2027",
        "September 6 or 7, 2027",
        "from 6 September 2027",
        "From Monday 6 September 2027",
        "from 06/09/2027",
        "since 6 September 2027",
        "start 6 September 2027",
        "starting 6 September 2027",
        "wc 6 September 2027",
        "w/c 6 September 2027",
        "w.c. 6 September 2027",
        "week of 6 September 2027",
        "week ending 10 September 2027",
        "6 September 2027 or later",
        "6 September 2027 onwards",
        "later than 6 September 2027",
        "not before 30 September 2027",
        "no earlier than 30 September 2027",
        "30 September 2027 at the earliest",
        "after 30 September 2027",
        "~6 September 2027",
        "6 September 2027?",
        "6 September 2027 (tbc)",
        "6 September 2027, to be confirmed",
        "around 6 September 2027",
        "c. 6 September 2027",
        "perhaps 6 September 2027",
        "31 September 2027",
        "September 2027",
        "soon",
    ],
)
def test_what_is_no_one_day_is_not_read_as_one(written: str) -> None:
    assert read_written_day(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "30 September 2027",
        "30th of September, 2027",
        "30 Sept. 2027",
        "30 sep 27",
        "Thursday 30 September 2027",
        "September 30, 2027",
        "September 30th 2027",
        "30/09/2027",
        "30.9.27",
        "30-09-2027",
        "30 / 9 / 2027",
        "2027-09-30",
        "by 30 September 2027",
        "We aim for 30 September 2027",
        "By 30/09/2027",
        "not later than 30 September 2027",
        "no later than 30 September 2027",
        "on or before 30 September 2027",
        "30 September 2027 at the latest",
        "30 September 2027, 10:00 to 12:00",
        "30 September 2027 from 10:00",
        "30 September 2027, 10am to 12 noon",
        "30 September 2027 starting at 10.30",
        "10:00, 30 September 2027",
        "10.00 - 12.00, 30 September 2027",
        "30 September 2027 (30/09/2027)",
        "30 September 2027, Town Hall, room 4",
    ],
)
def test_one_day_is_read_however_it_is_written(written: str) -> None:
    assert read_written_day(written) == date(2027, 9, 30)
