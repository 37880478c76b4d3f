"""The cycles of the register before one, and which of their areas take part in it still."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.clock import local_day
from peer_challenge.model.cycle import Cycle, Participant
from peer_challenge.model.framework import Framework
from peer_challenge.model.names_alike import make_name_key
from peer_challenge.register.cycles import list_former_names, load_stored
from peer_challenge.register.records import CycleState
from peer_challenge.register.tables import cycles


@dataclass(frozen=True, slots=True)
class EarlierCycle:
    """A cycle that was opened before another one. `ids_here` gives its areas' ids in that one, by theirs.

    Where areas have become one, several of them have the same id here.
    """

    cycle: Cycle
    framework: Framework
    opened_on: date
    is_purged: bool
    ids_here: Mapping[str, str]

    def find_area(self, area_id: str) -> str | None:
        """The id that an area of the later cycle had in this one; None where that is not certain."""
        had = [earlier for earlier, here in self.ids_here.items() if here == area_id]
        return had[0] if len(had) == 1 else area_id if area_id in had else None


def list_earlier_cycles(connection: Connection, cycle: Cycle) -> list[EarlierCycle]:
    """The cycles that were opened before this one, the newest first."""
    opened_at = sa.select(cycles.c.opened_at).where(cycles.c.id == cycle.id).scalar_subquery()
    query = sa.select(cycles.c.id, cycles.c.opened_at, cycles.c.state).where(cycles.c.opened_at < opened_at)
    return [
        EarlierCycle(
            *load_stored(connection, row.id),
            local_day(row.opened_at),
            row.state == CycleState.PURGED.value,
            _match_areas(connection, load_stored(connection, row.id)[0], cycle),
        )
        for row in connection.execute(query.order_by(cycles.c.opened_at.desc(), cycles.c.id)).fetchall()
    ]


def _match_areas(connection: Connection, earlier: Cycle, cycle: Cycle) -> dict[str, str]:
    """The ids in `cycle` of the areas of an earlier one: by any name that both know, else by the same id.

    A renamed area is known by the names that it had, in either cycle; those count in any spelling.
    """
    here = _map_names_to_ids(cycle.participants)
    former = list_former_names(connection, earlier.id)
    found: dict[str, str] = {}
    for area in earlier.participants:
        names = (area.name, *former.get(area.id, ()), *area.aliases)
        known = next((here[key] for name in names if (key := make_name_key(name)) in here), None)
        if known is not None or area.id in cycle.participant:
            found[area.id] = known or area.id
    return found


def _map_names_to_ids(areas: Iterable[Participant]) -> dict[str, str]:
    """Every name of each area, as a key, with its id; a name in use comes before one that another had."""
    areas = tuple(areas)
    others = {make_name_key(name): area.id for area in areas for name in area.aliases}
    return others | {make_name_key(area.name): area.id for area in areas}
