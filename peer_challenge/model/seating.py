"""Assigns guests to places, as many as possible, and shows who competes for too few places."""

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Guest = TypeVar("Guest", bound=Hashable)
Place = TypeVar("Place", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Seating(Generic[Guest, Place]):
    """Who has which place. `wishes` are the places that each guest could have."""

    wishes: Mapping[Guest, Collection[Place]]
    placed: Mapping[Guest, Place]

    @property
    def unplaced(self) -> list[Guest]:
        """The guests who have no place, in the order of `wishes`."""
        return [guest for guest in self.wishes if guest not in self.placed]

    def find_crowd(self, guest: Guest) -> tuple[set[Guest], set[Place]]:
        """The guests who would have to move so that `guest` gets a place, and all the places they could have.

        They are more than those places hold (Hall's theorem): none of them can go anywhere else.
        """
        guests, places, look = {guest}, set[Place](), [guest]
        while look:
            new = set(self.wishes[look.pop()]) - places
            places |= new
            held = {other for other, place in self.placed.items() if place in new} - guests
            guests |= held
            look += held
        return guests, places


def assign_places(
    wishes: Mapping[Guest, Collection[Place]],
    room: Mapping[Place, int],
    is_dear: Callable[[Guest, Place], bool] = lambda guest, place: False,
) -> Seating[Guest, Place]:
    """Assign as many guests to places as possible, with as few dear places as possible.

    `wishes` are the places that each guest could have, `room` is how many guests each place holds.
    `is_dear` says whether a place should be avoided for a guest. The same arguments give the same result.
    """
    from ortools.graph.python import min_cost_flow  # a fifth of a second, which most commands can do without

    flow = min_cost_flow.SimpleMinCostFlow()
    entrance, exit_ = 0, 1
    guest_node = {guest: node for node, guest in enumerate(wishes, 2)}
    place_node = {place: node for node, place in enumerate(room, 2 + len(wishes))}
    for node in guest_node.values():
        flow.add_arc_with_capacity_and_unit_cost(entrance, node, 1, 0)
    arcs = {
        flow.add_arc_with_capacity_and_unit_cost(
            guest_node[guest], place_node[place], 1, int(is_dear(guest, place))
        ): (guest, place)
        for guest, wished in wishes.items()
        for place in wished
    }
    for place, node in place_node.items():
        flow.add_arc_with_capacity_and_unit_cost(node, exit_, room[place], 0)
    flow.set_node_supply(entrance, len(wishes))
    flow.set_node_supply(exit_, -len(wishes))
    if wishes and flow.solve_max_flow_with_min_cost() != flow.OPTIMAL:
        raise ArithmeticError("no seating was found, though leaving everybody standing is one")
    return Seating(wishes, {guest: place for arc, (guest, place) in arcs.items() if flow.flow(arc)})
