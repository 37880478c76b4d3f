"""The timetable as a model for CP-SAT (OR-Tools): which day each event has, then which Chair."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from peer_challenge.events.possible_days import EventRequest, Options
from peer_challenge.model.seating import assign_places

if TYPE_CHECKING:  # it takes a second to import, so it is imported where it is used
    from ortools.sat.python import cp_model

_EFFORT, _LITTLE = 15.0, 2.0
"""In the solver's own count of work, which is the same on every machine. Little: to explain a conflict."""
Chosen = list[tuple[str, date]]


def run_cp_sat_solver(
    model: "cp_model.CpModel", effort: float = _EFFORT
) -> "tuple[bool, bool, cp_model.CpSolver]":
    """Whether `model` has a solution, whether that is settled, and the solver.

    Equal models give equal answers: the effort is counted in CP-SAT's deterministic time and
    not in seconds, so a slow machine finds what a fast one does.
    """
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False  # it would leave Ctrl-C without whoever hears it
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = effort
    solver.parameters.linearization_level = 2
    status = solver.solve(model)
    is_found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return is_found, status in (cp_model.OPTIMAL, cp_model.INFEASIBLE), solver


class DayModel:
    """Chooses the days of events. Chairs are shared out afterwards.

    A day whose events cannot all have a Chair is ruled out, and the model is solved again. On one day each
    Chair takes one event, so Chairs can be shared out if they can for every single day.
    """

    def __init__(self, requests: Sequence[EventRequest], options: Options) -> None:
        from ortools.sat.python import cp_model

        self.model = cp_model.CpModel()
        self.requests = {request.challenge: request for request in requests}
        self.options = options
        self.picks: dict[tuple[str, date], cp_model.IntVar] = {}
        for request in requests:
            for day in options.days(request):
                if options.free_chairs(request, day):
                    self.picks[request.challenge, day] = self.model.new_bool_var("")
        self.of_request: dict[str, list[cp_model.IntVar]] = {request.challenge: [] for request in requests}
        for (challenge, _), pick in self.picks.items():
            self.of_request[challenge].append(pick)
        self._one_place_at_a_time()

    def _one_place_at_a_time(self) -> None:
        for picks in self.of_request.values():
            self.model.add_at_most_one(picks)
        per_day: dict[date, list[cp_model.IntVar]] = defaultdict(list)
        per_area: dict[tuple[str, date], list[cp_model.IntVar]] = defaultdict(list)
        for (challenge, day), pick in self.picks.items():
            request = self.requests[challenge]
            per_day[day].append(pick)
            per_area[request.author, day].append(pick)
            per_area[request.challenger, day].append(pick)
        for day, picks in per_day.items():
            chairs = sum(self.options.is_free(chair, day) for chair in self.options.cycle.present_chairs)
            self.model.add(sum(picks) <= min(self.options.room(day), chairs))
        for picks in per_area.values():
            self.model.add_at_most_one(picks)

    def best(self) -> tuple[Chosen, bool]:
        """As many events as possible, early and with fair waits; and whether that is proven to be the best.

        Fair means the smallest sum of squared waits: one wait of ten days weighs more than ten of one day.
        """
        waits = {key: (key[1] - self.requests[key[0]].first).days ** 2 for key in self.picks}
        worth = (max(waits.values(), default=0) + 1) * (len(self.requests) + 1)
        self.model.maximize(sum((worth - waits[key]) * pick for key, pick in self.picks.items()))
        while True:
            is_found, is_settled, solver = run_cp_sat_solver(self.model)
            if not is_found:
                return [], False
            chosen = sorted(key for key, pick in self.picks.items() if solver.value(pick))
            if not self._rule_out(chosen):
                return chosen, is_settled

    def core(self) -> list[str] | None:
        """Challenges that cannot all have an event: empty when all can, None when it could not be settled."""
        wanted = {challenge: self.model.new_bool_var("") for challenge in self.requests}
        for challenge, want in wanted.items():
            self.model.add(sum(self.of_request[challenge]) >= 1).only_enforce_if(want)
        self.model.add_assumptions(list(wanted.values()))
        while True:
            is_found, is_settled, solver = run_cp_sat_solver(self.model, _LITTLE)
            if not is_found:
                if not is_settled:
                    return None
                core = set(solver.sufficient_assumptions_for_infeasibility())
                return [c for c, want in wanted.items() if want.index in core] or list(wanted)
            if not self._rule_out(sorted(key for key, pick in self.picks.items() if solver.value(pick))):
                return []

    def _rule_out(self, chosen: Chosen) -> bool:
        """Rule out each day of `chosen` whose events can't all have a Chair; whether there was one."""
        is_any = False
        for day, challenges in group_challenges_by_day(chosen).items():
            free = {c: self.options.free_chairs(self.requests[c], day) for c in challenges}
            chairs = {chair.id: 1 for chair in self.options.cycle.present_chairs}
            most = len(assign_places(free, chairs).placed)
            if most < len(challenges):
                is_any = True
                self.model.add(sum(self.picks[challenge, day] for challenge in challenges) <= most)
        return is_any


def group_challenges_by_day(chosen: Iterable[tuple[str, date]]) -> dict[date, list[str]]:
    """The challenges of each day."""
    days: dict[date, list[str]] = defaultdict(list)
    for challenge, day in chosen:
        days[day].append(challenge)
    return days


def share_out_chairs(
    chosen: Chosen, requests: Mapping[str, EventRequest], options: Options
) -> list[tuple[str, date, str]]:
    """A Chair for each event: (challenge, day, Chair's id).

    The busiest Chair has as few events as possible. Agreed events count.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    free = {key: options.free_chairs(requests[key[0]], key[1]) for key in chosen}
    picks = {(*key, chair): model.new_bool_var("") for key in chosen for chair in free[key]}
    most = model.new_int_var(0, len(chosen) + sum(options.diary.load.values()), "")
    for key in chosen:
        model.add_exactly_one(picks[(*key, chair)] for chair in free[key])
    for chair in options.cycle.present_chairs:
        mine: dict[date, list[cp_model.IntVar]] = defaultdict(list)
        for (_, day, who), pick in picks.items():
            if who == chair.id:
                mine[day].append(pick)
        for on_one_day in mine.values():
            model.add_at_most_one(on_one_day)
        model.add(most >= options.diary.load[chair.id] + sum(pick for day in mine.values() for pick in day))
    model.minimize(most)
    is_found, _, solver = run_cp_sat_solver(model)
    return [key for key, pick in picks.items() if solver.value(pick)] if is_found else []
