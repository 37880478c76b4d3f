"""The page on the architecture: its picture is of the code as it is, and what it names is there."""

import pkgutil
import re
import textwrap
from itertools import pairwise
from pathlib import Path

import pytest

from scripts.house import PACKAGES, find_arrows, read_imports
from scripts.house_picture import (
    BOX,
    LETTERS,
    LINES,
    PICTURE,
    draw_current_house,
    find_middles,
    find_ways,
    read_purpose,
)

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
STEPS = re.findall(r"^\| (\d+)\. .*\| `([\w.]+)` \|$", PAGE, re.MULTILINE)
PLACES = re.findall(r"`(\w[\w./]*/[\w.]*)`", PAGE)


def find_function(dotted: str) -> object:
    """What `intake.inbox.Inbox.claim` names in the domain."""
    return pkgutil.resolve_name(f"peer_challenge.{dotted}")


@pytest.mark.parametrize(("number", "dotted"), STEPS)
def test_each_step_names_a_function_that_is_there(number: str, dotted: str) -> None:
    assert callable(find_function(dotted))


def test_the_steps_are_numbered_without_a_gap() -> None:
    assert [int(number) for number, _ in STEPS] == list(range(1, len(STEPS) + 1))
    assert len(STEPS) >= 15


def test_a_function_that_is_not_there_would_be_noticed() -> None:
    with pytest.raises((AttributeError, ImportError)):
        find_function("intake.inbox.Inbox.forget_it_all")


@pytest.mark.parametrize("place", PLACES)
def test_each_place_that_the_page_names_is_there(place: str) -> None:
    assert any((folder / place).exists() for folder in (ROOT, ROOT / "peer_challenge"))


def test_the_picture_is_of_the_code_as_it_is() -> None:
    assert PICTURE.read_text(encoding="utf-8") == draw_current_house(), "run python -m scripts.house_picture"


def test_every_room_says_in_its_docstring_what_it_is_for() -> None:
    rooms = set(find_arrows(read_imports())) - {"peer_challenge"}
    lines = {room: len(textwrap.wrap(read_purpose(room), LETTERS)) for room in rooms}
    assert {room for room in rooms if not 1 <= lines[room] <= LINES} == set()
    assert rooms > set(PACKAGES) - {"peer_challenge"}


def test_no_box_of_the_picture_is_over_another() -> None:
    arrows: dict[str, set[str]] = {"a": {"b", "c", "d"}, "b": {"e"}, "c": {"e"}, "d": {"e"}, "e": set()}
    middles = find_middles(find_ways(arrows, {"a": 3, "b": 2, "c": 2, "d": 2, "e": 1}))
    row = sorted(middle for place, middle in middles.items() if place[-1] == 2)
    assert len(row) == 3
    assert all(right - left > BOX for left, right in pairwise(row))
