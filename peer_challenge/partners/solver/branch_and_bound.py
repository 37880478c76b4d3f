"""Finds the cheapest assignment without reciprocal pairs, by branching on those that the flow leaves."""

import heapq
import time
from collections.abc import Sequence

import numpy as np

from peer_challenge.partners.solver.cost_tables import Bools, Ints, Tables, find_reciprocal_rows
from peer_challenge.partners.solver.cp_sat_model import Bound
from peer_challenge.partners.solver.min_cost_flow import Relaxed, find_cheapest_flow

_NODES = 400
"""Work may double with each reciprocal pair: after so many flows CP-SAT takes over."""
_ROOM = 1 << 50
"""The dearest assignment: above it the sums of `find_cheapest_flow`, which weighs a place at more than twice
all costs together, could leave 64 bits."""
Arc = tuple[int, int]


def find_cheapest_untangled(
    tables: Tables, allowed: Bools, cost: Ints, bounds: Sequence[Bound], full: Bools, until: float
) -> Ints | None:
    """The proven cheapest within `bounds`, or None if branching does not apply or does not end in time.

    Each node forbids one way of a reciprocal pair. The node with the least flow goes first, so the first
    one without a reciprocal pair is the best there is. `bounds` are tight: an earlier level counts for more
    than all of `cost`.
    """
    total = _merge_bounds_into_cost(tables, allowed, cost, bounds)
    if total is None or tables.triads or tables.reciprocal != "forbid":
        return None
    heap: list[tuple[int, int, tuple[Arc, ...], Relaxed]] = []
    made = _push_node_on_heap(heap, 0, (), tables, allowed, total, full)
    while heap and made < _NODES and time.monotonic() < until:
        _, _, without, relaxed = heapq.heappop(heap)
        tangled = find_reciprocal_rows(tables, relaxed.chosen)
        if not tangled:
            return relaxed.chosen
        for arc in _both_ways(tables, tangled[0]):
            made = _push_node_on_heap(heap, made, (*without, arc), tables, allowed, total, full)
    return None


def _both_ways(tables: Tables, rows: Arc) -> tuple[Arc, Arc]:
    one, other = rows
    column = tables.column_of_author
    return (one, int(column[other])), (other, int(column[one]))


def _push_node_on_heap(
    heap: list[tuple[int, int, tuple[Arc, ...], Relaxed]],
    made: int,
    without: tuple[Arc, ...],
    tables: Tables,
    allowed: Bools,
    total: Ints,
    full: Bools,
) -> int:
    left = allowed.copy()
    for arc in without:
        left[arc] = False
    relaxed = find_cheapest_flow(left, total, tables.capacity, full, is_priced=False)
    if relaxed is not None:
        # `made` settles ties, and always alike: Relaxed has no order
        heapq.heappush(heap, (relaxed.cost, made, without, relaxed))
    return made + 1


def _merge_bounds_into_cost(
    tables: Tables, allowed: Bools, cost: Ints, bounds: Sequence[Bound]
) -> Ints | None:
    """One cost in which each bound's excess counts for more than all that comes after it."""
    rows = max(1, len(tables.authors))
    total: Ints = np.where(allowed, cost, 0)
    for bound in reversed(bounds):
        has_places = int(tables.capacity.sum()) > rows and bool(bound.idle.any())
        if bound.reciprocal_cost or has_places:
            return None
        excess = np.where(allowed, bound.excess, 0)
        more = 2 * rows * int(np.abs(total).max(initial=0)) + 1
        if more * int(excess.max(initial=0)) * rows > _ROOM:
            return None
        total = total + more * excess
    return total
