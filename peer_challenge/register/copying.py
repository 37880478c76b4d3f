"""Copying a register into an empty database, or in the place of one: to PostgreSQL, or from a backup."""

import contextlib
import itertools
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.errors import PeerChallengeError, WrongUse
from peer_challenge.register import journal
from peer_challenge.register.database import Register
from peer_challenge.register.tables import metadata

_AT_ONCE = 500
"""Rows in memory and in one INSERT: some hold paragraphs of what areas wrote."""


class CopyDiffers(PeerChallengeError):
    """The copy is not the same as the original."""

    exit_code = 9
    remedy = "Nothing was kept. Check whether the disk of the database is full, then run the command again."


def copy_register(source: Register, target: Register) -> dict[str, int]:
    """Copy every table of `source` into `target`; returns how many rows each has.

    Both are at this program's version. All is one transaction, which ends only when every table has as
    many rows as its original and every entry of the journal follows from the one before. Raises WrongUse
    when the target holds anything, CopyDiffers when something did not arrive.
    """
    with source.writing() as giving, target.writing() as taking:  # nobody writes while it is copied
        _check_empty(taking)
        return _copy_all_rows(giving, taking)


def replace_register(source: Register, taking: Connection) -> None:
    """Put every row of `source` in the place of all that the register of this transaction holds.

    Both are at this program's version. Raises CopyDiffers when something did not arrive.
    """
    with source.writing() as giving:
        for table in reversed(metadata.sorted_tables):
            taking.execute(table.delete())
        _copy_all_rows(giving, taking)


def _copy_all_rows(giving: Connection, taking: Connection) -> dict[str, int]:
    """How many rows of each table were copied and compared. Raises CopyDiffers."""
    copied: dict[str, int] = {}
    for table in metadata.sorted_tables:
        copied[table.name] = _copy_table_rows(giving, taking, table)
        _set_counter(taking, table)
    for table in metadata.sorted_tables:
        _check_same(giving, taking, table)
    if journal.broken_at(taking) is not None:
        raise CopyDiffers("The journal did not arrive as it was.")
    return copied


def _check_empty(target: Connection) -> None:
    for table in metadata.sorted_tables:
        if target.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
            raise WrongUse(
                f"The database that was named holds something already (in {table.name}).",
                remedy="Name an empty database. Nothing was changed.",
            )


def _copy_table_rows(source: Connection, target: Connection, table: sa.Table) -> int:
    rows = _read_in_order(source, table)
    count = 0
    for some in rows.mappings().partitions():
        target.execute(table.insert(), [dict(row) for row in some])
        count += len(some)
    return count


def _read_in_order(connection: Connection, table: sa.Table) -> sa.CursorResult[Any]:
    """All rows of a table: one that another of them points to comes before it, in every database alike."""
    columns: list[sa.ColumnElement[Any]] = list(table.primary_key.columns) or list(table.columns)
    if connection.dialect.name == "postgresql":  # which may order words as a dictionary does
        columns = [sa.collate(one, "C") if isinstance(one.type, sa.String) else one for one in columns]
    query = sa.select(table).order_by(*columns)
    return connection.execute(query, execution_options={"yield_per": _AT_ONCE})


def _set_counter(target: Connection, table: sa.Table) -> None:
    """Let PostgreSQL go on counting where the copied numbers end."""
    counted = table.autoincrement_column
    if target.dialect.name != "postgresql" or counted is None:
        return
    last = target.scalar(sa.select(sa.func.max(counted)))
    sequence = target.scalar(sa.func.pg_get_serial_sequence(table.name, counted.name))
    if last is not None and sequence is not None:
        target.execute(sa.select(sa.func.setval(sequence, last)))


def _check_same(source: Connection, target: Connection, table: sa.Table) -> None:
    """Check that each row has arrived and is the same. Raises CopyDiffers."""
    with (
        contextlib.closing(_read_in_order(source, table)) as sent,
        contextlib.closing(_read_in_order(target, table)) as arrived,
    ):
        for one, other in itertools.zip_longest(sent, arrived):
            if one is None or other is None or tuple(one) != tuple(other):
                raise CopyDiffers(f"A row of {table.name} did not arrive as it was.")
