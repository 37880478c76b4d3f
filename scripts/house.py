"""The house: rooms, the arrows between them, floors and circles, worked out from the imports."""

from collections.abc import Iterator, Mapping
from functools import cache

import grimp

PACKAGES = ("cli", "flows", "tasks", "dashboard", "peer_challenge")
"""What is part of the product and can be imported."""

Arrows = Mapping[str, set[str]]
"""By a module or room, what it imports."""


def read_imports() -> dict[str, set[str]]:
    """By every module of the product, the modules of the product that it imports."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def room_of(module: str) -> str:
    """`peer_challenge.word.text.walk` is in the room `peer_challenge.word`, `cli.main` in `cli`."""
    return ".".join(module.split(".")[: 2 if module.startswith("peer_challenge.") else 1])


def find_arrows(imports: Arrows) -> dict[str, set[str]]:
    """By every room, the other rooms that it imports."""
    arrows: dict[str, set[str]] = {}
    for module, others in imports.items():
        room = arrows.setdefault(room_of(module), set())
        room |= {room_of(other) for other in others} - {room_of(module)}
    return arrows


def find_circles(arrows: Arrows) -> list[list[str]]:
    """Every way that leads back to where it began, as the places on it, found by walking from each place."""
    circles: list[list[str]] = []
    done = set[str]()

    def walk(place: str, way: list[str]) -> None:
        if place in way:
            circles.append(way[way.index(place) :])
        elif place not in done:
            for next_place in sorted(arrows.get(place, ())):
                walk(next_place, [*way, place])
            done.add(place)

    for place in sorted(arrows):
        walk(place, [])
    return circles


def number_floors(arrows: Arrows) -> dict[str, int]:
    """By every room its floor: 1 where it imports no other, else one above the highest that it imports.

    There must be no circle.
    """

    @cache
    def floor_of(room: str) -> int:
        return 1 + max(map(floor_of, arrows[room]), default=0)

    return {room: floor_of(room) for room in sorted(arrows)}


def leave_out_detours(arrows: Arrows) -> dict[str, set[str]]:
    """The arrows without those that say nothing new: from a to c, where a leads to b and b to c."""

    @cache
    def reached_from(room: str) -> frozenset[str]:
        return frozenset(place for other in arrows[room] for place in {other} | reached_from(other))

    def is_detour(room: str, other: str) -> bool:
        return any(other in reached_from(between) for between in arrows[room] - {other})

    return {
        room: {other for other in others if not is_detour(room, other)} for room, others in arrows.items()
    }


def list_rooms_by_floor(floors: Mapping[str, int]) -> Iterator[tuple[int, list[str]]]:
    """Every floor with its rooms by name, the highest floor first."""
    for number in range(max(floors.values()), 0, -1):
        yield number, sorted(room for room, floor in floors.items() if floor == number)
