"""The events of challenges in the register."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.clock import LONDON
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.vocabulary import Stage
from peer_challenge.register import tables as t
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.records import Event

_FORMER = "former_event"
_TOLD = "told_event"
_EVENTS_OF = (  # with every board, so made once
    sa.select(t.events, t.challenges.c.author_id, t.challenges.c.challenger_id)
    .join(t.challenges, t.challenges.c.id == t.events.c.challenge_id)
    .where(t.challenges.c.cycle_id == sa.bindparam("cycle"), t.challenges.c.stage != Stage.WITHDRAWN.value)
    .order_by(t.events.c.starts_at, t.events.c.challenge_id)
)


@dataclass(frozen=True, slots=True)
class FormerEvent:
    """An event as its Chair knew it who has it no more, without its place; and who was to challenge there."""

    event: Event
    challenger_id: str

    def as_parameters(self) -> dict[str, object]:
        """The parameters of the dispatch that takes the event out of that Chair's diary: ids and dates."""
        event = self.event
        return {
            _FORMER: {
                "challenge": event.challenge_id,
                "chair": event.chair_id,
                "challenger": self.challenger_id,
                "starts_at": event.starts_at.isoformat(),
                "ends_at": event.ends_at.isoformat(),
                "sequence": event.sequence,
            }
        }


def read_former_event(parameters: Mapping[str, Any]) -> FormerEvent | None:
    """What `FormerEvent.as_parameters` wrote; None where a dispatch is about no former event."""
    if (said := parameters.get(_FORMER)) is None:
        return None
    starts_at, ends_at = (datetime.fromisoformat(said[key]) for key in ("starts_at", "ends_at"))
    event = Event(said["challenge"], said["chair"], starts_at, ends_at, "", said["sequence"])
    return FormerEvent(event, said["challenger"])


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """An event as an invitation told of it. Its place may be a joining link: there is a hash of it alone."""

    chair_id: str
    starts_at: datetime
    ends_at: datetime
    place_sha256: str

    def as_parameters(self) -> dict[str, object]:
        """The parameters of an invitation: an id, times and a hash."""
        return {
            _TOLD: {
                "chair": self.chair_id,
                "starts_at": self.starts_at.isoformat(),
                "ends_at": self.ends_at.isoformat(),
                "place_sha256": self.place_sha256,
            }
        }


def describe_told_event(event: Event) -> ToldEvent:
    """An event as an invitation that is intended now will tell of it."""
    return ToldEvent(event.chair_id, event.starts_at, event.ends_at, sha256_of(event.place.encode()))


def read_told_event(parameters: Mapping[str, Any]) -> ToldEvent | None:
    """What `ToldEvent.as_parameters` wrote; None where a dispatch is no invitation, or an old one."""
    if (said := parameters.get(_TOLD)) is None:
        return None
    starts_at, ends_at = (datetime.fromisoformat(said[key]) for key in ("starts_at", "ends_at"))
    return ToldEvent(said["chair"], starts_at, ends_at, said["place_sha256"])


def events_of(connection: Connection, cycle: Cycle) -> list[EventFacts]:
    """The events of a cycle that are set, earliest first."""
    rows = connection.execute(_EVENTS_OF, {"cycle": cycle.id})
    return [read_event_facts(row, cycle, row.sequence) for row in rows]


def read_event_facts(row: t.TableRow, cycle: Cycle, sequence: int = 0) -> EventFacts:
    """An event of a cycle from its row, which has the author and challenger of its challenge too."""
    return EventFacts(
        row.challenge_id,
        cycle.participant[row.author_id],
        cycle.participant[row.challenger_id],
        cycle.chair[row.chair_id],
        row.starts_at.astimezone(LONDON),
        row.ends_at.astimezone(LONDON),
        row.place,
        sequence,
    )


def load_event(connection: Connection, challenge_id: str) -> Event | None:
    """The event of a challenge, or None."""
    row = connection.execute(sa.select(t.events).where(t.events.c.challenge_id == challenge_id)).first()
    return Event.from_row(row) if row is not None else None


def store_event(connection: Connection, event: Event) -> None:
    """Store the first event of a challenge."""
    connection.execute(t.events.insert().values(asdict(event)))


def replace_event(connection: Connection, event: Event) -> None:
    """Store an event in place of the one that its challenge had."""
    connection.execute(
        t.events.update().where(t.events.c.challenge_id == event.challenge_id).values(asdict(event))
    )


def delete_event(connection: Connection, challenge_id: str) -> None:
    """Forget the event of a challenge that was called off."""
    connection.execute(t.events.delete().where(t.events.c.challenge_id == challenge_id))


def list_ends(connection: Connection) -> list[datetime]:
    """The end times of all events that are set and were not held yet, in all cycles."""
    query = (
        sa.select(t.events.c.ends_at)
        .join(t.challenges, t.challenges.c.id == t.events.c.challenge_id)
        .where(t.challenges.c.stage == Stage.EVENT_SET.value)
    )
    return list(connection.scalars(query))
