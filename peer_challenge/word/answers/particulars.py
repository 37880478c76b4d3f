"""Finding the particulars of a form, outside its tables of rows: by their marks, else by their labels."""

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.form.forms import FORMS
from peer_challenge.word.package.marks import field_of
from peer_challenge.word.text.content import Cell, Row, Table


class Particulars:
    """The particulars of a form of a kind: `cells` by field, and whether any had its mark."""

    def __init__(self, kind: Kind | None) -> None:
        self.cells: dict[str, list[Cell]] = {}
        self.has_marks = False
        self._wanted = {_plain(field.label): field.id for field in (FORMS[kind].fields if kind else ())}

    def find(self, tables: Iterable[Table], schedule: Collection[int]) -> None:
        """Look through tables, for marks first; in those whose ids `schedule` holds only marks count."""
        tables = list(tables)
        for table in tables:
            for row in table.rows:
                self._find_marked(row)
        for table in tables:
            if id(table) not in schedule:
                for row in table.rows:
                    self._find_labelled(row)
                self._find_crossing(table)

    def _find_marked(self, row: Row) -> None:
        for cell in row.cells:
            for name in _fields_in(cell) if cell.bookmarks else ():
                self.has_marks = True
                self.cells.setdefault(name, [cell])

    def _find_labelled(self, row: Row) -> None:
        """A field stands beside its label, where neither is marked."""
        for cell, beside in pairwise(row.cells):
            name = None if _fields_in(cell) else self._wanted.get(_plain(cell.text))
            if name and not any(_fields_in(beside)):
                self.cells.setdefault(name, [beside])

    def _find_crossing(self, table: Table) -> None:
        """A field whose mark is gone stands where a partner's row meets the column of what is asked of it."""
        asked = {cell.column: cell.text for cell in table.rows[0].cells} if table.rows else {}
        for row in table.rows[1:]:
            who = row.cells[0].text if row.cells else ""
            for cell in row.cells[1:]:
                name = self._wanted.get(_plain(f"{asked.get(cell.column, '')} {who}"))
                if name and not _fields_in(cell):
                    self.cells.setdefault(name, [cell])


def _fields_in(cell: Cell) -> Sequence[str]:
    """The particulars that a cell's marks name."""
    marks = cell.bookmarks
    return marks and [name for mark in marks if (name := field_of(mark)) is not None]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
