"""Advance: for every challenge, do what its stage and the date make due, then issue what is intended.

Safe to run at any time and twice: each step looks at the register, and each is one transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from peer_challenge.clock import local_day
from peer_challenge.errors import PeerChallengeError
from peer_challenge.events import schedule
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import DUE_BY, PREPARATION, Trigger, Watch, is_over, watched_in
from peer_challenge.model.vocabulary import DispatchKind, Kind, Role, Stage
from peer_challenge.outbox.issue import Issued, issue_waiting
from peer_challenge.partners import proposals
from peer_challenge.register import challenges, journal, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import cycle_ids, load_stored
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings

_ROUNDS = 10
_CLOSING = (
    DispatchKind.REGIONAL_OVERVIEW,
    DispatchKind.REGIONAL_OVERVIEW_ANONYMISED,
    DispatchKind.REGIONAL_TABLES,
)
Progress = Callable[[int, int], None]


class AlreadyAdvancing(PeerChallengeError):
    """Another process is advancing."""

    exit_code = 7
    remedy = "Nothing to do: what is due is being done. Run it again in a minute if you doubt it."


@dataclass(slots=True)
class Advanced:
    """What one advance did: how many challenges moved, and what went out."""

    moved: int = 0
    issued: list[Issued] = field(default_factory=list)


def advance(
    register: Register, settings: Settings, at: datetime, *, progress: Progress = lambda done, total: None
) -> Advanced:
    """Do what is due at `at`. Raises AlreadyAdvancing when another process is doing so."""
    done = Advanced()
    with register.exclusive("advance") as is_ours:
        if not is_ours:
            raise AlreadyAdvancing("Another advance is running.")
        _follow_calendar(register, at)
        for _ in range(_ROUNDS):
            moved = move_all(register, settings, at)
            issued = issue_waiting(register, settings, at, progress=progress)
            done.moved += moved
            done.issued += issued
            if not moved and not issued:
                break
    return done


def _follow_calendar(register: Register, at: datetime) -> None:
    with register.writing() as connection:
        for cycle_id in cycle_ids(connection):
            challenges.follow_calendar(connection, load_stored(connection, cycle_id)[0], at=at)


def move_all(register: Register, settings: Settings, at: datetime) -> int:
    """Move on every challenge of every open cycle that can be; returns how many moves were made."""
    with register.reading() as connection:
        ids = cycle_ids(connection)
    return sum(_move_cycle(register, settings, cycle_id, at) for cycle_id in ids)


def _move_cycle(register: Register, settings: Settings, cycle_id: str, at: datetime) -> int:
    moved = 0
    with register.writing() as connection:
        cycle, _ = load_stored(connection, cycle_id)
        moved += proposals.propose_when_due(connection, cycle, at, approve=settings.approve_automatically)
        moved += schedule.set_events(connection, cycle, at)
        for challenge in challenges.of_cycle(connection, cycle_id):
            moved += _move(connection, cycle, challenge, at)
        moved += _close_cycle(connection, cycle, at)
    return moved


def _move(connection: Connection, cycle: Cycle, challenge: Row[Any], at: datetime) -> int:
    """Do what a challenge's stage makes `advance` look for; returns how many steps were made."""
    watched = watched_in(Stage(challenge.stage))
    return sum(ACTS[watch](connection, cycle, challenge, at) for watch in watched)


def _begin_analysis(connection: Connection, cycle: Cycle, challenge: Row[Any], at: datetime) -> int:
    """Once the pack has gone out the challenger is at work, from the moment it went."""
    issued_at = _pack_issued_at(connection, challenge)
    if issued_at is None:
        return 0
    return challenges.move(
        connection, challenge.id, Trigger.PACK_ISSUED, cycle, at=at, pack_issued_at=issued_at
    )


def _issued_at(connection: Connection, challenge: Row[Any], kind: DispatchKind) -> datetime | None:
    found: datetime | None = connection.scalar(
        sa.select(sa.func.min(t.dispatches.c.issued_at)).where(
            t.dispatches.c.challenge_id == challenge.id,
            t.dispatches.c.kind == kind.value,
            t.dispatches.c.state == outbox.ISSUED,
        )
    )
    return found


def _pack_issued_at(connection: Connection, challenge: Row[Any], *, is_last: bool = False) -> datetime | None:
    """When the first pack, or the last, went to the present challenger; an earlier one may have had one."""
    which = sa.func.max if is_last else sa.func.min
    found: datetime | None = connection.scalar(
        sa.select(which(t.dispatches.c.issued_at)).where(
            t.dispatches.c.challenge_id == challenge.id,
            t.dispatches.c.state == outbox.ISSUED,
            t.dispatches.c.kind == DispatchKind.ANALYSIS_PACK.value,
            t.dispatches.c.recipient_id == challenge.challenger_id,
        )
    )
    return found


def _restart_clock(connection: Connection, cycle: Cycle, challenge: Row[Any], at: datetime) -> int:
    """Count from the pack of a later self-assessment, where the cycle says that it restarts the clock."""
    if not cycle.rules.resubmission_restarts_clock:
        return 0
    issued_at = _pack_issued_at(connection, challenge, is_last=True)
    if issued_at is None or issued_at == challenge.pack_issued_at:
        return 0
    challenges.note_dates(connection, cycle, challenge.id, pack_issued_at=issued_at)
    journal.append(connection, "clock restarted", at=at, cycle_id=cycle.id, challenge_id=challenge.id)
    return 1


def _prepare(connection: Connection, cycle: Cycle, challenge: Row[Any], at: datetime) -> int:
    """Send what the event needs once the response is in, or its day has come."""
    due = challenges.due_dates(connection, challenge.id).get(DUE_BY[Kind.RESPONSE])
    is_due = due is not None and local_day(at) >= due
    if challenge.prepared_at is not None or not (challenge.response_received_at or is_due):
        return 0
    for what in PREPARATION:
        challenges.send(connection, challenge, what, at=at)
    connection.execute(t.challenges.update().where(t.challenges.c.id == challenge.id).values(prepared_at=at))
    return 1


def _hold(connection: Connection, cycle: Cycle, challenge: Row[Any], at: datetime) -> int:
    if challenge.event_on is None or local_day(at) <= challenge.event_on:
        return 0
    return challenges.move(
        connection, challenge.id, Trigger.EVENT_DAY_PASSED, cycle, at=at, event_held_on=challenge.event_on
    )


def _note_summary(connection: Connection, cycle: Cycle, challenge: Row[Any], at: datetime) -> int:
    """Note when the Chair's summary went out: the action plan's weeks count from then."""
    if challenge.summary_issued_at is not None:
        return 0
    issued_at = _issued_at(connection, challenge, DispatchKind.CHAIR_SUMMARY)
    if issued_at is None:
        return 0
    challenges.note_dates(connection, cycle, challenge.id, summary_issued_at=issued_at)
    return 1


def _unfinished(connection: Connection, challenge: Row[Any]) -> int:
    return (
        connection.scalar(
            sa.select(sa.func.count()).where(
                t.dispatches.c.challenge_id == challenge.id,
                t.dispatches.c.state.in_([outbox.INTENDED, outbox.PLACING, outbox.HELD]),
            )
        )
        or 0
    )


def _close(connection: Connection, cycle: Cycle, challenge: Row[Any], at: datetime) -> int:
    """Close a challenge once all that it has to send has gone out."""
    if _unfinished(connection, challenge):
        return 0
    return challenges.move(connection, challenge.id, Trigger.ALL_ISSUED, cycle, at=at, closed_at=at)


ACTS: Mapping[Watch, Callable[[Connection, Cycle, Row[Any], datetime], int]] = {
    Watch.PACK_ISSUED: _begin_analysis,
    Watch.CLOCK_RESTARTED: _restart_clock,
    Watch.PREPARATION_DUE: _prepare,
    Watch.EVENT_DAY_PASSED: _hold,
    Watch.SUMMARY_ISSUED: _note_summary,
    Watch.ALL_ISSUED: _close,
}
"""What is done about each thing that `advance` looks for; each answers how many steps it made."""


def _close_cycle(connection: Connection, cycle: Cycle, at: datetime) -> int:
    stages = {Stage(challenge.stage) for challenge in challenges.of_cycle(connection, cycle.id)}
    if not all(map(is_over, stages)):
        return 0
    if Stage.CLOSED in stages:
        for kind in _CLOSING:
            outbox.intend(
                connection,
                kind,
                Role.OFFICE,
                outbox.OFFICE,
                key=f"{kind.value}/closing",
                at=at,
                cycle_id=cycle.id,
            )
    connection.execute(
        t.cycles.update().where(t.cycles.c.id == cycle.id).values(state="closed", closed_at=at)
    )
    journal.append(connection, "cycle closed", at=at, cycle_id=cycle.id)
    return 1
