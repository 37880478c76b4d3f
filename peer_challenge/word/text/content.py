"""What a document holds once its XML has been walked: paragraphs, tables, rows and cells."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import TypeVar

from peer_challenge.word.package.namespaces import P
from peer_challenge.word.package.xml_element import XmlElement

_Held = TypeVar("_Held")


@dataclass(slots=True, eq=False)
class Paragraph:
    """A paragraph's text and the element it came from (None for a nested row)."""

    text: str
    element: XmlElement | None = None


class Content:
    """What a cell, or the body, holds.

    `blocks` are paragraphs and, in the body, tables. `aside` are texts left out of the clean text, each
    after its reason: "hidden", "struck", "ruby", "alternate", "chart", "field". `marks` name what was found
    here: "tracked", "placeholder", "text_box", "picture", "nested", "highlight", ... Most cells hold only
    text, so the other collections are made only when there is something to keep in them.
    """

    marks: Set[str] = frozenset()
    bookmarks: Sequence[str] = ()
    aside: Sequence[tuple[str, str]] = ()
    links: Sequence[str] = ()
    nested: Sequence["Table"] = ()
    is_body = False

    def __init__(self) -> None:
        self.blocks: list[Paragraph | Table] = []

    def note(self, mark: str) -> None:
        """Record that something of the kind `mark` was found here."""
        self.marks = {*self.marks, mark}

    def add_bookmark(self, name: str) -> None:
        """Record a bookmark that begins here."""
        self.bookmarks = _append_to_list(self.bookmarks, name)

    def add_link(self, target: str) -> None:
        """Record what a link here leads to."""
        self.links = _append_to_list(self.links, target)

    def add_aside(self, why: str, text: str, *, is_continued: bool = False) -> None:
        """Keep a text out of the clean text; `is_continued` joins it to the last one with the same reason."""
        held = self.aside if isinstance(self.aside, list) else [*self.aside]
        if is_continued and held and held[-1][0] == why:
            held[-1] = (why, held[-1][1] + text)
        elif text.strip():
            held.append((why, text))
        self.aside = held

    def take_over(self, table: "Table") -> None:
        """Add a nested table: its lines become paragraphs; its marks, links and asides are kept here."""
        self.nested = _append_to_list(self.nested, table)
        self.note("nested")
        self.blocks.extend(Paragraph(line) for line in table.lines())
        for inner in table.rich_contents():
            self.marks = self.marks | inner.marks
            for aside in inner.aside:
                self.add_aside(*aside)
            for link in inner.links:
                self.add_link(link)

    def paragraphs(self) -> Iterable[Paragraph]:
        """Every paragraph that is not in a table."""
        return (block for block in self.blocks if isinstance(block, Paragraph))


class Cell(Content):
    """A cell and what it holds: `column` is where it begins in its table's grid, from 0; `span` how many
    columns it covers; `merged` is "" or how it takes part in a vertical merge: "restart" or "continue".

    `lines` are the texts of its paragraphs, `text` the clean text of them all.
    """

    span = 1
    merged = ""
    lines: Sequence[str] = ()
    text = ""

    def __init__(self, element: XmlElement, column: int) -> None:
        self.blocks = []
        self.element = element
        self.column = column

    def lines_beside_tables(self) -> Iterator[str]:
        """The texts of its own paragraphs, without those of nested rows."""
        return (paragraph.text for paragraph in self.paragraphs() if paragraph.element is not None)

    def paragraphs(self) -> Iterable[Paragraph]:
        """Every paragraph of the cell; the objects are made now if only their texts were kept so far."""
        if self.lines and not self.blocks:
            self.blocks = [*map(Paragraph, self.lines, self.element.iter(P))]
        return super().paragraphs()


@dataclass(slots=True, eq=False)
class Row:
    """A row of a table."""

    element: XmlElement
    cells: list[Cell] = field(default_factory=list)
    end: int = 0  # where its next cell begins in the grid: columns may be empty at its start


@dataclass(slots=True, eq=False)
class Table:
    """A table; `stray` is text in it that is outside every cell, which Word never writes."""

    element: XmlElement
    rows: list[Row] = field(default_factory=list)
    stray: Content = field(default_factory=Content)
    rich: list[Content] = field(default_factory=list)  # of its cells, those where more than text was met
    bookmarks: list[str] = field(default_factory=list)  # met, not yet given to a cell

    def lines(self) -> list[str]:
        """The table as text: a line a row, its cells joined by " | "."""
        rows = [" | ".join(cell.text for cell in row.cells) for row in self.rows]
        return rows + [paragraph.text for paragraph in self.stray.paragraphs()]

    def contents(self) -> Iterator[Content]:
        """The contents of its cells, in order, then what is outside them."""
        for row in self.rows:
            yield from row.cells
        yield self.stray

    def rich_contents(self) -> Iterator[Content]:
        """The contents that may hold more than text and bookmarks, then what is outside all cells."""
        yield from self.rich
        yield self.stray


def _append_to_list(held: Sequence[_Held], more: _Held) -> list[_Held]:
    made = held if isinstance(held, list) else [*held]
    made.append(more)
    return made


def join_clean_lines(lines: Iterable[str]) -> str:
    """The clean text of a cell: its lines joined, hard spaces made plain, and its end trimmed."""
    return "\n".join(lines).replace("\xa0", " ").rstrip()


def all_tables(content: Content) -> Iterator[Table]:
    """Every table directly in `content`, without the tables nested in their cells."""
    return (block for block in content.blocks if isinstance(block, Table))
