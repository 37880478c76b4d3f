"""What a change would cost: somebody withdraws, or a pair is pinned or swapped."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from peer_challenge.model.sentences import say_how_many
from peer_challenge.partners.solver.cost_tables import Ints, Tables, build_cost_tables
from peer_challenge.partners.solver.explain_pairs import describe_cost_change
from peer_challenge.partners.solver.problem import Problem
from peer_challenge.partners.solver.proposal import Proposal
from peer_challenge.partners.solver.propose import make_proposal, objective_of, pairs_from
from peer_challenge.partners.solver.search_by_levels import search_by_levels

Pairs = Proposal | Mapping[str, str]


def what_if_withdrawn(
    problem: Problem,
    pairs: Pairs,
    participant: str,
    *,
    seconds: float = 30.0,
    may_move: Iterable[str] = (),
) -> Proposal:
    """The proposal without `participant` that changes the fewest other pairs, and of those the best one.

    Work under way does not move, unless its author is among `may_move`.
    """
    asked = set(may_move)
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
    return propose_nearest(after, pairs, seconds=seconds)


def propose_nearest(problem: Problem, pairs: Pairs, *, seconds: float = 30.0) -> Proposal:
    """The proposal that keeps every rule and changes the fewest of `pairs`, and of those the best one.

    Its objective has "pairs changed" before the other figures.
    """
    begun = time.monotonic()
    tables, before = build_cost_tables(problem), _get_challenger_by_author(pairs)
    extra = [("pairs changed", _mark_changed_pairs(tables, before))]
    answer = search_by_levels(tables, seconds, extra=extra)
    proposal = make_proposal(problem, tables, answer, begun=begun, until=begun + seconds)
    changed = sum(before.get(a) != c for a, c in proposal.challenger_of.items())
    return replace(proposal, objective={"pairs changed": changed, **proposal.objective})


def _get_challenger_by_author(pairs: Pairs) -> Mapping[str, str]:
    return pairs.challenger_of if isinstance(pairs, Proposal) else pairs


def _mark_changed_pairs(tables: Tables, pairs: Mapping[str, str]) -> Ints:
    before = [[int(pairs.get(a) != c) for c in tables.challengers] for a in tables.authors]
    return np.array(before, np.int64).reshape(len(tables.authors), len(tables.challengers))


def describe_price_of_pair(
    problem: Problem, pairs: Pairs, author: str, challenger: str, *, seconds: float = 10.0
) -> str:
    """The cost of letting `challenger` challenge `author`, in words.

    All other pairs are chosen as well as possible.
    """
    if author not in problem.by_id or challenger not in problem.by_id:
        return "One of the two takes no part in this cycle."
    pins = {**problem.rules.pins, author: challenger}
    pinned = replace(problem, rules=problem.rules.model_copy(update={"pins": pins}))
    tables, wanted = (
        build_cost_tables(pinned),
        f"{problem.name(challenger)} challenging {problem.name(author)}",
    )
    answer = search_by_levels(tables, seconds)
    if answer.chosen is None:
        why = (
            "no other pairs would keep every rule" if answer.is_infeasible else "no answer was found in time"
        )
        return f"{wanted} is not possible: {why}."
    return f"{wanted}: {cost_between(problem, pairs, pairs_from(tables, answer.chosen))}."


def cost_between(problem: Problem, before: Pairs, after: Pairs) -> str:
    """What changes from some pairs to others, in words: what it costs, and how many pairs change."""
    old, new = _get_challenger_by_author(before), _get_challenger_by_author(after)
    moved = sum(old.get(a) != c for a, c in new.items())
    changed = f"{say_how_many(moved, 'pair')} would change"
    tables = build_cost_tables(problem)
    if not all(pairs.keys() >= set(tables.authors) for pairs in (old, new)):
        return changed
    if not {*old.values(), *new.values()} <= set(tables.challengers):
        return changed
    both = [_pick_four_figures(objective_of(problem, tables, each)) for each in (old, new)]
    return f"{describe_cost_change(both[0], both[1])}; {changed}"


def _pick_four_figures(figures: Mapping[str, int]) -> tuple[int, int, int, int]:
    names = ("avoided rules broken", "worst value", "total value", "variety")
    first, second, third, fourth = (int(figures[name]) for name in names)
    return first, second, third, fourth
