"""Working days, held against the statute book: bank holidays worked out here, by another route."""

import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peer_challenge.dates.deadlines import dates_from
from peer_challenge.dates.holiday_files import (
    FOLDER,
    CalendarFileError,
    one_off_bank_holidays,
    school_holidays,
    unknown_sets,
)
from peer_challenge.dates.working_days import SHIPPED, WorkingDays
from peer_challenge.model.cycle_rules import DateRange, Rules
from scripts.bank_holidays import YEARS, list_bank_holidays
from tests.unit.dates.statute import bank_holidays

FIRST, LAST = date(2024, 1, 1), date(2035, 12, 31)
WORKING = WorkingDays()
DAYS = st.dates(FIRST, LAST)


def test_every_day_of_twelve_years_is_worked_or_not_as_the_law_says() -> None:
    off = {day for year in range(2024, 2036) for day in bank_holidays(year)}
    every = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    wrong = [d for d in every if WORKING.is_working_day(d) != (d.weekday() < 5 and d not in off)]
    assert wrong == []


@settings(deadline=None)
@given(DAYS)
def test_the_next_working_day_is_the_first_that_is_worked(day: date) -> None:
    found = WORKING.next_working_day(day)
    between = [day + timedelta(days=n) for n in range((found - day).days)]
    assert WORKING.is_working_day(found)
    assert not any(WORKING.is_working_day(d) for d in between)


@settings(deadline=None)
@given(DAYS, st.integers(-30, 30))
def test_working_days_added_are_working_days_counted(day: date, count: int) -> None:
    there = WORKING.add_working_days(day, count)
    if count >= 0:
        assert WORKING.between(day, there) == count
    else:
        assert WORKING.between(there - timedelta(days=1), day - timedelta(days=1)) == -count


def test_what_is_not_worked_says_why() -> None:
    assert WORKING.why_not(date(2026, 4, 3)) == "Good Friday"
    assert WORKING.why_not(date(2026, 4, 4)) == "a Saturday"
    assert WORKING.why_not(date(2026, 4, 7)) is None
    assert WorkingDays([date(2026, 4, 7)]).why_not(date(2026, 4, 7)) == "a bank holiday"


def test_an_added_bank_holiday_counts_as_soon_as_its_file_is_saved(tmp_path: Path) -> None:
    assert one_off_bank_holidays(tmp_path) == {}
    (tmp_path / "bank-holidays.yaml").write_text("days:\n  2027-06-14: A day of celebration\n")
    assert one_off_bank_holidays(tmp_path) == {date(2027, 6, 14): "A day of celebration"}


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("bank-holidays.yaml", "days: {14 June 2027: }", "'14 June 2027' is not a day"),
        ("bank-holidays.yaml", "days: [2027-06-14]", "a line a day"),
        ("bank-holidays.yaml", "days: {2027-02-30: }", "can't be read"),
        ("bank-holidays.yaml", "days: {\n  - ", "line 2 can't be read"),
        ("school-holidays.yaml", "north: [{first: 2027-06-04, last: 2027-05-31}]", "comes before"),
        ("school-holidays.yaml", "north: 2027", "a holiday is"),
        ("school-holidays.yaml", "north: {first: 2027-05-31, last: 2027-06-04}", "a holiday is"),
        ("school-holidays.yaml", "north: [2027-06-04]", "a holiday is {first:"),
        ("school-holidays.yaml", "- north", "a name with a colon"),
    ],
)
def test_a_mistake_in_the_calendar_names_its_place(tmp_path: Path, name: str, text: str, says: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(CalendarFileError, match="holidays") as wrong:
        one_off_bank_holidays(tmp_path)
        school_holidays(["north"], tmp_path)
    assert says in str(wrong.value)


def test_the_shipped_school_holidays_are_in_order_and_used_by_name() -> None:
    for name in ("northern", "coastal"):
        found = school_holidays([name])
        assert all(a.last < b.first for a, b in pairwise(found))
    assert unknown_sets(["northern", "southern"], FOLDER) == ("southern",)
    by_name = dates_from(date(2027, 3, 8), Rules(school_calendars=("northern",)))
    by_days = dates_from(
        date(2027, 3, 8),
        Rules(school_holidays=(DateRange(first=date(2027, 3, 26), last=date(2027, 4, 9)),)),
    )
    assert by_name["analysis_due"] == by_days["analysis_due"]
    assert any("school holidays" in note for note in by_name["analysis_due"].notes)


def test_an_unknown_set_of_school_holidays_is_said_and_not_passed_over() -> None:
    found = dates_from(date(2027, 3, 8), Rules(school_calendars=("southern",)))
    assert "No school holidays are known under the name southern." in found["analysis_due"].notes


def test_the_shipped_bank_holidays_are_those_of_the_library() -> None:
    assert json.loads(SHIPPED.read_text(encoding="utf-8")) == list_bank_holidays()


def test_years_beyond_the_shipped_ones_have_bank_holidays_too() -> None:
    assert WorkingDays().bank_holiday(date(YEARS.stop + 3, 12, 25)) == "Christmas Day"
    assert WorkingDays().bank_holiday(date(YEARS.start - 3, 1, 1)) is not None
