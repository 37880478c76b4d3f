"""Partners in the register: proposing, approving and changing who challenges whom, each with a reason."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import (
    Trigger,
    can_change_challenger,
    can_withdraw,
    is_settled,
    is_under_way,
)
from peer_challenge.model.vocabulary import DispatchKind, Kind, Role, Stage
from peer_challenge.partners.pins_and_bans import by_hand, noted, pairs_of, standing_of, with_rules
from peer_challenge.partners.solver import Problem, Proposal, check_pairs, problem_from_cycle, propose
from peer_challenge.register import challenges, frames, journal, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.partner_history import partner_history

PROPOSED, APPROVED, SUPERSEDED = "proposed", "approved", "superseded"
TELLING = (DispatchKind.PARTNER_NOTICE.value, DispatchKind.ANALYSIS_PACK.value)
"""The dispatches that tell who challenges whom."""


def latest(connection: Connection, cycle_id: str, *statuses: str) -> Row[Any] | None:
    """The newest assignment of a cycle (with one of `statuses`, when given), or None."""
    query = sa.select(t.assignments).where(t.assignments.c.cycle_id == cycle_id)
    if statuses:
        query = query.where(t.assignments.c.status.in_(statuses))
    return connection.execute(query.order_by(t.assignments.c.id.desc()).limit(1)).first()


def problem_of(
    connection: Connection,
    cycle: Cycle,
    *,
    free: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
    rules: Mapping[str, Any] | None = None,
) -> Problem:
    """The assignment problem of a cycle as it stands: what is under way stays, but for `free`.

    `rules` (keys pins, bans) are those made by hand; without them, the newest proposal's. Areas in
    `without` take no part. An area whose analysis is in keeps its challenger, who may have gone since.
    """
    if rules is None:
        rules = by_hand(standing_of(latest(connection, cycle.id, PROPOSED, APPROVED)))
    standing = challenges.of_cycle(connection, cycle.id)
    withdrawn = tuple(c.author_id for c in standing if c.stage == Stage.WITHDRAWN.value)
    fixed = {
        c.author_id: c.challenger_id
        for c in standing
        if is_under_way(Stage(c.stage)) and c.challenger_id and c.author_id not in free
    }
    rows = frames.current_rows(connection, Kind.SELF_ASSESSMENT, cycle.id)
    gone = {*withdrawn, *without}
    history = partner_history(connection, cycle)
    problem = problem_from_cycle(
        cycle,
        None if rows.empty else rows,
        withdrawn=gone,
        fixed=fixed,
        challenged_before=history.challenged_by,
        opened_on=history.opened_on,
    )
    settled = {
        c.author_id
        for c in standing
        if is_settled(Stage(c.stage)) and c.challenger_id in gone and c.author_id not in free
    }
    return with_rules(_only_challenging(problem, settled), rules)


def _only_challenging(problem: Problem, settled: set[str]) -> Problem:
    people = tuple(
        p.model_copy(update={"external": True}) if p.id in settled else p for p in problem.participants
    )
    return replace(problem, participants=people) if settled else problem


def propose_for(
    connection: Connection, cycle: Cycle, at: datetime, *, actor: str = journal.SYSTEM
) -> Proposal:
    """Propose partners for a cycle as it stands, and keep the proposal for approval.

    Pins and bans made by hand stay.
    """
    rules = by_hand(standing_of(latest(connection, cycle.id, PROPOSED, APPROVED)))
    proposal = propose(problem_of(connection, cycle, rules=rules))
    keep(connection, cycle.id, {**proposal.as_dict(), **rules}, at, actor=actor)
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
    """Keep a proposal in place of an earlier one that was not approved; returns its id.

    It remembers which it came from, so that it can be undone, and who made its pins and bans, and why.
    """
    before = latest(connection, cycle_id, PROPOSED, APPROVED)
    told = noted(proposal, standing_of(before), reason=reason, actor=actor, at=at)
    told.setdefault("changed_from", before.id if before is not None else None)
    connection.execute(
        t.assignments.update()
        .where(t.assignments.c.cycle_id == cycle_id, t.assignments.c.status == PROPOSED)
        .values(status=SUPERSEDED)
    )
    inserted = connection.execute(
        t.assignments.insert().values(
            cycle_id=cycle_id, status=PROPOSED, proposal=told, proposed_at=at, reason=reason
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
        **by_hand(proposal),
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
    pairs, gone = pairs_of(row.proposal), row.proposal.get("without")
    moves = tuple(row.proposal.get("moves", ()))
    problem = problem_of(connection, cycle, free=moves, without=(gone,) if gone else ())
    broken = ["There are no pairs."] if not pairs else check_pairs(problem, pairs)
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
    if gone:
        _let_go(connection, cycle, gone, moves, at=at, actor=actor, reason=reason)
    return pair_up(connection, cycle, at, actor=actor)


def _let_go(
    connection: Connection,
    cycle: Cycle,
    participant: str,
    moves: tuple[str, ...],
    *,
    at: datetime,
    actor: str,
    reason: str,
) -> None:
    """Withdraw a participant's own challenge, and open those that it was to scrutinise again."""
    for challenge in challenges.of_cycle(connection, cycle.id):
        if challenge.author_id == participant and can_withdraw(Stage(challenge.stage)):
            challenges.withdraw(connection, challenge.id, reason, at=at, actor=actor)
        elif (
            challenge.author_id in moves
            and challenge.challenger_id == participant
            and can_change_challenger(Stage(challenge.stage))
        ):
            unpair(connection, cycle, challenge, at=at, actor=actor, reason=reason)


def unpair(
    connection: Connection, cycle: Cycle, challenge: Row[Any], *, at: datetime, actor: str, reason: str
) -> None:
    """Take a challenge back to where it waits for a partner; what has not gone out is cancelled."""
    cancelled = _cancel_telling(connection, challenge.id)
    challenges.note_dates(
        connection,
        cycle,
        challenge.id,
        stage=Stage.SELF_ASSESSED.value,
        stage_since_at=at,
        challenger_id=None,
        moderator_id=None,
        paired_at=None,
        pack_issued_at=None,
    )
    journal.append(
        connection,
        "partner taken back",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenge_id=challenge.id,
        before=challenge.stage,
        challenger=challenge.challenger_id,
        cancelled=cancelled,
        reason=reason,
    )


def _cancel_telling(connection: Connection, challenge_id: str) -> int:
    """Cancel what would tell of a pairing, and whatever else waits for the challenger; receipts stay."""
    cancelled = connection.execute(
        t.dispatches.update()
        .where(
            t.dispatches.c.challenge_id == challenge_id,
            t.dispatches.c.state.in_([outbox.INTENDED, outbox.HELD]),
            sa.or_(t.dispatches.c.kind.in_(TELLING), t.dispatches.c.role == Role.CHALLENGER.value),
        )
        .values(state=outbox.CANCELLED)
    )
    return cancelled.rowcount


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
                connection,
                challenge.id,
                Trigger.PARTNERS_APPROVED,
                cycle,
                at=at,
                actor=actor,
                suffix=_turn(connection, challenge),
                paired_at=at,
            )
    return paired


def _turn(connection: Connection, challenge: Row[Any]) -> str:
    """What tells the notices and the pack of a second pairing from those of the first."""
    earlier = connection.scalar(
        sa.select(sa.func.count()).where(
            t.dispatches.c.challenge_id == challenge.id,
            t.dispatches.c.kind == DispatchKind.ANALYSIS_PACK.value,
        )
    )
    return f"pairing {earlier + 1}" if earlier else ""
