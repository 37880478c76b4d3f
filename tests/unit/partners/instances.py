"""Random problems of any size, and the fictional region under any rules."""

import random
from typing import Any

import yaml

from peer_challenge.model.cycle import Cycle, Participant
from peer_challenge.model.cycle_rules import AssignmentRules
from peer_challenge.partners.solver import Problem
from peer_challenge.paths import ROOT

REGION = ROOT / "templates" / "rehearsal" / "region.yaml"
POLICIES = ("forbid", "avoid", "allow")


def the_region(**rules: Any) -> Cycle:
    """The fictional region of 15 areas as a cycle with these assignment rules."""
    return a_cycle_of(yaml.safe_load(REGION.read_text(encoding="utf-8"))["participants"], **rules)


def a_cycle_of(participants: list[Any], **rules: Any) -> Cycle:
    return Cycle.model_validate(
        {
            "id": "northern-2027",
            "name": "Northern 2027",
            "framework": "working-together-2018",
            "dates": {"opens": "2027-01-11", "self_assessment_due": "2027-02-26"},
            "assignment": rules,
            "participants": participants,
        }
    )


def a_problem(seed: int, areas: int, *, dense: float = 0.3) -> Problem:
    """A random problem: every kind of rule, pin, ban, capacity, fixed pair and outside challenger occurs."""
    dice = random.Random(seed)
    ids = [f"area-{n}" for n in range(areas)]
    outside = dice.random() < 0.2
    people = tuple(_somebody(dice, each, ids, dense, outside and each == ids[-1]) for each in ids)
    authors = [p.id for p in people if not p.external]
    policies = {
        rule: dice.choice(POLICIES)
        for rule in (
            "reciprocal", "shared_police", "shared_icb", "neighbours", "previous_challenger",
            "declared_conflicts",
        )
    }  # fmt: skip
    rules = AssignmentRules(
        **policies,
        seed=dice.randrange(5),
        repeat_within_cycles=dice.randrange(4),
        triads=areas % 3 == 0 and not outside and dice.random() < 0.2,
        pins={authors[0]: ids[-1]} if dice.random() < 0.1 else {},
        bans={authors[-1]: (ids[0],)} if dice.random() < 0.3 else {},
    )
    spread = dice.choice((1, 3, 400))
    values = {(a, c): dice.randrange(spread) for a in ids for c in ids if a != c and dice.random() < 0.9}
    fixed = {authors[0]: ids[-1]} if len(authors) > 2 and not rules.pins and dice.random() < 0.15 else {}
    earlier = ("c-2026", "c-2025", "c-2024")
    return Problem(people, rules, values=values, fixed=fixed, earlier=earlier)


def _somebody(dice: random.Random, me: str, ids: list[str], dense: float, external: bool) -> Participant:
    others = [each for each in ids if each != me]
    return Participant(
        id=me,
        name=me.title(),
        police=dice.choice(("", "North", "South", "East")),
        icb=tuple(sorted(dice.sample(("A", "B", "C", "D"), dice.randrange(3)))),
        neighbours=tuple(each for each in others if dice.random() < dense / 2),
        conflicts=tuple(each for each in others if dice.random() < dense / 4),
        challenged_by={f"c-202{y}": dice.choice(others) for y in (4, 5, 6) if dice.random() < 0.6},
        capacity=dice.choice((0, 1, 1, 1, 1, 1, 2)) if dice.random() < 0.4 else 1,
        external=external,
        size=dice.choice((None, "small", "large")),
        type=dice.choice((None, "city", "county")),
    )
