"""The tables of a problem in whole numbers: authors are rows, challengers columns, in the order of ids."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peer_challenge.model.cycle_rules import Policy
from peer_challenge.partners.solver.challenge_value import NEUTRAL
from peer_challenge.partners.solver.pair_rules import (
    RECIPROCAL,
    WEIGHTS,
    find_rule_policy,
    list_rules_touched,
)
from peer_challenge.partners.solver.problem import Problem

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
_TIE_BITS = 24
"""Among 16 million values two answers hardly ever tie; more would sooner take costs over `_ROOM`
(branch_and_bound.py)."""


@dataclass(frozen=True)
class Tables:
    """Everything the solver looks at.

    `allowed` says which pairs break no forbidden rule; `avoided` counts the avoid rules a pair breaks and
    `weight` weighs them. `free` marks authors whose pair may still move. `column_of_author` and
    `row_of_challenger` give the same area's place on the other side, -1 if it has none there.
    """

    authors: tuple[str, ...]
    challengers: tuple[str, ...]
    capacity: Ints
    allowed: Bools
    avoided: Ints
    weight: Ints
    value: Ints
    variety: Ints
    tie: Ints
    free: Bools
    reciprocal: Policy
    triads: bool
    column_of_author: Ints
    row_of_challenger: Ints


def build_cost_tables(problem: Problem) -> Tables:
    """The tables of a problem. A fixed pair is the only allowed pair of its author and costs nothing."""
    authors, challengers = problem.authors, problem.challengers
    shape = (len(authors), len(challengers))
    allowed: Bools = np.zeros(shape, dtype=bool)
    avoided, weight = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for i, author in enumerate(authors):
        for j, challenger in enumerate(challengers):
            if author in problem.fixed:
                allowed[i, j] = problem.fixed[author] == challenger
                continue
            touched = list_rules_touched(problem, author, challenger)
            allowed[i, j] = all(t.policy != "forbid" for t in touched)
            lightly = [t.weight for t in touched if t.policy == "avoid"]
            avoided[i, j], weight[i, j] = len(lightly), sum(lightly)
    rows = {author: i for i, author in enumerate(authors)}
    columns = {challenger: j for j, challenger in enumerate(challengers)}
    return Tables(
        authors=authors,
        challengers=challengers,
        capacity=np.array([problem.capacity(c) for c in challengers], np.int64),
        allowed=allowed,
        avoided=avoided,
        weight=weight,
        value=_fill_table_with(shape, problem, lambda a, c: problem.values.get((a, c), NEUTRAL)),
        variety=_fill_table_with(shape, problem, lambda a, c: score_variety(problem, a, c)),
        tie=_fill_table_with(shape, problem, lambda a, c: _compute_tie_break(problem.rules.seed, a, c)),
        free=np.array([a not in problem.fixed for a in authors], dtype=bool),
        reciprocal=find_rule_policy(problem, RECIPROCAL),
        triads=problem.rules.triads,
        column_of_author=np.array([columns.get(a, -1) for a in authors], np.int64),
        row_of_challenger=np.array([rows.get(c, -1) for c in challengers], np.int64),
    )


def _fill_table_with(shape: tuple[int, int], problem: Problem, entry: Callable[[str, str], int]) -> Ints:
    filled = np.fromiter(
        (entry(a, c) for a in problem.authors for c in problem.challengers), np.int64, shape[0] * shape[1]
    )
    return filled.reshape(shape)


def score_variety(problem: Problem, author: str, challenger: str) -> int:
    """How much the two areas differ, 0 to 2: one for another size, one for another type, if known."""
    a, c = problem.by_id[author], problem.by_id[challenger]
    return sum(
        mine is not None and theirs is not None and mine != theirs
        for mine, theirs in ((a.size, c.size), (a.type, c.type))
    )


def _compute_tie_break(seed: int, author: str, challenger: str) -> int:
    digest = hashlib.blake2b(f"{seed}|{author}|{challenger}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - _TIE_BITS)


def find_reciprocal_rows(tables: Tables, chosen: Ints) -> list[tuple[int, int]]:
    """Pairs of rows that challenge each other. Two fixed pairs are left out: nobody can change them."""
    found = []
    for i, j in enumerate(chosen.tolist()):
        k = int(tables.row_of_challenger[j])
        mine = int(tables.column_of_author[i])
        if k > i and mine >= 0 and chosen[k] == mine and (tables.free[i] or tables.free[k]):
            found.append((i, k))
    return found


def weigh_one_broken_rule(tables: Tables) -> int:
    """The cost of one broken rule: so high that fewer broken rules always beat lighter ones."""
    heaviest = int(tables.weight.max(initial=0)) + WEIGHTS[RECIPROCAL]
    return heaviest * max(1, len(tables.authors)) + 1
