"""Partners in the register: proposing, approving and changing who challenges whom, each with a reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from peer_challenge.assignment import Problem, Proposal, check_pairs, problem_from_cycle, propose
from peer_challenge.cycle import Cycle
from peer_challenge.errors import WrongUse
from peer_challenge.journey import Trigger
from peer_challenge.register import challenges, frames, journal
from peer_challenge.register import tables as t
from peer_challenge.vocabulary import Kind, Stage

PROPOSED, APPROVED, SUPERSEDED = "proposed", "approved", "superseded"
_UNDER_WAY = (
    Stage.PAIRED,
    Stage.IN_ANALYSIS,
    Stage.RETURNED,
    Stage.EVENT_SET,
    Stage.EVENT_HELD,
    Stage.SUMMARISED,
    Stage.PLANNED,
    Stage.CLOSED,
)


def latest(connection: Connection, cycle_id: str, *statuses: str) -> Row[Any] | None:
    """The newest assignment of a cycle (with one of `statuses`, when given), or None."""
    query = sa.select(t.assignments).where(t.assignments.c.cycle_id == cycle_id)
    if statuses:
        query = query.where(t.assignments.c.status.in_(statuses))
    return connection.execute(query.order_by(t.assignments.c.id.desc()).limit(1)).first()


def pairs_of(proposal: Mapping[str, Any]) -> dict[str, str]:
    """Author to challenger, from a proposal as `assign --json` prints it."""
    return {pair["author"]: pair["challenger"] for pair in proposal.get("pairs", ())}


def problem_of(connection: Connection, cycle: Cycle, *, free: tuple[str, ...] = ()) -> Problem:
    """The assignment problem of a cycle as it stands: what is under way stays, but for `free`."""
    standing = challenges.of_cycle(connection, cycle.id)
    withdrawn = tuple(c.author_id for c in standing if c.stage == Stage.WITHDRAWN.value)
    fixed = {
        c.author_id: c.challenger_id
        for c in standing
        if Stage(c.stage) in _UNDER_WAY and c.challenger_id and c.author_id not in free
    }
    rows = frames.current_rows(connection, Kind.SELF_ASSESSMENT, cycle.id)
    return problem_from_cycle(cycle, None if rows.empty else rows, withdrawn=withdrawn, fixed=fixed)


def propose_for(
    connection: Connection, cycle: Cycle, at: datetime, *, actor: str = journal.SYSTEM
) -> Proposal:
    """Propose partners for a cycle as it stands, and keep the proposal for approval."""
    proposal = propose(problem_of(connection, cycle))
    keep(connection, cycle.id, proposal.as_dict(), at, actor=actor)
    return proposal


def keep(
    connection: Connection,
    cycle_id: str,
    proposal: Mapping[str, Any],
    at: datetime,
    *,
    actor: str,
    reason: str | None = None,
) -> int:
    """Keep a proposal in place of an earlier one that was not approved; returns its id."""
    connection.execute(
        t.assignments.update()
        .where(t.assignments.c.cycle_id == cycle_id, t.assignments.c.status == PROPOSED)
        .values(status=SUPERSEDED)
    )
    inserted = connection.execute(
        t.assignments.insert().values(
            cycle_id=cycle_id, status=PROPOSED, proposal=dict(proposal), proposed_at=at, reason=reason
        )
    )
    (assignment_id,) = inserted.inserted_primary_key or (0,)
    journal.append(
        connection,
        "partners proposed",
        at=at,
        actor=actor,
        cycle_id=cycle_id,
        assignment=assignment_id,
        status=proposal["status"],
        pairs=pairs_of(proposal),
        reason=reason,
    )
    return int(assignment_id)


def propose_when_due(connection: Connection, cycle: Cycle, at: datetime, *, approve: bool = False) -> int:
    """Propose partners once every self-assessment is in; approve at once when told to. 1 if it did."""
    stages = {Stage(challenge.stage) for challenge in challenges.of_cycle(connection, cycle.id)}
    if Stage.INVITED in stages:
        return pair_up(connection, cycle, at) if latest(connection, cycle.id, APPROVED) else 0
    if latest(connection, cycle.id) is None and Stage.SELF_ASSESSED in stages:
        proposal = propose_for(connection, cycle, at)
        if approve and proposal.status != "infeasible":
            approve_latest(connection, cycle, at, reason="approved automatically", actor=journal.SYSTEM)
        return 1
    return pair_up(connection, cycle, at) if latest(connection, cycle.id, APPROVED) else 0


def approve_latest(connection: Connection, cycle: Cycle, at: datetime, *, reason: str, actor: str) -> int:
    """Approve the newest proposal: partners are told and packs go out. Returns how many were paired.

    Raises WrongUse when there is nothing to approve, or a forbidden rule is broken.
    """
    row = latest(connection, cycle.id, PROPOSED)
    if row is None:
        raise WrongUse("There is no proposal to approve.", remedy="Run `peer-challenge assign` first.")
    pairs = pairs_of(row.proposal)
    broken = ["There are no pairs."] if not pairs else check_pairs(problem_of(connection, cycle), pairs)
    if broken:
        raise WrongUse(
            "This proposal can't be approved: " + "; ".join(map(str, broken)),
            remedy="Change the rules or the pair, and propose again.",
        )
    connection.execute(
        t.assignments.update()
        .where(t.assignments.c.cycle_id == cycle.id, t.assignments.c.status == APPROVED)
        .values(status=SUPERSEDED)
    )
    connection.execute(
        t.assignments.update()
        .where(t.assignments.c.id == row.id)
        .values(status=APPROVED, approved_at=at, reason=reason)
    )
    journal.append(
        connection,
        "partners approved",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        assignment=row.id,
        reason=reason,
    )
    return pair_up(connection, cycle, at, actor=actor)


def pair_up(connection: Connection, cycle: Cycle, at: datetime, *, actor: str = journal.SYSTEM) -> int:
    """Pair every self-assessed challenge as approved; returns how many were."""
    row = latest(connection, cycle.id, APPROVED)
    chosen = {pair["author"]: pair for pair in row.proposal["pairs"]} if row else {}
    paired = 0
    for challenge in challenges.of_cycle(connection, cycle.id):
        pair = chosen.get(challenge.author_id)
        if pair is not None and challenge.stage == Stage.SELF_ASSESSED.value:
            connection.execute(
                t.challenges.update()
                .where(t.challenges.c.id == challenge.id)
                .values(challenger_id=pair["challenger"], moderator_id=pair.get("moderator"))
            )
            paired += challenges.move(
                connection, challenge.id, Trigger.PARTNERS_APPROVED, cycle, at=at, actor=actor, paired_at=at
            )
    return paired
