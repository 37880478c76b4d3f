"""The office's own decisions about partners: pins and bans, kept from proposal to proposal."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from peer_challenge.errors import WrongUse
from peer_challenge.model.kept_proposal import HandMadeRules, KeptProposal, RuleNote
from peer_challenge.partners.solver import Problem
from peer_challenge.register.records import Assignment

ACTS = {"pin": "Let it be so", "ban": "Never these two", "swap": "Swap the challengers of both"}

_NOTHING_NOTED: RuleNote = {"reason": "", "made_by": "", "made_at": ""}


@dataclass(frozen=True, slots=True)
class OfficeRule:
    """One pin or ban made by hand: who made it, when (ISO) and why; "" where it is not known."""

    act: str
    author: str
    challenger: str
    reason: str = ""
    made_by: str = ""
    made_at: str = ""


def read_kept_proposal(row: Assignment | None) -> KeptProposal:
    """A kept assignment's proposal; an empty one where there is none."""
    return row.proposal.copy() if row is not None else {"status": "", "pairs": []}


def map_author_to_challenger(proposal: KeptProposal) -> dict[str, str]:
    """Author to challenger, from a proposal as `assign --json` prints it."""
    return {pair["author"]: pair["challenger"] for pair in proposal.get("pairs", ())}


def read_hand_made_rules(proposal: KeptProposal) -> HandMadeRules:
    """The pins and bans made by hand that a proposal carries: keys pins, bans."""
    return {"pins": dict(proposal.get("pins", {})), "bans": dict(proposal.get("bans", {}))}


def office_rules(proposal: KeptProposal) -> list[OfficeRule]:
    """The pins, then the bans, made by hand, in the order of the authors' ids."""
    notes = proposal.get("rule_notes", {})
    found = [("pin", author, one) for author, one in sorted(proposal.get("pins", {}).items())]
    found += [
        ("ban", author, one) for author, those in sorted(proposal.get("bans", {}).items()) for one in those
    ]
    return [OfficeRule(*each, **notes.get(" ".join(each), _NOTHING_NOTED)) for each in found]


def rules_after(proposal: KeptProposal, act: str, author: str, other: str) -> HandMadeRules:
    """The pins and bans of a proposal after one more pin, ban or swap.

    Raises WrongUse if that change can't be made.
    """
    pins = dict(proposal.get("pins", {}))
    bans = {who: list(banned) for who, banned in proposal.get("bans", {}).items()}
    pairs = map_author_to_challenger(proposal)
    if act == "pin":
        _pin_challenger(pins, bans, author, other)
    elif act == "ban":
        bans[author] = sorted({*bans.get(author, []), other})
        if pins.get(author) == other:
            del pins[author]
    elif act == "swap" and author in pairs and other in pairs:
        _check_swap(author, other, pairs)
        _pin_challenger(pins, bans, author, pairs[other])
        _pin_challenger(pins, bans, other, pairs[author])
    else:
        raise WrongUse(
            "That change can't be made.", remedy="Choose two areas of this proposal.", about="author"
        )
    return {"pins": pins, "bans": {who: banned for who, banned in bans.items() if banned}}


def _check_swap(author: str, other: str, pairs: Mapping[str, str]) -> None:
    if pairs[author] == other or pairs[other] == author:
        raise WrongUse(
            "One of these two challenges the other, so by a swap it would challenge itself.",
            remedy="Swap two areas that don't challenge each other, or pin one of them.",
            about="other",
        )


def _pin_challenger(pins: dict[str, str], bans: dict[str, list[str]], author: str, challenger: str) -> None:
    pins[author] = challenger
    bans[author] = [one for one in bans.get(author, []) if one != challenger]


def rules_without(proposal: KeptProposal, author: str, challenger: str) -> HandMadeRules:
    """The pins and bans of a proposal but for those about one pair. Raises WrongUse when there is none."""
    pins = dict(proposal.get("pins", {}))
    bans = {who: list(banned) for who, banned in proposal.get("bans", {}).items()}
    is_pinned, is_banned = pins.get(author) == challenger, challenger in bans.get(author, [])
    if not is_pinned and not is_banned:
        raise WrongUse(
            f"There is no pin or ban of {challenger} for {author}.",
            remedy="“Decided by hand”, on the page “Partners”, lists those that there are.",
            command="peer-challenge assign --rules",
        )
    if is_pinned:
        del pins[author]
    bans[author] = [one for one in bans.get(author, []) if one != challenger]
    return {"pins": pins, "bans": {who: banned for who, banned in bans.items() if banned}}


def add_rule_notes(
    proposal: KeptProposal, before: KeptProposal, *, reason: str | None, actor: str, at: datetime
) -> KeptProposal:
    """A proposal with the maker of each of its pins and bans added, under the key rule_notes.

    A pin or ban that the proposal `before` had keeps the maker noted there; a new one gets `actor`,
    `reason` and `at`.
    """
    known = before.get("rule_notes", {})
    mine: RuleNote = {"reason": reason or "", "made_by": actor, "made_at": at.isoformat(timespec="seconds")}
    keys = [" ".join((rule.act, rule.author, rule.challenger)) for rule in office_rules(proposal)]
    notes = {key: known.get(key, mine) for key in keys}
    return {**proposal, "rule_notes": notes} if notes else proposal.copy()


def with_rules(problem: Problem, rules: HandMadeRules) -> Problem:
    """A problem with pins and bans (keys pins, bans) added to the cycle's own; those made by hand come first.

    A pin of an area that no longer takes part is left out.
    """
    pins = {**problem.rules.pins, **rules["pins"]}
    bans: dict[str, tuple[str, ...]] = dict(problem.rules.bans)
    for who, banned in rules["bans"].items():
        bans[who] = tuple(sorted({*bans.get(who, ()), *banned}))
    for who, one in rules["pins"].items():
        bans[who] = tuple(banned for banned in bans.get(who, ()) if banned != one)
    here = {
        a: c for a, c in pins.items() if {a, c} <= set(problem.by_id) and c not in rules["bans"].get(a, ())
    }
    return replace(problem, rules=problem.rules.model_copy(update={"pins": here, "bans": bans}))
