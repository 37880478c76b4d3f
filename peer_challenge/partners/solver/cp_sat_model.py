"""The CP-SAT model of what the flow cannot solve: reciprocity, triads, bounds from earlier levels."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model

from peer_challenge.partners.solver.cost_tables import Bools, Ints, Tables


@dataclass(frozen=True)
class Bound:
    """The limit set by an earlier level: excess of pairs, idle places and reciprocity cost `room` at most."""

    excess: Ints
    idle: Ints
    reciprocal_cost: int
    room: int


@dataclass(frozen=True)
class Found:
    """A model's answer. `chosen` is None if there is none; `is_proven` says that this, too, is proven."""

    chosen: Ints | None
    is_proven: bool
    bound: int = 0


@dataclass
class _Parts:
    model: cp_model.CpModel
    arcs: list[tuple[int, int]]
    pair: list[cp_model.IntVar]
    idle: list[cp_model.LinearExpr | int]
    both: list[cp_model.IntVar] = field(default_factory=list)

    def total(self, excess: Ints, idle: Ints, reciprocal_cost: int) -> cp_model.LinearExpr | int:
        costs = [int(excess[arc]) for arc in self.arcs]
        places = [(left, int(cost)) for left, cost in zip(self.idle, idle, strict=True) if cost]
        return (
            cp_model.LinearExpr.weighted_sum(self.pair, costs)
            + sum(left * cost for left, cost in places)
            + reciprocal_cost * sum(self.both)
        )


def solve_with_cp_sat(
    tables: Tables,
    allowed: Bools,
    bounds: Sequence[Bound],
    *,
    aim: Bound | None = None,
    hint: Ints | None = None,
    seconds: float,
) -> Found:
    """The assignment over `allowed` within `bounds` that makes `aim` least (any one where it is None)."""
    if seconds <= 0:
        return Found(None, False)
    parts = _build_cp_sat_model(tables, allowed)
    for bound in bounds:
        parts.model.add(parts.total(bound.excess, bound.idle, bound.reciprocal_cost) <= bound.room)
    if aim is not None:
        total = parts.total(aim.excess, aim.idle, aim.reciprocal_cost)
        if not isinstance(total, int):
            parts.model.minimize(total)
    if hint is not None:
        for (i, j), var in zip(parts.arcs, parts.pair, strict=True):
            parts.model.add_hint(var, bool(hint[i] == j))
    return _run_cp_sat_solver(parts, len(tables.authors), seconds)


def _run_cp_sat_solver(parts: _Parts, rows: int, seconds: float) -> Found:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False  # it would leave Ctrl-C without whoever hears it
    solver.parameters.random_seed = 1
    # Work is counted, not timed, so that a slower machine gives the same answer up to the last resort.
    solver.parameters.max_deterministic_time = seconds
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.cp_model_probing_level = 0
    status = solver.solve(parts.model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Found(None, status == cp_model.INFEASIBLE)
    chosen = np.zeros(rows, np.int64)
    for (i, j), var in zip(parts.arcs, parts.pair, strict=True):
        if solver.boolean_value(var):
            chosen[i] = j
    return Found(chosen, status == cp_model.OPTIMAL, int(np.ceil(solver.best_objective_bound - 1e-6)))


def _build_cp_sat_model(tables: Tables, allowed: Bools) -> _Parts:
    model = cp_model.CpModel()
    arcs = [(int(i), int(j)) for i, j in np.argwhere(allowed)]
    pair = [model.new_bool_var("") for _ in arcs]
    var = dict(zip(arcs, pair, strict=True))
    rows: list[list[cp_model.IntVar]] = [[] for _ in tables.authors]
    columns: list[list[cp_model.IntVar]] = [[] for _ in tables.challengers]
    for (i, j), each in var.items():
        rows[i].append(each)
        columns[j].append(each)
    for row in rows:
        model.add_exactly_one(row)
    idle: list[cp_model.LinearExpr | int] = []
    for column, capacity in zip(columns, tables.capacity.tolist(), strict=True):
        if capacity == 1:
            model.add_at_most_one(column)
        elif capacity < len(column):
            model.add(sum(column) <= capacity)
        idle.append(capacity - sum(column))
    parts = _Parts(model, arcs, pair, idle)
    _add_reciprocity(tables, parts, var)
    if tables.triads:
        _add_triads(tables, model, var)
    return parts


def find_reverse_pair(tables: Tables, arc: tuple[int, int]) -> tuple[int, int]:
    """Two areas with their roles exchanged, or (-1, -1) if there is no such pair."""
    row, column = int(tables.row_of_challenger[arc[1]]), int(tables.column_of_author[arc[0]])
    return (row, column) if row >= 0 and column >= 0 else (-1, -1)


def _add_reciprocity(tables: Tables, parts: _Parts, var: dict[tuple[int, int], cp_model.IntVar]) -> None:
    if tables.reciprocal == "allow":
        return
    for arc, each in var.items():
        back = find_reverse_pair(tables, arc)
        if back <= arc or back not in var or not (tables.free[arc[0]] or tables.free[back[0]]):
            continue
        if tables.reciprocal == "forbid":
            parts.model.add_at_most_one([each, var[back]])
        else:
            both = parts.model.new_bool_var("")
            parts.model.add_bool_or([each.negated(), var[back].negated(), both])
            parts.both.append(both)


def _add_triads(tables: Tables, model: cp_model.CpModel, var: dict[tuple[int, int], cp_model.IntVar]) -> None:
    """Each pair lies on a round of three; the third partner moderates it."""
    of: dict[tuple[int, int], list[cp_model.IntVar]] = {arc: [] for arc in var}
    for round_ in rounds_of_three(tables, set(var)):
        triad = model.new_bool_var("")
        for arc in round_:
            of[arc].append(triad)
    for arc, triads in of.items():
        model.add(sum(triads) == var[arc])


def rounds_of_three(
    tables: Tables, arcs: set[tuple[int, int]]
) -> list[tuple[tuple[int, int], tuple[int, int], tuple[int, int]]]:
    """Every three authors that can challenge each other in a round, each round once."""
    column, n = tables.column_of_author.tolist(), len(tables.authors)
    after: list[list[int]] = [[] for _ in range(n)]
    for i, j in sorted(arcs):
        row = int(tables.row_of_challenger[j])
        if row >= 0:
            after[i].append(row)
    found = []
    for a in range(n):
        for b in (b for b in after[a] if b > a):
            for c in (c for c in after[b] if c > a and c != b and a in after[c]):
                found.append(((a, column[b]), (b, column[c]), (c, column[a])))
    return found
