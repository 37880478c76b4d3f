"""Filling in a real Word form as somebody in Word would: into its cells, lists and drop-downs.

Knows the marks of a form (word/package/marks.py) and nothing of what is written.
"""

import copy
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import cached_property

import docx
from lxml import etree

from peer_challenge.word.package.marks import column_of, field_of, is_row, row_bookmark
from peer_challenge.word.package.write_zip import write_zip

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BODY = "word/document.xml"
_PROPERTIES = "docProps/custom.xml"
_PROPERTY = re.compile(r'name="(PeerChallenge\w+)"[^>]*>\s*<vt:\w+[^>]*>([^<]*)<')
_KEPT = ("pPr", "bookmarkStart", "bookmarkEnd", "permStart", "permEnd")
_ENDS = ("bookmarkEnd", "permEnd")


def q(name: str) -> str:
    """The qualified name of a WordprocessingML element or attribute."""
    return f"{{{W}}}{name}"


def marks_of(form: bytes) -> dict[str, str]:
    """The form's identity, by the names of its custom document properties."""
    with zipfile.ZipFile(io.BytesIO(form)) as package:
        if _PROPERTIES not in package.namelist():
            return {}
        return dict(_PROPERTY.findall(package.read(_PROPERTIES).decode("utf-8")))


class Sheet:
    """A form laid open: its cells by row and column, its particulars by field.

    Changes are made to the document's own XML, so whatever the form carries stays in it.
    """

    def __init__(self, form: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(form)) as package:
            self._parts = {name: package.read(name) for name in package.namelist()}
        self.root = etree.fromstring(self._parts[_BODY])
        self._columns: dict[etree._Element, dict[str, int]] = {}

    @cached_property
    def _rows(self) -> dict[str, etree._Element]:
        return {mark: row for mark, start in self._bookmarks(is_row) if (row := _up(start, "tr")) is not None}

    @cached_property
    def _fields(self) -> dict[str, etree._Element]:
        marked = self._bookmarks(lambda mark: field_of(mark) is not None)
        return {str(field_of(mark)): cell for mark, start in marked if (cell := _up(start, "tc")) is not None}

    def _bookmarks(self, wanted: Callable[[str], bool]) -> Iterator[tuple[str, etree._Element]]:
        for start in self.root.iter(q("bookmarkStart")):
            if wanted(start.get(q("name"), "")):
                yield start.get(q("name"), ""), start

    def has(self, address: str) -> bool:
        """Whether the form has a row for a sub-heading or item."""
        return row_bookmark(address) in self._rows

    def row(self, address: str) -> etree._Element:
        """The row of a sub-heading or item. Raises KeyError where the form has none."""
        return self._rows[row_bookmark(address)]

    def cell(self, address: str, column: str) -> etree._Element:
        """The cell of a row and column. Raises KeyError where the form has none."""
        row = self.row(address)
        table = _up(row, "tbl")
        if table not in self._columns:
            self._columns[table] = _columns_of(table)
        return _cell_at(row, self._columns[table][column])

    def text(self, address: str, column: str) -> str:
        """What a cell says, its paragraphs on lines of their own."""
        return text_of(self.cell(address, column))

    def write(self, address: str, column: str, text: str, *, is_soft: bool = False) -> None:
        """Put `text` into a cell; see `fill`."""
        fill(self.cell(address, column), text, is_soft=is_soft)

    def field(self, field: str) -> str | None:
        """What a particular says, or None where the form has no such field."""
        return text_of(self._fields[field]) if field in self._fields else None

    def write_field(self, field: str, text: str) -> None:
        """Fill in a particular, if the form has it."""
        if field in self._fields:
            fill(self._fields[field], text)

    def saved(self, *, by_python_docx: bool = False) -> bytes:
        """The filled-in document; the same bytes for the same content."""
        body = etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", standalone=True)
        package = write_zip({**self._parts, _BODY: body}.items())
        return _resaved(package) if by_python_docx else package


def fill(cell: etree._Element, text: str, *, is_soft: bool = False) -> None:
    """Replace what a cell says. Lines become paragraphs, or line breaks in one when `is_soft`.

    What is written goes inside the cell's content control where it has one, as Word would have it;
    a control for one paragraph takes line breaks only.
    """
    _leave_placeholder(cell)
    _leave_list(cell, text)
    first, rest = _paragraphs(cell)
    for paragraph in rest:
        _remove(paragraph, keep_marks_in=first)
    _clear(first)
    if is_soft or "\n" not in text or next(first.iter(q("sdt")), None) is not None:
        _add_run(first, text)
        return
    lines = text.split("\n")
    _add_run(first, lines[0])
    last = first
    for line in lines[1:]:
        last = _paragraph_after(last, line)
    _move_ends(first, last)


def _paragraphs(cell: etree._Element) -> tuple[etree._Element, list[etree._Element]]:
    """The cell's paragraph to write in, and those beside it; a control around paragraphs is the cell."""
    control = cell.find(f"{q('sdt')}/{q('sdtContent')}")
    within = cell if control is None else control
    first, *rest = (p for p in within.iter(q("p")) if _up(p, "tc") is cell)
    return first, rest


def _leave_list(cell: etree._Element, text: str) -> None:
    """Put plain text in the place of a drop-down that does not offer `text`, as pasting over it does."""
    for control in list(cell.iter(q("sdt"))):
        offered = [item.get(q("displayText"), "") for item in control.iter(q("listItem"))]
        if offered and text and text not in offered:
            content = control.find(q("sdtContent"))
            for child in list(content):
                control.addprevious(child)
            control.getparent().remove(control)


def text_of(cell: etree._Element) -> str:
    """What a cell says, placeholders left out."""
    if any(True for _ in cell.iter(q("showingPlcHdr"))):
        return ""
    lines = []
    for paragraph in cell.iter(q("p")):
        pieces = (_piece(node) for node in paragraph.iter(q("t"), q("br"), q("tab")))
        lines.append("".join(pieces))
    return "\n".join(lines).strip()


def _piece(node: etree._Element) -> str:
    if node.tag == q("t"):
        return node.text or ""
    return "" if _up(node, "pPr") is not None else "\n" if node.tag == q("br") else "\t"


def run(text: str, like: etree._Element | None = None) -> etree._Element:
    """A run of `text`, formatted as the run `like`; tabs and line breaks as Word has them."""
    made = etree.Element(q("r"))
    properties = like.find(q("rPr")) if like is not None else None
    if properties is not None:
        made.append(_plain(properties))
    for n, line in enumerate(text.split("\n")):
        if n:
            etree.SubElement(made, q("br"))
        for m, piece in enumerate(line.split("\t")):
            if m:
                etree.SubElement(made, q("tab"))
            if piece:
                node = etree.SubElement(made, q("t"))
                node.text = piece
                node.set(XML_SPACE, "preserve")
    return made


def _plain(properties: etree._Element) -> etree._Element:
    """A copy of a run's formatting without the look of a placeholder."""
    copied = copy.deepcopy(properties)
    for style in copied.findall(q("rStyle")):
        if "laceholder" in style.get(q("val"), ""):
            copied.remove(style)
    return copied


def _leave_placeholder(cell: etree._Element) -> None:
    for shown in list(cell.iter(q("showingPlcHdr"))):
        shown.getparent().remove(shown)


def _clear(paragraph: etree._Element) -> None:
    """Empty a paragraph but for its layout and marks; a content control in it stays, with one run."""
    control = next(paragraph.iter(q("sdt")), None)
    if control is None:
        _strip(paragraph)
        return
    content = control.find(q("sdtContent"))
    runs = list(content.iter(q("r")))
    for child in list(content):
        content.remove(child)
    content.append(runs[0] if runs else etree.Element(q("r")))
    for node in content[0]:
        if node.tag != q("rPr"):
            content[0].remove(node)


def _strip(paragraph: etree._Element) -> None:
    for child in list(paragraph):
        if etree.QName(child).localname not in _KEPT:
            paragraph.remove(child)


def _add_run(paragraph: etree._Element, text: str) -> None:
    control = next(paragraph.iter(q("sdt")), None)
    if control is not None:
        content = control.find(q("sdtContent"))
        content.replace(content[0], run(text, content[0]))
        return
    ends = next((child for child in paragraph if etree.QName(child).localname in _ENDS), None)
    made = run(text)
    if ends is None:
        paragraph.append(made)
    else:
        ends.addprevious(made)


def _paragraph_after(paragraph: etree._Element, text: str) -> etree._Element:
    made = etree.Element(q("p"))
    layout = paragraph.find(q("pPr"))
    if layout is not None:
        made.append(copy.deepcopy(layout))
    model = next(paragraph.iter(q("r")), None)
    made.append(run(text, model))
    paragraph.addnext(made)
    return made


def _move_ends(first: etree._Element, last: etree._Element) -> None:
    for child in [child for child in first if etree.QName(child).localname in _ENDS]:
        last.append(child)


def _remove(paragraph: etree._Element, keep_marks_in: etree._Element) -> None:
    for child in list(paragraph):
        if etree.QName(child).localname in _KEPT[1:]:
            keep_marks_in.append(child)
    paragraph.getparent().remove(paragraph)


def _up(node: etree._Element, name: str) -> etree._Element | None:
    return next(node.iterancestors(q(name)), None)


def _columns_of(table: etree._Element) -> dict[str, int]:
    """Where each column of a table stands, counted in grid columns from 0."""
    found = {}
    for start in table.iter(q("bookmarkStart")):
        column = column_of(start.get(q("name"), ""))
        cell = _up(start, "tc")
        if column and cell is not None and column not in found:
            found[column] = _position(cell)
    return found


def _position(cell: etree._Element) -> int:
    row = _up(cell, "tr")
    before = 0
    for other in _cells(row):
        if other is cell:
            break
        before += _span(other)
    return before


def _cell_at(row: etree._Element, position: int) -> etree._Element:
    before = 0
    for cell in _cells(row):
        if before <= position < before + _span(cell):
            return cell
        before += _span(cell)
    raise KeyError(position)


def _cells(row: etree._Element | None) -> Iterator[etree._Element]:
    if row is not None:
        for cell in row.iter(q("tc")):
            if _up(cell, "tr") is row:
                yield cell


def _span(cell: etree._Element) -> int:
    span = cell.find(f"{q('tcPr')}/{q('gridSpan')}")
    return int(span.get(q("val"), "1")) if span is not None else 1


def _resaved(package: bytes) -> bytes:
    """The package as python-docx saves it: other parts' order, other namespaces, same text."""
    out = io.BytesIO()
    docx.Document(io.BytesIO(package)).save(out)
    with zipfile.ZipFile(out) as saved:
        return write_zip((name, saved.read(name)) for name in saved.namelist())
