"""A database of PostgreSQL that is there for a while: a backup is unpacked in it, beside the register."""

import contextlib
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.errors import WrongUse
from peer_challenge.register.database import Register

_ENDING = "_being_restored"
_MAKE = """CREATE DATABASE %(database)s
TEMPLATE template0 ENCODING '%(encoding)s' LC_COLLATE 'C' LC_CTYPE 'C'"""
_REMOVE = "DROP DATABASE %(database)s WITH (FORCE)"
_LONGEST_NAME = 63
"""Bytes of a name in PostgreSQL, which cuts what is longer."""


@contextlib.contextmanager
def make_passing_database(register: Register) -> Iterator[str]:
    """The address of a new, empty database, with its password; it is removed at the end.

    What a killed process left of it is removed first. Raises WrongUse where the account of the register may
    make no database.
    """
    remove_passing_database(register)
    name = _choose_name(register)
    try:
        with _connect_without_transaction(register) as connection:
            encoding = connection.scalar(sa.text("SHOW server_encoding"))
            # C is there with every encoding, and nobody reads lists that are sorted there
            context = {"database": _quote(register, name), "encoding": encoding}
            connection.execute(sa.DDL(_MAKE, context=context))  # type: ignore[no-untyped-call]
    except sa.exc.ProgrammingError:
        role = _quote(register, register.engine.url.username or "peer_challenge")
        raise WrongUse(
            "The backup is unpacked in a new database first, and the account of the register may make none.",
            remedy="Ask the person who looks after the database to run "
            f"`ALTER ROLE {role} CREATEDB`. Then restore again. Nothing was changed.",
        ) from None
    try:
        url = register.engine.url.set(drivername="postgresql", database=name)
        yield url.render_as_string(hide_password=False)
    finally:
        remove_passing_database(register)


def remove_passing_database(register: Register) -> None:
    """Remove the database in which a restore was unpacked, if it is there. SQLite has none."""
    if register.is_sqlite:
        return
    name = _choose_name(register)
    with _connect_without_transaction(register) as connection:
        if connection.scalar(sa.text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}):
            context = {"database": _quote(register, name)}
            connection.execute(sa.DDL(_REMOVE, context=context))  # type: ignore[no-untyped-call]


@contextlib.contextmanager
def _connect_without_transaction(register: Register) -> Iterator[Connection]:
    """A connection outside any transaction: in one, no database can be made or removed."""
    with register.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


def _choose_name(register: Register) -> str:
    name = (register.engine.url.database or "").encode()[: _LONGEST_NAME - len(_ENDING)]
    return name.decode(errors="ignore") + _ENDING


def _quote(register: Register, name: str) -> str:
    return register.engine.dialect.identifier_preparer.quote(name)
