"""Which rules a set of pairs breaks, found without the solver: for tests, swaps and approval."""

from collections import Counter
from collections.abc import Mapping

from peer_challenge.partners.solver.pair_rules import RECIPROCAL, find_rule_policy, list_rules_touched
from peer_challenge.partners.solver.problem import Problem


def check_pairs(problem: Problem, pairs: Mapping[str, str]) -> list[str]:
    """Every forbidden rule that `pairs` (author to challenger) breaks, in words; empty when none is."""
    broken = _find_missing_and_odd_areas(problem, pairs)
    known = {a: c for a, c in pairs.items() if a in problem.authors and c in problem.by_id}
    for author, challenger in sorted(known.items()):
        kept = problem.fixed.get(author)
        if kept == challenger:
            continue
        if kept is not None:
            broken.append(f"{problem.name(author)} is under way with {problem.name(kept)} and may not move.")
        broken += [
            f"{t.words}." for t in list_rules_touched(problem, author, challenger) if t.policy == "forbid"
        ]
    return (
        broken
        + _find_overloaded_areas(problem, known)
        + _describe_reciprocal_pairs(problem, known)
        + _find_pairs_outside_rounds(problem, known)
    )


def _find_missing_and_odd_areas(problem: Problem, pairs: Mapping[str, str]) -> list[str]:
    missing = [f"{problem.name(a)} has no challenger." for a in problem.authors if a not in pairs]
    odd = [f"{a} is not an author in this cycle." for a in sorted(pairs) if a not in problem.authors]
    gone = sorted({c for c in pairs.values() if c not in problem.by_id})
    return missing + odd + [f"{c} takes no part in this cycle." for c in gone]


def _find_overloaded_areas(problem: Problem, pairs: Mapping[str, str]) -> list[str]:
    return [
        f"{problem.name(c)} would challenge {count} areas and can challenge {problem.capacity(c)}."
        for c, count in sorted(Counter(pairs.values()).items())
        if count > problem.capacity(c)
    ]


def reciprocal_pairs(problem: Problem, pairs: Mapping[str, str]) -> list[tuple[str, str]]:
    """Areas that challenge each other, except where both of their challenges are under way."""
    return [
        (a, c)
        for a, c in sorted(pairs.items())
        if a < c and pairs.get(c) == a and not {a, c} <= set(problem.fixed)
    ]


def _describe_reciprocal_pairs(problem: Problem, pairs: Mapping[str, str]) -> list[str]:
    if find_rule_policy(problem, RECIPROCAL) != "forbid":
        return []
    both = reciprocal_pairs(problem, pairs)
    return [f"{problem.name(a)} and {problem.name(c)} would challenge each other." for a, c in both]


def _find_pairs_outside_rounds(problem: Problem, pairs: Mapping[str, str]) -> list[str]:
    if not problem.rules.triads:
        return []
    return [
        f"{problem.name(a)} and {problem.name(c)} are not in a round of three, so nobody can moderate."
        for a, c in sorted(pairs.items())
        if pairs.get(pairs.get(c, "")) != a or pairs.get(c) == a
    ]
