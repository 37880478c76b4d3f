"""Explains why not every event can be set: which windows and people collide, and the cheapest ways out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from peer_challenge.events.cp_sat_model import DayModel, group_challenges_by_day, run_cp_sat_solver
from peer_challenge.events.possible_days import EventRequest, Options, is_among_days
from peer_challenge.events.too_few_places import find_crowded_events
from peer_challenge.model.days_in_words import short_weekday
from peer_challenge.model.seating import assign_places
from peer_challenge.model.sentences import join_in_words, say_how_many

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

_MOST_CONFLICTS = 12
"""Each takes a search for a smallest set: who has settled twelve works the days out again."""
_LONGEST_EXTENSION = 30
"""Working days after a window that are tried: with six weeks more, the cycle is to be planned again."""
COSTS = {"late": 10, "late day": 1, "school": 15, "full": 12, "ask Chair": 20, "new Chair": 45}
"""What each way out weighs against the others: the lightest sum is the cheapest way out."""


def explain_conflicts(
    requests: Sequence[EventRequest], missing: Sequence[EventRequest], options: Options
) -> list[str]:
    """Sentences on what collides, at most 12.

    First come single events without a possible day, then crowds of events with too few places, then small
    sets of events that cannot all be set.
    """
    left, open_ = list(requests), [request.challenge for request in missing]
    said = []

    def drop(some: Sequence[EventRequest], count: int) -> None:
        """Leave out `count` of `some`, first those that have no place anyway, and look at what remains."""
        for request in sorted(some, key=lambda r: r.challenge not in open_)[:count]:
            left.remove(request)
            if request.challenge in open_:
                open_.remove(request.challenge)

    for request in requests:
        if not any(options.free_chairs(request, day) for day in options.days(request)):
            said.append(_explain_lone_event(request, options))
            drop([request], 1)
    for crowd, days, places in find_crowded_events(left, options):
        said.append(_explain_crowd(crowd, days, places, options))
        drop(crowd, len(crowd) - places)
    while open_ and len(said) < _MOST_CONFLICTS:
        core = _find_smallest_conflict(left, options)
        if core is None or not (core or said):
            return [
                *said,
                *(
                    _explain_no_place_found(request, options)
                    for request in missing
                    if request.challenge in open_
                ),
            ]
        if not core:
            break
        said.append(_explain_joint_conflict(core, options))
        drop(core, 1)
    return said[:_MOST_CONFLICTS]


def _find_smallest_conflict(requests: Sequence[EventRequest], options: Options) -> list[EventRequest] | None:
    """A set of `requests` that can't all be set, though without any one of them the rest can.

    Empty when all can be set, None when it could not be settled.
    """
    core = DayModel(requests, options).core()
    if not core:
        return None if core is None else []
    kept = [request for request in requests if request.challenge in core]
    for request in list(kept):
        rest = [other for other in kept if other is not request]
        if len(rest) > 1 and DayModel(rest, options).core():
            kept = rest
    return kept


def _describe_request(request: EventRequest, options: Options) -> str:
    author, challenger = options.area(request.author).name, options.area(request.challenger).name
    window = f"{short_weekday(request.first)} to {short_weekday(request.last)}"
    return f"{author} (challenged by {challenger}, {window})"


def _explain_lone_event(request: EventRequest, options: Options) -> str:
    name = _describe_request(request, options)
    if not options.without_conflict(request):
        return f"{name}: every Chair has a conflict with one of the two areas."
    if not options.window(request):
        return f"{name}: there is no working day in this window."
    why = Counter(options.obstacle(request, day) or "no Chair is free" for day in options.window(request))
    reasons = join_in_words(
        f"{reason} on {say_how_many(count, 'day')}" for reason, count in why.most_common()
    )
    return f"{name}: none of the {say_how_many(sum(why.values()), 'working day')} will do: {reasons}."


def _explain_joint_conflict(core: Sequence[EventRequest], options: Options) -> str:
    days = sorted({d for r in core for d in options.days(r) if options.free_chairs(r, d)})
    chairs = {chair for r in core for d in options.days(r) for chair in options.free_chairs(r, d)}
    names = [chair.name for chair in options.cycle.present_chairs if chair.id in chairs]
    shown = ", ".join(short_weekday(day) for day in days[:4]) + (" and others" if len(days) > 4 else "")
    areas = Counter(options.area(who).name for r in core for who in (r.author, r.challenger))
    shared = [f"{area} would be at {count} of them" for area, count in areas.items() if count > 1]
    limit = say_how_many(options.cycle.rules.events_per_day, "event")
    return (
        f"{join_in_words(_describe_request(r, options) for r in core)} can't all be held: "
        f"between them they have {say_how_many(len(days), 'possible day')} ({shown}), "
        f"at most {limit} a day, and {join_in_words(names)} to chair"
        f"{'; ' + join_in_words(shared) if shared else ''}."
    )


def _explain_crowd(crowd: Sequence[EventRequest], days: Sequence[date], places: int, options: Options) -> str:
    shown = [options.area(request.author).name for request in crowd[:6]]
    others = len(crowd) - len(shown)
    who = join_in_words([*shown, f"{others} more"] if others else shown)
    limit = say_how_many(options.cycle.rules.events_per_day, "event")
    return (
        f"{say_how_many(len(crowd), 'event')} ({who}) have to share {say_how_many(places, 'place')} on "
        f"{say_how_many(len(days), 'day')} from {short_weekday(days[0])} to {short_weekday(days[-1])}: "
        f"at most {limit} a day, and no more than there are Chairs free."
    )


def _explain_no_place_found(request: EventRequest, options: Options) -> str:
    return f"{_describe_request(request, options)}: no place was found in the time allowed for looking."


def list_ways_out(requests: Sequence[EventRequest], options: Options) -> list[str]:
    """Sentences on what would have to change so that every event can be set, all of it together.

    The changes have the least sum of COSTS.
    """
    without = [r for r in requests if not options.without_conflict(r)]
    said = [
        f"Add a Chair who has no conflict with {options.area(r.author).name} "
        f"or {options.area(r.challenger).name}."
        for r in without
    ]
    rest = [r for r in requests if r not in without]
    chosen = _Relaxed(rest, options).solve() if rest else {}
    if chosen is None:
        return [*said, f"Extend the windows by more than {say_how_many(_LONGEST_EXTENSION, 'working day')}."]
    return said + _describe_ways_out(chosen, options)


class _Relaxed:
    """The timetable with everything that could give, each at its cost."""

    def __init__(self, requests: Sequence[EventRequest], options: Options) -> None:
        from ortools.sat.python import cp_model

        self._model = cp_model.CpModel()
        self._options = options
        self._requests = {request.challenge: request for request in requests}
        self._costs: list[cp_model.LinearExpr] = []
        self._picks = {
            (r.challenge, day): self._make_pick_variable(r, day)
            for r in requests
            for day in self._list_possible_days(r)
        }
        self._add_constraints()

    def _list_possible_days(self, request: EventRequest) -> list[date]:
        """Every day on which both areas could, up to the longest extension of the window."""
        working = self._options.working
        last = working.add_working_days(max(request.first, request.last), _LONGEST_EXTENSION)
        people = [self._options.area(request.author), self._options.area(request.challenger)]
        busy = self._options.diary.busy
        return [
            day
            for day in self._options.window(replace(request, last=last))
            if not any(is_among_days(area.unavailable, day) or day in busy[area.id] for area in people)
        ]

    def _make_pick_variable(self, request: EventRequest, day: date) -> "cp_model.IntVar":
        pick = self._model.new_bool_var("")
        cost = 0
        if day > request.last:
            after = self._options.working.between(request.last, day)
            cost += COSTS["late"] + COSTS["late day"] * after
        if self._options.is_school_holiday(request, day):
            cost += COSTS["school"]
        if cost:
            self._costs.append(cost * pick)
        return pick

    def _add_constraints(self) -> None:
        for request in self._requests.values():
            self._model.add_exactly_one(p for key, p in self._picks.items() if key[0] == request.challenge)
        areas: dict[tuple[str, date], list[cp_model.IntVar]] = {}
        for (challenge, day), pick in self._picks.items():
            request = self._requests[challenge]
            for area in (request.author, request.challenger):
                areas.setdefault((area, day), []).append(pick)
        for picks in areas.values():
            self._model.add_at_most_one(picks)
        for day, challenges in group_challenges_by_day(self._picks).items():
            self._allow_exceptions_on_day(day, [self._picks[challenge, day] for challenge in challenges])

    def _allow_exceptions_on_day(self, day: date, picks: "list[cp_model.IntVar]") -> None:
        """A day may take more events than the rule, and Chairs beyond those that are free, at a cost."""
        options, model = self._options, self._model
        chairs = [chair for chair in options.cycle.present_chairs if not options.is_busy(chair, day)]
        free = sum(options.is_free(chair, day) for chair in chairs)
        over = model.new_int_var(0, len(picks), "")
        asked = model.new_int_var(0, len(chairs) - free, "")
        new = model.new_int_var(0, len(picks), "")
        model.add(sum(picks) <= max(0, options.room(day)) + over)
        model.add(sum(picks) <= free + asked + new)
        self._costs += [COSTS["full"] * over, COSTS["ask Chair"] * asked, COSTS["new Chair"] * new]

    def solve(self) -> dict[EventRequest, date] | None:
        """The day of every event at the least cost; among equals the earliest. None when nothing helps."""
        early = sum(
            (day - self._requests[challenge].first).days * pick
            for (challenge, day), pick in self._picks.items()
        )
        self._model.minimize(sum(self._costs) * 100_000 + early)
        is_found, _, solver = run_cp_sat_solver(self._model)
        if not is_found:
            return None
        return {self._requests[c]: day for (c, day), pick in self._picks.items() if solver.value(pick)}


def _describe_ways_out(chosen: dict[EventRequest, date], options: Options) -> list[str]:
    said = []
    for request, day in sorted(chosen.items(), key=lambda item: (item[1], item[0].challenge)):
        whose = f"Hold the event of {options.area(request.author).name} on {short_weekday(day)}"
        if day > request.last:
            after = options.working.between(request.last, day)
            said.append(f"{whose}, {say_how_many(after, 'working day')} after the end of its window.")
        if options.is_school_holiday(request, day):
            said.append(f"{whose}, in school holidays.")
    of = {request.challenge: request for request in chosen}
    for day, challenges in sorted(
        group_challenges_by_day((r.challenge, d) for r, d in chosen.items()).items()
    ):
        extra = len(challenges) - max(0, options.room(day))
        if extra > 0:
            said.append(
                f"Hold {say_how_many(extra, 'more event')} on {short_weekday(day)} than the cycle allows."
            )
        said += _list_chairs_to_find([of[challenge] for challenge in challenges], day, options)
    return said


def _list_chairs_to_find(requests: Sequence[EventRequest], day: date, options: Options) -> list[str]:
    """Whom to ask for a day on which the Chairs who are free do not suffice."""
    names = {chair.id: chair for chair in options.cycle.present_chairs}
    could = {
        request.challenge: [
            chair.id for chair in options.without_conflict(request) if not options.is_busy(chair, day)
        ]
        for request in requests
    }

    def is_to_be_asked(_: str, chair: str) -> bool:
        return not options.is_free(names[chair], day)

    found = assign_places(could, dict.fromkeys(names, 1), is_to_be_asked).placed
    asked = [names[chair] for chair in found.values() if not options.is_free(names[chair], day)]
    said = [f"Ask {chair.name} for {short_weekday(day)}." for chair in asked]
    missing = len(requests) - len(found)
    return said + (
        [f"Find {say_how_many(missing, 'more Chair')} for {short_weekday(day)}."] if missing else []
    )
