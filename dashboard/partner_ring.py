"""Pictures drawn on the server: who challenges whom, as a ring of areas with arrows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, hypot, pi, sin

MOST_ON_RING = 40
"""With more of them nobody could follow an arrow: a table shows them better."""
_RADIUS, _NODE, _MIDDLE_X, _MIDDLE_Y = 200.0, 9.0, 340.0, 250.0
"""Units of the drawing: beside the ring there is room for a long name, above and below for a line."""


@dataclass(frozen=True, slots=True)
class Node:
    """An area on the ring; its name is outside the ring, and `anchor` says which end of the text is fixed."""

    x: float
    y: float
    text_x: float
    text_y: float
    anchor: str
    name: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a challenger to its author: the curve, the tip's corners, and whether a rule is broken."""

    path: str
    tip: str
    is_avoided: bool
    told: str


def draw_partner_ring(
    pairs: Mapping[str, str], names: Mapping[str, str], avoided: Iterable[str] = ()
) -> tuple[list[Node], list[Arrow]]:
    """The picture of `pairs` (author to challenger): areas that follow each other are side by side.

    Returns two empty lists for more than forty areas, which a table shows better, and for fewer than two.
    """
    order = _order_areas(pairs)
    if not 2 <= len(order) <= MOST_ON_RING:
        return [], []
    nodes = {who: _place_area_node(n, len(order), names.get(who, who)) for n, who in enumerate(order)}
    broken = set(avoided)
    arrows = [
        _draw_curved_arrow(nodes[challenger], nodes[author], author in broken)
        for author, challenger in sorted(pairs.items())
    ]
    return list(nodes.values()), arrows


def _order_areas(pairs: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    for start in sorted({*pairs, *pairs.values()}):
        who: str | None = start
        while who is not None and who not in found:
            found.append(who)
            who = pairs.get(who)
    return found


def _place_area_node(number: int, total: int, name: str) -> Node:
    angle = 2 * pi * number / total - pi / 2
    out = _RADIUS + 20
    across = cos(angle)
    # Names at the very top and bottom are centred: beside the ring they would lie across it.
    anchor = "middle" if abs(across) < 0.15 else "start" if across > 0 else "end"
    return Node(
        round(_MIDDLE_X + _RADIUS * across, 1),
        round(_MIDDLE_Y + _RADIUS * sin(angle), 1),
        round(_MIDDLE_X + out * across, 1),
        round(_MIDDLE_Y + out * sin(angle) + 4, 1),
        anchor,
        name,
    )


def _draw_curved_arrow(start: Node, end: Node, is_avoided: bool) -> Arrow:
    # bent towards the middle, so that arrows both ways stay apart
    bend_x = (start.x + end.x) / 2 * 0.75 + _MIDDLE_X * 0.25
    bend_y = (start.y + end.y) / 2 * 0.75 + _MIDDLE_Y * 0.25
    away = hypot(end.x - bend_x, end.y - bend_y) or 1
    along = ((end.x - bend_x) / away, (end.y - bend_y) / away)
    tip = (end.x - along[0] * (_NODE + 2), end.y - along[1] * (_NODE + 2))
    back = (tip[0] - along[0] * 10, tip[1] - along[1] * 10)
    side = (-along[1] * 4.5, along[0] * 4.5)
    corners = (tip, (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1]))
    return Arrow(
        f"M{start.x:.1f} {start.y:.1f}Q{bend_x:.1f} {bend_y:.1f} {back[0]:.1f} {back[1]:.1f}",
        " ".join(f"{x:.1f},{y:.1f}" for x, y in corners),
        is_avoided,
        f"{start.name} challenges {end.name}",
    )
