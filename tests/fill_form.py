"""Filling in a form as somebody at Word would: for rehearsals, previews and tests."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from peer_challenge.word.package.marks import field_bookmark, read_marked_column, row_bookmark
from peer_challenge.word.package.write_zip import write_zip
from peer_challenge.word.package.xml_text import make_xml_safe

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_MAIN = "word/document.xml"
_MARKS = tuple(f"{_W}{what}{end}" for what in ("bookmark", "perm") for end in ("Start", "End"))
BULLET = "• "
"""A line of a narrative that begins so is written as an item of a list."""

Key = str | tuple[str, str]


def fill_form(data: bytes, values: Mapping[Key, str]) -> bytes:
    """The form `data` with `values` typed into its cells; the same arguments give the same bytes.

    A key is (address, column) for a cell of a row ("leadership/equal-duty", "strengths"), or a
    field's id ("signed_on_police") for a particular. A text's lines become paragraphs, those that
    begin with "• " items of a list; a cell with a list to choose from takes a choice's value or its
    words, and any other text as it is. Raises KeyError for a place that the form doesn't have.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    root = etree.fromstring(parts[_MAIN], etree.XMLParser(resolve_entities=False, huge_tree=True))
    places = _Places(root)
    for key, text in values.items():
        _type(places.cell(key), make_xml_safe(text))
    parts[_MAIN] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return write_zip(parts.items())


class _Places:
    """Where the cells of a form are, by its marks."""

    def __init__(self, root: Any) -> None:
        self._marked = {mark.get(f"{_W}name"): mark for mark in root.iter(f"{_W}bookmarkStart")}
        self._columns: dict[Any, dict[str, int]] = {}

    def cell(self, key: Key) -> Any:
        """The cell that `key` names."""
        address, column = (key, "") if isinstance(key, str) else key
        if not column:
            return _ancestor(self._marked[field_bookmark(address)], "tc")
        mark = self._marked[row_bookmark(address)]
        row, table = _ancestor(mark, "tr"), _ancestor(mark, "tbl")
        if table not in self._columns:
            self._columns[table] = dict(_columns(table))
        return [*_cells(row)][self._columns[table][column]]


def _columns(table: Any) -> Iterator[tuple[str, int]]:
    for number, cell in enumerate(_cells(next(table.iter(f"{_W}tr")))):
        for mark in cell.iter(f"{_W}bookmarkStart"):
            if (column := read_marked_column(mark.get(f"{_W}name"))) is not None:
                yield column, number


def _cells(row: Any) -> Iterator[Any]:
    return (cell for cell in row.iter(f"{_W}tc") if _ancestor(cell, "tr") is row)


def _ancestor(element: Any, name: str) -> Any:
    return next(element.iterancestors(f"{_W}{name}"))


def _type(cell: Any, text: str) -> None:
    control = next(cell.iter(f"{_W}sdt"), None)
    if control is None:
        return _write_paragraphs(cell, text)
    properties, content = control.find(f"{_W}sdtPr"), control.find(f"{_W}sdtContent")
    for shown in properties.findall(f"{_W}showingPlcHdr"):
        properties.remove(shown)
    if content.find(f"{_W}p") is not None:
        return _write_paragraphs(content, text)
    for old in list(content):
        if old.tag not in _MARKS:  # somebody who types over an answer leaves the marks in it
            content.remove(old)
    content.append(_run(_chosen(properties, text)))
    return None


def _chosen(properties: Any, text: str) -> str:
    """The words of the choice whose value is `text`, or `text` itself."""
    items = {
        item.get(f"{_W}value"): item.get(f"{_W}displayText") for item in properties.iter(f"{_W}listItem")
    }
    return str(items.get(text, text))


def _write_paragraphs(holder: Any, text: str) -> None:
    """Put a paragraph for each line of `text` in place of those that `holder` has, keeping marks."""
    first = holder.find(f"{_W}p")
    for run in first.findall(f"{_W}r"):
        first.remove(run)
    for extra in holder.findall(f"{_W}p")[1:]:
        holder.remove(extra)
    last = first
    for number, line in enumerate(text.split("\n")):
        if number:
            fresh = etree.Element(f"{_W}p")
            last.addnext(fresh)
            last = fresh
        _write_line(last, line)


def _write_line(paragraph: Any, line: str) -> None:
    is_item = line.startswith(BULLET)
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        properties = etree.Element(f"{_W}pPr")
        paragraph.insert(0, properties)
        etree.SubElement(properties, f"{_W}pStyle")
    if properties.find(f"{_W}pStyle") is not None:
        properties.find(f"{_W}pStyle").set(f"{_W}val", "ListBullet" if is_item else "Answer")
    paragraph.append(_run(line.removeprefix(BULLET)))


def _run(text: str) -> Any:
    run = etree.Element(f"{_W}r")
    for number, line in enumerate(text.split("\n")):
        if number:
            etree.SubElement(run, f"{_W}br")
        for piece, words in enumerate(line.split("\t")):
            if piece:
                etree.SubElement(run, f"{_W}tab")
            if words:
                held = etree.SubElement(run, f"{_W}t")
                held.text = words
                held.set(_SPACE, "preserve")
    return run
