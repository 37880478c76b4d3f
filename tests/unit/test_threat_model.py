"""Each line of the threat model is held by a test that names it, and no test names a line there is not."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
PAGE = TESTS.parent / "docs" / "threat-model.md"
_LINE = re.compile(r"^\| `([a-z-]+)` \|(.*)\|(.*)\|(.*)\|$", re.MULTILINE)
HELD_BY_NOTHING = {"administrator"}
AWAITED: set[str] = set()
"""Lines whose tests do not name them yet. Remove one when its test does: this test fails until then."""


def _lines() -> dict[str, str]:
    """What holds each attacker, by the name of the line."""
    return {match[1]: match[3].strip() for match in _LINE.finditer(PAGE.read_text(encoding="utf-8"))}


def _names_in_tests() -> dict[str, list[str]]:
    """The tests that name each line, by marker."""
    found: dict[str, list[str]] = {}
    for file in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.threat":
                for name in node.args:
                    assert isinstance(name, ast.Constant), f"{file.name}: name the line as a text"
                    found.setdefault(str(name.value), []).append(f"{file.name}:{node.lineno}")
    return found


def test_each_line_is_held_by_a_test_and_each_test_names_a_line() -> None:
    assert set(_names_in_tests()) == set(_lines()) - HELD_BY_NOTHING - AWAITED


def test_only_the_administrator_is_held_by_nothing() -> None:
    lines = _lines()
    assert len(lines) == len(set(lines)) >= 15
    assert {name for name, held in lines.items() if held.startswith("Nothing")} == HELD_BY_NOTHING
    assert all(lines.values())


def test_the_page_is_one_page() -> None:
    assert len(PAGE.read_text(encoding="utf-8").splitlines()) < 45
