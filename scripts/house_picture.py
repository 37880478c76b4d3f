"""Draw the house from its imports: rooms as boxes on their floors, arrows to the rooms that they use.

    python -m scripts.house_picture

What a room is for is the first sentence of its docstring. Each place of a row is drawn near those that it
is tied to, so that few arrows cross; an arrow past several floors has a narrow place of its own on each.
"""

import ast
import textwrap
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from statistics import mean
from xml.sax.saxutils import escape

from scripts.house import Arrows, find_arrows, leave_out_detours, number_floors, read_imports

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "pictures" / "house.svg"
BOX, _PATH, _GAP = 196, 10, 16
"""Widths in pixels: of a room, of an arrow that passes a floor, of the space between two places."""
_HEIGHT, _ROW = 70, 106
"""Pixels from the top of a box to its foot, and to the top of the box below."""
_TOP, _LEFT = 96, 48
LETTERS, LINES = 34, 3
"""Letters of 11 pixels that go into a line of a box, and lines that go into it below its name."""
_SWEEPS = 40
"""How often the rows are put in order, down and up; far more than it takes until nothing changes."""

Place = tuple[str, int] | tuple[str, str, int]
"""A room on its floor, or an arrow (from, to) on a floor that it passes."""
Ties = dict[Place, list[Place]]
"""By a place, those of the row above or below that an arrow ties it to."""


def read_purpose(room: str) -> str:
    """What a room is for: the first sentence of its docstring."""
    path = ROOT / room.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split()).partition(". ")[0].rstrip(".")


def find_ways(arrows: Arrows, floors: Mapping[str, int]) -> list[list[Place]]:
    """Every arrow as the places that it runs through, from the room that uses to the room that is used."""
    return [
        [
            (room, floors[room]),
            *((room, other, floor) for floor in range(floors[room] - 1, floors[other], -1)),
            (other, floors[other]),
        ]
        for room, others in sorted(leave_out_detours(arrows).items())
        for other in sorted(others)
    ]


def tie_places(ways: list[list[Place]]) -> tuple[Ties, Ties]:
    """The ties of every place to the row above, and those to the row below."""
    above: Ties = {}
    below: Ties = {}
    for way in ways:
        for high, low in pairwise(way):
            below.setdefault(high, []).append(low)
            above.setdefault(low, []).append(high)
    return above, below


def spread_row(wishes: Mapping[Place, float]) -> dict[Place, float]:
    """The middle of every place of a row: near its wish, in that order, and none over another."""
    row = sorted(wishes, key=lambda place: (wishes[place], place))
    middles: dict[Place, float] = {}
    edge = float("-inf")
    for place in row:
        half = (BOX if len(place) == 2 else _PATH) / 2
        middles[place] = max(wishes[place], edge + _GAP + half)
        edge = middles[place] + half
    shift = mean(wishes[place] - middles[place] for place in row)
    return {place: middle + shift for place, middle in middles.items()}


def find_middles(ways: list[list[Place]]) -> dict[Place, float]:
    """The middle of every place in pixels from the left, after the rows have settled."""
    ties = tie_places(ways)
    rows: dict[int, list[Place]] = {}
    for place in sorted({place for way in ways for place in way}, key=str):
        rows.setdefault(place[-1], []).append(place)
    middles: dict[Place, float] = {}
    for row in rows.values():
        middles |= spread_row(dict.fromkeys(row, 0.0))
    for sweep in range(_SWEEPS):
        to_beside = ties[sweep % 2]
        for floor in sorted(rows, reverse=sweep % 2 == 0):
            middles |= spread_row({place: find_wish(place, to_beside, middles) for place in rows[floor]})
    left = min(middle for place, middle in middles.items() if len(place) == 2)
    return {place: middle - left + _LEFT + BOX / 2 for place, middle in middles.items()}


def find_wish(place: Place, ties: Ties, middles: Mapping[Place, float]) -> float:
    """Where a place would like to be: in the middle of those that it is tied to, else where it is."""
    return mean(middles[tied] for tied in ties[place]) if place in ties else middles[place]


def draw_room(place: Place, middle: float, top: int) -> Iterator[str]:
    """A box with the room's name and what it is for."""
    room, left = place[0], middle - BOX / 2
    kind = "domain" if room.startswith("peer_challenge.") else "outside"
    name = escape(room.removeprefix("peer_challenge."))
    yield f'<rect class="{kind}" x="{left:.0f}" y="{top}" width="{BOX}" height="{_HEIGHT}" rx="6"/>'
    yield f'<text class="name" x="{left + 10:.0f}" y="{top + 19}">{name}</text>'
    for number, line in enumerate(textwrap.wrap(read_purpose(room), LETTERS)[:LINES]):
        yield f'<text x="{left + 10:.0f}" y="{top + 35 + 13 * number}">{escape(line)}</text>'


def draw_way(way: list[Place], middles: Mapping[Place, float], tops: Mapping[int, int]) -> str:
    """An arrow that bends between the floors and runs straight past each."""
    x = middles[way[0]]
    path = f"M{x:.0f} {tops[way[0][-1]] + _HEIGHT}"
    for place in way[1:]:
        top, middle = tops[place[-1]], middles[place]
        bend = top - (_ROW - _HEIGHT) // 2
        is_room = len(place) == 2
        path += f"C{x:.0f} {bend} {middle:.0f} {bend} {middle:.0f} {top - 8 if is_room else top}"
        path += "" if is_room else f"V{top + _HEIGHT}"
        x = middle
    return f'<path class="arrow" d="{path}"/>'


_STYLE = """text{font:11px Arial,Helvetica,sans-serif;fill:#0b0c0c}
.title{font-size:22px;font-weight:bold}.lead{font-size:14px}.name{font-size:14px;font-weight:bold}
.floor{font-size:13px;fill:#505a5f}.stripe{fill:#f3f2f1}
.domain{fill:#fff;stroke:#1d70b8;stroke-width:1.5}.outside{fill:#e8f1f8;stroke:#1d70b8;stroke-width:1.5}
.arrow{fill:none;stroke:#505a5f;stroke-width:1.2;marker-end:url(#head)}"""
_HEAD = (
    '<marker id="head" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0L8 4L0 8z" fill="#505a5f"/></marker>'
)
_LEAD = (
    "Each box is a room of the code. An arrow means: uses. Every arrow points down. Where a room is also "
    "reached by way of another, only the longer way is drawn.",
    "White: peer_challenge/, the domain, without Prefect and the web. Blue: what runs it and shows it.",
)


def draw_house(arrows: Arrows) -> str:
    """The picture as SVG; the same for the same imports and docstrings."""
    floors = number_floors(arrows)
    ways = find_ways(arrows, floors)
    middles = find_middles(ways)
    highest = max(floors.values())
    tops = {floor: _TOP + (highest - floor) * _ROW for floor in floors.values()}
    width = round(max(middles.values())) + BOX // 2 + _GAP
    height = _TOP + highest * _ROW
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'aria-label="The house">',
        f"<style>{_STYLE}</style><defs>{_HEAD}</defs>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text class="title" x="{_GAP}" y="30">The house</text>',
        *(f'<text class="lead" x="{_GAP}" y="{52 + 18 * n}">{line}</text>' for n, line in enumerate(_LEAD)),
    ]
    for floor, top in sorted(tops.items()):
        lines.append(f'<rect class="stripe" y="{top - 6}" width="{width}" height="{_HEIGHT + 12}"/>')
        lines.append(f'<text class="floor" x="{_GAP}" y="{top + _HEIGHT // 2}">{floor}</text>')
    lines += [draw_way(way, middles, tops) for way in ways]
    for place, middle in middles.items():
        if len(place) == 2:
            lines += draw_room(place, middle, tops[place[-1]])
    return "\n".join([*lines, "</svg>", ""])


def draw_current_house() -> str:
    """The picture of the code as it is. The bare package, which holds its version alone, is no room of it."""
    arrows = find_arrows(read_imports())
    return draw_house(
        {room: others - {"peer_challenge"} for room, others in arrows.items() if room != "peer_challenge"}
    )


if __name__ == "__main__":
    PICTURE.write_text(draw_current_house(), encoding="utf-8")
