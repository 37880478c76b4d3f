"""An independent solver: every assignment is tried. It shares no line with the product's."""

import hashlib
from itertools import product

from peer_challenge.partners.solver import Problem

Figures = tuple[int, int, int, int, int, int]


def best(problem: Problem) -> tuple[Figures, dict[str, str]] | None:
    """The figures (each the smaller the better) and the pairs of the best assignment; None if none is."""
    people = {p.id: p for p in problem.participants}
    authors = [p.id for p in problem.participants if not p.external]
    places = {p: max(people[p].capacity, list(problem.fixed.values()).count(p)) for p in people}
    options = [
        [problem.fixed[a]] if a in problem.fixed else [c for c in people if may(problem, a, c)]
        for a in authors
    ]
    found = None
    for challengers in product(*options):
        if any(challengers.count(c) > places[c] for c in set(challengers)):
            continue
        pairs = dict(zip(authors, challengers, strict=True))
        if not together(problem, pairs):
            continue
        figures = figures_of(problem, pairs)
        if found is None or figures < found[0]:
            found = figures, pairs
    return found


def broken(problem: Problem, a: str, c: str) -> dict[str, int]:
    """Rule to weight of all that a pair touches."""
    one = next(p for p in problem.participants if p.id == a)
    two = next(p for p in problem.participants if p.id == c)
    found = {}
    if c in one.conflicts or a in two.conflicts:
        found["declared_conflicts"] = 60
    if one.police and one.police == two.police:
        found["shared_police"] = 40
    if set(one.icb) & set(two.icb):
        found["shared_icb"] = 30
    if c in one.neighbours or a in two.neighbours:
        found["neighbours"] = 20
    nearer = dict(zip(problem.earlier[: problem.rules.repeat_within_cycles], (18, 9, 4), strict=False))
    again = sum(weight for cycle, weight in nearer.items() if one.challenged_by.get(cycle) == c)
    return found | ({"previous_challenger": again} if again else {})


def may(problem: Problem, a: str, c: str) -> bool:
    rules = problem.rules
    if a == c or c in rules.bans.get(a, ()) or rules.pins.get(a, c) != c:
        return False
    return all(getattr(rules, rule) != "forbid" for rule in broken(problem, a, c))


def mutual(problem: Problem, pairs: dict[str, str]) -> int:
    return sum(
        a < c and pairs.get(c) == a and not (a in problem.fixed and c in problem.fixed)
        for a, c in pairs.items()
    )


def together(problem: Problem, pairs: dict[str, str]) -> bool:
    if problem.rules.reciprocal == "forbid" and mutual(problem, pairs):
        return False
    if problem.rules.triads:
        thrice = {a: pairs.get(pairs.get(c, "")) for a, c in pairs.items()}
        return all(back == a and pairs.get(pairs[a]) != a for a, back in thrice.items())
    return True


def figures_of(problem: Problem, pairs: dict[str, str]) -> Figures:
    rules, people = problem.rules, {p.id: p for p in problem.participants}
    free = [(a, c) for a, c in pairs.items() if a not in problem.fixed]
    avoided = [
        weight
        for a, c in free
        for rule, weight in broken(problem, a, c).items()
        if getattr(rules, rule) == "avoid"
    ] + [50] * (mutual(problem, pairs) if rules.reciprocal == "avoid" else 0)
    values = [problem.values.get(pair, 500) for pair in free]
    variety = 0
    for a, c in pairs.items():
        for trait in ("size", "type"):
            mine, theirs = getattr(people[a], trait), getattr(people[c], trait)
            variety += None not in (mine, theirs) and mine != theirs
    ties = (hashlib.blake2b(f"{rules.seed}|{a}|{c}".encode(), digest_size=8) for a, c in pairs.items())
    tie = sum(int.from_bytes(each.digest(), "big") >> 40 for each in ties)
    return len(avoided), sum(avoided), -min(values, default=1000), -sum(values), -variety, tie
