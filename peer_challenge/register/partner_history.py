"""Who challenged whom in earlier cycles of the register, so that nobody has to type it in again."""

from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.cycle import Cycle
from peer_challenge.register.earlier_cycles import list_earlier_cycles
from peer_challenge.register.tables import challenges


@dataclass(frozen=True, slots=True)
class PartnerHistory:
    """Earlier challengers, with the ids of the present cycle: author -> earlier cycle -> challenger.

    `opened_on` says when each earlier cycle was opened, by its id.
    """

    challenged_by: dict[str, dict[str, str]] = field(default_factory=dict)
    opened_on: dict[str, date] = field(default_factory=dict)


def partner_history(connection: Connection, cycle: Cycle) -> PartnerHistory:
    """The pairs of all cycles opened before this one, if both areas take part in this one."""
    earlier = {one.cycle.id: one for one in reversed(list_earlier_cycles(connection, cycle))}
    found: dict[str, dict[str, str]] = {}
    pairs = sa.select(challenges.c.cycle_id, challenges.c.author_id, challenges.c.challenger_id).where(
        challenges.c.cycle_id.in_(earlier), challenges.c.challenger_id.is_not(None)
    )
    for row in connection.execute(pairs.order_by(challenges.c.id)):
        ids_here = earlier[row.cycle_id].ids_here
        author, challenger = ids_here.get(row.author_id), ids_here.get(row.challenger_id)
        if author is not None and challenger is not None:
            found.setdefault(author, {})[row.cycle_id] = challenger
    return PartnerHistory(found, {ident: one.opened_on for ident, one in earlier.items()})
