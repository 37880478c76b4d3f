"""People who sign in: their passwords (argon2), their sessions, and the brake on guessing."""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import Connection, Row

from peer_challenge.errors import WrongUse
from peer_challenge.policy import Access, Person
from peer_challenge.register import journal
from peer_challenge.register.tables import sessions, sign_in_attempts, users

_hasher = PasswordHasher()
_ATTEMPTS = 5
_ATTEMPTS_WITHIN = timedelta(minutes=15)
_LEAST_PASSWORD = 12
_LONGEST_SESSION = timedelta(hours=12)


class TooManyAttempts(WrongUse):
    """Somebody has tried too often."""

    remedy = "Wait a quarter of an hour, or ask the programme office for a new password."


def add_person(
    connection: Connection,
    email: str,
    name: str,
    access: Access,
    *,
    at: datetime,
    actor: str,
    cycle_id: str | None = None,
    participant_id: str | None = None,
    chair_id: str | None = None,
) -> str:
    """Add somebody; returns a one-time password, to be changed at first sign-in.

    Raises WrongUse when the address is somebody's already, or the role lacks what it is for.
    """
    address = email.strip().lower()
    if connection.scalar(sa.select(users.c.id).where(users.c.email == address)):
        raise WrongUse("Somebody has that email address already.", remedy="Change that person instead.")
    if access is Access.PARTICIPANT and not (cycle_id and participant_id):
        raise WrongUse("A participant's contact belongs to an area of a cycle.", remedy="Choose both.")
    if access is Access.CHAIR and not (cycle_id and chair_id):
        raise WrongUse("A Chair belongs to a cycle.", remedy="Choose the cycle and the Chair.")
    password = secrets.token_urlsafe(12)
    connection.execute(
        users.insert().values(
            email=address,
            name=name,
            access=access.value,
            password_hash=_hasher.hash(password),
            must_change_password=True,
            cycle_id=cycle_id,
            participant_id=participant_id,
            chair_id=chair_id,
            is_active=True,
            created_at=at,
        )
    )
    journal.append(
        connection,
        "person added",
        at=at,
        actor=actor,
        cycle_id=cycle_id,
        access=access.value,
        participant=participant_id,
        chair=chair_id,
    )
    return password


def is_anybody_known(connection: Connection) -> bool:
    """Whether anybody can sign in yet."""
    return connection.scalar(sa.select(users.c.id).limit(1)) is not None


@lru_cache(maxsize=1)
def _decoy() -> str:
    """A hash of nobody's password, so that an unknown address takes as long as a known one."""
    return _hasher.hash(secrets.token_urlsafe(12))


def sign_in(
    connection: Connection, email: str, password: str, *, place: str, at: datetime
) -> Row[Any] | None:
    """The user, when address and password are right; None when not.

    `place` is where the attempt comes from. Raises TooManyAttempts after five that failed, of one
    address or from one place, within a quarter of an hour.
    """
    keys = [
        hashlib.sha256(told.encode()).hexdigest()
        for told in (f"email:{email.strip().lower()}", f"place:{place}")
    ]
    tried = connection.execute(
        sa.select(sign_in_attempts.c.key, sa.func.count())
        .where(sign_in_attempts.c.key.in_(keys), sign_in_attempts.c.at > at - _ATTEMPTS_WITHIN)
        .group_by(sign_in_attempts.c.key)
    ).fetchall()
    if any(row[1] >= _ATTEMPTS * (4 if row[0] == keys[1] else 1) for row in tried):
        raise TooManyAttempts("Too many attempts to sign in.")
    user = connection.execute(
        sa.select(users).where(users.c.email == email.strip().lower(), users.c.is_active)
    ).first()
    if user is None or not _is_right(user.password_hash or _decoy(), password):
        if user is None:
            _is_right(_decoy(), password)
        connection.execute(sign_in_attempts.insert(), [{"key": key, "at": at} for key in keys])
        return None
    connection.execute(
        sign_in_attempts.delete().where(
            sa.or_(sign_in_attempts.c.key == keys[0], sign_in_attempts.c.at < at - _ATTEMPTS_WITHIN)
        )
    )
    return welcome(connection, user, at)


def welcome(connection: Connection, user: Row[Any], at: datetime, *, how: str = "password") -> Row[Any]:
    """Note that somebody signed in."""
    connection.execute(users.update().where(users.c.id == user.id).values(signed_in_at=at))
    journal.append(connection, "signed in", at=at, actor=user.name, user=user.id, how=how)
    return user


def sign_in_vouched(connection: Connection, email: str, at: datetime) -> Row[Any] | None:
    """The user with an address that a provider vouches for; None when nobody here has it.

    A one-time password that was not used yet is ended: it would be a second way in.
    """
    user = by_email(connection, email)
    if user is None:
        return None
    if user.must_change_password:
        closed = _hasher.hash(secrets.token_urlsafe(32))
        connection.execute(
            users.update()
            .where(users.c.id == user.id)
            .values(password_hash=closed, must_change_password=False)
        )
    return welcome(connection, user, at, how="OpenID Connect")


def _is_right(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except Argon2Error:
        return False


def by_email(connection: Connection, email: str) -> Row[Any] | None:
    """An active user by address, or None."""
    return connection.execute(
        sa.select(users).where(users.c.email == email.strip().lower(), users.c.is_active)
    ).first()


def change_password(connection: Connection, user_id: int, password: str, *, at: datetime, actor: str) -> None:
    """Set somebody's password and end their other sessions. Raises WrongUse for one too easily guessed."""
    if len(password) < _LEAST_PASSWORD:
        raise WrongUse(
            f"A password has at least {_LEAST_PASSWORD} characters.",
            remedy="Three or four unrelated words make a good one.",
        )
    held = connection.execute(sa.select(users).where(users.c.id == user_id)).one()
    is_same = held.password_hash is not None and _is_right(held.password_hash, password)
    if is_same or password.strip().lower() == held.email:
        raise WrongUse(
            "A new password is neither the one before nor your email address.",
            remedy="Three or four unrelated words make a good one.",
        )
    connection.execute(
        users.update()
        .where(users.c.id == user_id)
        .values(password_hash=_hasher.hash(password), must_change_password=False)
    )
    connection.execute(sessions.delete().where(sessions.c.user_id == user_id))
    journal.append(connection, "password changed", at=at, actor=actor, user=user_id)


def reset_password(connection: Connection, user_id: int, *, at: datetime, actor: str) -> str:
    """Give somebody a new one-time password and end their sessions."""
    password = secrets.token_urlsafe(12)
    change_password(connection, user_id, password, at=at, actor=actor)
    connection.execute(users.update().where(users.c.id == user_id).values(must_change_password=True))
    return password


def end_person(connection: Connection, user_id: int, *, at: datetime, actor: str) -> None:
    """Let somebody sign in no more."""
    connection.execute(users.update().where(users.c.id == user_id).values(is_active=False))
    connection.execute(sessions.delete().where(sessions.c.user_id == user_id))
    journal.append(connection, "person ended", at=at, actor=actor, user=user_id)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def begin_session(connection: Connection, user_id: int, at: datetime) -> str:
    """A new session; returns the token for the cookie, which is not kept here."""
    token = secrets.token_urlsafe(32)
    connection.execute(sessions.delete().where(sessions.c.created_at < at - _LONGEST_SESSION))
    connection.execute(
        sessions.insert().values(
            token_hash=_hashed(token),
            user_id=user_id,
            csrf_token=secrets.token_hex(24),
            created_at=at,
            seen_at=at,
        )
    )
    return token


def session_of(connection: Connection, token: str, *, at: datetime, minutes: int) -> Row[Any] | None:
    """The session of a cookie with its user, or None when there is none or it has expired."""
    return connection.execute(
        sa.select(sessions, users)
        .join(users, users.c.id == sessions.c.user_id)
        .where(
            sessions.c.token_hash == _hashed(token),
            users.c.is_active,
            sessions.c.seen_at > at - timedelta(minutes=minutes),
            sessions.c.created_at > at - _LONGEST_SESSION,
        )
    ).first()


def touch_session(connection: Connection, token: str, at: datetime) -> None:
    """Note that a session is in use."""
    connection.execute(sessions.update().where(sessions.c.token_hash == _hashed(token)).values(seen_at=at))


def end_session(connection: Connection, token: str) -> None:
    """Sign out."""
    connection.execute(sessions.delete().where(sessions.c.token_hash == _hashed(token)))


def person_of(row: Row[Any]) -> Person:
    """A user's or session's row as the policy takes it."""
    return Person(row.id, row.name, Access(row.access), row.cycle_id, row.participant_id, row.chair_id)
