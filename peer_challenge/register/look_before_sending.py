"""Dispatches that wait until somebody of the office has looked at their finished files."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.register import journal
from peer_challenge.register.outbox import INTENDED, PLACING, TO_LOOK_AT
from peer_challenge.register.records import Dispatch
from peer_challenge.register.tables import dispatches


def hold_for_look(
    connection: Connection,
    dispatch: Dispatch,
    sha256: str,
    size: int,
    at: datetime,
    *,
    problem: str | None,
    sources: Sequence[int] = (),
) -> bool:
    """Record that the finished file of a dispatch waits until the office has looked at it.

    `problem` says why it waits once more, where it was looked at before. `sources` are the submissions that
    it passes on. Returns False when the dispatch was cancelled meanwhile.
    """
    held = connection.execute(
        dispatches.update()
        .where(dispatches.c.id == dispatch.id, dispatches.c.state.in_([INTENDED, PLACING]))
        .values(state=TO_LOOK_AT, sha256=sha256, size=size, path=None, looked_sha256=None, problem=problem)
    )
    if held.rowcount != 1:
        return False
    journal.append_entry(
        connection,
        "dispatch waits for a look",
        at=at,
        cycle_id=dispatch.cycle_id,
        challenge_id=dispatch.challenge_id,
        kind=dispatch.kind,
        dispatch=dispatch.id,
        sha256=sha256,
        submissions=list(sources),
        **({"problem": problem} if problem else {}),
    )
    return True


def note_looked_at(
    connection: Connection, dispatch: Dispatch, sha256: str, *, at: datetime, actor: str, reason: str
) -> bool:
    """Let a dispatch go that the office has looked at, in the file with this hash.

    Returns False when it does not wait for a look any more, or waits in another file.
    """
    let_go = connection.execute(
        dispatches.update()
        .where(
            dispatches.c.id == dispatch.id,
            dispatches.c.state == TO_LOOK_AT,
            dispatches.c.sha256 == sha256,
        )
        .values(state=INTENDED, looked_sha256=sha256, problem=None)
    )
    if let_go.rowcount != 1:
        return False
    journal.append_entry(
        connection,
        "dispatch looked at",
        at=at,
        actor=actor,
        cycle_id=dispatch.cycle_id,
        challenge_id=dispatch.challenge_id,
        kind=dispatch.kind,
        dispatch=dispatch.id,
        sha256=sha256,
        reason=reason,
    )
    return True


def list_to_look_at(connection: Connection, cycle_id: str | None = None) -> list[Dispatch]:
    """The dispatches whose finished files wait until the office has looked at them, oldest first."""
    query = sa.select(dispatches).where(dispatches.c.state == TO_LOOK_AT).order_by(dispatches.c.id)
    if cycle_id is not None:
        query = query.where(dispatches.c.cycle_id == cycle_id)
    return [Dispatch.from_row(row) for row in connection.execute(query)]


def make_again(connection: Connection, challenge_id: str, kind: DispatchKind, *, to: str) -> bool:
    """Have a dispatch made again that waits for a look, as what it passes on has changed.

    Returns whether there was one.
    """
    result = connection.execute(
        dispatches.update()
        .where(
            dispatches.c.challenge_id == challenge_id,
            dispatches.c.kind == kind.value,
            dispatches.c.recipient_id == to,
            dispatches.c.state == TO_LOOK_AT,
        )
        .values(state=INTENDED)
    )
    return result.rowcount > 0
