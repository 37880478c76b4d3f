"""The timetable of challenge events: nobody in two places, inside every window, earliest fair dates.

A model for CP-SAT (OR-Tools): one day and one Chair per event. The days of agreed events do not move.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from peer_challenge.clock import LONDON, local_day
from peer_challenge.cycle import Chair, Cycle, DateRange
from peer_challenge.dispatches.facts import EventFacts
from peer_challenge.working_days import WorkingDays

STARTS = (time(10), time(14))
LENGTH = timedelta(hours=3)
_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class EventRequest:
    """An event to be set on a working day from `first` to `last`, both included."""

    challenge: str
    author: str
    challenger: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Slot:
    """When an event is, and who chairs it; times are aware, London."""

    challenge: str
    chair: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Timetable:
    """`status` is optimal, feasible or infeasible; `conflict` names what collides, `way_out` what would help.

    When not every event can be set, `slots` has those that can.
    """

    status: str
    slots: tuple[Slot, ...] = ()
    conflict: tuple[str, ...] = ()
    way_out: tuple[str, ...] = ()


@dataclass(slots=True)
class _Diary:
    """What is taken already: events a day, and the days on which each person is busy."""

    count: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    busy: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))

    def take(self, day: date, people: Iterable[str]) -> None:
        self.count[day] += 1
        for person in people:
            self.busy[person].add(day)


def _covers(days: Iterable[date | DateRange], day: date) -> bool:
    return any(d.first <= day <= d.last if isinstance(d, DateRange) else d == day for d in days)


class _Options:
    """Which days and Chairs each event could have, and why not more."""

    def __init__(self, cycle: Cycle, diary: _Diary) -> None:
        self._cycle = cycle
        self._diary = diary
        self._days = WorkingDays(cycle.rules.extra_bank_holidays)

    def days(self, request: EventRequest) -> list[date]:
        span = (request.last - request.first).days
        window = (request.first + timedelta(days=n) for n in range(span + 1))
        return [day for day in window if self._days.is_working_day(day) and self._is_free(request, day)]

    def _is_free(self, request: EventRequest, day: date) -> bool:
        people = (request.author, request.challenger)
        return (
            self._diary.count[day] < self._cycle.rules.events_per_day
            and not _covers(self._cycle.rules.school_holidays, day)
            and not any(
                day in self._diary.busy[person] or _covers(self._cycle.participant[person].unavailable, day)
                for person in people
            )
        )

    def room(self, day: date) -> int:
        return self._cycle.rules.events_per_day - self._diary.count[day]

    def chairs(self, request: EventRequest) -> list[Chair]:
        return [
            chair
            for chair in self._cycle.chairs
            if not {request.author, request.challenger} & set(chair.not_for)
        ]

    def is_chair_free(self, chair: Chair, day: date) -> bool:
        return day not in self._diary.busy[chair.id] and (
            not chair.available or _covers(chair.available, day)
        )


def timetable(cycle: Cycle, requests: Sequence[EventRequest], agreed: Sequence[EventFacts] = ()) -> Timetable:
    """Set every event of `requests`; those `agreed` stay put.

    No author, challenger or Chair is in two places on one day, at most `rules.events_per_day` events
    are on one day, Chairs have no conflict. As many events as possible are set, as early as can be
    with nobody much later than the rest; Chairs share the work.
    """
    diary = _Diary()
    for event in agreed:
        diary.take(local_day(event.starts_at), (event.author.id, event.challenger.id, event.chair.id))
    ordered = sorted(requests, key=lambda request: (request.last, request.challenge))
    options = _Options(cycle, diary)
    model = _Model(cycle, ordered, options)
    if not ordered:
        return Timetable("optimal")
    status, chosen = model.solve()
    slots = _with_times(chosen, diary)
    missing = [request for request in ordered if request.challenge not in {slot.challenge for slot in slots}]
    if missing:
        return Timetable(
            "infeasible",
            slots,
            tuple(_why(request, options) for request in missing),
            tuple(_ways_out(cycle, missing)),
        )
    return Timetable(status, slots)


class _Model:
    """Days first, then Chairs: a day whose Chairs can't be shared out is ruled out, and it is solved again.

    On one day each Chair takes one event, so Chairs can be shared out if every day alone can be.
    """

    def __init__(self, cycle: Cycle, requests: Sequence[EventRequest], options: _Options) -> None:
        from ortools.sat.python import cp_model

        self._cp = cp_model
        self._cycle = cycle
        self._requests = requests
        self._options = options
        self._chairs = {request.challenge: options.chairs(request) for request in requests}
        self._model = cp_model.CpModel()
        self._days: dict[tuple[str, date], Any] = {}
        for request in requests:
            self._add(request)
        self._one_place_at_a_time()

    def _free_chairs(self, challenge: str, day: date) -> list[str]:
        return [c.id for c in self._chairs[challenge] if self._options.is_chair_free(c, day)]

    def _add(self, request: EventRequest) -> None:
        for day in self._options.days(request):
            if self._free_chairs(request.challenge, day):
                self._days[request.challenge, day] = self._model.new_bool_var("")
        self._model.add_at_most_one(pick for key, pick in self._days.items() if key[0] == request.challenge)

    def _one_place_at_a_time(self) -> None:
        people = {request.challenge: (request.author, request.challenger) for request in self._requests}
        per_day: dict[date, list[Any]] = defaultdict(list)
        per_person: dict[tuple[str, date], list[Any]] = defaultdict(list)
        for (challenge, day), pick in self._days.items():
            per_day[day].append(pick)
            for person in people[challenge]:
                per_person[person, day].append(pick)
        for day, picks in per_day.items():
            chairs = sum(self._options.is_chair_free(chair, day) for chair in self._cycle.chairs)
            self._model.add(sum(picks) <= min(self._options.room(day), chairs))
        for picks in per_person.values():
            self._model.add_at_most_one(picks)

    def solve(self) -> tuple[str, list[tuple[str, date, str]]]:
        """As many events as can be, then the smallest sum of squared waits: early, and nobody much later."""
        first = {request.challenge: request.first for request in self._requests}
        waits = {key: (key[1] - first[key[0]]).days ** 2 for key in self._days}
        worth = (max(waits.values(), default=0) + 1) * (len(self._requests) + 1)
        self._model.maximize(sum((worth - waits[key]) * pick for key, pick in self._days.items()))
        while True:
            found, solver = self._run(self._model)
            if found not in (self._cp.OPTIMAL, self._cp.FEASIBLE):
                return "infeasible", []
            chosen = sorted(key for key, pick in self._days.items() if solver.value(pick))
            if not self._rule_out(chosen):
                return ("optimal" if found == self._cp.OPTIMAL else "feasible"), self._share_out(chosen)

    def _rule_out(self, chosen: Sequence[tuple[str, date]]) -> bool:
        """Rule out each day of `chosen` whose events can't all have a Chair; whether there was one."""
        per_day: dict[date, list[str]] = defaultdict(list)
        for challenge, day in chosen:
            per_day[day].append(challenge)
        is_any = False
        for day, challenges in per_day.items():
            most = _matching({c: self._free_chairs(c, day) for c in challenges})
            if most < len(challenges):
                is_any = True
                self._model.add(sum(self._days[challenge, day] for challenge in challenges) <= most)
        return is_any

    def _share_out(self, chosen: Sequence[tuple[str, date]]) -> list[tuple[str, date, str]]:
        """A Chair for each event, so that the busiest Chair has as few as can be."""
        model = self._cp.CpModel()
        picks = {
            (challenge, day, chair): model.new_bool_var("")
            for challenge, day in chosen
            for chair in self._free_chairs(challenge, day)
        }
        most = model.new_int_var(0, len(chosen), "")
        for key in chosen:
            model.add_exactly_one(pick for pick_key, pick in picks.items() if pick_key[:2] == key)
        for chair in self._cycle.chairs:
            mine = {key: pick for key, pick in picks.items() if key[2] == chair.id}
            model.add(most >= sum(mine.values()))
            for day in {key[1] for key in mine}:
                model.add_at_most_one(pick for key, pick in mine.items() if key[1] == day)
        model.minimize(most)
        _, solver = self._run(model)
        return [key for key, pick in picks.items() if solver.value(pick)]

    def _run(self, model: Any) -> tuple[Any, Any]:
        solver = self._cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = _SECONDS
        return solver.solve(model), solver


def _matching(wishes: Mapping[str, Sequence[str]]) -> int:
    """How many of the keys can each have one of their own values, no value twice."""
    holder: dict[str, str] = {}

    def place(key: str, seen: set[str]) -> bool:
        for value in wishes[key]:
            if value not in seen:
                seen.add(value)
                if value not in holder or place(holder[value], seen):
                    holder[value] = key
                    return True
        return False

    return sum(place(key, set()) for key in wishes)


def _with_times(chosen: Iterable[tuple[str, date, str]], diary: _Diary) -> tuple[Slot, ...]:
    """The time of day of each event: mornings first, then afternoons, in the order of challenges."""
    slots = []
    taken = dict(diary.count)
    for challenge, day, chair in sorted(chosen, key=lambda key: (key[1], key[0])):
        number = taken.get(day, 0)
        taken[day] = number + 1
        starts_at = datetime.combine(day, STARTS[number % len(STARTS)], LONDON)
        slots.append(Slot(challenge, chair, starts_at, starts_at + LENGTH))
    return tuple(slots)


def _why(request: EventRequest, options: _Options) -> str:
    window = f"{request.first.day} {request.first:%b} to {request.last.day} {request.last:%b %Y}"
    if not options.chairs(request):
        return (
            f"{request.challenge}: every Chair has a conflict with {request.author} or {request.challenger}."
        )
    days = options.days(request)
    if not days:
        return (
            f"{request.challenge}: between {window} there is no working day on which both "
            f"{request.author} and {request.challenger} are free."
        )
    return (
        f"{request.challenge}: on the {len(days)} days from {window} that suit both areas, "
        "no Chair is free or the day is full."
    )


def _ways_out(cycle: Cycle, missing: Sequence[EventRequest]) -> list[str]:
    return [
        f"Allow {cycle.rules.events_per_day + 1} events a day.",
        "Ask a Chair for more days, or add a Chair.",
        *(f"Extend the event window of {request.challenge}." for request in missing),
    ]
