"""The deadlines of a challenge: each with the rule that gave it and what it was counted from.

Sources: Process note (self-assessment on a date the cycle sets; analysis 4 weeks after receipt;
event within 2 months of the completed analysis); practice note "Dates of a cycle".
"""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from peer_challenge.clock import LONDON, local_day
from peer_challenge.cycle import Cycle, DateRange, Rules
from peer_challenge.working_days import WorkingDays

NAMES = (
    "self_assessment_due",
    "analysis_due",
    "event_by",
    "response_due",
    "event_on",
    "chair_record_due",
    "action_plan_due",
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline: `nominal_on` as counted, `due_on` rolled to a working day, both included."""

    name: str
    due_on: date
    nominal_on: date
    counted_from: date | None
    rule: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChallengeDates:
    """What has happened so far in a challenge; times are aware."""

    self_assessment_received_at: datetime | None = None
    pack_issued_at: datetime | None = None
    analysis_completed_at: datetime | None = None
    event_on: date | None = None
    event_held_on: date | None = None
    summary_issued_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An extension of one deadline by `days`, or a pause of the clock for `days` from `first_on`."""

    kind: Literal["extension", "pause"]
    reason: str
    days: int
    deadline: str | None = None
    first_on: date | None = None

    def as_dict(self) -> dict[str, Any]:
        """The adjustment as JSON can hold it."""
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in asdict(self).items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Adjustment":
        """The adjustment that `as_dict` gave."""
        first_on = data.get("first_on")
        return cls(**{**data, "first_on": date.fromisoformat(first_on) if first_on else None})


@dataclass(frozen=True, slots=True)
class Change:
    """What an adjustment would do to one deadline."""

    name: str
    before: date | None
    after: date | None
    why: str


def add_months(day: date, months: int) -> date:
    """The corresponding day `months` later; the month's last day where there is none."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def review_starts_on(received_at: datetime, rules: Rules) -> date:
    """The day from which a review is counted: after closing time, or on a day off, the next working day."""
    local = received_at.astimezone(LONDON)
    hour, minute = map(int, rules.closing_time.split(":"))
    days = WorkingDays(rules.extra_bank_holidays)
    day = local.date()
    if local.time() > time(hour, minute):
        day += timedelta(days=1)
    return days.next_working_day(day)


class _Counter:
    """Counts deadlines under one cycle's rules, with its adjustments."""

    def __init__(self, rules: Rules, adjustments: Iterable[Adjustment] = ()) -> None:
        self._rules = rules
        self._days = WorkingDays(rules.extra_bank_holidays)
        self._adjustments = tuple(adjustments)

    def deadline(self, name: str, nominal: date, counted_from: date | None, rule: str) -> Deadline:
        notes: list[str] = []
        for adjustment in self._adjustments:
            if self._applies(adjustment, name, nominal, counted_from):
                nominal += timedelta(days=adjustment.days)
                what = "Extended" if adjustment.kind == "extension" else "Paused"
                notes.append(f"{what} by {_plural(adjustment.days, 'day')}: {adjustment.reason}")
        due = self._days.next_working_day(nominal)
        if due != nominal:
            notes.append(f"{_told(nominal)} is {self._days.why_not(nominal)}, so {_told(due)}.")
        notes += self._school_holidays(counted_from, due)
        return Deadline(name, due, nominal, counted_from, rule, tuple(notes))

    def _applies(self, adjustment: Adjustment, name: str, nominal: date, counted_from: date | None) -> bool:
        if adjustment.kind == "extension":
            return adjustment.deadline == name
        first = adjustment.first_on
        return counted_from is not None and first is not None and counted_from <= first <= nominal

    def _school_holidays(self, first: date | None, last: date) -> list[str]:
        """A warning when over a third of the window lies in school holidays; they extend nothing."""
        if first is None or last <= first:
            return []
        inside = sum(
            _overlap(holiday, first + timedelta(days=1), last) for holiday in self._rules.school_holidays
        )
        total = (last - first).days
        return [f"{inside} of these {total} days lie in school holidays."] if inside * 3 > total else []

    def fixed(self, name: str, day: date, counted_from: date | None, rule: str) -> Deadline:
        return Deadline(name, day, day, counted_from, rule)

    def working(self, name: str, start: date, count: int, rule: str) -> Deadline:
        return self.deadline(name, self._days.add_working_days(start, count), start, rule)


def _overlap(holiday: DateRange, first: date, last: date) -> int:
    return max(0, (min(holiday.last, last) - max(holiday.first, first)).days + 1)


def _plural(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _told(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _analysis(count: _Counter, rules: Rules, start: date) -> Deadline:
    rule = (
        f"{_plural(rules.analysis_days, 'day')} after receipt of the pack, the day after receipt being day 1"
    )
    return count.deadline("analysis_due", start + timedelta(days=rules.analysis_days), start, rule)


def _event_by(count: _Counter, rules: Rules, start: date, is_done: bool) -> Deadline:
    after = "the day the analysis was completed" if is_done else "the day the analysis is due"
    rule = f"Within {_plural(rules.event_months, 'calendar month')} of {after}"
    return count.deadline("event_by", add_months(start, rules.event_months), start, rule)


def challenge_deadlines(
    cycle: Cycle, facts: ChallengeDates, adjustments: Sequence[Adjustment] = ()
) -> dict[str, Deadline]:
    """Every deadline that follows from what has happened so far, by name (NAMES), in that order."""
    rules = cycle.rules
    count = _Counter(rules, adjustments)
    found = [
        count.deadline(
            "self_assessment_due", cycle.dates.self_assessment_due, None, "The day that the cycle sets"
        )
    ]
    if facts.pack_issued_at is not None:
        analysis = _analysis(count, rules, review_starts_on(facts.pack_issued_at, rules))
        found += [analysis, _event_window(count, rules, facts, analysis)]
    if facts.event_on is not None:
        found += [
            count.working(
                "response_due",
                facts.event_on,
                -rules.response_working_days_before_event,
                f"{_plural(rules.response_working_days_before_event, 'working day')} before the event",
            ),
            count.fixed("event_on", facts.event_on, None, "The day agreed for the challenge event"),
        ]
    held_on = facts.event_held_on or facts.event_on
    if held_on is not None:
        found.append(
            count.working(
                "chair_record_due",
                held_on,
                rules.summary_working_days,
                f"{_plural(rules.summary_working_days, 'working day')} after the event",
            )
        )
    if facts.summary_issued_at is not None:
        start = local_day(facts.summary_issued_at)
        found.append(
            count.deadline(
                "action_plan_due",
                start + timedelta(days=rules.action_plan_days),
                start,
                f"{_plural(rules.action_plan_days, 'day')} after the Chair's summary was sent",
            )
        )
    return {deadline.name: deadline for deadline in found}


def _event_window(count: _Counter, rules: Rules, facts: ChallengeDates, analysis: Deadline) -> Deadline:
    if facts.analysis_completed_at is None:
        return _event_by(count, rules, analysis.due_on, is_done=False)
    completed = local_day(facts.analysis_completed_at)
    window = _event_by(count, rules, completed, is_done=True)
    late = (completed - analysis.due_on).days
    if late <= 0:
        return window
    note = f"The analysis came {_plural(late, 'day')} late, so the event window moved with it."
    return replace(window, notes=(*window.notes, note))


def dates_from(received: date | datetime, rules: Rules | None = None) -> dict[str, Deadline]:
    """The deadlines "analysis_due" and "event_by" that follow from the day a pack is received."""
    rules = rules or Rules()
    count = _Counter(rules)
    start = review_starts_on(_moment(received), rules)
    analysis = _analysis(count, rules, start)
    return {"analysis_due": analysis, "event_by": _event_by(count, rules, analysis.due_on, is_done=False)}


def _moment(received: date | datetime) -> datetime:
    return received if isinstance(received, datetime) else datetime.combine(received, time(9), LONDON)


def dates_json(received: date | datetime, rules: Rules | None = None) -> dict[str, Any]:
    """What `dates --json` prints: received, analysis_due, event_by (ISO days) and notes."""
    rules = rules or Rules()
    found = dates_from(received, rules)
    day = _moment(received).astimezone(LONDON).date()
    start = review_starts_on(_moment(received), rules)
    notes = [] if start == day else [f"Received on {_told(day)}; the review is counted from {_told(start)}."]
    for deadline in found.values():
        notes += [f"{deadline.name.replace('_', ' ').capitalize()}: {deadline.rule}.", *deadline.notes]
    return {
        "received": day.isoformat(),
        "analysis_due": found["analysis_due"].due_on.isoformat(),
        "event_by": found["event_by"].due_on.isoformat(),
        "notes": notes,
    }


def knock_on(
    cycle: Cycle, facts: ChallengeDates, adjustments: Sequence[Adjustment], proposed: Adjustment
) -> list[Change]:
    """What `proposed` would change, deadline by deadline, before anybody confirms it."""
    before = challenge_deadlines(cycle, facts, adjustments)
    after = challenge_deadlines(cycle, facts, [*adjustments, proposed])
    return [
        Change(name, before[name].due_on, after[name].due_on, after[name].rule)
        for name in after
        if before[name].due_on != after[name].due_on
    ]


def explain(cycle: Cycle, facts: ChallengeDates, adjustments: Sequence[Adjustment], day: date) -> list[str]:
    """For each deadline that falls on `day` (due or as counted): which rule gave it, from what."""
    told = []
    for deadline in challenge_deadlines(cycle, facts, adjustments).values():
        if day in (deadline.due_on, deadline.nominal_on):
            counted = f", counted from {_told(deadline.counted_from)}" if deadline.counted_from else ""
            told.append(
                f"{deadline.name.replace('_', ' ').capitalize()}, {_told(deadline.due_on)}: "
                f"{deadline.rule}{counted}."
            )
            told += [f"  {note}" for note in deadline.notes]
    return told
