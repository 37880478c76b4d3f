"""The search in strict order of levels: each is made least (or most) before the next is looked at.

A level is first solved as a flow, which ignores reciprocity. If that answer is allowed, the next level
looks only at pairs that cost nothing more. If not, CP-SAT finishes within the smallest window of pairs
that proves its answer.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from peer_challenge.partners.solver import cp_sat_model
from peer_challenge.partners.solver.branch_and_bound import find_cheapest_untangled
from peer_challenge.partners.solver.cost_tables import (
    Bools,
    Ints,
    Tables,
    find_reciprocal_rows,
    weigh_one_broken_rule,
)
from peer_challenge.partners.solver.cp_sat_model import Bound
from peer_challenge.partners.solver.min_cost_flow import Relaxed, find_cheapest_flow
from peer_challenge.partners.solver.pair_rules import RECIPROCAL, WEIGHTS
from peer_challenge.partners.solver.repair import untangle_pairs


@dataclass
class Answer:
    """The best assignment found: `chosen` is None if there is none, or none was found in time.

    `gaps` names each level that is not proven, with how far from the best it may be.
    """

    chosen: Ints | None = None
    is_infeasible: bool = False
    gaps: dict[str, int] = field(default_factory=dict)


class Search:
    """The state of a search down the levels."""

    def __init__(self, tables: Tables, seconds: float) -> None:
        self.tables, self.until = tables, time.monotonic() + seconds
        self.allowed: Bools = tables.allowed.copy()
        self.full: Bools = np.zeros(len(tables.challengers), dtype=bool)
        self.bounds: list[Bound] = []
        self.answer = Answer()

    @property
    def left(self) -> float:
        """Seconds left."""
        return self.until - time.monotonic()

    def level(self, name: str, cost: Ints, reciprocal_cost: int = 0) -> bool:
        """Make a cost least and keep to it; False when nothing satisfies what came before."""
        relaxed = find_cheapest_flow(self.allowed, cost, self.tables.capacity, self.full)
        if relaxed is None:
            self.answer.is_infeasible = self.answer.chosen is None
            return False
        chosen = self._as_cheap(relaxed)
        if chosen is None:
            chosen, room = self._in_windows(relaxed, cost, reciprocal_cost, name)
            if chosen is None:
                return False
        else:
            room = 0
        self.answer.chosen = chosen
        self._keep_to_bound(Bound(relaxed.excess, relaxed.idle, reciprocal_cost, room))
        return True

    def _is_within_bounds(self, chosen: Ints) -> bool:
        tables = self.tables
        if tables.triads or (tables.reciprocal != "allow" and find_reciprocal_rows(tables, chosen)):
            return False
        return all(_excess_of(tables, bound, chosen) <= bound.room for bound in self.bounds)

    def _as_cheap(self, relaxed: Relaxed) -> Ints | None:
        """The flow's answer, or another as cheap by exchanges, where one keeps everything."""
        if self._is_within_bounds(relaxed.chosen):
            return relaxed.chosen
        tight = self.allowed & (relaxed.excess == 0)
        if self.tables.triads or self.bounds or not find_reciprocal_rows(self.tables, relaxed.chosen):
            return None
        other = untangle_pairs(self.tables, tight, relaxed.chosen)
        return other if other is not None and self._is_within_bounds(other) else None

    def _in_windows(
        self, relaxed: Relaxed, cost: Ints, reciprocal_cost: int, name: str
    ) -> tuple[Ints | None, int]:
        """CP-SAT over pairs within a window of reduced cost, doubled until the answer lies within it."""
        aim = Bound(relaxed.excess, relaxed.idle, reciprocal_cost, 0)
        widest = int(np.where(self.allowed, relaxed.excess, 0).max(initial=0))
        best = find_cheapest_untangled(self.tables, self.allowed, cost, self.bounds, self.full, self.until)
        if best is not None:
            return best, _excess_of(self.tables, aim, best)
        best = self.answer.chosen
        window = 0
        while True:
            within = self.allowed & (relaxed.excess <= window)
            hint = best if best is not None and bool(within[np.arange(len(best)), best].all()) else None
            found = cp_sat_model.solve_with_cp_sat(
                self.tables, within, self.bounds, aim=aim, hint=hint, seconds=self.left
            )
            best = self._pick_cheaper(aim, best, found.chosen)
            room = None if best is None else _excess_of(self.tables, aim, best)
            if found.is_proven and room is not None and room <= max(window, 0):
                return best, room
            if window >= widest or not found.is_proven:
                break
            window = self._widen_window(window, relaxed, widest, room)
        if best is None:
            self.answer.is_infeasible = found.is_proven
            return None, 0
        room = _excess_of(self.tables, aim, best)
        if not found.is_proven:
            self.answer.gaps[name] = room
        return best, room

    def _widen_window(self, window: int, relaxed: Relaxed, widest: int, room: int | None) -> int:
        if room is not None and room <= 4 * max(window, 1):
            return min(widest, room)
        excesses = np.sort(relaxed.excess[self.allowed])
        now = int(np.searchsorted(excesses, window, side="right"))
        aimed = min(len(excesses) - 1, max(2 * now, now + 2 * len(self.tables.authors)))
        return min(widest, max(window + 1, int(excesses[aimed])))

    def _pick_cheaper(self, aim: Bound, one: Ints | None, other: Ints | None) -> Ints | None:
        if one is None or other is None:
            return other if one is None else one
        first, second = _excess_of(self.tables, aim, one), _excess_of(self.tables, aim, other)
        return other if second <= first else one

    def _keep_to_bound(self, bound: Bound) -> None:
        self.allowed &= bound.excess <= bound.room
        self.full |= bound.idle > bound.room
        has_both = bound.reciprocal_cost and self.tables.reciprocal == "avoid"
        if has_both and bound.room < bound.reciprocal_cost:
            self.tables = replace(self.tables, reciprocal="forbid")
            has_both = False
        if bound.room or has_both:
            self.bounds.append(bound)

    def raise_worst(self, value: Ints) -> None:
        """Keep only pairs with which the worst-served free author is served as well as possible."""
        free = self.tables.free
        if not free.any() or self.answer.chosen is None:
            return
        at = np.arange(len(free))
        floor = int(value[at, self.answer.chosen][free].min())
        steps = sorted({int(v) for v in value[self.allowed & free[:, None]]} - set(range(floor)))
        low, high = 0, len(steps) - 1
        while low < high:
            middle = (low + high + 1) // 2
            within = self.allowed & ((value >= steps[middle]) | ~free[:, None])
            chosen, is_proven = self._find_any_assignment(within)
            if chosen is not None:
                self.answer.chosen = chosen
                low = max(middle, steps.index(int(value[at, chosen][free].min())))
            else:
                high = middle - 1
                if not is_proven:
                    self.answer.gaps["worst value"] = steps[-1] - steps[low]
        self.allowed &= (value >= steps[low]) | ~free[:, None]

    def _find_any_assignment(self, within: Bools) -> tuple[Ints | None, bool]:
        """Some assignment over `within`, and whether "none" is proven."""
        relaxed = find_cheapest_flow(within, np.zeros_like(self.tables.tie), self.tables.capacity, self.full)
        if relaxed is None:
            return None, True
        if self._is_within_bounds(relaxed.chosen):
            return relaxed.chosen, True
        if not self.bounds and not self.tables.triads:
            other = untangle_pairs(self.tables, within, relaxed.chosen)
            if other is not None and self._is_within_bounds(other):
                return other, True
        found = cp_sat_model.solve_with_cp_sat(self.tables, within, self.bounds, seconds=self.left)
        return found.chosen, found.is_proven


def _excess_of(tables: Tables, bound: Bound, chosen: Ints) -> int:
    used = np.bincount(chosen, minlength=len(tables.challengers))
    both = len(find_reciprocal_rows(tables, chosen)) if bound.reciprocal_cost else 0
    pairs = int(bound.excess[np.arange(len(chosen)), chosen].sum())
    return pairs + int((bound.idle * (tables.capacity - used)).sum()) + bound.reciprocal_cost * both


def search_by_levels(tables: Tables, seconds: float, *, extra: Iterable[tuple[str, Ints]] = ()) -> Answer:
    """The best assignment, level by level; `extra` levels (least first) go before all others."""
    run = Search(tables, seconds)
    one = weigh_one_broken_rule(tables)
    broken = tables.avoided * one + tables.weight
    reciprocal = one + WEIGHTS[RECIPROCAL] if tables.reciprocal == "avoid" else 0
    for name, cost in extra:
        if not run.level(name, cost):
            return run.answer
    if run.level("avoided", broken, reciprocal):
        run.raise_worst(tables.value)
        value = np.where(tables.free[:, None], tables.value, 0)
        for name, cost in (("total value", -value), ("variety", -tables.variety), ("tie-break", tables.tie)):
            if run.left <= 0:
                run.answer.gaps[name] = -1
            elif not run.level(name, cost):
                run.answer.gaps.setdefault(name, -1)
    return run.answer
