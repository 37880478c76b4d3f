"""What is seen in a file that may hold a framework: headings and tables, each with its place.

Word and Excel files come to the same here. What it means is decided elsewhere, and can be decided again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

MOST_ROWS = 2_000
"""Of all tables: the largest shipped framework has 60 sub-headings, and an office's own may have 300."""
MOST_CHARACTERS = 400_000
"""Of all texts: the largest shipped framework has 60,000."""
BELOW_ALL = 9
"""The level as a heading of a bold line and of a sheet's name: Word has styles for levels 1 to 9, and nobody
uses the last. Any other heading counts before it."""


@dataclass(frozen=True, slots=True)
class SeenCell:
    """A cell: where it begins in the grid, how many columns it covers, whether it goes on from above."""

    text: str
    column: int
    span: int = 1
    is_below: bool = False


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row of a table; `is_header`: the program repeats it on each page."""

    cells: tuple[SeenCell, ...]
    place: str
    is_header: bool = False

    def text_at(self, column: int) -> str:
        """What the cell says that begins at or covers a column."""
        return next((c.text for c in self.cells if c.column <= column < c.column + c.span), "")

    def goes_on_at(self, column: int) -> bool:
        """Whether the cell in a column is merged with the one above it."""
        return any(c.is_below for c in self.cells if c.column == column)


@dataclass(frozen=True, slots=True)
class SeenTable:
    """A table: `place` names it."""

    rows: tuple[SeenRow, ...]
    place: str

    @property
    def width(self) -> int:
        """How many columns it has."""
        return max((c.column + c.span for row in self.rows for c in row.cells), default=0)


@dataclass(frozen=True, slots=True)
class SeenText:
    """A paragraph outside tables. `level` is its level as a heading from 1; 0 where it is no heading.

    `is_title`: it is the title of the whole.
    """

    text: str
    place: str
    level: int = 0
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """What is seen in a file, in its order. `notes` say what was left out or assumed."""

    name: str
    blocks: tuple[SeenText | SeenTable, ...]
    notes: tuple[str, ...] = ()

    def tables(self) -> Iterator[SeenTable]:
        """Its tables."""
        return (block for block in self.blocks if isinstance(block, SeenTable))


class UnreadableFile(Exception):
    """A file in which no framework can be looked for. The text says why and what to do."""


def outline_as_dict(outline: Outline) -> dict[str, object]:
    """An outline as plain data that JSON can hold; `outline_from_dict` reads it back."""
    return asdict(outline)


def outline_from_dict(held: Mapping[str, Any]) -> Outline:
    """The outline that `outline_as_dict` wrote."""
    return Outline(held["name"], tuple(map(_read_block, held["blocks"])), tuple(held["notes"]))


def _read_block(held: Mapping[str, Any]) -> SeenText | SeenTable:
    if "rows" not in held:
        return SeenText(**held)
    return SeenTable(tuple(map(_read_row, held["rows"])), held["place"])


def _read_row(held: Mapping[str, Any]) -> SeenRow:
    cells = tuple(SeenCell(**cell) for cell in held["cells"])
    return SeenRow(cells, held["place"], held["is_header"])


def check_size(blocks: Sequence[SeenText | SeenTable]) -> None:
    """Raise UnreadableFile for more rows or words than a framework has."""
    rows = [row for block in blocks if isinstance(block, SeenTable) for row in block.rows]
    texts = [block.text for block in blocks if isinstance(block, SeenText)]
    letters = sum(map(len, texts)) + sum(len(cell.text) for row in rows for cell in row.cells)
    if len(rows) > MOST_ROWS or letters > MOST_CHARACTERS:
        raise UnreadableFile(
            "It holds far more than a framework. Keep only the areas of focus and their sub-headings in it."
        )
