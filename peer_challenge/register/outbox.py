"""The transactional outbox: each dispatch is a row first, then a file, and is never sent twice."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.vocabulary import DispatchKind, Kind, Role
from peer_challenge.register import journal, messages
from peer_challenge.register.records import Dispatch, DispatchState
from peer_challenge.register.tables import (
    dispatch_sources,
    dispatches,
    message_dispatches,
    submissions,
)

INTENDED, TO_LOOK_AT, PLACING, ISSUED, HELD, CANCELLED = DispatchState
NOT_GONE = [INTENDED, TO_LOOK_AT, HELD]
"""What can still be called back: nothing of it is where its recipient could find it."""
OFFICE = Role.OFFICE.value

# made once: a dispatch goes through all of these, and making a statement costs more than running it
_KNOWN = sa.select(dispatches.c.id).where(
    dispatches.c.cycle_id == sa.bindparam("cycle_id"), dispatches.c.key == sa.bindparam("key")
)
_TAKEN = sa.select(dispatches.c.id).where(
    dispatches.c.path == sa.bindparam("path"), dispatches.c.id != sa.bindparam("dispatch_id")
)
_IN_THE_MAKING = sa.select(sa.func.count()).where(
    dispatches.c.cycle_id == sa.bindparam("cycle_id"),
    dispatches.c.state.in_([INTENDED, PLACING]),
    sa.func.coalesce(dispatches.c.problem, "") == "",
)
_BEGIN_PLACING = (
    dispatches.update()
    .where(dispatches.c.id == sa.bindparam("dispatch_id"), dispatches.c.state.in_([INTENDED, PLACING]))
    .values(
        state=PLACING, path=sa.bindparam("path"), sha256=sa.bindparam("sha256"), size=sa.bindparam("size")
    )
)
_FORGET_SOURCES = dispatch_sources.delete().where(dispatch_sources.c.dispatch_id == sa.bindparam("dispatch"))


def intend_dispatch(
    connection: Connection,
    kind: DispatchKind,
    role: Role,
    recipient_id: str,
    *,
    key: str,
    at: datetime,
    cycle_id: str,
    challenge_id: str | None = None,
    parameters: Mapping[str, object] | None = None,
) -> bool:
    """Record that a dispatch is to go out; returns whether it is new.

    A cycle never has two dispatches with one `key`.
    """
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


def list_waiting_dispatches(connection: Connection) -> list[Dispatch]:
    """The dispatches that are intended or half placed, oldest first."""
    query = sa.select(dispatches).where(dispatches.c.state.in_([INTENDED, PLACING])).order_by(dispatches.c.id)
    return [Dispatch.from_row(row) for row in connection.execute(query)]


def count_in_the_making(connection: Connection, cycle_id: str) -> int:
    """How many documents of a cycle are decided and not made yet: its opening takes a minute or two.

    What waits because of a problem is not counted: it is not being made.
    """
    return connection.scalar(_IN_THE_MAKING, {"cycle_id": cycle_id}) or 0


def load_dispatch(connection: Connection, dispatch_id: int) -> Dispatch:
    """The dispatch with this number, which has to exist."""
    return Dispatch.from_row(
        connection.execute(sa.select(dispatches).where(dispatches.c.id == dispatch_id)).one()
    )


def load_by_number(connection: Connection, numbers: Collection[int]) -> dict[int, Dispatch]:
    """The dispatches with these numbers, by number, without those that are not there."""
    query = sa.select(dispatches).where(dispatches.c.id.in_(numbers))
    return {row.id: Dispatch.from_row(row) for row in connection.execute(query)}


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
    Returns False when the dispatch was cancelled meanwhile: then it must not go out.
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


def mark_issued(connection: Connection, issued: Sequence[Dispatch], at: datetime) -> None:
    """Record that the files of these dispatches are in the outbox; each waits to be put into a message."""
    connection.execute(
        dispatches.update()
        .where(dispatches.c.id.in_([dispatch.id for dispatch in issued]))
        .values(state=ISSUED, issued_at=at, problem=None)
    )
    known = set(
        connection.scalars(
            sa.select(message_dispatches.c.dispatch_id).where(
                message_dispatches.c.dispatch_id.in_([dispatch.id for dispatch in issued])
            )
        )
    )
    if without := [{"dispatch_id": dispatch.id} for dispatch in issued if dispatch.id not in known]:
        connection.execute(message_dispatches.insert(), without)
    told = [
        (d.cycle_id, d.challenge_id, {"kind": d.kind, "recipient": d.recipient_id, "dispatch": d.id})
        for d in issued
    ]
    journal.append_entries(connection, "dispatch issued", told, at=at)


def hold_dispatch(connection: Connection, dispatch: Dispatch, problem: str, at: datetime) -> None:
    """Set a dispatch aside, with the problem for the office to read; the other dispatches go on."""
    connection.execute(
        dispatches.update().where(dispatches.c.id == dispatch.id).values(state=HELD, problem=problem)
    )
    journal.append_entry(
        connection,
        "dispatch held",
        at=at,
        cycle_id=dispatch.cycle_id,
        challenge_id=dispatch.challenge_id,
        kind=dispatch.kind,
        dispatch=dispatch.id,
        problem=problem,
    )


def release_dispatch(connection: Connection, dispatch_id: int, *, at: datetime, actor: str) -> None:
    """Let the next advance try a held dispatch again. It gets the date of the day on which it is released."""
    connection.execute(
        dispatches.update()
        .where(dispatches.c.id == dispatch_id, dispatches.c.state == HELD)
        .values(state=INTENDED, problem=None, intended_at=at)
    )
    journal.append_entry(connection, "dispatch released", at=at, actor=actor, dispatch=dispatch_id)


def cancel_waiting(connection: Connection, challenge_id: str) -> int:
    """Cancel what has not gone out of a challenge, for example a withdrawn one; returns how many."""
    result = connection.execute(
        dispatches.update()
        .where(dispatches.c.challenge_id == challenge_id, dispatches.c.state.in_(NOT_GONE))
        .values(state=CANCELLED)
    )
    return result.rowcount


def cancel_waiting_of_cycle(connection: Connection, cycle_id: str) -> None:
    """Cancel what has not gone out of a cycle, as what it would say is purged."""
    connection.execute(
        dispatches.update()
        .where(dispatches.c.cycle_id == cycle_id, dispatches.c.state.in_(NOT_GONE))
        .values(state=CANCELLED)
    )


def cancel_intended(
    connection: Connection, challenge_id: str, kinds: Sequence[DispatchKind], *, to: str | None = None
) -> int:
    """Cancel what has not gone out of some kinds (for one recipient), as a later one takes its place.

    Returns how many.
    """
    wanted = (
        dispatches.update()
        .where(
            dispatches.c.challenge_id == challenge_id,
            dispatches.c.kind.in_(kinds),
            dispatches.c.state.in_(NOT_GONE),
        )
        .values(state=CANCELLED)
    )
    result = connection.execute(wanted if to is None else wanted.where(dispatches.c.recipient_id == to))
    return result.rowcount


def was_stopped(connection: Connection, challenge_id: str, kind: DispatchKind, *, to: str) -> bool:
    """Whether a kind of dispatch was cancelled before any of that kind went out to a recipient."""
    query = sa.select(dispatches.c.state).where(
        dispatches.c.challenge_id == challenge_id,
        dispatches.c.kind == kind.value,
        dispatches.c.recipient_id == to,
    )
    states = set(connection.scalars(query))
    return states == {CANCELLED}


def list_about_submission(
    connection: Connection,
    challenge_id: str,
    submission_id: int,
    kinds: Sequence[DispatchKind],
    *,
    with_cancelled: bool = False,
) -> list[Dispatch]:
    """The dispatches of some kinds about one version of a document, oldest first."""
    query = sa.select(dispatches).where(
        dispatches.c.challenge_id == challenge_id,
        dispatches.c.kind.in_(kinds),
        sa.true() if with_cancelled else dispatches.c.state != CANCELLED,
    )
    found = [Dispatch.from_row(row) for row in connection.execute(query.order_by(dispatches.c.id))]
    return [one for one in found if one.parameters.get("submission") == submission_id]


def list_of_kind(connection: Connection, challenge_id: str, kind: DispatchKind) -> list[Dispatch]:
    """The dispatches of a kind in a challenge, in any state, oldest first."""
    query = sa.select(dispatches).where(
        dispatches.c.challenge_id == challenge_id, dispatches.c.kind == kind.value
    )
    return [Dispatch.from_row(row) for row in connection.execute(query.order_by(dispatches.c.id))]


def list_of_cycle(connection: Connection, cycle_id: str, kind: DispatchKind) -> list[Dispatch]:
    """The dispatches of a kind in a cycle, in any state, oldest first."""
    query = sa.select(dispatches).where(dispatches.c.cycle_id == cycle_id, dispatches.c.kind == kind.value)
    return [Dispatch.from_row(row) for row in connection.execute(query.order_by(dispatches.c.id))]


def list_all_of_cycle(connection: Connection, cycle_id: str) -> list[Dispatch]:
    """Every dispatch of a cycle that was not cancelled, oldest first."""
    query = sa.select(dispatches).where(dispatches.c.cycle_id == cycle_id, dispatches.c.state != CANCELLED)
    return [Dispatch.from_row(row) for row in connection.execute(query.order_by(dispatches.c.id))]


def cancel_dispatches(connection: Connection, dispatch_ids: Sequence[int]) -> int:
    """Cancel those of these dispatches that have not gone out; returns how many."""
    if not dispatch_ids:
        return 0
    result = connection.execute(
        dispatches.update()
        .where(dispatches.c.id.in_(dispatch_ids), dispatches.c.state.in_(NOT_GONE))
        .values(state=CANCELLED)
    )
    return result.rowcount


def take_back_intended(connection: Connection, dispatch_ids: Sequence[int]) -> None:
    """Cancel dispatches that have not gone out, so that the same ones can be intended again.

    A decision that is taken back can be made again, or another document can get the version's number: what
    that sends has the same keys.
    """
    cancel_dispatches(connection, dispatch_ids)
    key = sa.literal("taken back/") + sa.cast(dispatches.c.id, sa.String)
    connection.execute(
        dispatches.update()
        .where(dispatches.c.id.in_(dispatch_ids), dispatches.c.state == CANCELLED)
        .values(key=key)
    )


def note_left_out(connection: Connection, dispatch_ids: Sequence[int]) -> None:
    """Cancel dispatches that are in the outbox, but were left out of the message that went."""
    connection.execute(
        dispatches.update()
        .where(dispatches.c.id.in_(dispatch_ids), dispatches.c.state == ISSUED)
        .values(state=CANCELLED)
    )


def list_since(connection: Connection, challenge_id: str, dispatch_id: int) -> list[Dispatch]:
    """The dispatches of a challenge after one with this id that were not cancelled, oldest first."""
    query = sa.select(dispatches).where(
        dispatches.c.challenge_id == challenge_id,
        dispatches.c.id > dispatch_id,
        dispatches.c.state != CANCELLED,
    )
    return [Dispatch.from_row(row) for row in connection.execute(query.order_by(dispatches.c.id))]


def find_newest_id(connection: Connection, challenge_id: str) -> int:
    """The id of the newest dispatch of a challenge, in any state; 0 where it has none."""
    query = sa.select(sa.func.max(dispatches.c.id)).where(dispatches.c.challenge_id == challenge_id)
    return connection.scalar(query) or 0


def cancel_waiting_for_role(
    connection: Connection, challenge_id: str, role: Role, holder: str, also: Sequence[DispatchKind] = ()
) -> int:
    """Cancel what waits to go to the `holder` of a role in a challenge, and the kinds `also` to anybody.

    What takes something back from somebody who held the role before goes all the same.

    Returns how many dispatches were cancelled.
    """
    result = connection.execute(
        dispatches.update()
        .where(
            dispatches.c.challenge_id == challenge_id,
            dispatches.c.state.in_(NOT_GONE),
            sa.or_(
                dispatches.c.kind.in_(also),
                sa.and_(dispatches.c.role == role.value, dispatches.c.recipient_id == holder),
            ),
        )
        .values(state=CANCELLED)
    )
    return result.rowcount


def list_intended_since(
    connection: Connection, cycle_id: str, kinds: Sequence[DispatchKind], since: datetime
) -> list[Dispatch]:
    """The dispatches of some kinds about challenges of a cycle, intended since a moment and not cancelled."""
    query = sa.select(dispatches).where(
        dispatches.c.cycle_id == cycle_id,
        dispatches.c.challenge_id.is_not(None),
        dispatches.c.kind.in_(kinds),
        dispatches.c.state != CANCELLED,
        dispatches.c.intended_at >= since,
    )
    return [Dispatch.from_row(row) for row in connection.execute(query.order_by(dispatches.c.id))]


def count_of_kind(connection: Connection, challenge_id: str, kind: DispatchKind) -> int:
    """How many dispatches of a kind a challenge ever had, in any state."""
    query = sa.select(sa.func.count()).where(
        dispatches.c.challenge_id == challenge_id, dispatches.c.kind == kind.value
    )
    return connection.scalar(query) or 0


def count_unfinished(connection: Connection, challenge_id: str) -> int:
    """How many dispatches of a challenge still have to go out, including held ones."""
    query = sa.select(sa.func.count()).where(
        dispatches.c.challenge_id == challenge_id, dispatches.c.state.in_([*NOT_GONE, PLACING])
    )
    return connection.scalar(query) or 0


def has_unfinished(connection: Connection, cycle_id: str) -> bool:
    """Whether any dispatch of a cycle still has to go out, including held ones."""
    query = sa.select(dispatches.c.id).where(
        dispatches.c.cycle_id == cycle_id, dispatches.c.state.in_([*NOT_GONE, PLACING])
    )
    return connection.scalar(query.limit(1)) is not None


def count_states(connection: Connection) -> dict[tuple[DispatchKind, DispatchState], int]:
    """How many dispatches of each kind are in each state, over all cycles, by kind."""
    query = (
        sa.select(dispatches.c.kind, dispatches.c.state, sa.func.count())
        .group_by(dispatches.c.kind, dispatches.c.state)
        .order_by(dispatches.c.kind)
    )
    return {(DispatchKind(row[0]), DispatchState(row[1])): row[2] for row in connection.execute(query)}


def count_held(connection: Connection) -> int:
    """How many dispatches are held."""
    return connection.scalar(sa.select(sa.func.count()).where(dispatches.c.state == HELD)) or 0


def count_waiting(connection: Connection) -> tuple[int, datetime | None]:
    """How many dispatches are intended or half placed, and the time of the oldest (None if none)."""
    row = connection.execute(
        sa.select(sa.func.count(), sa.func.min(dispatches.c.intended_at)).where(
            dispatches.c.state.in_([INTENDED, PLACING])
        )
    ).one()
    return row[0], row[1]


def list_all_issued(connection: Connection) -> list[Dispatch]:
    """All dispatches that ever went out."""
    query = sa.select(dispatches).where(dispatches.c.state == ISSUED).order_by(dispatches.c.id)
    return [Dispatch.from_row(row) for row in connection.execute(query)]


def load_last_issued(
    connection: Connection,
    challenge_id: str,
    kind: DispatchKind,
    *,
    to: str,
    review: int = 0,
) -> Dispatch | None:
    """The newest dispatch of a kind, about a review, that went out to a recipient in a challenge, or None."""
    query = (
        sa.select(dispatches)
        .where(
            dispatches.c.challenge_id == challenge_id,
            dispatches.c.kind == kind.value,
            dispatches.c.recipient_id == to,
            dispatches.c.state == ISSUED,
        )
        .order_by(dispatches.c.id.desc())
    )
    found = (Dispatch.from_row(row) for row in connection.execute(query))
    return next((dispatch for dispatch in found if dispatch.review == review), None)


def load_newest(connection: Connection, challenge_id: str, kind: DispatchKind, *, to: str) -> Dispatch | None:
    """The newest dispatch of a kind for a recipient in a challenge, gone or not, that was not cancelled."""
    query = (
        sa.select(dispatches)
        .where(
            dispatches.c.challenge_id == challenge_id,
            dispatches.c.kind == kind.value,
            dispatches.c.recipient_id == to,
            dispatches.c.state != DispatchState.CANCELLED.value,
        )
        .order_by(dispatches.c.id.desc())
    )
    row = connection.execute(query.limit(1)).first()
    return Dispatch.from_row(row) if row is not None else None


def list_reviews_asked_for(connection: Connection, challenge_id: str) -> list[int]:
    """The reviews of a challenge for which the form of the progress report has gone out, in order."""
    query = sa.select(dispatches).where(
        dispatches.c.challenge_id == challenge_id,
        dispatches.c.kind == DispatchKind.PROGRESS_REPORT_FORM.value,
        dispatches.c.state == ISSUED,
    )
    return sorted({Dispatch.from_row(row).review for row in connection.execute(query)})


def sources_of(connection: Connection, dispatch_id: int) -> dict[Kind, int]:
    """The submissions that a dispatch passed on whole, by kind."""
    query = (
        sa.select(submissions.c.kind, submissions.c.id)
        .join(dispatch_sources, dispatch_sources.c.submission_id == submissions.c.id)
        .where(dispatch_sources.c.dispatch_id == dispatch_id)
    )
    return {Kind(row.kind): row.id for row in connection.execute(query)}


def is_intended(
    connection: Connection, challenge_id: str, kind: DispatchKind, *, to: str, review: int = 0
) -> bool:
    """Whether a dispatch of a kind, about a review, waits to be made for a recipient.

    It will say what is true then.
    """
    query = sa.select(dispatches).where(
        dispatches.c.challenge_id == challenge_id,
        dispatches.c.kind == kind.value,
        dispatches.c.recipient_id == to,
        dispatches.c.state == INTENDED,
    )
    return any(Dispatch.from_row(row).review == review for row in connection.execute(query))


def is_followed_by(connection: Connection, dispatch: Dispatch, kind: DispatchKind) -> bool:
    """Whether a later dispatch of a kind, about the same, for the same reader in the same role, is made."""
    query = sa.select(dispatches).where(
        dispatches.c.cycle_id == dispatch.cycle_id,
        dispatches.c.challenge_id.is_not_distinct_from(dispatch.challenge_id),
        dispatches.c.kind == kind.value,
        dispatches.c.role == dispatch.role.value,
        dispatches.c.recipient_id == dispatch.recipient_id,
        dispatches.c.state == ISSUED,
        dispatches.c.id > dispatch.id,
    )
    return any(Dispatch.from_row(row).review == dispatch.review for row in connection.execute(query))


def is_sent_before(connection: Connection, dispatch: Dispatch, kind: DispatchKind) -> bool:
    """Whether a dispatch's recipient was sent one of a kind in its challenge before it, or will be."""
    query = sa.select(dispatches.c.id).where(
        dispatches.c.challenge_id == dispatch.challenge_id,
        dispatches.c.kind == kind.value,
        dispatches.c.recipient_id == dispatch.recipient_id,
        sa.or_(
            dispatches.c.state == ISSUED,
            sa.and_(dispatches.c.state.in_([INTENDED, PLACING]), dispatches.c.id < dispatch.id),
        ),
    )
    return connection.execute(query).first() is not None


def has_any(connection: Connection, challenge_id: str, kind: DispatchKind, *, to: str) -> bool:
    """Whether a dispatch of a kind has gone to a recipient in a challenge, or is to go."""
    query = sa.select(dispatches.c.id).where(
        dispatches.c.challenge_id == challenge_id,
        dispatches.c.kind == kind.value,
        dispatches.c.recipient_id == to,
        dispatches.c.state != CANCELLED,
    )
    return connection.execute(query).first() is not None


def parameters_of_unsent(
    connection: Connection, challenge_id: str, kind: DispatchKind, *, to: str
) -> Mapping[str, object] | None:
    """The parameters of the newest dispatch of a kind that a recipient was not sent yet, or None."""
    query = sa.select(dispatches.c.parameters).where(
        dispatches.c.challenge_id == challenge_id,
        dispatches.c.kind == kind.value,
        dispatches.c.recipient_id == to,
        sa.or_(
            dispatches.c.state.in_(NOT_GONE), sa.and_(dispatches.c.state == ISSUED, sa.not_(messages.IS_SENT))
        ),
    )
    found: Mapping[str, object] | None = connection.scalar(query.order_by(dispatches.c.id.desc()).limit(1))
    return found


def list_issued(connection: Connection, cycle_id: str, kinds: Sequence[DispatchKind]) -> list[Dispatch]:
    """The dispatches of some kinds that went out in a cycle, in the order in which they were intended."""
    query = sa.select(dispatches).where(
        dispatches.c.cycle_id == cycle_id, dispatches.c.state == ISSUED, dispatches.c.kind.in_(kinds)
    )
    return [Dispatch.from_row(row) for row in connection.execute(query.order_by(dispatches.c.id))]


def list_given(connection: Connection, cycle_id: str, kind: DispatchKind, role: Role) -> list[Dispatch]:
    """The dispatches of a kind to holders of a role in a cycle, gone or to go, in order of their numbers."""
    query = sa.select(dispatches).where(
        dispatches.c.cycle_id == cycle_id,
        dispatches.c.kind == kind.value,
        dispatches.c.role == role.value,
        dispatches.c.state != CANCELLED,
    )
    return [Dispatch.from_row(row) for row in connection.execute(query.order_by(dispatches.c.id))]


def reminders_in(connection: Connection, cycle_id: str) -> dict[str, set[str]]:
    """The keys of all reminders of a cycle, by challenge, whether they have gone out or not."""
    query = sa.select(dispatches.c.challenge_id, dispatches.c.parameters).where(
        dispatches.c.cycle_id == cycle_id, dispatches.c.kind == DispatchKind.REMINDER.value
    )
    found: dict[str, set[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.challenge_id, set()).add(row.parameters["reminder"])
    return found


def is_passed_on_before(
    connection: Connection, dispatch: Dispatch, by: DispatchKind, submission_id: int
) -> bool:
    """Whether a dispatch's recipient was sent a submission before it, or will be.

    `by` is the kind of dispatch that passes the submission on.
    """
    is_sent = sa.and_(dispatches.c.state == ISSUED, dispatch_sources.c.submission_id == submission_id)
    is_before = sa.and_(dispatches.c.state.in_([INTENDED, PLACING]), dispatches.c.id < dispatch.id)
    query = (
        sa.select(dispatches.c.id)
        .join(dispatch_sources, dispatch_sources.c.dispatch_id == dispatches.c.id, isouter=True)
        .where(
            dispatches.c.challenge_id == dispatch.challenge_id,
            dispatches.c.kind == by.value,
            dispatches.c.recipient_id == dispatch.recipient_id,
            sa.or_(is_sent, is_before),
        )
    )
    return connection.execute(query).first() is not None


def is_path_of_another(connection: Connection, path: str, dispatch_id: int) -> bool:
    """Whether another dispatch than this one has this path in the outbox."""
    return connection.scalar(_TAKEN, {"path": path, "dispatch_id": dispatch_id}) is not None
