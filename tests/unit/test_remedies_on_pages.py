"""What the page shows as a remedy names the page; a command is in a field of its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

import peer_challenge

ROOMS = ("partners", "steering", "events", "register/cycles.py")
"""Where what the office does on its page is refused."""


def list_remedies() -> Iterator[tuple[str, str]]:
    """Every remedy in these rooms, with the file that it is in."""
    home = Path(peer_challenge.__file__).parent
    for room in ROOMS:
        path = home / room
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.keyword) and node.arg == "remedy":
                    yield file.name, ast.unparse(node.value)


def test_no_remedy_on_the_page_is_a_command() -> None:
    remedies = list(list_remedies())
    assert len(remedies) > 50
    assert [(file, text) for file, text in remedies if "peer-challenge " in text] == []
