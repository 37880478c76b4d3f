"""Copying a register into an empty database, for example from the embedded one to PostgreSQL."""

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
    remedy = "Nothing was kept. Look whether the disk of the database is full, then run the command again."


def copy_register(source: Register, target: Register) -> dict[str, int]:
    """Copy every table of `source` into `target`; returns how many rows each has.

    Both are at this program's version. All is one transaction, which ends only when every table has as
    many rows as its original and every entry of the journal follows from the one before. Raises WrongUse
    when the target holds anything, CopyDiffers when something did not arrive.
    """
    copied: dict[str, int] = {}
    with source.writing() as giving, target.writing() as taking:  # nobody writes while it is copied
        _check_empty(taking)
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
    rows = source.execution_options(yield_per=_AT_ONCE).execute(
        sa.select(table).order_by(*_list_order_columns(table))
    )
    count = 0
    for some in rows.mappings().partitions():
        target.execute(table.insert(), [dict(row) for row in some])
        count += len(some)
    return count


def _list_order_columns(table: sa.Table) -> list[sa.Column[object]]:
    """A row that another of its table points to comes before it."""
    return list(table.primary_key.columns) or list(table.columns)


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
    query = sa.select(table).order_by(*_list_order_columns(table))
    sent, arrived = (c.execution_options(yield_per=_AT_ONCE).execute(query) for c in (source, target))
    for one, other in zip(sent, arrived, strict=False):
        if tuple(one) != tuple(other):
            raise CopyDiffers(f"A row of {table.name} did not arrive as it was.")
    counts = {c.scalar(sa.select(sa.func.count()).select_from(table)) for c in (source, target)}
    if len(counts) > 1:
        raise CopyDiffers(f"Not all rows of {table.name} arrived.")
