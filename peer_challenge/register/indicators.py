"""The table of indicators that the office gave for a cycle."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.indicators import Direction, Indicator
from peer_challenge.register import tables as t


def load_indicators(connection: Connection, cycle_id: str) -> tuple[Indicator, ...]:
    """The indicators of a cycle, in the office's order; none where it gave no table."""
    table = t.cycle_indicators
    told = connection.scalar(sa.select(table.c.indicators).where(table.c.cycle_id == cycle_id))
    return tuple(Indicator(**{**one, "direction": Direction(one["direction"])}) for one in told or ())


def store_indicators(
    connection: Connection, cycle_id: str, indicators: Sequence[Indicator], *, at: datetime, actor: str
) -> None:
    """Keep the indicators of a cycle in place of those it had; with none, it has none any more."""
    connection.execute(t.cycle_indicators.delete().where(t.cycle_indicators.c.cycle_id == cycle_id))
    if indicators:
        connection.execute(
            t.cycle_indicators.insert().values(
                cycle_id=cycle_id,
                indicators=[asdict(one) for one in indicators],
                given_at=at,
                given_by=actor,
            )
        )
