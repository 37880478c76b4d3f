"""A password for everybody in a test: kept at once, as the cheapest hash that argon2 makes."""

from functools import cache

from argon2 import PasswordHasher

from peer_challenge.register.database import Transaction
from peer_challenge.register.tables import users

PASSWORD = "four unrelated words here"


@cache
def _hash_cheaply() -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def give_password(connection: Transaction, email: str) -> None:
    """Let the person with this address sign in with `PASSWORD`, as if the one-time link had been used."""
    known = {"password_hash": _hash_cheaply(), "link_hash": None, "link_expires_at": None}
    done = connection.execute(users.update().where(users.c.email == email).values(**known))
    assert done.rowcount == 1
