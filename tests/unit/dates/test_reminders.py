"""Reminders: each once, on its day, caught up without a flood, stopped when done."""

import random
from datetime import date, timedelta

import pytest

from peer_challenge.dates.deadlines import Deadline
from peer_challenge.dates.reminder_rules import due_reminders, find_answer_day, generate_reminders
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.model.cycle_rules import Rules

DUE = Deadline("analysis_due", date(2027, 4, 7), date(2027, 4, 7), None, "rule")  # a Wednesday
RULES = Rules()
DAYS = WorkingDays()


def _run(
    days: list[date],
    *,
    done_on: date = date(2028, 1, 1),
    deadline: Deadline = DUE,
    asked_on: date | None = None,
) -> list[tuple[date, str]]:
    """What a scheduler that runs on `days` sends."""
    sent: dict[str, date] = {}
    for today in days:
        waiting = "analysis_due" if today < done_on else None
        for reminder in due_reminders({"analysis_due": deadline}, waiting, today, RULES, sent, asked_on):
            assert reminder.key not in sent
            sent[reminder.key] = today
    return [(on, key.rsplit("/", 1)[1]) for key, on in sent.items()]


def _every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_each_reminder_goes_once_on_its_day() -> None:
    assert _run(_every_day(date(2027, 3, 1), date(2027, 4, 30))) == [
        (date(2027, 3, 24), "14-days-before"),
        (date(2027, 3, 31), "7-days-before"),
        (date(2027, 4, 6), "1-days-before"),
        (date(2027, 4, 8), "1-working-days-after"),
        (date(2027, 4, 14), "5-working-days-after"),
        (date(2027, 4, 21), "1-weeks-later"),
        (date(2027, 4, 28), "2-weeks-later"),
    ]


def test_nothing_says_overdue_on_the_due_day() -> None:
    assert _run([DUE.due_on]) == [(DUE.due_on, "1-days-before")]


def test_an_outage_is_caught_up_with_the_latest_only() -> None:
    days = _every_day(date(2027, 3, 1), date(2027, 3, 20)) + _every_day(date(2027, 4, 1), date(2027, 4, 5))
    assert _run(days) == [(date(2027, 4, 1), "7-days-before")]


def test_what_was_to_be_said_before_is_not_said_after() -> None:
    assert _run([date(2027, 4, 8)]) == [(date(2027, 4, 8), "1-working-days-after")]


def test_completion_stops_them() -> None:
    assert _run(_every_day(date(2027, 3, 1), date(2027, 4, 30)), done_on=date(2027, 3, 25)) == [
        (date(2027, 3, 24), "14-days-before")
    ]


def test_a_moved_date_is_reminded_of_anew() -> None:
    moved = Deadline("analysis_due", date(2027, 4, 14), date(2027, 4, 14), None, "rule")
    keys = {reminder.key for reminder in generate_reminders(DUE, RULES)} & {
        r.key for r in generate_reminders(moved, RULES)
    }
    assert keys == set()


@pytest.mark.parametrize(
    ("asked_on", "sent_on"),
    [
        (date(2027, 3, 19), [24, 31, 6]),  # three working days before the 24th
        (date(2027, 3, 22), [31, 6]),
        (date(2027, 3, 24), [31, 6]),  # Easter lies between: three working days before the 31st
        (date(2027, 3, 25), [6]),
        (date(2027, 4, 2), []),
    ],
)
def test_nobody_is_reminded_in_the_first_three_working_days_after_being_asked(
    asked_on: date, sent_on: list[int]
) -> None:
    days = _every_day(asked_on, DUE.due_on)
    assert [on.day for on, _ in _run(days, asked_on=asked_on)] == sent_on


def test_what_is_overdue_is_reminded_of_however_lately_it_was_asked_for() -> None:
    days = _every_day(DUE.due_on, date(2027, 4, 9))
    assert _run(days, asked_on=DUE.due_on) == [(date(2027, 4, 8), "1-working-days-after")]


@pytest.mark.parametrize("day", [date(2027, 3, 27), date(2027, 3, 28), date(2027, 3, 29)])
def test_nobody_is_reminded_on_a_day_off(day: date) -> None:
    assert not DAYS.is_working_day(day)
    assert due_reminders({"analysis_due": DUE}, "analysis_due", day, RULES, ()) == []


@pytest.mark.parametrize("seed", range(200))
def test_a_random_year_with_outages_misses_doubles_and_misdates_none(seed: int) -> None:
    """An independent oracle: on each day the scheduler runs, the newest step reached, if new, is due."""
    dice = random.Random(seed)
    due = date(2027, 1, 4) + timedelta(days=dice.randrange(200))
    due = DAYS.next_working_day(due)
    deadline = Deadline("analysis_due", due, due, None, "rule")
    done_on = due + timedelta(days=dice.randrange(-30, 60))
    days = _every_day(due - timedelta(days=40), due + timedelta(days=80))
    for _ in range(3):
        start = dice.randrange(len(days))
        days = days[:start] + days[start + dice.randrange(6) :]
    steps = [(DAYS.previous_working_day(due - timedelta(days=n)), f"{n}-days-before") for n in (14, 7, 1)]
    after = [DAYS.add_working_days(due, n) for n in (1, 5)]
    steps += list(zip(after, ("1-working-days-after", "5-working-days-after"), strict=True))
    steps += [
        (DAYS.next_working_day(after[-1] + timedelta(weeks=n)), f"{n}-weeks-later") for n in range(1, 20)
    ]
    expected, said = [], set()
    for today in days:
        reached = [step for step in steps if step[0] <= today]
        if today < done_on and DAYS.is_working_day(today) and reached:
            name = reached[-1][1]
            if name not in said and not (name.endswith("before") and today > due):
                said.add(name)
                expected.append((today, name))
    assert _run(days, done_on=done_on, deadline=deadline) == expected


def test_a_clock_put_back_sends_nothing_that_was_overtaken() -> None:
    ledger = {"analysis_due/2027-04-07/7-days-before"}
    assert due_reminders({"analysis_due": DUE}, "analysis_due", date(2027, 3, 25), RULES, ledger) == []


def test_two_reminders_that_fall_on_one_working_day_are_one() -> None:
    rules = Rules(reminders_before_days=(3, 2, 1), reminders_after_working_days=(1,))
    monday = Deadline("analysis_due", date(2027, 4, 12), date(2027, 4, 12), None, "rule")
    sent: set[str] = set()
    for today in _every_day(date(2027, 4, 5), monday.due_on):
        sent |= {r.key for r in due_reminders({"analysis_due": monday}, "analysis_due", today, rules, sent)}
    assert sent == {"analysis_due/2027-04-12/1-days-before"}


@pytest.mark.parametrize(
    ("due", "asked", "event", "answer"),
    [
        (date(2027, 4, 20), date(2027, 4, 13), date(2027, 4, 28), date(2027, 4, 20)),  # long before it
        (date(2027, 4, 21), date(2027, 4, 23), date(2027, 4, 28), date(2027, 4, 27)),  # not on its day
        (date(2027, 4, 21), date(2027, 4, 24), date(2027, 4, 26), date(2027, 4, 26)),  # none between
        (date(2027, 4, 21), date(2027, 4, 27), date(2027, 4, 28), date(2027, 4, 28)),
        (date(2027, 4, 21), date(2027, 4, 28), date(2027, 4, 28), date(2027, 5, 4)),  # too late for it
    ],
)
def test_answers_that_an_event_needs_are_asked_for_before_it(
    due: date, asked: date, event: date, answer: date
) -> None:
    rules = Rules()
    assert find_answer_day(due, asked, rules, event) == answer
    assert find_answer_day(due, asked, rules) >= answer
