"""Filling in a real Word form as a person in Word would: into its cells, lists and drop-downs.

This module knows the marks of a form (word/package/marks.py) and nothing about the texts.
"""

import copy
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import cached_property

import docx
from lxml import etree

from peer_challenge.word.package.marks import (
    is_row_bookmark,
    read_marked_column,
    read_marked_field,
    row_bookmark,
)
from peer_challenge.word.package.write_zip import write_zip
from peer_challenge.word.package.xml_element import (
    XmlElement,
    remove_from_parent,
    require_ancestor,
    require_child,
)

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BODY = "word/document.xml"
_PROPERTIES = "docProps/custom.xml"
_PROPERTY = re.compile(r'name="(PeerChallenge\w+)"[^>]*>\s*<vt:\w+[^>]*>([^<]*)<')
_KEPT = ("pPr", "bookmarkStart", "bookmarkEnd", "permStart", "permEnd")
_ENDS = ("bookmarkEnd", "permEnd")


def qualify_name(name: str) -> str:
    """The qualified name of a WordprocessingML element or attribute."""
    return f"{{{W}}}{name}"


def read_marks_of_form(form: bytes) -> dict[str, str]:
    """The form's identity, by the names of its custom document properties."""
    with zipfile.ZipFile(io.BytesIO(form)) as package:
        if _PROPERTIES not in package.namelist():
            return {}
        return dict(_PROPERTY.findall(package.read(_PROPERTIES).decode("utf-8")))


class Sheet:
    """A form taken apart: its cells by row and column, its particulars by field.

    Changes are made to the document's own XML, so everything else in the form stays in it.
    """

    def __init__(self, form: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(form)) as package:
            self._parts = {name: package.read(name) for name in package.namelist()}
        self.root = etree.fromstring(self._parts[_BODY])
        self._columns: dict[XmlElement, dict[str, int]] = {}

    @cached_property
    def _rows_by_bookmark(self) -> dict[str, XmlElement]:
        return {
            mark: row
            for mark, start in self._find_bookmarks(is_row_bookmark)
            if (row := _find_ancestor(start, "tr")) is not None
        }

    @cached_property
    def _cells_by_field(self) -> dict[str, XmlElement]:
        marked = self._find_bookmarks(lambda mark: read_marked_field(mark) is not None)
        return {
            str(read_marked_field(mark)): cell
            for mark, start in marked
            if (cell := _find_ancestor(start, "tc")) is not None
        }

    def _find_bookmarks(self, wanted: Callable[[str], bool]) -> Iterator[tuple[str, XmlElement]]:
        for start in self.root.iter(qualify_name("bookmarkStart")):
            if wanted(start.get(qualify_name("name"), "")):
                yield start.get(qualify_name("name"), ""), start

    def has(self, address: str) -> bool:
        """Whether the form has a row for a sub-heading or item."""
        return row_bookmark(address) in self._rows_by_bookmark

    def row(self, address: str) -> XmlElement:
        """The row of a sub-heading or item. Raises KeyError where the form has none."""
        return self._rows_by_bookmark[row_bookmark(address)]

    def cell(self, address: str, column: str) -> XmlElement:
        """The cell of a row and column. Raises KeyError where the form has none."""
        row = self.row(address)
        table = require_ancestor(row, qualify_name("tbl"))
        if table not in self._columns:
            self._columns[table] = _columns_of(table)
        return _find_cell_at_position(row, self._columns[table][column])

    def text(self, address: str, column: str) -> str:
        """The text of a cell, with each paragraph on its own line."""
        return read_cell_text(self.cell(address, column))

    def write(self, address: str, column: str, text: str, *, is_soft: bool = False) -> None:
        """Replace the text of a cell; see `replace_cell_text`."""
        replace_cell_text(self.cell(address, column), text, is_soft=is_soft)

    def field(self, field: str) -> str | None:
        """The text of a particular, or None if the form has no such field."""
        return read_cell_text(self._cells_by_field[field]) if field in self._cells_by_field else None

    def write_field(self, field: str, text: str) -> None:
        """Fill in a particular, if the form has it."""
        if field in self._cells_by_field:
            replace_cell_text(self._cells_by_field[field], text)

    def saved(self, *, by_python_docx: bool = False) -> bytes:
        """The filled-in document as bytes. The same content gives the same bytes."""
        body = etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", standalone=True)
        package = write_zip({**self._parts, _BODY: body}.items())
        return _resave_with_docx(package) if by_python_docx else package


def replace_cell_text(cell: XmlElement, text: str, *, is_soft: bool = False) -> None:
    """Replace the text of a cell. Lines become paragraphs, or line breaks in one paragraph when `is_soft`.

    If the cell has a content control, the text goes inside it, as in Word. A control for one paragraph
    takes line breaks only.
    """
    _leave_placeholder(cell)
    _leave_list(cell, text)
    first, rest = _find_paragraphs(cell)
    for paragraph in rest:
        _remove_paragraph(paragraph, keep_marks_in=first)
    _clear_paragraph(first)
    if is_soft or "\n" not in text or next(first.iter(qualify_name("sdt")), None) is not None:
        _append_text_run(first, text)
        return
    lines = text.split("\n")
    _append_text_run(first, lines[0])
    last = first
    for line in lines[1:]:
        last = _paragraph_after(last, line)
    _move_ends(first, last)


def track_change(cell: XmlElement, text: str, *, by: str) -> None:
    """Write `text` over a cell's own as Word does while it tracks changes: both stay, with who did it."""
    paragraphs = list(cell.iter(qualify_name("p")))
    for paragraph in paragraphs:
        for run in list(paragraph.iter(qualify_name("r"))):
            deleted = _make_change("del", by)
            run.addprevious(deleted)
            deleted.append(run)
            for piece in run.iter(qualify_name("t")):
                piece.tag = qualify_name("delText")
    inserted = _make_change("ins", by)
    inserted.append(make_text_run(text))
    paragraphs[0].append(inserted)


def _make_change(name: str, by: str) -> XmlElement:
    """A tracked change of Word's, to put runs into."""
    made = etree.Element(qualify_name(name))
    for attribute, value in (("id", "9001"), ("author", by), ("date", "2027-05-24T10:00:00Z")):
        made.set(qualify_name(attribute), value)
    return made


def _find_paragraphs(cell: XmlElement) -> tuple[XmlElement, list[XmlElement]]:
    """The cell's paragraph to write in, and those beside it; a control around paragraphs is the cell."""
    control = cell.find(f"{qualify_name('sdt')}/{qualify_name('sdtContent')}")
    within = cell if control is None else control
    first, *rest = (p for p in within.iter(qualify_name("p")) if _find_ancestor(p, "tc") is cell)
    return first, rest


def _leave_list(cell: XmlElement, text: str) -> None:
    """Put plain text in the place of a drop-down that does not offer `text`, as pasting over it does."""
    for control in list(cell.iter(qualify_name("sdt"))):
        offered = [
            item.get(qualify_name("displayText"), "") for item in control.iter(qualify_name("listItem"))
        ]
        if offered and text and text not in offered:
            content = require_child(control, qualify_name("sdtContent"))
            for child in list(content):
                control.addprevious(child)
            remove_from_parent(control)


def read_cell_text(cell: XmlElement) -> str:
    """The text of a cell, without placeholders."""
    if any(True for _ in cell.iter(qualify_name("showingPlcHdr"))):
        return ""
    lines = []
    for paragraph in cell.iter(qualify_name("p")):
        pieces = (
            _read_text_piece(node)
            for node in paragraph.iter(qualify_name("t"), qualify_name("br"), qualify_name("tab"))
        )
        lines.append("".join(pieces))
    return "\n".join(lines).strip()


def _read_text_piece(node: XmlElement) -> str:
    if node.tag == qualify_name("t"):
        return node.text or ""
    return "" if _find_ancestor(node, "pPr") is not None else "\n" if node.tag == qualify_name("br") else "\t"


def make_text_run(text: str, like: XmlElement | None = None) -> XmlElement:
    """A run of `text`, formatted like the run `like`, with tabs and line breaks in Word's form."""
    made = etree.Element(qualify_name("r"))
    properties = like.find(qualify_name("rPr")) if like is not None else None
    if properties is not None:
        made.append(_copy_plain_format(properties))
    for n, line in enumerate(text.split("\n")):
        if n:
            etree.SubElement(made, qualify_name("br"))
        for m, piece in enumerate(line.split("\t")):
            if m:
                etree.SubElement(made, qualify_name("tab"))
            if piece:
                node = etree.SubElement(made, qualify_name("t"))
                node.text = piece
                node.set(XML_SPACE, "preserve")
    return made


def _copy_plain_format(properties: XmlElement) -> XmlElement:
    """A copy of a run's formatting without the look of a placeholder."""
    copied = copy.deepcopy(properties)
    for style in copied.findall(qualify_name("rStyle")):
        if "laceholder" in style.get(qualify_name("val"), ""):
            copied.remove(style)
    return copied


def _leave_placeholder(cell: XmlElement) -> None:
    for shown in list(cell.iter(qualify_name("showingPlcHdr"))):
        remove_from_parent(shown)


def _clear_paragraph(paragraph: XmlElement) -> None:
    """Empty a paragraph but for its layout and marks; a content control in it stays, with one run."""
    control = next(paragraph.iter(qualify_name("sdt")), None)
    if control is None:
        _remove_contents(paragraph)
        return
    content = require_child(control, qualify_name("sdtContent"))
    runs = list(content.iter(qualify_name("r")))
    for child in list(content):
        content.remove(child)
    content.append(runs[0] if runs else etree.Element(qualify_name("r")))
    for node in content[0]:
        if node.tag != qualify_name("rPr"):
            content[0].remove(node)


def _remove_contents(paragraph: XmlElement) -> None:
    for child in list(paragraph):
        if etree.QName(child).localname not in _KEPT:
            paragraph.remove(child)


def _append_text_run(paragraph: XmlElement, text: str) -> None:
    control = next(paragraph.iter(qualify_name("sdt")), None)
    if control is not None:
        content = require_child(control, qualify_name("sdtContent"))
        content.replace(content[0], make_text_run(text, content[0]))
        return
    ends = next((child for child in paragraph if etree.QName(child).localname in _ENDS), None)
    made = make_text_run(text)
    if ends is None:
        paragraph.append(made)
    else:
        ends.addprevious(made)


def _paragraph_after(paragraph: XmlElement, text: str) -> XmlElement:
    made = etree.Element(qualify_name("p"))
    layout = paragraph.find(qualify_name("pPr"))
    if layout is not None:
        made.append(copy.deepcopy(layout))
    model = next(paragraph.iter(qualify_name("r")), None)
    made.append(make_text_run(text, model))
    paragraph.addnext(made)
    return made


def _move_ends(first: XmlElement, last: XmlElement) -> None:
    for child in [child for child in first if etree.QName(child).localname in _ENDS]:
        last.append(child)


def _remove_paragraph(paragraph: XmlElement, keep_marks_in: XmlElement) -> None:
    for child in list(paragraph):
        if etree.QName(child).localname in _KEPT[1:]:
            keep_marks_in.append(child)
    remove_from_parent(paragraph)


def _find_ancestor(node: XmlElement, name: str) -> XmlElement | None:
    return next(node.iterancestors(qualify_name(name)), None)


def _columns_of(table: XmlElement) -> dict[str, int]:
    """The position of each column of a table, counted in grid columns from 0."""
    found = {}
    for start in table.iter(qualify_name("bookmarkStart")):
        column = read_marked_column(start.get(qualify_name("name"), ""))
        cell = _find_ancestor(start, "tc")
        if column and cell is not None and column not in found:
            found[column] = _find_grid_position(cell)
    return found


def _find_grid_position(cell: XmlElement) -> int:
    row = _find_ancestor(cell, "tr")
    before = 0
    for other in _list_own_cells(row):
        if other is cell:
            break
        before += _read_grid_span(other)
    return before


def _find_cell_at_position(row: XmlElement, position: int) -> XmlElement:
    before = 0
    for cell in _list_own_cells(row):
        if before <= position < before + _read_grid_span(cell):
            return cell
        before += _read_grid_span(cell)
    raise KeyError(position)


def _list_own_cells(row: XmlElement | None) -> Iterator[XmlElement]:
    if row is not None:
        for cell in row.iter(qualify_name("tc")):
            if _find_ancestor(cell, "tr") is row:
                yield cell


def _read_grid_span(cell: XmlElement) -> int:
    span = cell.find(f"{qualify_name('tcPr')}/{qualify_name('gridSpan')}")
    return int(span.get(qualify_name("val"), "1")) if span is not None else 1


def _resave_with_docx(package: bytes) -> bytes:
    """The package as python-docx saves it: other parts' order, other namespaces, same text."""
    out = io.BytesIO()
    docx.Document(io.BytesIO(package)).save(out)
    with zipfile.ZipFile(out) as saved:
        return write_zip((name, saved.read(name)) for name in saved.namelist())
