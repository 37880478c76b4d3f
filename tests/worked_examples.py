"""The worked examples of docs/adding.md: the code of each block, by the file that it belongs in."""

import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "adding.md"
_BLOCK = re.compile(
    r"^```\w+\n(?:# |\{# )(?P<file>[\w./-]+)(?: #\})?\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)


def read_examples() -> dict[str, str]:
    """By file, the block that the page has for it."""
    return {match["file"]: match["code"] for match in _BLOCK.finditer(PAGE.read_text(encoding="utf-8"))}


def run_example(file: str, given: dict[str, Any] | None = None) -> dict[str, Any]:
    """The names that the block for a file defines, run with what is `given` in that file."""
    names: dict[str, Any] = dict(given or {}) | {"__name__": "example"}
    exec(compile(read_examples()[file], file, "exec"), names)
    return names
