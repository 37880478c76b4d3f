"""What a change would cost: somebody withdraws, or a pair is pinned or swapped."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from peer_challenge.model.sentences import counted
from peer_challenge.partners.solver.cost_tables import Ints, Tables, tables_of
from peer_challenge.partners.solver.explain_pairs import cost_in_words
from peer_challenge.partners.solver.problem import Problem
from peer_challenge.partners.solver.proposal import Proposal
from peer_challenge.partners.solver.propose import objective_of, pairs_from, proposal_of
from peer_challenge.partners.solver.search_by_levels import search

Pairs = Proposal | Mapping[str, str]


def what_if_withdrawn(
    problem: Problem,
    pairs: Pairs,
    participant: str,
    *,
    seconds: float = 30.0,
    may_move: Iterable[str] = (),
) -> Proposal:
    """The proposal without `participant` that changes fewest of the other pairs, then is the best of those.

    Work under way does not move, unless its author is among `may_move`.
    """
    begun, asked = time.monotonic(), set(may_move)
    people = tuple(p for p in problem.participants if p.id != participant)
    pins = {a: c for a, c in problem.rules.pins.items() if participant not in (a, c)}
    fixed = {a: c for a, c in problem.fixed.items() if participant not in (a, c) and a not in asked}
    after = replace(
        problem,
        participants=people,
        rules=problem.rules.model_copy(update={"pins": pins}),
        fixed=fixed,
        withdrawn=tuple(sorted({*problem.withdrawn, participant})),
    )
    tables = tables_of(after)
    answer = search(tables, seconds, extra=[("pairs changed", _changes(tables, _mapping(pairs)))])
    proposal = proposal_of(after, tables, answer, begun=begun, until=begun + seconds)
    changed = sum(_mapping(pairs).get(a) != c for a, c in proposal.challenger_of.items())
    return replace(proposal, objective={"pairs changed": changed, **proposal.objective})


def _mapping(pairs: Pairs) -> Mapping[str, str]:
    return pairs.challenger_of if isinstance(pairs, Proposal) else pairs


def _changes(tables: Tables, pairs: Mapping[str, str]) -> Ints:
    before = [[int(pairs.get(a) != c) for c in tables.challengers] for a in tables.authors]
    return np.array(before, np.int64).reshape(len(tables.authors), len(tables.challengers))


def price_of(problem: Problem, pairs: Pairs, author: str, challenger: str, *, seconds: float = 10.0) -> str:
    """What it would cost to let `challenger` challenge `author`, in words.

    The rest is made as good as can be.
    """
    if author not in problem.by_id or challenger not in problem.by_id:
        return "One of the two takes no part in this cycle."
    pins = {**problem.rules.pins, author: challenger}
    pinned = replace(problem, rules=problem.rules.model_copy(update={"pins": pins}))
    tables, wanted = tables_of(pinned), f"{problem.name(challenger)} challenging {problem.name(author)}"
    answer = search(tables, seconds)
    if answer.chosen is None:
        why = (
            "no other pairs would keep every rule" if answer.is_infeasible else "no answer was found in time"
        )
        return f"{wanted} is not possible: {why}."
    return f"{wanted}: {cost_between(problem, pairs, pairs_from(tables, answer.chosen))}."


def cost_between(problem: Problem, before: Pairs, after: Pairs) -> str:
    """What changes from some pairs to others, in words: what it costs, and how many pairs change."""
    old, new = _mapping(before), _mapping(after)
    moved = sum(old.get(a) != c for a, c in new.items())
    changed = f"{counted(moved, 'pair')} would change"
    tables = tables_of(problem)
    if not all(pairs.keys() >= set(tables.authors) for pairs in (old, new)):
        return changed
    if not {*old.values(), *new.values()} <= set(tables.challengers):
        return changed
    both = [_four(objective_of(problem, tables, each)) for each in (old, new)]
    return f"{cost_in_words(both[0], both[1])}; {changed}"


def _four(figures: Mapping[str, int]) -> tuple[int, int, int, int]:
    names = ("avoided rules broken", "worst value", "total value", "variety")
    first, second, third, fourth = (int(figures[name]) for name in names)
    return first, second, third, fourth
