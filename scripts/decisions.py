"""Make the index of docs/decisions from its pages: `python -m scripts.decisions`."""

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "decisions"
_HEAD = """# Decisions

One page for each choice that somebody may want to undo: what was decided, why, and what would
make us think again.

| no. | decision |
|---|---|
"""


def index() -> str:
    """The index page: one line a decision, by number."""
    lines = []
    for page in sorted(FOLDER.glob("[0-9]*.md")):
        number = page.name[:4]
        title = page.read_text(encoding="utf-8").splitlines()[0].lstrip("# ")
        title = re.sub(r"^\d+[ .:–-]+", "", title)
        lines.append(f"| {number} | [{title}]({page.name}) |\n")
    return _HEAD + "".join(lines)


if __name__ == "__main__":
    (FOLDER / "README.md").write_text(index(), encoding="utf-8")
