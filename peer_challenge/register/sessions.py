"""Sessions of people who have signed in, and the browsers that are known: how they begin, last and end."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.access import Person
from peer_challenge.register.records import person_of
from peer_challenge.register.tables import TableRow, known_devices, sessions, users

_LONGEST_SESSION = timedelta(hours=12)
"""A working day: a browser that was left open in the evening is signed out by the morning."""
_MOST_DEVICES = 20
"""A browser that forgets its cookies counts as another at each sign-in: only the newest are kept."""
DEVICE_DAYS = 180
"""How long a browser is known in which somebody signed in, counted from the last time."""
_SESSION = (  # asked with every request, so made once
    sa.select(sessions, users)
    .join(users, users.c.id == sessions.c.user_id)
    .where(
        sessions.c.token_hash == sa.bindparam("token_hash"),
        users.c.is_active,
        sessions.c.seen_at > sa.bindparam("seen_after"),
        sessions.c.created_at > sa.bindparam("created_after"),
    )
)


@dataclass(frozen=True, slots=True)
class Session:
    """A session that has not ended: its person, the token for its forms, when it was used last.

    `vouched_at` is when the sign-in service asked its person again who they are; None if it did not.
    """

    person: Person
    csrf_token: str
    seen_at: datetime
    vouched_at: datetime | None = None


def begin_session(
    connection: Connection,
    user_id: int,
    at: datetime,
    *,
    before: str = "",
    vouched_at: datetime | None = None,
) -> str:
    """Start a session; returns the token for the cookie, of which only a hash is stored.

    `before` is the token that the browser brought: its session ends, as nobody could sign out of it any more.
    `vouched_at` is when the sign-in service asked the person again who they are, if it did.
    """
    token = secrets.token_urlsafe(32)
    end_session(connection, before)
    connection.execute(sessions.delete().where(sessions.c.created_at < at - _LONGEST_SESSION))
    connection.execute(
        sessions.insert().values(
            token_hash=compute_token_hash(token),
            user_id=user_id,
            csrf_token=secrets.token_hex(24),
            created_at=at,
            seen_at=at,
            vouched_at=vouched_at,
        )
    )
    return token


def session_of(connection: Connection, token: str, *, at: datetime, minutes: int) -> Session | None:
    """The session of a cookie, or None when there is none or it has expired."""
    since = {"seen_after": at - timedelta(minutes=minutes), "created_after": at - _LONGEST_SESSION}
    row = connection.execute(_SESSION, {"token_hash": compute_token_hash(token), **since}).first()
    if row is None:
        return None
    return Session(person_of(row), row.csrf_token, row.seen_at, row.vouched_at)


def touch_session(connection: Connection, token: str, at: datetime) -> None:
    """Note that a session is in use."""
    connection.execute(
        sessions.update().where(sessions.c.token_hash == compute_token_hash(token)).values(seen_at=at)
    )


def end_session(connection: Connection, token: str) -> None:
    """End the session that has this token."""
    connection.execute(sessions.delete().where(sessions.c.token_hash == compute_token_hash(token)))


def end_sessions_of(connection: Connection, user_id: int) -> None:
    """End every session of somebody."""
    connection.execute(sessions.delete().where(sessions.c.user_id == user_id))


def remember_device(connection: Connection, user_id: int, device: str, at: datetime) -> str:
    """Remember the browser in which somebody has just signed in; returns the token for its cookie.

    `device` is the token that the browser sent, which ends. For one person the newest twenty are known.
    """
    token = secrets.token_urlsafe(32)
    connection.execute(known_devices.delete().where(known_devices.c.token_hash == compute_token_hash(device)))
    connection.execute(
        known_devices.insert().values(token_hash=compute_token_hash(token), user_id=user_id, used_at=at)
    )
    mine = known_devices.c.user_id == user_id
    newest = sa.select(known_devices.c.token_hash).where(mine).order_by(known_devices.c.used_at.desc())
    kept = list(connection.scalars(newest.limit(_MOST_DEVICES)))
    connection.execute(known_devices.delete().where(mine, known_devices.c.token_hash.not_in(kept)))
    return token


def find_known_device(connection: Connection, user: TableRow | None, device: str, at: datetime) -> str | None:
    """The hash of a browser's token, when `user` has signed in with that browser not too long ago."""
    if user is None or not device:
        return None
    found: str | None = connection.scalar(
        sa.select(known_devices.c.token_hash).where(
            known_devices.c.token_hash == compute_token_hash(device),
            known_devices.c.user_id == user.id,
            known_devices.c.used_at > at - timedelta(days=DEVICE_DAYS),
        )
    )
    return found


def end_ways_in(connection: Connection, user_id: int) -> None:
    """End every session of somebody, and forget the browsers in which they have signed in."""
    for table in (sessions, known_devices):
        connection.execute(table.delete().where(table.c.user_id == user_id))


def compute_token_hash(token: str) -> str:
    """The hash by which a token is stored, so that nobody who reads the register can use it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
