"""Counts for people who monitor the installation: no ids, no names, no words of areas."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.register import tables as t
from peer_challenge.register.records import CycleState, DispatchState

Counts = dict[tuple[str, ...], int]
"""How many, by the values of the columns that are counted by; "none" where a column has no value."""


def count_cycles(connection: Connection) -> Counts:
    """Cycles by state."""
    return _count_rows_by(connection, t.cycles.c.state)


def count_challenges(connection: Connection) -> Counts:
    """Challenges of open cycles by stage."""
    is_open = sa.select(t.cycles.c.id).where(t.cycles.c.state == CycleState.OPEN.value)
    return _count_rows_by(connection, t.challenges.c.stage, where=t.challenges.c.cycle_id.in_(is_open))


def count_submissions(connection: Connection) -> Counts:
    """Documents that came in by kind and outcome."""
    return _count_rows_by(connection, t.submissions.c.kind, t.submissions.c.outcome)


def count_dispatches(connection: Connection) -> Counts:
    """Dispatches by state."""
    return _count_rows_by(connection, t.dispatches.c.state)


def oldest_waiting_at(connection: Connection) -> datetime | None:
    """The time since which the oldest dispatch waits to go out; None if none waits."""
    states = (DispatchState.INTENDED.value, DispatchState.PLACING.value)
    found: datetime | None = connection.scalar(
        sa.select(sa.func.min(t.dispatches.c.intended_at)).where(t.dispatches.c.state.in_(states))
    )
    return found


def newest_entry(connection: Connection) -> tuple[int, datetime | None]:
    """The number and time of the journal's newest entry; 0 and None when there is none."""
    query = sa.select(t.journal.c.sequence, t.journal.c.at).order_by(t.journal.c.sequence.desc())
    row = connection.execute(query.limit(1)).first()
    return (row.sequence, row.at) if row is not None else (0, None)


def _count_rows_by(
    connection: Connection, *by: sa.Column[str], where: sa.ColumnElement[bool] | None = None
) -> Counts:
    query = sa.select(*by, sa.func.count()).group_by(*by)
    rows = connection.execute(query if where is None else query.where(where))
    return {tuple(str(value or "none") for value in row[:-1]): row[-1] for row in rows}
