"""Walking tables: rows and cells through whatever wraps them, deleted ones left out."""

from collections.abc import Callable

from peer_challenge.word.package import namespaces as n
from peer_challenge.word.package.namespaces import BOOKMARK, TBL, TC, TR, P, T, w
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.text.content import Cell, Row, Table, join_clean_lines
from peer_challenge.word.text.walker import Walker

TCPR, TRPR = w("tcPr"), w("trPr")
_VAL, _NAME, _SPAN, _DOWN, _LEFT, _GONE = (
    w(x) for x in ("val", "name", "gridSpan", "vMerge", "hMerge", "cellDel")
)
_DELETED = (w("del"), w("moveFrom"))
_INSERTED = (w("ins"), w("moveTo"))
_SKIPPED = frozenset(
    map(
        w,
        (
            "tblPr",
            "tblGrid",
            "tblPrEx",
            "trPr",
            "sdtPr",
            "sdtEndPr",
            "bookmarkEnd",
            "permStart",
            "permEnd",
            "proofErr",
            "customXmlPr",
        ),
    )
)
_PLAIN = _SKIPPED | {TC}
SHAPES = (_SPAN, _DOWN, _LEFT, _GONE)
ROW_MARKS = (w("gridBefore"), w("del"), w("ins"))


class Grid:
    """The handlers that a walk uses for tables."""

    def __init__(self, walk: Walker) -> None:
        self._walk = walk

    def handlers(self) -> dict[str, Callable[[XmlElement], None]]:
        """The handler for each element. They are not kept, because each refers back to this object."""
        return {TBL: self._read_whole_table}

    def _read_whole_table(self, element: XmlElement) -> None:
        table = Table(element)
        self._read_table_rows(element, table)
        outer = self._walk.content
        if outer.is_body:
            outer.blocks.append(table)
            return
        outer.take_over(table)

    def _read_table_rows(self, element: XmlElement, table: Table) -> None:
        for child in element:
            if child.tag == TR:
                self._read_one_row(child, table)
            else:
                self._read_wrapper_or_stray(child, table, TR, self._read_table_rows)

    def _read_one_row(self, element: XmlElement, table: Table) -> None:
        row = Row(element)
        properties = (
            next(element.iterchildren(TRPR), None) if not self._walk.present.isdisjoint(ROW_MARKS) else None
        )
        if properties is not None:
            if properties.find(w("del")) is not None:
                self._walk.note("tracked")
                return
            if properties.find(w("ins")) is not None:
                self._walk.note("tracked")
            row.end = number_in(properties.find(w("gridBefore")), 0)
        table.rows.append(row)
        cells = (
            None if table.bookmarks or not self._walk.is_plain(element) else _plain_cells(element, row.end)
        )
        if cells is None:
            self._read_row_cells(element, table)
        else:
            row.cells = cells

    def _read_row_cells(self, element: XmlElement, table: Table) -> None:
        for child in element:
            tag = child.tag
            if tag == TC:
                self._read_one_cell(child, table)
            elif tag != TRPR:
                self._read_wrapper_or_stray(child, table, TC, self._read_row_cells)

    def _read_wrapper_or_stray(
        self, child: XmlElement, table: Table, wanted: str, go_on: Callable[[XmlElement, Table], None]
    ) -> None:
        """Walk through an element that wraps rows or cells; keep the content of any other as stray."""
        tag = child.tag
        if tag in _SKIPPED:
            return
        if tag == w("bookmarkStart"):
            table.bookmarks.append(bookmark_of(child))
        elif tag in _DELETED:
            self._walk.note("tracked")
        elif tag == f"{{{n.MC}}}AlternateContent":
            self._read_alternate_content(child, table, go_on)
        elif next(child.iter(wanted), None) is not None:
            if tag in _INSERTED:
                self._walk.note("tracked")
            go_on(child, table)
        else:
            self._walk.walk_into(table.stray, (child,))

    def _read_alternate_content(
        self, element: XmlElement, table: Table, go_on: Callable[[XmlElement, Table], None]
    ) -> None:
        """Read the first version of alternate rows or cells; keep apart what the other versions add."""
        if not len(element):
            return
        first, *others = element
        go_on(first, table)
        said = "".join(text.text or "" for text in first.iter(T))
        outer, self._walk.content = self._walk.content, table.stray
        for other in others:
            self._walk.only_if_new(other, said)
        self._walk.content = outer

    def _read_one_cell(self, element: XmlElement, table: Table) -> None:
        row = table.rows[-1]
        cell = Cell(element, row.end)
        is_there = True
        if not self._walk.present.isdisjoint(SHAPES):
            properties = next(element.iterchildren(TCPR), None)
            is_there = properties is None or _read_cell_shape(cell, properties)
        row.end += cell.span
        if not is_there:  # what stands beside it was typed where it stands now
            self._walk.note("tracked")
            return
        if table.bookmarks:
            cell.bookmarks, table.bookmarks = table.bookmarks, []
        row.cells.append(cell)
        table.rich.append(cell)
        self._walk.walk_into(cell, element)
        cell.lines = [paragraph.text for paragraph in cell.paragraphs()]
        cell.text = join_clean_lines(cell.lines)
        if "merged_left" in cell.marks:
            _merge_left(row)


def _plain_cells(row: XmlElement, first: int) -> list[Cell] | None:
    """The cells of a plain row, or None where it has text outside the paragraphs of its cells.

    Most rows are plain. In them lxml itself skips everything but text and the elements that place it.
    """
    if not {child.tag for child in row} <= _PLAIN:
        return None
    cells: list[Cell] = []
    gathered: list[list[list[str]]] = []
    lines: list[list[str]] = []
    for part in row.iter(P, T, TC, BOOKMARK, TBL):
        tag = part.tag
        if tag == T and lines:
            lines[-1].append("".join(part.itertext()) if len(part) else part.text or "")
        elif tag == P and cells:
            lines.append([])
        elif tag == TC and part.getparent() is row:
            cells.append(Cell(part, first + len(cells)))
            lines = []
            gathered.append(lines)
        elif tag == BOOKMARK and cells:
            cells[-1].add_bookmark(bookmark_of(part))
        else:
            return None
    for cell, lines in zip(cells, gathered, strict=True):
        cell.lines = ["".join(line) for line in lines]
        cell.text = join_clean_lines(cell.lines)
    return cells


def _merge_left(row: Row) -> None:
    """Let a row's last cell be part of the one before it, as older programs write one cell across columns.

    What it holds is not shown by Word; it is kept apart.
    """
    if len(row.cells) < 2:
        return
    cell, before = row.cells.pop(), row.cells[-1]
    before.span += cell.span
    for bookmark in cell.bookmarks:
        before.add_bookmark(bookmark)
    before.add_aside("merged", cell.text)


def _read_cell_shape(cell: Cell, properties: XmlElement) -> bool:
    """Take over the cell's span and merges; False when the cell is deleted."""
    for child in properties:
        tag = child.tag
        if tag == _SPAN:
            cell.span = max(number_in(child, 1), 1)
        elif tag == _DOWN:
            cell.merged = "restart" if child.get(_VAL) == "restart" else "continue"
        elif tag == _LEFT and child.get(_VAL) != "restart":
            cell.note("merged_left")
        elif tag == _GONE:
            return False
    return True


def bookmark_of(element: XmlElement) -> str:
    """A bookmark's name."""
    return element.get(_NAME) or ""


def whole_number(value: str | None) -> int | None:
    """The number that plain figures give, five at most; None for anything else that a file may hold."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 else None


def number_in(element: XmlElement | None, default: int) -> int:
    """The whole number in an element's value, at most 1000; `default` when there is none."""
    found = None if element is None else whole_number(element.get(_VAL))
    return default if found is None else min(found, 1000)
