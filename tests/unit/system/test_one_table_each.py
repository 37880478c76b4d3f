"""What several parts have to know alike is written in one table, and in none beside it."""

import ast
from pathlib import Path

import pytest

from peer_challenge.model import month_names
from peer_challenge.system import file_beginnings
from peer_challenge.word.answers import rating_colours

ROOT = Path(__file__).resolve().parents[3]
PRODUCT = ("peer_challenge", "cli", "dashboard", "tasks", "flows")


def _list_values(value: object) -> list[object]:
    return list(value) if isinstance(value, tuple) else [value]


BEGINNINGS = {
    held
    for name, value in vars(file_beginnings).items()
    if name.isupper()
    for held in _list_values(value)
    if isinstance(held, bytes)
}
WRITTEN_ONCE = [
    (Path(str(file_beginnings.__file__)), BEGINNINGS),
    (Path(str(month_names.__file__)), {month_names.MONTH}),
    (Path(str(rating_colours.__file__)), set(rating_colours.SIGNS)),
]


def _find_constants(wanted: set[object]) -> set[Path]:
    """The files of the product in which a constant holds one of these."""
    files = (file for package in PRODUCT for file in (ROOT / package).rglob("*.py"))
    return {
        file
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and type(node.value) in (str, bytes) and node.value in wanted
    }


@pytest.mark.parametrize(("table", "wanted"), WRITTEN_ONCE, ids=lambda held: getattr(held, "stem", ""))
def test_a_table_that_many_use_is_in_one_place(table: Path, wanted: set[object]) -> None:
    assert _find_constants(wanted) == {table}
