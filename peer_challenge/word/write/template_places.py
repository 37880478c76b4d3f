"""Where in a Word template some words are: in which table, row and column, or in its header."""

import io
import zipfile
from collections.abc import Iterator

from lxml import etree

from peer_challenge.system.zip_errors import BROKEN_ZIP
from peer_challenge.word.package.namespaces import P, T, w
from peer_challenge.word.package.safe_xml import parse_made_xml
from peer_challenge.word.package.xml_element import XmlElement

_PARTS = (
    ("word/header", "in the header"),
    ("word/footer", "in the footer"),
    ("word/footnotes", "in a footnote"),
)
_TABLE, _ROW, _CELL = w("tbl"), w("tr"), w("tc")
_DELETED = w("delText")
_STYLE, _VAL = w("pStyle"), w("val")


def describe_place(template: bytes, words: str) -> str:
    """Where the first paragraph with these words is: "in table 2, row 3, column 1"; "" where none is found.

    Rows and columns are counted as Word shows them, those with tags alone among them.
    """
    wanted = _squeeze(words)
    if not wanted:
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as package:
            for name in sorted(
                package.namelist(), key=lambda name: (not name.startswith("word/document"), name)
            ):
                if name.startswith("word/") and name.endswith(".xml"):
                    root = parse_made_xml(package.read(name))
                    for number, paragraph in enumerate(_list_paragraphs(root), 1):
                        if wanted in _squeeze(_read_words(paragraph)):
                            return _describe_paragraph(name, root, paragraph, number)
    except (*BROKEN_ZIP, etree.XMLSyntaxError, OSError):
        return ""
    return ""


def _list_paragraphs(root: XmlElement) -> Iterator[XmlElement]:
    yield from root.iter(P)


def _read_words(paragraph: XmlElement) -> str:
    return "".join(piece.text or "" for piece in paragraph.iter(T, _DELETED))


def _squeeze(words: str) -> str:
    """Words in the form used for comparison: no spaces, plain quotes, tags without what they stand for."""
    plain = words.translate({0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"})
    for stands_for in ("tr", "tc", "p", "r"):
        plain = plain.replace(f"{{%{stands_for} ", "{%").replace(f"{{#{stands_for} ", "{#")
    return "".join(plain.split())


def _describe_paragraph(name: str, root: XmlElement, paragraph: XmlElement, number: int) -> str:
    for beginning, place in _PARTS:
        if name.startswith(beginning):
            return place
    cell = next(paragraph.iterancestors(_CELL), None)
    if cell is None:
        return f"in paragraph {number}" + _name_heading(root, paragraph)
    row = next(cell.iterancestors(_ROW), None)
    table = next(cell.iterancestors(_TABLE), None)
    if row is None or table is None:  # Word writes no such cell, another program may
        return f"in paragraph {number}" + _name_heading(root, paragraph)
    tables = list(root.iter(_TABLE))
    rows, cells = list(table.iter(_ROW)), list(row.iter(_CELL))
    return (
        f"in table {tables.index(table) + 1}, row {rows.index(row) + 1}, column {cells.index(cell) + 1}"
        + _name_heading(root, paragraph)
    )


def _name_heading(root: XmlElement, paragraph: XmlElement) -> str:
    """The heading that a paragraph is under, as " under “What we received”"; "" where there is none."""
    heading = ""
    for one in _list_paragraphs(root):
        if one is paragraph:
            break
        style = next(one.iter(_STYLE), None)
        if style is not None and (style.get(_VAL) or "").startswith(("Heading", "Title")):
            heading = _read_words(one).strip() or heading
    return f" under “{heading[:60]}”" if heading else ""
