"""Whether a Chair is independent: one who has a conflict with either of two areas does not chair their event.

What the cycle says of each Chair is in `Chair.not_for`. All who give an event to a Chair ask here.
"""

from collections.abc import Collection, Iterable

from peer_challenge.model.cycle import Chair, Cycle


def list_conflicts(chair: Chair, areas: Iterable[str]) -> tuple[str, ...]:
    """Those of `areas` (ids) with which the Chair has a conflict, in order: the Chair is independent."""
    return tuple(area for area in areas if area in chair.not_for)


def list_independent_chairs(cycle: Cycle, areas: Collection[str]) -> list[Chair]:
    """The Chairs of a cycle that are still with us and have no conflict with any of `areas` (ids)."""
    return [chair for chair in cycle.present_chairs if not list_conflicts(chair, areas)]
