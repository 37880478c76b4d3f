"""Trying changes of a proposal: pins, bans and swaps are rules added, and the answer found anew."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from peer_challenge import partners
from peer_challenge.assignment import price_of, propose
from peer_challenge.cycle import Cycle
from peer_challenge.errors import WrongUse

ACTS = {"pin": "Let it be so", "ban": "Never these two", "swap": "Swap the challengers of both"}


@dataclass(frozen=True, slots=True)
class Trial:
    """What a change would give: the new proposal with its rules, what moves, and its cost in words."""

    proposal: dict[str, Any]
    moved: list[tuple[str, str, str]]
    told: str


def standing_of(row: Any) -> dict[str, Any]:
    """A kept assignment's proposal; an empty one where there is none."""
    return dict(row.proposal) if row is not None else {"status": "", "pairs": []}


def rules_after(
    proposal: Mapping[str, Any], act: str, author: str, other: str
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The pins and bans of a proposal with one more. Raises WrongUse for what can't be asked."""
    pins = dict(proposal.get("pins", {}))
    bans = {who: list(banned) for who, banned in proposal.get("bans", {}).items()}
    pairs = partners.pairs_of(proposal)
    if act == "pin":
        pins[author] = other
        bans[author] = [one for one in bans.get(author, []) if one != other]
    elif act == "ban":
        bans[author] = sorted({*bans.get(author, []), other})
        if pins.get(author) == other:
            del pins[author]
    elif act == "swap" and author in pairs and other in pairs:
        pins |= {author: pairs[other], other: pairs[author]}
    else:
        raise WrongUse("That change can't be made.", remedy="Choose two areas of this proposal.")
    return pins, {who: banned for who, banned in bans.items() if banned}


def try_change(connection: Connection, cycle: Cycle, act: str, author: str, other: str) -> Trial:
    """What a change would give, kept nowhere. Raises WrongUse for areas that are not of the cycle."""
    if author == other or not {author, other} <= set(cycle.participant):
        raise WrongUse("Two different areas have to be chosen.", remedy="Choose both from the lists.")
    before = standing_of(partners.latest(connection, cycle.id, partners.PROPOSED, partners.APPROVED))
    pins, bans = rules_after(before, act, author, other)
    problem = partners.problem_of(connection, cycle)
    rules = problem.rules.model_copy(
        update={
            "pins": {**problem.rules.pins, **pins},
            "bans": {
                **problem.rules.bans,
                **{who: tuple({*problem.rules.bans.get(who, ()), *banned}) for who, banned in bans.items()},
            },
        }
    )
    after = propose(replace(problem, rules=rules)).as_dict() | {"pins": pins, "bans": bans}
    old, new = partners.pairs_of(before), partners.pairs_of(after)
    moved = [
        (who, old.get(who, ""), challenger)
        for who, challenger in sorted(new.items())
        if old.get(who) != challenger
    ]
    told = price_of(problem, old, author, other) if act == "pin" and old else ""
    return Trial(after, moved, told)
