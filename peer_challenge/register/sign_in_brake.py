"""The brake on guessing passwords: how many wrong attempts there may be before sign-in has to wait.

Attempts are counted by what they share. A browser that has signed in before as the same person is counted by
itself, so that nobody elsewhere can lock that person out. All others are counted by person and network, by
network, by person, and together, so that guessing stays bounded no matter from how many places it comes.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.errors import WrongUse
from peer_challenge.register.tables import sign_in_attempts

WITHIN = timedelta(minutes=15)
"""How long an attempt counts: five in it are 480 a day, and somebody who mistyped is soon let in again."""
OF_ONE_PERSON = 5
"""Wrong attempts at one person's password from one network, or from one known browser."""
OF_ONE_NETWORK = 20
"""Wrong attempts at anybody's password from one network, which a whole office may share."""
OF_ALL_NETWORKS = 40
"""Wrong attempts at one person's password from all browsers that are not known."""
OF_EVERYBODY = 400
"""Wrong attempts at anybody's password from all browsers that are not known."""
Counted = Mapping[str, int]
"""What attempts are counted by, each with how many there may be."""


class TooManyAttempts(WrongUse):
    """Somebody has tried too often."""

    remedy = (
        "Wait a quarter of an hour, use a browser in which you have signed in before, "
        "or ask the programme office for a one-time link."
    )


def counted_by(address: str, network: str, device_hash: str | None) -> Counted:
    """The counters that an attempt to sign in as `address` adds to, each with its limit.

    `device_hash` is that of a browser which has signed in before with that address.
    """
    if device_hash is not None:
        return {f"device:{device_hash}": OF_ONE_PERSON}
    return {
        f"person and network:{address} {network}": OF_ONE_PERSON,
        f"network:{network}": OF_ONE_NETWORK,
        f"person:{address}": OF_ALL_NETWORKS,
        "everybody": OF_EVERYBODY,
    }


def check_brake(connection: Connection, counted: Counted, at: datetime) -> None:
    """Raise TooManyAttempts if one of the counters has reached its limit."""
    keys = {_hash_counted_name(name): most for name, most in counted.items()}
    tried = connection.execute(
        sa.select(sign_in_attempts.c.key, sa.func.count())
        .where(sign_in_attempts.c.key.in_(keys), sign_in_attempts.c.at > at - WITHIN)
        .group_by(sign_in_attempts.c.key)
    )
    if any(count >= keys[key] for key, count in tried):
        raise TooManyAttempts("Too many attempts to sign in.")


def count_attempt(connection: Connection, counted: Counted, at: datetime) -> list[int]:
    """Count an attempt as wrong before the password is checked; returns the ids of its rows.

    Counting first keeps many attempts at once from passing. Raises TooManyAttempts if one of the counters
    has reached its limit.
    """
    check_brake(connection, counted, at)
    connection.execute(sign_in_attempts.delete().where(sign_in_attempts.c.at < at - WITHIN))
    insert = sign_in_attempts.insert().returning(sign_in_attempts.c.id)
    return [
        int(connection.execute(insert.values(key=_hash_counted_name(name), at=at)).scalar_one())
        for name in counted
    ]


def forget_attempts(connection: Connection, counted: Counted, ids: Sequence[int]) -> None:
    """Take back an attempt that was right, and earlier wrong ones of the same person from the same place.

    What is counted over all networks stays: a guesser may have an account of their own.
    """
    own = [
        _hash_counted_name(name)
        for name in counted
        if name.startswith(("person and network:", "device:", "present:"))
    ]
    connection.execute(
        sign_in_attempts.delete().where(
            sa.or_(sign_in_attempts.c.id.in_(ids), sign_in_attempts.c.key.in_(own))
        )
    )


def _hash_counted_name(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
