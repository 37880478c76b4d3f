"""Who challenged whom in earlier cycles of the register, so that nobody has to type it in again."""

from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.clock import local_day
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.names_alike import make_name_key
from peer_challenge.register.tables import challenges, cycles, participants


@dataclass(frozen=True, slots=True)
class PartnerHistory:
    """Earlier challengers, with the ids of the present cycle: author -> earlier cycle -> challenger.

    `opened_on` says when each earlier cycle was opened, by its id.
    """

    challenged_by: dict[str, dict[str, str]] = field(default_factory=dict)
    opened_on: dict[str, date] = field(default_factory=dict)


def partner_history(connection: Connection, cycle: Cycle) -> PartnerHistory:
    """The pairs of all cycles opened before this one, if both areas take part in this one.

    An area counts as the same if its id is the same, or its name or one of its aliases, in any spelling.
    """
    opened_at = sa.select(cycles.c.opened_at).where(cycles.c.id == cycle.id).scalar_subquery()
    earlier = {
        row.id: local_day(row.opened_at)
        for row in connection.execute(
            sa.select(cycles.c.id, cycles.c.opened_at).where(cycles.c.opened_at < opened_at)
        )
    }
    here = _ids_by_name(cycle)
    present = set(cycle.participant)
    names = {
        (row.cycle_id, row.id): row.name
        for row in connection.execute(
            sa.select(participants.c.cycle_id, participants.c.id, participants.c.name).where(
                participants.c.cycle_id.in_(earlier)
            )
        )
    }

    def id_here(cycle_id: str, participant_id: str) -> str | None:
        name = names.get((cycle_id, participant_id), "")
        return here.get(make_name_key(name)) or (participant_id if participant_id in present else None)

    found: dict[str, dict[str, str]] = {}
    pairs = sa.select(challenges.c.cycle_id, challenges.c.author_id, challenges.c.challenger_id).where(
        challenges.c.cycle_id.in_(earlier), challenges.c.challenger_id.is_not(None)
    )
    for row in connection.execute(pairs.order_by(challenges.c.id)):
        author, challenger = id_here(row.cycle_id, row.author_id), id_here(row.cycle_id, row.challenger_id)
        if author is not None and challenger is not None:
            found.setdefault(author, {})[row.cycle_id] = challenger
    return PartnerHistory(found, earlier)


def _ids_by_name(cycle: Cycle) -> dict[str, str]:
    return {
        make_name_key(name): participant.id
        for participant in cycle.participants
        for name in (*participant.aliases, participant.name)
    }
