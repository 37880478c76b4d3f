"""The house: no module stands above and below another, and no chain of rooms is longer than twelve."""

import pytest

from scripts.house import find_arrows, find_circles, leave_out_detours, number_floors, read_imports

FLOORS = 12


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """What every module imports of our own."""
    return read_imports()


def test_no_module_is_in_a_circle(imports: dict[str, set[str]]) -> None:
    assert find_circles(imports) == []


def test_no_room_is_in_a_circle(imports: dict[str, set[str]]) -> None:
    assert find_circles(find_arrows(imports)) == []


def test_the_house_has_no_more_floors_than_a_stranger_can_keep_in_mind(imports: dict[str, set[str]]) -> None:
    floors = number_floors(find_arrows(imports))
    assert max(floors.values()) <= FLOORS, sorted((floor, room) for room, floor in floors.items())


def test_every_import_is_seen(imports: dict[str, set[str]]) -> None:
    assert "peer_challenge.outbox.issue" in imports["peer_challenge.outbox.do_what_is_due"]
    assert find_arrows(imports)["flows"] >= {"tasks"}


def test_a_circle_would_be_found() -> None:
    assert find_circles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [["b", "c"]]


def test_a_room_is_one_floor_above_the_highest_that_it_imports() -> None:
    assert number_floors({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {"a": 3, "b": 2, "c": 1}


def test_an_arrow_that_another_way_shows_is_left_out() -> None:
    arrows: dict[str, set[str]] = {"a": {"b", "c"}, "b": {"c"}, "c": set()}
    assert leave_out_detours(arrows) == arrows | {"a": {"b"}}
