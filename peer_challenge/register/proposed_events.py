"""The events that are proposed and not agreed yet: nobody but the office knows of them.

They are in a table of their own. What reads events does not see them, so that nothing can tell of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import can_plan_event
from peer_challenge.model.vocabulary import Stage
from peer_challenge.register import tables as t
from peer_challenge.register.events import read_event_facts


@dataclass(frozen=True, slots=True)
class ProposedEvent:
    """An event as it is proposed; `changed_by` says who chose it by hand, "" where it was worked out."""

    event: EventFacts
    proposed_at: datetime
    changed_by: str = ""


def list_proposed_events(connection: Connection, cycle: Cycle) -> list[ProposedEvent]:
    """The proposals for the challenges of a cycle that still wait for an event, earliest first."""
    return _list_proposals(connection, cycle, [Stage.RETURNED])


def list_planned_events(connection: Connection, cycle: Cycle) -> list[ProposedEvent]:
    """What the office has chosen ahead for challenges whose analysis is not in yet, earliest first."""
    return _list_proposals(connection, cycle, [stage for stage in Stage if can_plan_event(stage)])


def _list_proposals(connection: Connection, cycle: Cycle, stages: Sequence[Stage]) -> list[ProposedEvent]:
    query = (
        sa.select(t.proposed_events, t.challenges.c.author_id, t.challenges.c.challenger_id)
        .join(t.challenges, t.challenges.c.id == t.proposed_events.c.challenge_id)
        .where(t.challenges.c.cycle_id == cycle.id, t.challenges.c.stage.in_([one.value for one in stages]))
        .order_by(t.proposed_events.c.starts_at, t.proposed_events.c.challenge_id)
    )
    return [
        ProposedEvent(
            read_event_facts(row, cycle),
            row.proposed_at,
            row.changed_by or "",
        )
        for row in connection.execute(query)
    ]


def store_proposed_event(connection: Connection, proposed: ProposedEvent) -> None:
    """Store a proposal in place of the one that its challenge had, if any."""
    event = proposed.event
    delete_proposed_event(connection, event.challenge)
    connection.execute(
        t.proposed_events.insert().values(
            challenge_id=event.challenge,
            chair_id=event.chair.id,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            place=event.place,
            proposed_at=proposed.proposed_at,
            changed_by=proposed.changed_by or None,
        )
    )


def delete_proposed_event(connection: Connection, challenge_id: str) -> None:
    """Forget what is proposed for a challenge: it was agreed, or is worked out again."""
    connection.execute(t.proposed_events.delete().where(t.proposed_events.c.challenge_id == challenge_id))
