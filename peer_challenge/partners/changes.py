"""Changing who challenges whom: tried with its price, kept with a reason, lifted, undone, one withdrawing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.sentences import counted
from peer_challenge.model.vocabulary import DispatchKind, Stage
from peer_challenge.partners import proposals
from peer_challenge.partners.pins_and_bans import by_hand, pairs_of, rules_after, rules_without, standing_of
from peer_challenge.partners.solver import check_pairs, cost_between, propose, what_if_withdrawn
from peer_challenge.register import challenges, journal, outbox
from peer_challenge.register import tables as t

_WORDS = {
    DispatchKind.PARTNER_NOTICE.value: "partner notice",
    DispatchKind.ANALYSIS_PACK.value: "analysis pack",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """What a change would give: the new proposal with its rules, what moves, and its cost in words.

    `moved` holds (author, challenger before, challenger after).
    """

    proposal: dict[str, Any]
    moved: list[tuple[str, str, str]]
    told: str


def try_change(connection: Connection, cycle: Cycle, act: str, author: str, other: str) -> Trial:
    """What a pin, ban or swap would give, kept nowhere. Raises WrongUse for areas not of the cycle."""
    if author == other or not {author, other} <= set(cycle.participant):
        raise WrongUse("Two different areas have to be chosen.", remedy="Choose both from the lists.")
    before = _standing(connection, cycle)
    pins, bans = rules_after(before, act, author, other)
    return _trial(connection, cycle, before, {"pins": pins, "bans": bans})


def try_lifting(connection: Connection, cycle: Cycle, author: str, challenger: str) -> Trial:
    """What it would give to lift the pin or ban of a pair, kept nowhere. Raises WrongUse without one."""
    before = _standing(connection, cycle)
    pins, bans = rules_without(before, author, challenger)
    return _trial(connection, cycle, before, {"pins": pins, "bans": bans})


def try_without(connection: Connection, cycle: Cycle, participant: str) -> Trial:
    """The smallest change that lets `participant` withdraw, kept nowhere.

    Only areas that it challenges, and that have not had their analysis back, get another challenger;
    what else is under way stays. Raises WrongUse for an area that is not of the cycle.
    """
    if participant not in cycle.participant:
        raise WrongUse("There is no such area in this cycle.", remedy="Choose one of its areas.")
    before = _standing(connection, cycle)
    standing = challenges.of_cycle(connection, cycle.id)
    orphans = sorted(
        c.author_id
        for c in standing
        if c.challenger_id == participant and Stage(c.stage) in (Stage.PAIRED, Stage.IN_ANALYSIS)
    )
    now = {c.author_id: c.challenger_id for c in standing if c.challenger_id}
    old = pairs_of(before) | {a: c for a, c in now.items() if a != participant}
    problem = proposals.problem_of(connection, cycle, free=tuple(orphans), without=(participant,))
    found = what_if_withdrawn(problem, old, participant, may_move=orphans).as_dict()
    after = found | by_hand(before) | {"without": participant, "moves": orphans}
    new = pairs_of(after)
    return Trial(after, _moved(old, new), f"{cost_between(problem, old, new)}." if new else "")


def keep_trial(
    connection: Connection, cycle: Cycle, trial: Trial, *, at: datetime, actor: str, reason: str
) -> int:
    """Keep what was tried as the newest proposal, for approval; returns its id.

    Raises WrongUse without a reason, or where no pairs keep every rule.
    """
    said = read_reason(reason)
    if not trial.proposal["pairs"]:
        raise WrongUse(
            "With this change no pairs keep every rule: " + " ".join(trial.proposal["conflict"]),
            remedy=" ".join(trial.proposal.get("relaxations", ())) or "Choose another change.",
        )
    return proposals.keep(connection, cycle.id, trial.proposal, at, actor=actor, reason=said)


def undo(connection: Connection, cycle: Cycle, *, at: datetime, actor: str, reason: str) -> str:
    """Undo the newest step: a change of the proposal, or the approval. Returns what was done, in words.

    Raises WrongUse without a reason, where there is nothing to undo, and where a notice or a pack of
    that approval is out already: those can't be called back, so it says which they are.
    """
    said, row = (
        read_reason(reason),
        proposals.latest(connection, cycle.id, proposals.PROPOSED, proposals.APPROVED),
    )
    if row is None:
        raise WrongUse("There is nothing to undo.", remedy="Run `peer-challenge assign` first.")
    if row.status == proposals.APPROVED:
        return _undo_approval(connection, cycle, row, at, actor, said)
    return _undo_change(connection, cycle, row, at, actor, said)


def _undo_change(
    connection: Connection, cycle: Cycle, row: Row[Any], at: datetime, actor: str, reason: str
) -> str:
    earlier = _row(connection, row.proposal.get("changed_from"))
    if earlier is None:
        raise WrongUse(
            "There is nothing to undo: this is the first proposal.",
            remedy="Change it by a pin, a ban or a swap instead.",
        )
    _set(connection, row.id, status=proposals.SUPERSEDED)
    _journal(connection, cycle, "change of partners undone", row, at, actor, reason, back_to=earlier.id)
    if earlier.status == proposals.APPROVED:
        return "The change is undone: the pairs that were approved stand."
    rules = by_hand(earlier.proposal)
    problem = proposals.problem_of(connection, cycle, rules=rules)
    if not check_pairs(problem, pairs_of(earlier.proposal)):
        _set(connection, earlier.id, status=proposals.PROPOSED)
        return "The change is undone: the proposal before it stands again."
    anew = propose(problem).as_dict() | rules | {"changed_from": earlier.proposal.get("changed_from")}
    proposals.keep(connection, cycle.id, anew, at, actor=actor, reason=reason)
    return "The change is undone. Things have moved since, so the partners are proposed anew."


def _undo_approval(
    connection: Connection, cycle: Cycle, row: Row[Any], at: datetime, actor: str, reason: str
) -> str:
    if out := already_out(connection, cycle, row):
        raise WrongUse(
            "This approval can't be undone. Already out: " + "; ".join(out) + ".",
            remedy="What is out can't be called back. If an area has to step back, "
            "`peer-challenge assign --without AREA` finds the smallest change.",
        )
    undone = 0
    for challenge in challenges.of_cycle(connection, cycle.id):
        if challenge.stage == Stage.PAIRED.value and _is_of(challenge, row):
            proposals.unpair(connection, cycle, challenge, at=at, actor=actor, reason=reason)
            undone += 1
    _set(connection, row.id, status=proposals.PROPOSED, approved_at=None)
    _restore_approved(connection, cycle, row)
    _journal(connection, cycle, "approval of partners undone", row, at, actor, reason, pairs=undone)
    return (
        f"The approval is undone: {counted(undone, 'pair')} "
        f"{'is' if undone == 1 else 'are'} open again, and nothing had gone out."
    )


def already_out(connection: Connection, cycle: Cycle, row: Row[Any]) -> list[str]:
    """What has gone out, or is just going, since an assignment was approved, in words."""
    found = connection.execute(
        sa.select(t.dispatches.c.kind, t.dispatches.c.recipient_id, t.challenges.c.author_id)
        .join(t.challenges, t.challenges.c.id == t.dispatches.c.challenge_id)
        .where(
            t.dispatches.c.cycle_id == cycle.id,
            t.dispatches.c.kind.in_(proposals.TELLING),
            t.dispatches.c.state.in_([outbox.PLACING, outbox.ISSUED]),
            t.dispatches.c.intended_at >= row.approved_at,
        )
        .order_by(t.dispatches.c.id)
    )
    name = {p.id: p.name for p in cycle.participants}
    return [
        f"the {_WORDS[each.kind]} to {name.get(each.recipient_id, each.recipient_id)}"
        + (
            f" about {name.get(each.author_id, each.author_id)}"
            if each.recipient_id != each.author_id
            else ""
        )
        for each in found
    ]


def _is_of(challenge: Row[Any], row: Row[Any]) -> bool:
    is_since = challenge.paired_at is not None and challenge.paired_at >= row.approved_at
    return is_since and pairs_of(row.proposal).get(challenge.author_id) == challenge.challenger_id


def _restore_approved(connection: Connection, cycle: Cycle, undone: Row[Any]) -> None:
    """What the undone approval had replaced is the approved one again, where there was one."""
    earlier = connection.scalar(
        sa.select(sa.func.max(t.assignments.c.id)).where(
            t.assignments.c.cycle_id == cycle.id,
            t.assignments.c.approved_at.is_not(None),
            t.assignments.c.id != undone.id,
        )
    )
    if earlier is not None:
        _set(connection, earlier, status=proposals.APPROVED)


def _standing(connection: Connection, cycle: Cycle) -> dict[str, Any]:
    return standing_of(proposals.latest(connection, cycle.id, proposals.PROPOSED, proposals.APPROVED))


def _trial(connection: Connection, cycle: Cycle, before: Mapping[str, Any], rules: dict[str, Any]) -> Trial:
    problem = proposals.problem_of(connection, cycle, rules=rules)
    after, old = propose(problem).as_dict() | rules, pairs_of(before)
    new = pairs_of(after)
    return Trial(after, _moved(old, new), f"{cost_between(problem, old, new)}." if old and new else "")


def _moved(old: Mapping[str, str], new: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [(who, old.get(who, ""), one) for who, one in sorted(new.items()) if old.get(who) != one]


def _row(connection: Connection, assignment_id: int | None) -> Row[Any] | None:
    if assignment_id is None:
        return None
    return connection.execute(sa.select(t.assignments).where(t.assignments.c.id == assignment_id)).first()


def _set(connection: Connection, assignment_id: int, **values: Any) -> None:
    connection.execute(t.assignments.update().where(t.assignments.c.id == assignment_id).values(**values))


def _journal(
    connection: Connection,
    cycle: Cycle,
    event: str,
    row: Row[Any],
    at: datetime,
    actor: str,
    reason: str,
    **details: Any,
) -> None:
    journal.append(
        connection, event, at=at, actor=actor, cycle_id=cycle.id, assignment=row.id, reason=reason, **details
    )
