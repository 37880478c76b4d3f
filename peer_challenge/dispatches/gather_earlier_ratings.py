"""What the areas of a region rated in earlier cycles, under the sub-headings and ids of the present one."""

from collections.abc import Iterator

import pandas as pd

from peer_challenge.model.crosswalk import follow_crosswalk
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.framework import Framework
from peer_challenge.model.vocabulary import Kind, Rating
from peer_challenge.register import frames
from peer_challenge.register.database import Transaction
from peer_challenge.register.earlier_cycles import EarlierCycle, list_earlier_cycles

_MOST_CYCLES = 2
"""With the present one three: what a page can show side by side."""
_COLUMNS = ["cycle", "participant", "subheading", "rating"]
_LOWEST_FIRST = tuple(Rating)


def gather_earlier_ratings(connection: Transaction, cycle: Cycle, framework: Framework) -> pd.DataFrame:
    """The ratings of the last two cycles that have any of the areas, the older cycle first.

    Columns: cycle (its name), participant, subheading, rating.

    Where several sub-headings have become one, the lowest of their ratings counts. An area that is not
    certainly one of today's is left out.
    """
    found: list[list[dict[str, str]]] = []
    for earlier in list_earlier_cycles(connection, cycle):
        if rows := list(_carry_ratings(connection, earlier, framework)):
            found.append(rows)
        if len(found) == _MOST_CYCLES:
            break
    return pd.DataFrame([row for rows in reversed(found) for row in rows], columns=_COLUMNS, dtype=object)


def _carry_ratings(
    connection: Transaction, earlier: EarlierCycle, framework: Framework
) -> Iterator[dict[str, str]]:
    went = follow_crosswalk(earlier.framework, framework)
    given: dict[tuple[str, str], list[Rating]] = {}
    table = frames.current_rows(connection, Kind.SELF_ASSESSMENT, earlier.cycle.id)
    for area, address, rating in zip(table["participant"], table["subheading"], table["rating"], strict=True):
        here = earlier.ids_here.get(area)
        if rating and here is not None and earlier.find_area(here) == area:
            for to in went.get(address, ()):
                given.setdefault((here, to), []).append(Rating(rating))
    for (here, to), ratings in given.items():
        lowest = min(ratings, key=_LOWEST_FIRST.index)
        yield dict(zip(_COLUMNS, (earlier.cycle.name, here, to, lowest.value), strict=True))
