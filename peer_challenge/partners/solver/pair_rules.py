"""What each rule says of an author and a challenger, in words and weights. Nothing is solved here."""

from dataclasses import dataclass

from peer_challenge.model.cycle_rules import NEEDED_BY_RULES, Policy
from peer_challenge.model.pair_facts import describe_shared
from peer_challenge.partners.solver.problem import Problem

ITSELF, PIN, BAN = "itself", "pin", "ban"
RECIPROCAL = "reciprocal"
PAIR_RULES = ("declared_conflicts", "shared_police", "shared_icb", "neighbours", "previous_challenger")
# Heavier counts for more only between answers that break equally many rules.
WEIGHTS = {
    ITSELF: 0,
    PIN: 0,
    BAN: 0,
    "declared_conflicts": 60,
    RECIPROCAL: 50,
    "shared_police": 40,
    "shared_icb": 30,
    "neighbours": 20,
}
_LAST_CHALLENGER = 18
"""The weight of a challenger of the cycle before; it halves with every cycle that lies between."""


@dataclass(frozen=True)
class Touch:
    """One rule that a pair touches: which, how heavily, under which policy, and in words."""

    rule: str
    policy: Policy
    weight: int
    words: str


def find_rule_policy(problem: Problem, rule: str) -> Policy:
    """How the cycle treats a rule: forbid, avoid or allow."""
    return "forbid" if rule in (ITSELF, PIN, BAN) else getattr(problem.rules, rule)


def list_rules_touched(problem: Problem, author: str, challenger: str) -> tuple[Touch, ...]:
    """Every rule that the pair touches and the cycle does not allow.

    Reciprocity is left out, since it concerns two pairs.
    """
    found = [
        Touch(rule, find_rule_policy(problem, rule), weight, words)
        for rule, weight, words in _find_touched_rules(problem, author, challenger)
    ]
    return tuple(touch for touch in found if touch.policy != "allow")


def list_unknown_facts(problem: Problem, author: str, challenger: str) -> tuple[str, ...]:
    """The facts about the pair that a rule of the cycle needs and nobody has given, in words.

    Empty when all are known.
    """
    a, c = problem.by_id[author], problem.by_id[challenger]
    return tuple(
        f"the {what} of {p.name}"
        for rule, (field, what) in NEEDED_BY_RULES.items()
        if find_rule_policy(problem, rule) != "allow"
        for p in (a, c)
        if not getattr(p, field)
    )


def _find_touched_rules(problem: Problem, author: str, challenger: str) -> list[tuple[str, int, str]]:
    """Every rule that the pair touches, its weight, and how in words."""
    a, c = problem.by_id[author], problem.by_id[challenger]
    if author == challenger:
        return [(ITSELF, WEIGHTS[ITSELF], f"{a.name} would challenge itself")]
    found: dict[str, str] = {}
    pinned = problem.rules.pins.get(author)
    if pinned is not None and pinned != challenger:
        found[PIN] = f"{a.name} is pinned to {problem.name(pinned)}"
    if challenger in problem.rules.bans.get(author, ()):
        found[BAN] = f"{c.name} is banned from challenging {a.name}"
    found |= describe_shared(a, c)
    weighed = [(rule, WEIGHTS[rule], words) for rule, words in found.items()]
    return weighed + _find_recent_challenges(problem, author, challenger)


def _find_recent_challenges(problem: Problem, author: str, challenger: str) -> list[tuple[str, int, str]]:
    recent = problem.earlier[: problem.rules.repeat_within_cycles]
    before = problem.by_id[author].challenged_by
    ages = [age for age, cycle in enumerate(recent) if before.get(cycle) == challenger]
    if not ages:
        return []
    weight = sum(max(1, _LAST_CHALLENGER >> age) for age in ages)
    when = " and ".join(recent[age] for age in ages)
    words = f"{problem.name(challenger)} challenged {problem.name(author)} in {when}"
    return [("previous_challenger", weight, words)]
