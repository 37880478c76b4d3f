"""Edits of real filled forms, as people and programs make them: in the XML of cells, rows and the body."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from lxml import etree

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.vocabulary import Kind
from peer_challenge.rehearsal.handwriting import Sheet
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.package.namespaces import TBL, w
from peer_challenge.word.package.xml_element import XmlElement
from tests.factories import a_cycle, a_filled
from tests.unit.word_reading.builder import p, part

PLACES = {
    Kind.SELF_ASSESSMENT: ("leadership/lead-partners", "strengths"),
    Kind.ANALYSIS: ("leadership/delegated-partners", "commentary"),
    Kind.RESPONSE: ("leadership/delegated-partners", "response"),
    Kind.CHAIR_RECORD: ("strength/1", "text"),
    Kind.ACTION_PLAN: ("development/1", "action"),
    Kind.PROGRESS_REPORT: ("development/1", "evidence"),
}
"""A cell of each form that its sender fills in."""


@cache
def known_cycle() -> Known:
    """The fictional cycle of the filled forms, and every framework."""
    return Known(shipped_frameworks(), {a_cycle().id: a_cycle()})


def read_form(data: bytes) -> Reading:
    return read_document(data, known_cycle())


@cache
def read_as_filled(kind: Kind) -> Reading:
    """The form of a kind as it was filled in, before any edit."""
    return read_form(a_filled(kind))


def cells_of(reading: Reading) -> dict[tuple[str, str], str | None]:
    """Every answer by its place."""
    rows = [*reading.rows, *reading.items]
    return {
        (str(row.get("address") or row["subheading"]), column): said
        for row in rows
        for column, said in row.items()
    }


def xml(content: str) -> list[XmlElement]:
    """The elements of a piece of a body's XML."""
    root = etree.fromstring(part("body", content).encode())
    return list(root)


def fill(cell: XmlElement, content: str) -> None:
    """Put XML in place of what a cell holds."""
    for child in list(cell):
        if child.tag != w("tcPr"):
            cell.remove(child)
    cell.extend(xml(content))


def table_of(sheet: Sheet, address: str) -> XmlElement:
    return next(sheet.row(address).iterancestors(TBL))


def table_with(sheet: Sheet, kind: Kind) -> XmlElement:
    """The table in which the place of this kind of form is."""
    return table_of(sheet, PLACES[kind][0])


def rows_of(table: XmlElement) -> list[XmlElement]:
    return table.findall(w("tr"))


def cells_in(row: XmlElement) -> list[XmlElement]:
    return row.findall(w("tc"))


def field_cell(sheet: Sheet, name: str) -> XmlElement:
    """The cell of a particular."""
    return sheet._cells_by_field[name]


def row_like(row: XmlElement, *texts: str) -> XmlElement:
    """A new row of the same shape, without the marks of the old one."""
    new = copy.deepcopy(row)
    for mark in list(new.iter(w("bookmarkStart"), w("bookmarkEnd"))):
        mark.getparent().remove(mark)
    for cell, text in zip(cells_in(new), texts, strict=True):
        fill(cell, p(text) if text else "<w:p/>")
    return new


def row_across(columns: int, text: str) -> XmlElement:
    """A row of one cell across a table of so many columns."""
    return xml(f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="{columns}"/></w:tcPr>{p(text)}</w:tc></w:tr>')[0]


def with_part(sheet: Sheet, name: str, content: bytes) -> None:
    """Put another part into the form's package."""
    sheet._parts[name] = content


Edit = Callable[[Sheet], object]


@dataclass(frozen=True)
class Habit:
    """One way to fill in a form: the right cells, the right findings, and what is kept apart.

    `changed` are the cells that differ from the form as it was filled in; None is one that is gone.
    """

    kind: Kind
    edit: Edit
    changed: dict[tuple[str, str], str | None] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    kept: tuple[str, ...] = ()


def edit_form(habit: Habit) -> bytes:
    """The filled form with the habit's edit."""
    sheet = Sheet(a_filled(habit.kind))
    habit.edit(sheet)
    return sheet.saved()
