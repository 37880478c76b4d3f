"""One-time links by which somebody chooses a password: how long each holds, and when it can't be used."""

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.errors import WrongUse
from peer_challenge.register import journal
from peer_challenge.register.sessions import (
    compute_token_hash,
    end_ways_in,
)
from peer_challenge.register.tables import TableRow, users
from peer_challenge.settings import Settings

LINK_HOURS = 24
"""As in the settings: time to read an email on the next day, and little for anybody else who finds it."""


class LinkEnded(WrongUse):
    """A one-time link that was used, was replaced by another, is too old, or never existed."""

    remedy = "Ask the programme office for a new one."


def has_anybody_signed_in(connection: Connection) -> bool:
    """Whether somebody has a password or has signed in, if only with an organisation's account."""
    is_in = sa.or_(users.c.password_hash.is_not(None), users.c.signed_in_at.is_not(None))
    return connection.scalar(sa.select(users.c.id).where(is_in).limit(1)) is not None


def reset_password(
    connection: Connection, user_id: int, *, at: datetime, actor: str, link_hours: int = LINK_HOURS
) -> str:
    """End somebody's password, sessions and known browsers; returns the token of a new one-time link.

    An earlier link no longer works.
    """
    token = secrets.token_urlsafe(32)
    connection.execute(
        users.update()
        .where(users.c.id == user_id)
        .values(
            password_hash=None,
            link_hash=compute_token_hash(token),
            link_expires_at=at + timedelta(hours=link_hours),
        )
    )
    end_ways_in(connection, user_id)
    journal.append_entry(connection, "one-time link made", at=at, actor=actor, user=user_id)
    return token


def link_to_sign_in(settings: Settings, token: str) -> str:
    """The full address of the page that a one-time link opens."""
    return f"{settings.dashboard_url}/first-sign-in?token={token}"


def load_row_of_link(connection: Connection, token: str, at: datetime) -> TableRow:
    """The row of the user whose one-time link has this token. Raises LinkEnded if the link can't be used."""
    found = connection.execute(
        sa.select(users).where(
            users.c.link_hash == compute_token_hash(token), users.c.is_active, users.c.link_expires_at > at
        )
    ).first()
    if found is None:
        remedy = None if has_anybody_signed_in(connection) else "Start the service again: it shows a new one."
        raise LinkEnded(
            "This link can't be used: it was used before, is too old, or was replaced.", remedy=remedy
        )
    return found


def end_one_time_link(connection: Connection, user_id: int) -> None:
    """Have somebody's one-time link, if there is one, open nothing from now on."""
    connection.execute(
        users.update().where(users.c.id == user_id).values(link_hash=None, link_expires_at=None)
    )
