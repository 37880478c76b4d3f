"""Finding the particulars of a form outside its main tables: by their marks, else by their labels."""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from peer_challenge.model.names_alike import make_organisation_key
from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.form.forms import FORMS, PARTNERS
from peer_challenge.word.package.marks import read_marked_field
from peer_challenge.word.text.content import Cell, Row, Table


class Particulars:
    """The particulars of a kind of form: `cells` by field, and whether any of them had its mark."""

    def __init__(self, kind: Kind | None) -> None:
        self.cells: dict[str, list[Cell]] = {}
        self.has_marks = False
        self._wanted = {
            _normalise_label(label): field.id
            for field in (FORMS[kind].fields if kind else ())
            for label in (field.label, *field.old_labels)
        }

    def find(self, tables: Iterable[Table], schedule: Collection[int]) -> None:
        """Look for particulars in tables, by their marks first.

        In the tables whose ids are in `schedule`, only marks count.
        """
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
        """Find fields in the cell beside their label, where neither cell is marked."""
        for cell, beside in pairwise(row.cells):
            name = None if _fields_in(cell) else self._wanted.get(_normalise_label(cell.text))
            if name and not any(_fields_in(beside)):
                self.cells.setdefault(name, [beside])

    def _find_crossing(self, table: Table) -> None:
        """Find fields without a mark where the row of a partner meets the column of a question."""
        asked = {cell.column: cell.text for cell in table.rows[0].cells} if table.rows else {}
        for row in table.rows[1:]:
            who = row.cells[0].text if row.cells else ""
            for cell in row.cells[1:]:
                question = asked.get(cell.column, "")
                name = self._find_field(f"{question} {who}") or self._find_field(
                    f"{question} {_find_partner(who)}"
                )
                if name and not _fields_in(cell):
                    self.cells.setdefault(name, [cell])

    def _find_field(self, label: str) -> str | None:
        return self._wanted.get(_normalise_label(label))


_OF_PARTNERS = {"local_authority": {"council", "authority", "borough"}, "icb": {"icb"}, "police": {"police"}}
"""Words of the names of organisations, as make_organisation_key gives them, by the partner that they are."""
_NAME = re.compile(r"[^():;\n]{1,70}")
"""No remark behind it, and no longer than the longest names of boards."""


@lru_cache(maxsize=256)
def _find_partner(name: str) -> str:
    """The partner that "Wolds Constabulary" is by its words; "" for none, several, or a remark."""
    words = set(make_organisation_key(name).split()) if _NAME.fullmatch(name) else set()
    found = [partner for partner, own in _OF_PARTNERS.items() if words & own]
    return PARTNERS[found[0]] if len(found) == 1 else ""


def _fields_in(cell: Cell) -> Sequence[str]:
    """The particulars that a cell's marks name."""
    marks = cell.bookmarks
    return marks and [name for mark in marks if (name := read_marked_field(mark)) is not None]


def _normalise_label(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
