"""Minimum-cost assignment with capacities, and what each other pair would cost more (reduced costs)."""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from peer_challenge.partners.solver.cost_tables import Bools, Ints

_FAR = np.int64(1) << 60
"""For what is not allowed: above any sum of costs, and with room below 64 bits to add one to it."""


@dataclass(frozen=True)
class Relaxed:
    """The cheapest assignment without regard to reciprocity.

    `chosen` is the column of each row. Any assignment costs `cost`, plus `excess` of its pairs, plus
    `idle` for each unused place of a challenger; none of these is negative.
    """

    chosen: Ints
    cost: int
    excess: Ints
    idle: Ints


def find_cheapest_flow(
    allowed: Bools, cost: Ints, capacity: Ints, full: Bools, *, is_priced: bool = True
) -> Relaxed | None:
    """The cheapest assignment over allowed pairs, `full` challengers used to capacity; None if none exists.

    Without `is_priced` the reduced costs are all 0.
    """
    rows, columns = allowed.shape
    place_cost = np.where(full, -(int(np.abs(cost).max(initial=0)) * 2 * (rows + 1) + 1), 0).astype(np.int64)
    chosen = _solve_min_cost_flow(allowed, cost, capacity, place_cost)
    if chosen is None:
        return None
    used = np.bincount(chosen, minlength=columns)
    if np.any(full & (used < capacity)):
        return None
    paid = int(cost[np.arange(rows), chosen].sum())
    if not is_priced:
        return Relaxed(chosen, paid, np.zeros_like(cost), np.zeros_like(capacity))
    excess, idle = _compute_reduced_costs(allowed, cost, capacity - used, used, chosen, place_cost)
    return Relaxed(chosen, paid, excess, idle)


def _solve_min_cost_flow(allowed: Bools, cost: Ints, capacity: Ints, place_cost: Ints) -> Ints | None:
    rows, columns = allowed.shape
    if rows == 0:
        return np.zeros(0, np.int64)
    if not bool(allowed.any(axis=1).all()):
        return None
    tail, head = np.nonzero(allowed)
    graph = min_cost_flow.SimpleMinCostFlow()
    sink = rows + columns
    arcs = graph.add_arcs_with_capacity_and_unit_cost(
        tail, head + rows, np.ones(len(tail), np.int64), cost[tail, head]
    )
    graph.add_arcs_with_capacity_and_unit_cost(
        np.arange(columns) + rows, np.full(columns, sink), capacity, place_cost
    )
    graph.set_nodes_supplies(np.arange(rows), np.ones(rows, np.int64))
    graph.set_node_supply(sink, -rows)
    if graph.solve() != graph.OPTIMAL:
        return None
    taken = np.asarray(graph.flows(arcs)) > 0
    chosen = np.zeros(rows, np.int64)
    chosen[tail[taken]] = head[taken]
    return chosen


def _compute_reduced_costs(
    allowed: Bools, cost: Ints, spare: Ints, used: Ints, chosen: Ints, place_cost: Ints
) -> tuple[Ints, Ints]:
    rows, columns = allowed.shape
    far = np.where(allowed, cost, _FAR)
    at_rows = np.arange(rows)
    paid = cost[at_rows, chosen]
    column, sink = np.zeros(columns, np.int64), 0
    while True:
        row = column[chosen] - paid
        reach = (far + row[:, None]).min(axis=0, initial=_FAR)
        to_sink = min(sink, int((column + place_cost)[spare > 0].min(initial=_FAR)))
        better = np.minimum(column, reach)
        better = np.where(used > 0, np.minimum(better, to_sink - place_cost), better)
        if to_sink == sink and np.array_equal(better, column):
            break
        column, sink = better, to_sink
    use = np.maximum(place_cost + column - sink, 0)
    excess = np.where(allowed, cost + row[:, None] - column[None, :] + use[None, :], _FAR)
    return excess, np.maximum(sink - column - place_cost, 0)
