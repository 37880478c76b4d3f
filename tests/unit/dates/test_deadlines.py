"""Deadlines: every vector of the practice note, and what holds on every day of ten years."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peer_challenge.clock import LONDON, local_day
from peer_challenge.dates.deadlines import (
    Adjustment,
    ChallengeDates,
    add_months,
    challenge_deadlines,
    dates_from,
    dates_json,
    explain_deadlines_on,
    find_first_event_day,
    find_first_response_day,
    list_knock_on_changes,
    plan_deadlines,
    review_starts_on,
)
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle_rules import DateRange, Rules
from peer_challenge.model.vocabulary import DeadlineName
from tests.factories import a_cycle

DAYS = st.dates(date(2024, 1, 1), date(2034, 12, 31))
WORKING = WorkingDays()
CYCLE = a_cycle()


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 3, 6), date(2026, 4, 7)),  # Friday; 3 April is Good Friday, so Tuesday after Easter
        (date(2026, 8, 3), date(2026, 9, 1)),  # Monday; 31 August is a bank holiday
        (date(2026, 12, 31), date(2027, 1, 28)),  # Thursday to Thursday
    ],
)
def test_four_weeks_are_28_days_rolled_to_a_working_day(received: date, due: date) -> None:
    assert dates_from(received)["analysis_due"].due_on == due


@pytest.mark.parametrize(
    ("start", "nominal", "rolled"),
    [
        (date(2026, 3, 6), date(2026, 5, 6), date(2026, 5, 6)),  # a Wednesday
        (date(2026, 8, 3), date(2026, 10, 3), date(2026, 10, 5)),  # a Saturday, so Monday
        (date(2026, 12, 31), date(2027, 2, 28), date(2027, 3, 1)),  # clamped to a Sunday, so Monday
    ],
)
def test_two_months_are_calendar_months(start: date, nominal: date, rolled: date) -> None:
    assert add_months(start, 2) == nominal
    assert WORKING.next_working_day(nominal) == rolled


def test_the_two_clocks_follow_each_other() -> None:
    told = dates_json(date(2026, 3, 6))
    assert (told["received"], told["analysis_due"], told["event_by"]) == (
        "2026-03-06",
        "2026-04-07",
        "2026-06-08",
    )


@pytest.mark.parametrize(
    ("at", "starts"),
    [
        (datetime(2026, 3, 6, 17, 0, tzinfo=LONDON), date(2026, 3, 6)),  # Friday at closing time
        (datetime(2026, 3, 6, 17, 1, tzinfo=LONDON), date(2026, 3, 9)),  # Friday after it: Monday
        (datetime(2026, 3, 7, 9, 0, tzinfo=LONDON), date(2026, 3, 9)),  # Saturday: Monday
        (
            datetime(2026, 12, 24, 18, 0, tzinfo=LONDON),
            date(2026, 12, 29),
        ),  # over Christmas, Boxing Day moved
        (datetime(2026, 6, 30, 16, 30, tzinfo=UTC), date(2026, 7, 1)),  # 17:30 in London
    ],
)
def test_the_review_clock_starts_on_a_working_day_before_closing(at: datetime, starts: date) -> None:
    assert review_starts_on(at, Rules()) == starts


def test_the_closing_time_is_a_setting() -> None:
    at = datetime(2026, 3, 9, 16, 30, tzinfo=LONDON)
    assert review_starts_on(at, Rules()) == date(2026, 3, 9)
    assert review_starts_on(at, Rules(closing_time="16:00")) == date(2026, 3, 10)


@settings(deadline=None)
@given(DAYS)
def test_every_deadline_is_a_working_day_within_its_bounds(received: date) -> None:
    found = dates_from(received)
    analysis, event = found["analysis_due"], found["event_by"]
    assert WORKING.is_working_day(analysis.due_on)
    assert WORKING.is_working_day(event.due_on)
    assert analysis.counted_from is not None
    assert analysis.nominal_on - analysis.counted_from == timedelta(days=28)
    assert timedelta(0) <= analysis.due_on - analysis.nominal_on <= timedelta(days=5)
    assert event.due_on > analysis.due_on


@settings(deadline=None)
@given(DAYS, st.integers(0, 24))
def test_months_keep_the_day_or_clamp_to_the_end(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@settings(deadline=None)
@given(DAYS, DAYS)
def test_receiving_later_is_never_due_earlier(one: date, other: date) -> None:
    first, second = sorted([one, other])
    assert dates_from(first)["analysis_due"].due_on <= dates_from(second)["analysis_due"].due_on


@settings(deadline=None)
@given(st.datetimes(datetime(2024, 1, 1), datetime(2034, 12, 31)))
def test_the_day_is_londons_whatever_the_clock_does(at: datetime) -> None:
    aware = at.replace(tzinfo=UTC)
    assert local_day(aware) == aware.astimezone(LONDON).date()


def _facts(**given: datetime | date) -> ChallengeDates:
    return ChallengeDates(pack_issued_at=datetime(2026, 3, 6, 9, tzinfo=UTC), **given)  # type: ignore[arg-type]


def test_a_late_analysis_moves_its_event_window_and_says_so() -> None:
    on_time = challenge_deadlines(CYCLE, _facts())
    late = challenge_deadlines(CYCLE, _facts(analysis_completed_at=datetime(2026, 4, 17, 9, tzinfo=UTC)))
    assert late["event_by"].due_on == date(2026, 6, 17) > on_time["event_by"].due_on
    assert any("10 days late" in note for note in late["event_by"].notes)


def test_an_early_analysis_brings_its_window_forward() -> None:
    early = challenge_deadlines(CYCLE, _facts(analysis_completed_at=datetime(2026, 3, 20, 9, tzinfo=UTC)))
    assert early["event_by"].due_on == date(2026, 5, 20)


def test_an_extension_moves_what_follows_and_is_shown_before_it_is_made() -> None:
    cycle, proposed = (
        CYCLE,
        Adjustment("extension", "illness in a small team", 7, deadline="analysis_due"),
    )
    changes = {
        change.name: (change.before, change.after)
        for change in list_knock_on_changes(cycle, _facts(), [], proposed)
    }
    assert changes == {
        "analysis_due": (date(2026, 4, 7), date(2026, 4, 10)),
        "event_by": (date(2026, 6, 8), date(2026, 6, 10)),
    }


def test_a_pause_moves_only_the_clock_that_ran() -> None:
    pause = Adjustment("pause", "inspection", 14, first_on=date(2026, 3, 16))
    paused = challenge_deadlines(CYCLE, _facts(), [pause])
    assert paused["analysis_due"].due_on == date(2026, 4, 17)
    before = Adjustment("pause", "inspection", 14, first_on=date(2026, 2, 1))
    assert challenge_deadlines(CYCLE, _facts(), [before])["analysis_due"].due_on == date(2026, 4, 7)


def test_an_adjustment_comes_back_from_json_as_it_was() -> None:
    pause = Adjustment("pause", "inspection", 14, first_on=date(2026, 3, 16))
    assert Adjustment.from_dict(pause.as_dict()) == pause


def test_school_holidays_extend_nothing_and_warn_over_a_third() -> None:
    rules = Rules(school_holidays=(DateRange(first=date(2026, 3, 28), last=date(2026, 4, 12)),))
    with_holidays = dates_from(date(2026, 3, 6), rules)["analysis_due"]
    assert with_holidays.due_on == date(2026, 4, 7)
    assert with_holidays.notes[-1] == "11 of these 32 days lie in school holidays."
    assert not any("school" in note for note in dates_from(date(2026, 4, 20), rules)["analysis_due"].notes)


def test_days_in_the_school_holidays_of_two_authorities_count_once() -> None:
    one = DateRange(first=date(2026, 3, 28), last=date(2026, 4, 5))
    other = DateRange(first=date(2026, 4, 1), last=date(2026, 4, 12))
    within = DateRange(first=date(2026, 4, 2), last=date(2026, 4, 3))
    deadline = dates_from(date(2026, 3, 6), Rules(school_holidays=(other, within, one)))["analysis_due"]
    assert deadline.notes[-1] == "11 of these 32 days lie in school holidays."


def test_a_one_off_bank_holiday_is_kept() -> None:
    rules = Rules(extra_bank_holidays=(date(2026, 4, 7),))
    assert dates_from(date(2026, 3, 6), rules)["analysis_due"].due_on == date(2026, 4, 8)


def test_every_date_says_which_rule_and_which_trigger_gave_it() -> None:
    told = explain_deadlines_on(CYCLE, _facts(), [], date(2026, 4, 7))
    assert told[0].startswith("Peer analysis due, Tue 7 Apr 2026: 28 days after receipt")
    assert "counted from Fri 6 Mar 2026" in told[0]
    assert "Good Friday" in told[1]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reason": " "}, "only with a reason"),
        ({"days": 0}, "one day or more"),
        ({"deadline": None}, "Nothing can't be extended"),
        ({"deadline": "event_on"}, "event_on can't be extended"),
        ({"kind": "pause"}, "begins on a day"),
    ],
)
def test_an_adjustment_without_what_it_needs_is_refused(changes: dict[str, object], says: str) -> None:
    given_ = {"kind": "extension", "reason": "illness", "days": 7, "deadline": "analysis_due", **changes}
    with pytest.raises(WrongUse, match=says):
        Adjustment(**given_)  # type: ignore[arg-type]


PAUSES = st.builds(
    Adjustment,
    st.just("pause"),
    st.just("why"),
    st.integers(1, 20),
    first_on=st.dates(date(2026, 3, 1), date(2026, 6, 30)),
)
EXTENSIONS = st.builds(
    Adjustment,
    st.just("extension"),
    st.just("why"),
    st.integers(1, 20),
    st.sampled_from(["analysis_due", "event_by"]),
)


@settings(deadline=None)
@given(
    st.lists(PAUSES | EXTENSIONS, max_size=4).flatmap(
        lambda made: st.tuples(st.just(made), st.permutations(made))
    )
)
def test_adjustments_give_the_same_dates_in_whatever_order_they_were_made(
    made: tuple[list[Adjustment], list[Adjustment]],
) -> None:
    one, other = (challenge_deadlines(CYCLE, _facts(), order) for order in made)
    assert {n: d.due_on for n, d in one.items()} == {n: d.due_on for n, d in other.items()}


@settings(deadline=None)
@given(st.lists(PAUSES | EXTENSIONS, max_size=3), PAUSES | EXTENSIONS)
def test_what_an_adjustment_would_change_is_what_it_changes(made: list[Adjustment], new: Adjustment) -> None:
    before = challenge_deadlines(CYCLE, _facts(), made)
    after = challenge_deadlines(CYCLE, _facts(), [*made, new])
    told = {
        change.name: (change.before, change.after)
        for change in list_knock_on_changes(CYCLE, _facts(), made, new)
    }
    assert told == {
        name: (before[name].due_on, after[name].due_on)
        for name in after
        if before[name].due_on != after[name].due_on
    }
    assert all(after[name].due_on >= before[name].due_on for name in after)


@settings(deadline=None)
@given(st.datetimes(datetime(2024, 1, 1), datetime(2034, 12, 31)).map(lambda at: at.replace(tzinfo=UTC)))
def test_every_date_of_every_receipt_can_be_explained(at: datetime) -> None:
    cycle, facts = CYCLE, ChallengeDates(pack_issued_at=at)
    for name, deadline in challenge_deadlines(cycle, facts).items():
        for day in {deadline.due_on, deadline.nominal_on}:
            said = explain_deadlines_on(cycle, facts, [], day)
            assert any(deadline.rule in line for line in said), name


@pytest.mark.parametrize(
    ("at", "says"),
    [
        (
            datetime(2026, 3, 6, 17, 2),
            "Received on Fri 6 Mar 2026, after 17:00, so counted from Mon 9 Mar 2026.",
        ),
        (
            date(2026, 3, 7),
            "Received on 7 March 2026, which is a Saturday, so counted from Mon 9 Mar 2026.",
        ),
        (date(2026, 3, 9), None),
    ],
)
def test_a_review_counted_from_another_day_says_why(at: date, says: str | None) -> None:
    notes = [note for note in dates_json(at)["notes"] if note.startswith("Received")]
    assert notes == ([says] if says else [])


@given(DAYS)
@settings(max_examples=30, deadline=None)
def test_a_plan_has_every_date_in_order_and_says_nothing_twice(due: date) -> None:
    planned = plan_deadlines(due, Rules())
    assert [one.due_on for one in planned] == sorted(one.due_on for one in planned)
    assert {one.name for one in planned} == set(DeadlineName)
    reports = [one for one in planned if one.name is DeadlineName.PROGRESS_REPORT_DUE]
    assert len(reports) == len(Rules().review_months)
    (event,) = (one for one in planned if one.name is DeadlineName.EVENT_ON)
    assert "agreed" not in event.rule
    for note in (note for one in planned for note in one.notes):
        weekday = note.split()[0]
        assert not (weekday in ("Sat", "Sun") and f"is a {weekday}" in note), note


def test_an_event_after_its_window_says_so() -> None:
    inside = challenge_deadlines(CYCLE, _facts(event_on=date(2026, 6, 8)))["event_on"]
    outside = challenge_deadlines(CYCLE, _facts(event_on=date(2026, 6, 9)))["event_on"]
    assert inside.notes == ()
    assert outside.notes == ("That is after its window, which ends on Mon 8 Jun 2026.",)


def test_a_reason_is_in_no_note_and_a_message_for_those_concerned_is() -> None:
    reason = "illness in a small team"
    told = Adjustment("extension", reason, 7, deadline="analysis_due", message="You have a week more.")
    silent = Adjustment("pause", reason, 1, first_on=date(2026, 3, 16))
    notes = challenge_deadlines(CYCLE, _facts(), [told, silent])["analysis_due"].notes
    assert not any(reason in note for note in notes)
    assert {"Extended by 7 days: You have a week more.", "Paused by 1 day."} <= set(notes)


def test_the_earliest_day_of_a_response_leaves_notice_and_time_to_think() -> None:
    """Back on Tuesday 6 April 2027: event from 20 April on, response five working days before."""
    returned_on = date(2027, 4, 6)
    assert find_first_event_day(returned_on, returned_on, Rules()) == date(2027, 4, 20)
    assert find_first_response_day(returned_on, Rules()) == date(2027, 4, 13)


def test_a_response_is_never_due_before_its_analysis_is_back() -> None:
    soon = Rules(event_notice_working_days=0, event_after_analysis_working_days=0)
    assert find_first_response_day(date(2027, 4, 6), soon) == date(2027, 4, 6)
