"""The deadlines of a challenge: each with the rule that gave it and what it was counted from.

Sources: Process note (self-assessment on a date the cycle sets; analysis 4 weeks after receipt;
event within 2 months of the completed analysis); practice note "Dates of a cycle". Progress reports come
after as many months from the action plan as the cycle sets, one at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from peer_challenge.clock import LONDON, local_day
from peer_challenge.dates.deadline_counting import (
    Adjustment,
    Counter,
    Deadline,
    add_months,
    review_starts_on,
    start_note,
)
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.cycle_rules import Rules
from peer_challenge.model.days_in_words import short_weekday
from peer_challenge.model.sentences import say_how_many
from peer_challenge.model.vocabulary import DEADLINE_NAMES, DeadlineName

__all__ = [
    "NAMES",
    "Adjustment",
    "ChallengeDates",
    "Change",
    "Deadline",
    "add_months",
    "challenge_deadlines",
    "dates_from",
    "dates_json",
    "explain_deadlines_on",
    "list_changes_between",
    "list_knock_on_changes",
    "plan_deadlines",
    "review_starts_on",
]

NAMES = (
    DeadlineName.SELF_ASSESSMENT_DUE,
    DeadlineName.ANALYSIS_DUE,
    DeadlineName.EVENT_BY,
    DeadlineName.RESPONSE_DUE,
    DeadlineName.EVENT_ON,
    DeadlineName.CHAIR_RECORD_DUE,
    DeadlineName.CORRECTIONS_DUE,
    DeadlineName.CHALLENGER_CORRECTIONS_DUE,
    DeadlineName.ACTION_PLAN_DUE,
    DeadlineName.PROGRESS_REPORT_DUE,
)


@dataclass(frozen=True, slots=True)
class ChallengeDates:
    """What has happened so far in a challenge; times are aware.

    `last_review` is the latest review whose progress report was accepted, 0 before the first.
    """

    self_assessment_received_at: datetime | None = None
    pack_issued_at: datetime | None = None
    analysis_completed_at: datetime | None = None
    event_on: date | None = None
    event_held_on: date | None = None
    draft_issued_at: datetime | None = None
    challenger_draft_issued_at: datetime | None = None
    summary_issued_at: datetime | None = None
    action_plan_received_at: datetime | None = None
    last_review: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What an adjustment would do to one deadline."""

    name: DeadlineName
    before: date | None
    after: date | None
    why: str


def challenge_deadlines(
    cycle: Cycle, facts: ChallengeDates, adjustments: Sequence[Adjustment] = ()
) -> dict[DeadlineName, Deadline]:
    """Every deadline that follows from what has happened so far, by name, in the order of NAMES."""
    count = Counter(cycle.rules, adjustments)
    due = cycle.dates.self_assessment_due
    found = [count.deadline(DeadlineName.SELF_ASSESSMENT_DUE, due, None, "The day that the cycle sets")]
    if facts.pack_issued_at is not None:
        analysis = _count_analysis_due(count, cycle.rules, facts.pack_issued_at)
        found += [analysis, _count_event_window(count, cycle.rules, facts, analysis)]
    window = found[-1] if found[-1].name == DeadlineName.EVENT_BY else None
    found += _count_around_event(count, cycle.rules, facts, window)
    found += _count_corrections_due(count, cycle.rules, facts)
    if facts.summary_issued_at is not None:
        found.append(_count_action_plan_due(count, cycle.rules, local_day(facts.summary_issued_at)))
    if facts.action_plan_received_at is not None and facts.last_review < len(cycle.rules.review_months):
        found.append(_count_progress_report_due(cycle.rules, facts, adjustments))
    return {deadline.name: deadline for deadline in found}


def _count_analysis_due(count: Counter, rules: Rules, received_at: datetime) -> Deadline:
    days, start = say_how_many(rules.analysis_days, "day"), review_starts_on(received_at, rules)
    rule = f"{days} after receipt of the pack, the day after receipt being day 1"
    nominal = start + timedelta(days=rules.analysis_days)
    return count.deadline(DeadlineName.ANALYSIS_DUE, nominal, start, rule, start_note(received_at, rules))


def find_analysis_day(received_at: datetime, rules: Rules) -> date:
    """The day on which an analysis is due whose pack arrives at `received_at` (aware)."""
    return _count_analysis_due(Counter(rules), rules, received_at).due_on


def _count_event_by(count: Counter, rules: Rules, start: date, *, is_done: bool) -> Deadline:
    after = "the day the analysis was completed" if is_done else "the day the analysis is due"
    rule = f"Within {say_how_many(rules.event_months, 'calendar month')} of {after}"
    return count.deadline(DeadlineName.EVENT_BY, add_months(start, rules.event_months), start, rule)


def _count_event_window(count: Counter, rules: Rules, facts: ChallengeDates, analysis: Deadline) -> Deadline:
    planned = _count_event_by(count, rules, analysis.due_on, is_done=False)
    if facts.analysis_completed_at is None:
        return planned
    completed = local_day(facts.analysis_completed_at)
    window = _count_event_by(count, rules, completed, is_done=True)
    late = (completed - analysis.due_on).days
    if late <= 0:
        return window
    note = (
        f"The analysis came {say_how_many(late, 'day')} late, so the event window moved with it: "
        f"to {short_weekday(window.due_on)}, not {short_weekday(planned.due_on)}."
    )
    return replace(window, notes=(*window.notes, note))


def _count_around_event(
    count: Counter, rules: Rules, facts: ChallengeDates, window: Deadline | None
) -> Iterator[Deadline]:
    if facts.event_on is not None:
        before = rules.response_working_days_before_event
        rule = f"{say_how_many(before, 'working day')} before the event"
        yield count.working(DeadlineName.RESPONSE_DUE, facts.event_on, -before, rule)
        yield _make_event_deadline(facts.event_on, window, is_working=count.is_working_day(facts.event_on))
    held_on = facts.event_held_on or facts.event_on
    if held_on is not None:
        rule = f"{say_how_many(rules.summary_working_days, 'working day')} after the event"
        yield count.working(DeadlineName.CHAIR_RECORD_DUE, held_on, rules.summary_working_days, rule)


def find_first_event_day(today: date, returned_on: date, rules: Rules) -> date:
    """The first day on which an event can be that is set `today`, of an analysis `returned_on` a day.

    Its people get the cycle's working days of notice, and its author the cycle's working days to think.
    """
    days = WorkingDays(rules.extra_bank_holidays)
    return max(
        days.add_working_days(today, rules.event_notice_working_days),
        days.add_working_days(returned_on, rules.event_after_analysis_working_days),
    )


def find_first_response_day(returned_on: date, rules: Rules) -> date:
    """The earliest day on which the response to an analysis `returned_on` a day can be due.

    It is never before that day. With an event that is set later, the response is due later.
    """
    event_on = find_first_event_day(returned_on, returned_on, rules)
    before = rules.response_working_days_before_event
    return max(returned_on, Counter(rules).working(DeadlineName.RESPONSE_DUE, event_on, -before, "").due_on)


def _make_event_deadline(day: date, window: Deadline | None, *, is_working: bool) -> Deadline:
    notes: tuple[str, ...] = () if is_working else ("That is not a working day.",)
    if window is not None and day > window.due_on:
        notes += (f"That is after its window, which ends on {short_weekday(window.due_on)}.",)
    return Deadline(DeadlineName.EVENT_ON, day, day, None, "The day agreed for the challenge event", notes)


def _count_corrections_due(count: Counter, rules: Rules, facts: ChallengeDates) -> Iterator[Deadline]:
    """When each area's corrections to the draft summary are due: counted from when it was sent its draft."""
    if not rules.accuracy_days:
        return
    rule = f"{say_how_many(rules.accuracy_days, 'working day')} after the draft summary was sent"
    for name, sent_at in (
        (DeadlineName.CORRECTIONS_DUE, facts.draft_issued_at),
        (DeadlineName.CHALLENGER_CORRECTIONS_DUE, facts.challenger_draft_issued_at),
    ):
        if sent_at is not None:
            yield count.working(name, local_day(sent_at), rules.accuracy_days, rule)


def _count_action_plan_due(count: Counter, rules: Rules, sent_on: date) -> Deadline:
    rule = f"{say_how_many(rules.action_plan_days, 'day')} after the Chair's summary was sent"
    return count.deadline(
        DeadlineName.ACTION_PLAN_DUE, sent_on + timedelta(days=rules.action_plan_days), sent_on, rule
    )


def _count_progress_report_due(
    rules: Rules, facts: ChallengeDates, adjustments: Sequence[Adjustment]
) -> Deadline:
    """When the next review's report is due; an extension of an earlier review's counts no more."""
    assert facts.action_plan_received_at is not None
    review, start = facts.last_review + 1, local_day(facts.action_plan_received_at)
    months = rules.review_months[facts.last_review]
    count = Counter(rules, (one for one in adjustments if one.review in (0, review)))
    rule = f"{say_how_many(months, 'calendar month')} after the action plan came"
    if len(rules.review_months) > 1:
        rule += f", for progress report {review} of {len(rules.review_months)}"
    return count.deadline(DeadlineName.PROGRESS_REPORT_DUE, add_months(start, months), start, rule)


def dates_from(received: date | datetime, rules: Rules | None = None) -> dict[DeadlineName, Deadline]:
    """The deadlines "analysis_due" and "event_by" that follow from the day a pack is received.

    A day without a time counts as within office hours. A time without a zone is taken as London time.
    """
    rules = rules or Rules()
    count = Counter(rules)
    analysis = _count_analysis_due(count, rules, _make_time_aware(received))
    return {
        DeadlineName.ANALYSIS_DUE: analysis,
        DeadlineName.EVENT_BY: _count_event_by(count, rules, analysis.due_on, is_done=False),
    }


def plan_deadlines(due_on: date, rules: Rules) -> list[Deadline]:
    """Every deadline of a challenge whose steps are each done on their last day, in the order of their days.

    `due_on` is the day that the cycle sets for self-assessments. There is a progress report for each review.
    """
    count = Counter(rules)
    own = count.deadline(DeadlineName.SELF_ASSESSMENT_DUE, due_on, None, "The day that the cycle sets")
    analysis, window = dates_from(own.due_on, rules).values()
    held = ChallengeDates(event_on=window.due_on)
    rule = "If it is held on its last day. You agree the day later"
    around = [
        replace(one, rule=rule) if one.name is DeadlineName.EVENT_ON else one
        for one in _count_around_event(count, rules, held, window)
    ]
    sent_at = datetime.combine(around[-1].due_on, time.min, LONDON)
    draft = ChallengeDates(draft_issued_at=sent_at, challenger_draft_issued_at=sent_at)
    around += _count_corrections_due(count, rules, draft)
    plan = _count_action_plan_due(count, rules, around[-1].due_on)
    came_at = datetime.combine(plan.due_on, time.min, LONDON)
    reports = [
        _count_progress_report_due(rules, ChallengeDates(action_plan_received_at=came_at, last_review=n), ())
        for n in range(len(rules.review_months))
    ]
    return sorted([own, analysis, window, *around, plan, *reports], key=lambda one: one.due_on)


def _make_time_aware(received: date | datetime) -> datetime:
    if not isinstance(received, datetime):
        return datetime.combine(received, time.min, LONDON)
    return received if received.tzinfo else received.replace(tzinfo=LONDON)


def dates_json(received: date | datetime, rules: Rules | None = None) -> dict[str, str | list[str]]:
    """What `dates --json` prints: received, analysis_due, event_by (ISO days) and notes."""
    found = dates_from(received, rules)
    notes = []
    for deadline in found.values():
        notes += [f"{DEADLINE_NAMES[deadline.name]}: {deadline.rule}.", *deadline.notes]
    return {
        "received": local_day(_make_time_aware(received)).isoformat(),
        "analysis_due": found[DeadlineName.ANALYSIS_DUE].due_on.isoformat(),
        "event_by": found[DeadlineName.EVENT_BY].due_on.isoformat(),
        "notes": notes,
    }


def list_knock_on_changes(
    cycle: Cycle, facts: ChallengeDates, adjustments: Sequence[Adjustment], proposed: Adjustment
) -> list[Change]:
    """Each deadline that `proposed` would move, with its day before and after. Nothing is recorded."""
    return list_changes_between(cycle, facts, adjustments, [*adjustments, proposed])


def list_changes_between(
    cycle: Cycle, facts: ChallengeDates, earlier: Sequence[Adjustment], later: Sequence[Adjustment]
) -> list[Change]:
    """Each deadline that has another day with the adjustments `later` than with `earlier`, and both days."""
    before, after = challenge_deadlines(cycle, facts, earlier), challenge_deadlines(cycle, facts, later)
    return [
        Change(name, before[name].due_on, after[name].due_on, after[name].rule)
        for name in after
        if before[name].due_on != after[name].due_on
    ]


def explain_deadlines_on(
    cycle: Cycle, facts: ChallengeDates, adjustments: Sequence[Adjustment], day: date
) -> list[str]:
    """Sentences on each deadline that falls on `day`: its rule, what it is counted from, and its notes.

    A deadline falls on `day` by the day it is due or by the day as counted.
    """
    said = []
    for deadline in challenge_deadlines(cycle, facts, adjustments).values():
        if day in (deadline.due_on, deadline.nominal_on):
            since = f", counted from {short_weekday(deadline.counted_from)}" if deadline.counted_from else ""
            name = DEADLINE_NAMES[deadline.name]
            said.append(f"{name}, {short_weekday(deadline.due_on)}: {deadline.rule}{since}.")
            said += [f"  {note}" for note in deadline.notes]
    return said
