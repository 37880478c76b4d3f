"""What should have come of a simulated year, by other arithmetic than the product's and from its log alone.

No function of peer_challenge is called: zone, bank holidays, counting and the rules of reminding are
written out again, from the practice note.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

from peer_challenge.model.cycle_rules import Rules
from tests.unit.dates.statute import bank_holidays
from tests.unit.dates.year import Change, Journey, Year

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many reminders should have gone out, and what was wrong."""

    expected: int
    missed: int
    duplicate: int
    wrong_day: int
    unasked: int
    double_booked: int

    @property
    def faults(self) -> int:
        """Everything wrong."""
        return self.missed + self.duplicate + self.wrong_day + self.unasked + self.double_booked


def verdict(year: Year) -> Verdict:
    """The year's reminders and events, held against what should have been."""
    should = {key: day for journey in year.journeys.values() for key, day in _expected(journey, year.runs)}
    did = [((sent.challenge, sent.key), _london(sent.at).date()) for sent in year.sent]
    times = Counter(key for key, _ in did)
    busy = Counter(
        (who, _london(event.starts_at).date())
        for event in year.events.values()
        for who in (event.author.id, event.challenger.id, event.chair.id)
    )
    return Verdict(
        expected=len(should),
        missed=sum(key not in times for key in should),
        duplicate=sum(n - 1 for n in times.values()),
        wrong_day=sum(key in should and should[key] != day for key, day in did),
        unasked=sum(key not in should for key in times),
        double_booked=sum(n - 1 for n in busy.values()),
    )


def _expected(journey: Journey, runs: list[datetime]) -> list[tuple[tuple[str, str], date]]:
    """Each reminder that should go out, with its day.

    A reminder goes on the first working day with a run from its own day on while its date is
    waited for, unless by then the next one is reached, or it says "before" and the day has passed, or is
    for a day less than three working days after that on which the thing was asked for.
    """
    rules = journey.cycle.rules
    spells: dict[tuple[str, date], list[tuple[datetime, datetime]]] = {}
    asked: dict[str, date] = {}
    ends = [change.at for change in journey.changes[1:]] + [datetime.max.replace(tzinfo=UTC)]
    for change, end in zip(journey.changes, ends, strict=True):
        if change.waiting:
            due = _due(change, journey)
            asked.setdefault(change.waiting, _london(change.at).date())
            spells.setdefault((change.waiting, due), []).append((change.at, end))
    found = []
    for (name, due), waited in spells.items():
        while_waited = [run for run in runs if any(start <= run < end for start, end in waited)]
        days = sorted({_london(run).date() for run in while_waited})
        days = [day for day in days if _is_worked(day, rules)]
        steps = _steps(due, rules)
        for n, (on, label) in enumerate(steps):
            day = next((day for day in days if day >= on), None)
            if day is None or (n + 1 < len(steps) and steps[n + 1][0] <= day):
                continue
            is_soon = on < _nth(asked[name], 3, rules)
            if not (label.endswith("before") and (day > due or is_soon)):
                found.append(((journey.id, f"{name}/{due.isoformat()}/{label}"), day))
    return found


def _steps(due: date, rules: Rules) -> list[tuple[date, str]]:
    steps = []
    for n in sorted(rules.reminders_before_days, reverse=True):
        on = due - n * DAY
        while not _is_worked(on, rules):
            on -= DAY
        steps.append((on, f"{n}-days-before"))
    for n in sorted(rules.reminders_after_working_days):
        steps.append((_nth(due, n, rules), f"{n}-working-days-after"))
    last = steps[-1][0]
    return steps + [(_rolled(last + 7 * n * DAY, rules), f"{n}-weeks-later") for n in range(1, 53)]


def _due(change: Change, journey: Journey) -> date:
    rules, facts = journey.cycle.rules, change.facts
    if change.waiting == "self_assessment_due":
        return _rolled(journey.cycle.dates.self_assessment_due, rules)
    if change.waiting == "analysis_due":
        return _analysis_due(change, rules)
    if change.waiting == "response_due":
        assert facts.event_on
        return _nth(facts.event_on, -rules.response_working_days_before_event, rules)
    if change.waiting == "chair_record_due":
        assert facts.event_on
        return _nth(facts.event_on, rules.summary_working_days, rules)
    assert change.waiting == "action_plan_due"
    assert facts.summary_issued_at
    return _rolled(_london(facts.summary_issued_at).date() + rules.action_plan_days * DAY, rules)


def _analysis_due(change: Change, rules: Rules) -> date:
    assert change.facts.pack_issued_at
    wall = _london(change.facts.pack_issued_at)
    hour, minute = (int(part) for part in rules.closing_time.split(":"))
    start = wall.date()
    if (wall.hour, wall.minute, wall.second, wall.microsecond) > (hour, minute, 0, 0):
        start += DAY
    start = _rolled(start, rules)
    due = start + rules.analysis_days * DAY
    for made in change.adjustments:
        if made.kind == "extension":
            due += made.days * DAY
    for made in change.adjustments:
        if made.kind == "pause" and made.first_on and start <= made.first_on <= due:
            due += made.days * DAY
    return _rolled(due, rules)


def _rolled(day: date, rules: Rules) -> date:
    return day if _is_worked(day, rules) else _rolled(day + DAY, rules)


def _nth(day: date, n: int, rules: Rules) -> date:
    """The nth working day after `day`, or before it."""
    while n:
        day += DAY if n > 0 else -DAY
        if _is_worked(day, rules):
            n += -1 if n > 0 else 1
    return day


def _is_worked(day: date, rules: Rules) -> bool:
    return (
        day.isoweekday() < 6 and day not in bank_holidays(day.year) and day not in rules.extra_bank_holidays
    )


@cache
def _summer(year: int) -> tuple[datetime, datetime]:
    """British Summer Time: from 01:00 UTC on the last Sunday of March to that of October."""
    bounds = []
    for month in (3, 10):
        last = date(year, month, 31)
        last -= (last.isoweekday() % 7) * DAY
        bounds.append(datetime(last.year, last.month, last.day, 1, tzinfo=UTC))
    return bounds[0], bounds[1]


def _london(at: datetime) -> datetime:
    """The wall clock in London, as a naive time."""
    utc = at.astimezone(UTC)
    begins, ends = _summer(utc.year)
    return (utc + timedelta(hours=begins <= utc < ends)).replace(tzinfo=None)
