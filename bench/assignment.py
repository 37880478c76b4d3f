"""How long partners take, and which rules simpler matchers break: `python -m bench.assignment [--large]`."""

import random
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from ortools.sat.python import cp_model
from scipy.optimize import linear_sum_assignment

from peer_challenge.assignment import Problem, check_pairs, propose
from peer_challenge.assignment.problem import problem_from_cycle
from peer_challenge.assignment.tables import Tables, level_one_weight, tables_of, two_cycles
from peer_challenge.cycle import AssignmentRules, Participant
from tests.unit.assignment.instances import the_region

Matcher = Callable[[Problem], dict[str, str] | None]


def region_problem(*, with_values: bool) -> Problem:
    """The fictional region, every rule on, with random challenge values or neutral ones."""
    problem = problem_from_cycle(the_region(seed=7))
    if not with_values:
        return problem
    dice = random.Random(3)
    values = {(a, c): dice.randrange(1001) for a in problem.authors for c in problem.challengers if a != c}
    return Problem(problem.participants, problem.rules, values=values, earlier=problem.earlier)


def invented(areas: int, *, spread: int = 1001, seed: int = 1) -> Problem:
    """A country of invented areas on a grid: police of 4, boards of 6, borders, two earlier cycles."""
    dice = random.Random(seed)
    ids = [f"area-{n:04}" for n in range(areas)]
    people = tuple(
        Participant(
            id=me,
            name=me,
            police=f"police-{n // 4}",
            icb=(f"board-{n // 6}",),
            neighbours=tuple(ids[m] for m in (n - 1, n + 1, n - 10, n + 10) if 0 <= m < areas),
            challenged_by={f"c-{year}": dice.choice(ids[:n] + ids[n + 1 :]) for year in (2025, 2026)},
            size=dice.choice(("small", "medium", "large")),
            type=dice.choice(("city", "county")),
        )
        for n, me in enumerate(ids)
    )
    values = {(a, c): dice.randrange(spread) for a in ids for c in ids if a != c}
    return Problem(people, AssignmentRules(seed=7), values=values, earlier=("c-2026", "c-2025"))


def with_scipy(problem: Problem) -> dict[str, str] | None:
    """SciPy's linear_sum_assignment on one summed cost: no reciprocity, no fairness."""
    t = tables_of(problem)
    slots = np.repeat(np.arange(len(t.challengers)), t.capacity)
    cost = _summed(t).astype(float)
    cost[~t.allowed] = 1e12
    rows, columns = linear_sum_assignment(cost[:, slots])
    return {t.authors[i]: t.challengers[slots[j]] for i, j in zip(rows, columns, strict=True)}


def with_plain_cp_sat(problem: Problem) -> dict[str, str] | None:
    """One CP-SAT model of the pairs, one summed cost, reciprocity forbidden: no fairness."""
    t = tables_of(problem)
    model = cp_model.CpModel()
    var = {(int(i), int(j)): model.new_bool_var("") for i, j in np.argwhere(t.allowed)}
    for i in range(len(t.authors)):
        model.add_exactly_one(v for (row, _), v in var.items() if row == i)
    for j in range(len(t.challengers)):
        model.add(sum(v for (_, column), v in var.items() if column == j) <= int(t.capacity[j]))
    for (i, j), v in var.items():
        back = (int(t.row_of_challenger[j]), int(t.column_of_author[i]))
        if back in var and back > (i, j):
            model.add_at_most_one([v, var[back]])
    cost = _summed(t)
    model.minimize(sum(int(cost[arc]) * v for arc, v in var.items()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 1, 60
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return {t.authors[i]: t.challengers[j] for (i, j), v in var.items() if solver.boolean_value(v)}


def ours(problem: Problem) -> dict[str, str] | None:
    """Ours, with reasons and alternatives."""
    return propose(problem).challenger_of


def _summed(t: Tables) -> np.ndarray:
    return (t.avoided * level_one_weight(t) + t.weight) * 2000 - t.value


def row(name: str, matcher: Matcher, problem: Problem, times: int) -> str:
    """One line: median and least milliseconds, forbidden rules broken, avoid rules, worst and total value."""
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        pairs = matcher(problem)
        spent.append((time.perf_counter() - begun) * 1000)
    if not pairs:
        return f"{name:28} {statistics.median(spent):10.1f} {min(spent):10.1f}  no answer"
    t = tables_of(problem)
    chosen = np.array([t.challengers.index(pairs[a]) for a in t.authors])
    at = np.arange(len(chosen)), chosen
    return (
        f"{name:28} {statistics.median(spent):10.1f} {min(spent):10.1f} {len(check_pairs(problem, pairs)):8} "
        f"{len(two_cycles(t, chosen)):8} {int(t.avoided[at].sum()):8} {int(t.value[at].min()):6} "
        f"{int(t.value[at].sum()):9}"
    )


def main() -> None:
    """Print a table for each size."""
    sizes = [
        ("15 areas, the fictional region, neutral", region_problem(with_values=False), 41),
        ("15 areas, the fictional region, values", region_problem(with_values=True), 41),
        ("150 areas, values", invented(150), 3),
        ("150 areas, neutral", invented(150, spread=1), 3),
    ]
    head = ("median ms", "least ms", "forbidden", "mutual", "avoided", "worst", "total")
    for title, problem, times in sizes:
        print(f"\n{title}\n{'':28} {head[0]:>10} {head[1]:>10} {' '.join(f'{h:>8}' for h in head[2:])}")
        print(row("ours, explained", ours, problem, times))
        print(row("SciPy linear_sum_assignment", with_scipy, problem, times))
        if len(problem.authors) < 100 or "--large" in sys.argv:
            print(row("CP-SAT, plain, one sum", with_plain_cp_sat, problem, min(times, 5)))
    if "--large" in sys.argv:
        for spread in (1001, 1):
            problem = invented(1000, spread=spread)
            begun = time.perf_counter()
            proposal = propose(problem, seconds=20)
            took = time.perf_counter() - begun
            wrong = len(check_pairs(problem, proposal.challenger_of))
            print(
                f"\n1,000 areas: {proposal.status} in {took:.1f} s, {wrong} forbidden, {proposal.objective}"
            )


if __name__ == "__main__":
    main()
