"""How long partners take, and which rules simpler matchers break: `python -m bench.assignment [--large]`."""

import random
import statistics
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np
from ortools.sat.python import cp_model
from scipy.optimize import linear_sum_assignment

from peer_challenge.model.cycle import Participant
from peer_challenge.model.cycle_rules import AssignmentRules
from peer_challenge.partners.solver import Problem, check_pairs, propose_partners
from peer_challenge.partners.solver.check_pairs import reciprocal_pairs as mutual_pairs
from peer_challenge.partners.solver.cost_tables import Tables, build_cost_tables, weigh_one_broken_rule
from peer_challenge.partners.solver.problem import problem_from_cycle
from tests.unit.partners.instances import the_region

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
    t = build_cost_tables(problem)
    slots = np.repeat(np.arange(len(t.challengers)), t.capacity)
    cost = _summed(t).astype(float)
    cost[~t.allowed] = 1e12
    rows, columns = linear_sum_assignment(cost[:, slots])
    return {t.authors[i]: t.challengers[slots[j]] for i, j in zip(rows, columns, strict=True)}


def with_plain_cp_sat(problem: Problem) -> dict[str, str] | None:
    """One CP-SAT model of the pairs, one summed cost, reciprocity forbidden: no fairness."""
    t = build_cost_tables(problem)
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


def with_matching(problem: Problem) -> dict[str, str] | None:
    """`matching`'s stable marriage of places to authors, as residents to hospitals; each ranks by value."""
    from matching.games import HospitalResident

    t = build_cost_tables(problem)
    cost = _summed(t)
    wish = {
        a: [f"by {t.challengers[j]}" for j in np.argsort(cost[i], kind="stable") if t.allowed[i, j]]
        for i, a in enumerate(t.authors)
    }
    offer = {
        f"by {c}": [t.authors[i] for i in np.argsort(cost[:, j], kind="stable") if t.allowed[i, j]]
        for j, c in enumerate(t.challengers)
    }
    places = {f"by {c}": int(t.capacity[j]) for j, c in enumerate(t.challengers)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of authors that it leaves without a challenger
        game = HospitalResident.create_from_dictionaries(wish, offer, places, clean=True)
        solved = game.solve(optimal="resident")
    return {str(a.name): str(by.name).removeprefix("by ") for by, those in solved.items() for a in those}


def with_assign_reviewers(problem: Problem) -> dict[str, str] | None:
    """`assign-reviewers`, made for conference abstracts: the least busy who shares no affiliation."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks setuptools for its own version
        from assign_reviewers.assign_reviewers import remove_same_affiliation, select_from_pool

    people = [problem.by_id[c] for c in problem.challengers]
    theirs = [[p.id, p.police, *p.icb] for p in people]
    found: list[list[int]] = [[] for _ in problem.authors]
    for n, author in enumerate(problem.authors):
        one = problem.by_id[author]
        able = remove_same_affiliation("|".join([one.id, one.police, *one.icb]), theirs)
        found[n] = select_from_pool(found, eligible_reviewers=able, n_rev_to_assign=1)
    return {a: people[those[0]].id for a, those in zip(problem.authors, found, strict=True) if those}


def ours(problem: Problem) -> dict[str, str] | None:
    """Ours, with reasons and alternatives."""
    return propose_partners(problem).challenger_of


def _summed(t: Tables) -> np.ndarray:
    return (t.avoided * weigh_one_broken_rule(t) + t.weight) * 2000 - t.value


def row(name: str, matcher: Matcher, problem: Problem, times: int) -> str:
    """One line: median and least milliseconds, areas without a challenger, rules broken, values."""
    spent, pairs = [], None
    try:
        for _ in range(times):
            begun = time.perf_counter()
            pairs = matcher(problem)
            spent.append((time.perf_counter() - begun) * 1000)
    except ImportError:
        return f"{name:34} not installed"
    except RecursionError:
        return f"{name:34} gives up: too many areas for it"
    took = f"{name:34} {statistics.median(spent):9.1f} {min(spent):9.1f}"
    if not pairs:
        return f"{took}  no answer"
    t = build_cost_tables(problem)
    here = [(i, t.challengers.index(pairs[a])) for i, a in enumerate(t.authors) if a in pairs]
    at = tuple(np.array(side) for side in zip(*here, strict=True))
    missing, mutual = len(t.authors) - len(here), len(mutual_pairs(problem, pairs))
    forbidden = len(check_pairs(problem, pairs)) - missing - mutual
    return (
        f"{took} {missing:8} {forbidden:9} {mutual:7} {int(t.avoided[at].sum()):8} "
        f"{int(t.value[at].min()):6} {int(t.value[at].sum()):8}"
    )


def main() -> None:
    """Print a table for each size."""
    sizes = [
        ("15 areas, the fictional region, neutral", region_problem(with_values=False), 41),
        ("15 areas, the fictional region, values", region_problem(with_values=True), 41),
        ("150 areas, values", invented(150), 3),
        ("150 areas, neutral", invented(150, spread=1), 3),
    ]
    head = f"{'':34} {'median ms':>9} {'least ms':>9} {'unpaired':>8} {'forbidden':>9} {'mutual':>7} "
    head += f"{'avoided':>8} {'worst':>6} {'total':>8}"
    for title, problem, times in sizes:
        print(f"\n{title}\n{head}")
        print(row("ours, explained", ours, problem, times))
        print(row("SciPy linear_sum_assignment", with_scipy, problem, times))
        print(row("assign-reviewers (conferences)", with_assign_reviewers, problem, times))
        print(row("matching, hospitals and residents", with_matching, problem, times))
        if len(problem.authors) < 100 or "--large" in sys.argv:
            print(row("CP-SAT, plain, one sum", with_plain_cp_sat, problem, min(times, 5)))
    if "--large" in sys.argv:
        for spread in (1001, 1):
            problem = invented(1000, spread=spread)
            begun = time.perf_counter()
            proposal = propose_partners(problem, seconds=20)
            took = time.perf_counter() - begun
            wrong = len(check_pairs(problem, proposal.challenger_of))
            print(
                f"\n1,000 areas: {proposal.status} in {took:.1f} s, {wrong} forbidden, {proposal.objective}"
            )


if __name__ == "__main__":
    main()
