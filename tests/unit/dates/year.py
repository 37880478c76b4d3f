"""A simulated year: three overlapping cycles, people who are late, a scheduler that fails for days.

The world here drives the product's own functions. What should have come of it is worked out
independently in oracle.py, from the log alone.
"""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from peer_challenge.clock import LONDON, SimulatedClock, local_day
from peer_challenge.dates.deadlines import Adjustment, ChallengeDates, challenge_deadlines
from peer_challenge.dates.reminder_rules import due_reminders
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.events.timetable import EventRequest, make_timetable
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Chair, Cycle, Dates, Participant
from peer_challenge.model.cycle_rules import DateRange, Rules

BEGINS, ENDS = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 4, 1, tzinfo=UTC)
AREAS = [f"area-{n}" for n in range(10)]
CHAIRS = [Chair(id=f"chair-{n}", name=f"Chair {n}", email=f"chair-{n}@example.org") for n in range(3)]


@dataclass(frozen=True, slots=True)
class Change:
    """From `at` on, `waiting` is what the challenge waits for, and these are its facts."""

    at: datetime
    waiting: str | None
    facts: ChallengeDates
    adjustments: tuple[Adjustment, ...]


@dataclass(slots=True)
class Journey:
    """One challenge: where it stands, and all that ever changed."""

    id: str
    cycle: Cycle
    author: str
    challenger: str
    facts: ChallengeDates = ChallengeDates()  # noqa: RUF009
    adjustments: tuple[Adjustment, ...] = ()
    waiting: str | None = None
    needs_event: bool = False
    is_over: bool = False
    patience: int = 0
    changes: list[Change] = field(default_factory=list)

    @property
    def asked_at(self) -> datetime:
        """When it was asked for what it waits for: all messages go at once here."""
        return next(change.at for change in self.changes if change.waiting == self.waiting)


@dataclass(frozen=True, slots=True)
class Sent:
    """A reminder that went out."""

    challenge: str
    key: str
    at: datetime


@dataclass(slots=True)
class Year:
    """What happened: journeys with their changes, runs of the scheduler, reminders sent, events."""

    journeys: dict[str, Journey]
    runs: list[datetime] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    events: dict[str, EventFacts] = field(default_factory=dict)


def _cycle(number: int) -> Cycle:
    opens = date(2027, 1, 11) + timedelta(weeks=7 * number)
    rules = (
        Rules(events_per_day=1, school_calendars=("northern",)),
        Rules(closing_time="16:00", reminders_before_days=(21, 10, 5, 2, 1), analysis_days=35),
        Rules(reminders_after_working_days=(3, 10), extra_bank_holidays=(date(2027, 6, 14),)),
    )[number]
    areas = [Participant(id=area, name=area) for area in AREAS[number : number + 8]]
    areas[2] = areas[2].model_copy(update={"unavailable": (DateRange(first=opens, last=date(2027, 5, 14)),)})
    return Cycle(
        id=f"cycle-{number}",
        name=f"Cycle {number}",
        framework="f",
        dates=Dates(opens=opens, self_assessment_due=opens + timedelta(days=45)),
        rules=rules,
        chairs=tuple(CHAIRS),
        participants=tuple(areas),
    )


class World:
    """The people, the office and the scheduler of one year, decided by `seed`."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._clock = SimulatedClock(BEGINS)
        self._next = count()
        self._diary: list[tuple[datetime, int, Callable[[], None]]] = []
        self._ledger: dict[str, set[str]] = {}
        self.cycles = [_cycle(number) for number in range(3)]
        self.year = Year({})
        for cycle in self.cycles:
            self._open(cycle)
        for at in self._runs():
            self._at(at, self._run)

    def play(self) -> Year:
        """Everything that happens, in order."""
        while self._diary:
            at, _, what = heapq.heappop(self._diary)
            if at < ENDS:
                self._clock.set(at)
                what()
        return self.year

    def _at(self, at: datetime, what: Callable[[], None]) -> None:
        heapq.heappush(self._diary, (at.astimezone(UTC), next(self._next), what))

    def _later(self, least: float, most: float, what: Callable[[], None]) -> None:
        self._at(self._clock.now() + timedelta(days=self._dice.uniform(least, most)), what)

    def _runs(self) -> list[datetime]:
        """Twice a day, often at night too, always when clocks change; none in outages of up to five days."""
        outages = [BEGINS + timedelta(days=self._dice.uniform(0, 450)) for _ in range(14)]
        lengths = [timedelta(days=self._dice.uniform(0.2, 5)) for _ in outages]
        runs = []
        for n in range((ENDS - BEGINS).days):
            day = BEGINS.date() + timedelta(days=n)
            hours = [(6, 30), (12, 0)]
            if day in {date(2027, 3, 28), date(2027, 10, 31), date(2028, 3, 26)} or self._dice.random() < 0.1:
                hours += [(0, 5), (0, 30), (1, 30), (23, 10), (23, 59)]
            runs += [datetime.combine(day, time(*hour), UTC) for hour in sorted(hours)]
        return [
            run
            for run in runs
            if not any(start <= run < start + length for start, length in zip(outages, lengths, strict=True))
        ]

    def _open(self, cycle: Cycle) -> None:
        areas = [area.id for area in cycle.participants]
        for n, author in enumerate(areas):
            journey = Journey(f"{cycle.id}/{author}", cycle, author, areas[(n + 3) % len(areas)])
            self.year.journeys[journey.id] = journey
            self._ledger[journey.id] = set()
            opens = datetime.combine(cycle.dates.opens, time(9), LONDON)
            self._at(opens, lambda journey=journey: self._change(journey, "self_assessment_due"))
            late = timedelta(days=self._dice.uniform(-20, 25))
            due = datetime.combine(cycle.dates.self_assessment_due, time(12), LONDON)
            self._at(due + late, lambda journey=journey: self._self_assessed(journey))
            if self._dice.random() < 0.1:
                over = opens + timedelta(days=self._dice.uniform(10, 250))
                self._at(over, lambda journey=journey: self._withdraw(journey))

    def _change(self, journey: Journey, waiting: str | None, **facts: datetime | date) -> None:
        journey.waiting = waiting
        journey.facts = replace(journey.facts, **facts)  # type: ignore[arg-type]
        journey.changes.append(Change(self._clock.now(), waiting, journey.facts, journey.adjustments))

    def _self_assessed(self, journey: Journey) -> None:
        if not journey.is_over:
            self._change(journey, None, self_assessment_received_at=self._clock.now())
            day = local_day(self._clock.now()) + timedelta(days=self._dice.randrange(1, 5))
            about_closing = time(self._dice.choice([11, 15, 16, 17]), self._dice.randrange(60))
            self._at(datetime.combine(day, about_closing, LONDON), lambda: self._issue(journey))

    def _issue(self, journey: Journey) -> None:
        if journey.is_over:
            return
        self._change(journey, "analysis_due", pack_issued_at=self._clock.now())
        if self._dice.random() < 0.5:
            self._later(1, 40, lambda: self._adjust(journey))
        self._later(12, 60, lambda: self._analysed(journey))

    def _adjust(self, journey: Journey) -> None:
        if journey.waiting != "analysis_due":
            return
        days = self._dice.randint(1, 14)
        if self._dice.random() < 0.5:
            made = Adjustment("extension", "illness", days, "analysis_due")
        else:
            made = Adjustment("pause", "inspection", days, first_on=local_day(self._clock.now()))
        journey.adjustments += (made,)
        self._change(journey, "analysis_due")

    def _analysed(self, journey: Journey) -> None:
        if not journey.is_over:
            journey.needs_event = True
            self._change(journey, None, analysis_completed_at=self._clock.now())

    def _withdraw(self, journey: Journey) -> None:
        journey.is_over, journey.needs_event = True, False
        self.year.events.pop(journey.id, None)
        self._change(journey, None)

    def _run(self) -> None:
        """One run of the scheduler: events first, then reminders."""
        now = self._clock.now()
        self.year.runs.append(now)
        for cycle in self.cycles:
            self._set_events(cycle, local_day(now))
        for journey in self.year.journeys.values():
            if journey.waiting:
                self._remind(journey, now)

    def _remind(self, journey: Journey, now: datetime) -> None:
        found = challenge_deadlines(journey.cycle, journey.facts, journey.adjustments)
        ledger = self._ledger[journey.id]
        asked_on = local_day(journey.asked_at)
        for reminder in due_reminders(
            found, journey.waiting, local_day(now), journey.cycle.rules, ledger, asked_on
        ):
            ledger.add(reminder.key)
            self.year.sent.append(Sent(journey.id, reminder.key, now))

    def _set_events(self, cycle: Cycle, today: date) -> None:
        waiting = [j for j in self.year.journeys.values() if j.cycle is cycle and j.needs_event]
        if not waiting:
            return
        first = WorkingDays(cycle.rules.extra_bank_holidays).add_working_days(today, 10)
        self._place(cycle, [self._request(journey, first) for journey in waiting])
        for journey in waiting:
            journey.patience += 7 * journey.needs_event

    def _request(self, journey: Journey, first: date) -> EventRequest:
        """A request inside the window; where there was no room, the office has made it longer."""
        found = challenge_deadlines(journey.cycle, journey.facts, journey.adjustments)
        last = max(found["event_by"].due_on, first) + timedelta(days=journey.patience)
        return EventRequest(journey.id, journey.author, journey.challenger, first, last)

    def _place(self, cycle: Cycle, requests: list[EventRequest]) -> None:
        mine = {request.challenge for request in requests}
        events = [event for event in self.year.events.values() if event.challenge not in mine]
        agreed = [event for event in events if event.challenge.startswith(f"{cycle.id}/")]
        elsewhere = [event for event in events if event not in agreed]
        areas = cycle.participant
        for slot in make_timetable(cycle, requests, agreed, elsewhere=elsewhere).slots:
            journey = self.year.journeys[slot.challenge]
            self.year.events[slot.challenge] = EventFacts(
                slot.challenge,
                areas[journey.author],
                areas[journey.challenger],
                cycle.chair[slot.chair],
                slot.starts_at,
                slot.ends_at,
            )
            self._agreed(journey, local_day(slot.starts_at))

    def _agreed(self, journey: Journey, day: date) -> None:
        journey.needs_event, journey.patience = False, 0
        self._change(journey, "response_due", event_on=day)
        morning = datetime.combine(day, time(0, 30), LONDON)
        if self._dice.random() < 0.7:
            answers = morning - timedelta(days=self._dice.uniform(0, 9))
            self._at(max(answers, self._clock.now()), lambda: self._answered(journey, day))
        if self._dice.random() < 0.15:
            self._at(morning - timedelta(days=3), lambda: self._move(journey, day))
        midnight = datetime.combine(day + timedelta(days=1), time(0), LONDON)
        self._at(midnight, lambda: self._held(journey, day))

    def _answered(self, journey: Journey, day: date) -> None:
        if not journey.is_over and journey.facts.event_on == day:
            self._change(journey, None)

    def _move(self, journey: Journey, day: date) -> None:
        """An event that is put off to a later day."""
        if journey.is_over or journey.facts.event_on != day:
            return
        first = day + timedelta(days=4)
        last = first + timedelta(days=30)
        self._place(
            journey.cycle, [EventRequest(journey.id, journey.author, journey.challenger, first, last)]
        )

    def _held(self, journey: Journey, day: date) -> None:
        if not journey.is_over and journey.facts.event_on == day:
            self._change(journey, "chair_record_due", event_held_on=day)
            self._later(0.3, 25, lambda: self._summarised(journey))

    def _summarised(self, journey: Journey) -> None:
        if not journey.is_over:
            self._change(journey, "action_plan_due", summary_issued_at=self._clock.now())
            self._later(5, 80, lambda: self._planned(journey))

    def _planned(self, journey: Journey) -> None:
        if not journey.is_over:
            journey.is_over = True
            self._change(journey, None)


def play(seed: int) -> Year:
    """The year that `seed` makes."""
    return World(seed).play()
