"""The events of challenges, as the register has them."""

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.clock import LONDON
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Cycle
from peer_challenge.register import tables as t


def events_of(connection: Connection, cycle: Cycle) -> list[EventFacts]:
    """The events of a cycle that are set, earliest first."""
    query = (
        sa.select(t.events, t.challenges.c.author_id, t.challenges.c.challenger_id)
        .join(t.challenges, t.challenges.c.id == t.events.c.challenge_id)
        .where(t.challenges.c.cycle_id == cycle.id, t.challenges.c.stage != "withdrawn")
        .order_by(t.events.c.starts_at, t.events.c.challenge_id)
    )
    return [
        EventFacts(
            row.challenge_id,
            cycle.participant[row.author_id],
            cycle.participant[row.challenger_id],
            cycle.chair[row.chair_id],
            row.starts_at.astimezone(LONDON),
            row.ends_at.astimezone(LONDON),
            row.place,
            row.sequence,
        )
        for row in connection.execute(query)
    ]
