"""The transactional outbox: what is to go out is a row first, then a file, and never twice."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from peer_challenge.model.vocabulary import DispatchKind, Role
from peer_challenge.register import journal
from peer_challenge.register.tables import dispatch_sources, dispatches

INTENDED, PLACING, ISSUED, HELD, CANCELLED = "intended", "placing", "issued", "held", "cancelled"
OFFICE = Role.OFFICE.value

# made once: a dispatch goes through all of these, and making a statement costs more than running it
_KNOWN = sa.select(dispatches.c.id).where(
    dispatches.c.cycle_id == sa.bindparam("cycle_id"), dispatches.c.key == sa.bindparam("key")
)
_TAKEN = sa.select(dispatches.c.id).where(dispatches.c.path == sa.bindparam("path"))
_BEGIN_PLACING = (
    dispatches.update()
    .where(dispatches.c.id == sa.bindparam("dispatch_id"), dispatches.c.state.in_([INTENDED, PLACING]))
    .values(
        state=PLACING, path=sa.bindparam("path"), sha256=sa.bindparam("sha256"), size=sa.bindparam("size")
    )
)
_FORGET_SOURCES = dispatch_sources.delete().where(dispatch_sources.c.dispatch_id == sa.bindparam("dispatch"))


def intend(
    connection: Connection,
    kind: DispatchKind,
    role: Role,
    recipient_id: str,
    *,
    key: str,
    at: datetime,
    cycle_id: str,
    challenge_id: str | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> bool:
    """Say that a dispatch is to go out, once for ever by its `key`; returns whether it is new."""
    if connection.scalar(_KNOWN, {"cycle_id": cycle_id, "key": key}):
        return False
    connection.execute(
        dispatches.insert(),
        {
            "cycle_id": cycle_id,
            "challenge_id": challenge_id,
            "kind": kind.value,
            "role": role.value,
            "recipient_id": recipient_id,
            "key": key,
            "parameters": dict(parameters or {}),
            "state": INTENDED,
            "intended_at": at,
        },
    )
    return True


def waiting(connection: Connection) -> list[Row[Any]]:
    """The dispatches that are intended or half placed, oldest first."""
    return list(
        connection.execute(
            sa.select(dispatches).where(dispatches.c.state.in_([INTENDED, PLACING])).order_by(dispatches.c.id)
        )
    )


def begin_placing(
    connection: Connection,
    dispatch_id: int,
    path: str,
    sha256: str,
    size: int,
    sources: Sequence[int] = (),
) -> bool:
    """Record that the finished file, on the disk under its draft name, is about to get `path`.

    `sources` are the submissions that the file passes on whole: the recipient may read them.
    False when the dispatch was cancelled meanwhile: then it must not go out.
    """
    placed = connection.execute(
        _BEGIN_PLACING, {"dispatch_id": dispatch_id, "path": path, "sha256": sha256, "size": size}
    )
    if placed.rowcount != 1:
        return False
    if sources:
        connection.execute(_FORGET_SOURCES, {"dispatch": dispatch_id})  # of a draft that was never placed
        connection.execute(
            dispatch_sources.insert(),
            [{"dispatch_id": dispatch_id, "submission_id": one} for one in sources],
        )
    return True


def mark_issued(connection: Connection, issued: Sequence[Row[Any]], at: datetime) -> None:
    """Record that the files of these dispatches are in the outbox."""
    connection.execute(
        dispatches.update()
        .where(dispatches.c.id.in_([dispatch.id for dispatch in issued]))
        .values(state=ISSUED, issued_at=at, problem=None)
    )
    told = [
        (d.cycle_id, d.challenge_id, {"kind": d.kind, "recipient": d.recipient_id, "dispatch": d.id})
        for d in issued
    ]
    journal.append_all(connection, "dispatch issued", told, at=at)


def hold(connection: Connection, dispatch: Row[Any], problem: str, at: datetime) -> None:
    """Set a dispatch aside, with the reason for the office; nothing else waits for it."""
    connection.execute(
        dispatches.update().where(dispatches.c.id == dispatch.id).values(state=HELD, problem=problem)
    )
    journal.append(
        connection,
        "dispatch held",
        at=at,
        cycle_id=dispatch.cycle_id,
        challenge_id=dispatch.challenge_id,
        kind=dispatch.kind,
        dispatch=dispatch.id,
        problem=problem,
    )


def release(connection: Connection, dispatch_id: int, *, at: datetime, actor: str) -> None:
    """Try a held dispatch again at the next advance, as one of the day it is released on."""
    connection.execute(
        dispatches.update()
        .where(dispatches.c.id == dispatch_id, dispatches.c.state == HELD)
        .values(state=INTENDED, problem=None, intended_at=at)
    )
    journal.append(connection, "dispatch released", at=at, actor=actor, dispatch=dispatch_id)


def cancel_waiting(connection: Connection, challenge_id: str) -> int:
    """Cancel what has not gone out of a challenge (withdrawn, say); returns how many."""
    result = connection.execute(
        dispatches.update()
        .where(dispatches.c.challenge_id == challenge_id, dispatches.c.state.in_([INTENDED, HELD]))
        .values(state=CANCELLED)
    )
    return result.rowcount


def is_path_taken(connection: Connection, path: str) -> bool:
    """Whether some dispatch has this path in the outbox."""
    return connection.scalar(_TAKEN, {"path": path}) is not None
