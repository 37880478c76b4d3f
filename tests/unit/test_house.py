"""The house: no module stands above and below another, and no chain of rooms is longer than twelve."""

from functools import cache

import grimp
import pytest

FLOORS = 12
PACKAGES = ("cli", "flows", "tasks", "dashboard", "peer_challenge")


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """What every module imports of our own."""
    graph = grimp.build_graph(*PACKAGES)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def room_of(module: str) -> str:
    """`peer_challenge.word.text.walk` stands in `peer_challenge.word`, `cli.main` in `cli`."""
    return ".".join(module.split(".")[: 2 if module.startswith("peer_challenge.") else 1])


def circles(arrows: dict[str, set[str]]) -> list[list[str]]:
    """Every way that leads back to where it began, found by walking from each place."""
    found, done = [], set[str]()

    def walk(place: str, way: list[str]) -> None:
        if place in way:
            found.append(way[way.index(place) :])
        elif place not in done:
            for next_place in sorted(arrows.get(place, ())):
                walk(next_place, [*way, place])
            done.add(place)

    for place in sorted(arrows):
        walk(place, [])
    return found


def between_rooms(imports: dict[str, set[str]]) -> dict[str, set[str]]:
    """The arrows from room to room."""
    arrows: dict[str, set[str]] = {}
    for module, others in imports.items():
        room = arrows.setdefault(room_of(module), set())
        room |= {room_of(other) for other in others} - {room_of(module)}
    return arrows


def test_no_module_is_in_a_circle(imports: dict[str, set[str]]) -> None:
    assert circles(imports) == []


def test_no_room_is_in_a_circle(imports: dict[str, set[str]]) -> None:
    assert circles(between_rooms(imports)) == []


def test_the_house_has_no_more_floors_than_a_stranger_can_keep_in_mind(imports: dict[str, set[str]]) -> None:
    arrows = between_rooms(imports)

    @cache
    def floor_of(room: str) -> int:
        return 1 + max((floor_of(other) for other in arrows[room]), default=0)

    assert max(map(floor_of, arrows)) <= FLOORS, sorted((floor_of(room), room) for room in arrows)


def test_a_circle_would_be_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [["b", "c"]]
