"""What is seen in a Word file: its headings and tables, in their order."""

import re
from collections.abc import Iterator

from peer_challenge.frameworks.outline import (
    BELOW_ALL,
    Outline,
    SeenCell,
    SeenRow,
    SeenTable,
    SeenText,
    UnreadableFile,
    check_size,
)
from peer_challenge.frameworks.quoting import list_places, quote_at
from peer_challenge.word.package.namespaces import w
from peer_challenge.word.package.reading_limits import Limits
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.reader_findings import CODES, Unreadable
from peer_challenge.word.text.content import Cell, Content, Paragraph, Row, Table, all_tables
from peer_challenge.word.text.open_document import Document, open_document

_HEADING = re.compile(r"heading (\d)")
_LIMITS = Limits(max_bytes=10_000_000)
"""A framework is a few pages of text; what makes one larger is pictures, which are not read."""
_HEADER, _RUN, _BOLD, _TEXT = w("trPr") + "/" + w("tblHeader"), w("r"), w("b"), w("t")
_OFF = ("0", "false", "off")
_TOLD = {
    "word.tracked_changes": "It has tracked changes. We read it as if all of them were accepted.",
    "word.margin_comments": "It has comments in its margin. We left them out.",
    "word.notes": "It has footnotes or endnotes. We left them out.",
}
_ASIDE = {
    "hidden": "It has hidden words.",
    "struck": "It has words that are struck through.",
}
"""Why words are no part of the text that is read, and how we say so."""


def read_word_outline(name: str, raw: bytes) -> Outline:
    """What is seen in a .docx file. Raises UnreadableFile."""
    try:
        document = open_document(raw, _LIMITS)
    except Unreadable as why:
        code = CODES[why.code]
        raise UnreadableFile(f"{why.finding().message} {code.remedy}") from None
    notes = tuple(_TOLD[found.code] for found in document.findings if found.code in _TOLD)
    blocks = tuple(_see_blocks(document))
    check_size(blocks)
    return Outline(name, blocks, (*notes, *_tell_of_words_aside(document)))


def _tell_of_words_aside(document: Document) -> Iterator[str]:
    """Notes of hidden words and of those that are struck through: neither is in the text that is read."""
    for reason, words in _ASIDE.items():
        found = [
            quote_at(place, text)
            for place, content in _list_contents(document)
            for why, text in content.aside
            if why == reason
        ]
        if found:
            yield f"{words} We left them out: {list_places(found)}."


def _list_contents(document: Document) -> Iterator[tuple[str, Content]]:
    yield "outside its tables", document.body
    for number, table in enumerate(all_tables(document.body), 1):
        for row_number, row in enumerate(table.rows, 1):
            yield from ((f"table {number}, row {row_number}", cell) for cell in row.cells)


def _see_blocks(document: Document) -> Iterator[SeenText | SeenTable]:
    tables = paragraphs = 0
    for block in document.body.blocks:
        if isinstance(block, Table):
            tables += 1
            yield _see_table(block, tables)
        elif block.text.strip():
            paragraphs += 1
            yield _see_text(document, block, paragraphs)


def _see_text(document: Document, paragraph: Paragraph, number: int) -> SeenText:
    style = ""
    if paragraph.element is not None:
        style = (document.styles.name_of(paragraph.element) or "").casefold()
    found = _HEADING.match(style)
    text = paragraph.text.strip()
    level = int(found[1]) if found else BELOW_ALL if _is_bold_line(text, paragraph.element) else 0
    return SeenText(text, f"paragraph {number}", level, style == "title")


def _is_bold_line(text: str, element: XmlElement | None) -> bool:
    """Whether a short line is all in bold type, as people write a heading without a style."""
    # 120 characters: a heading is a line, and longer bold text is a paragraph that stresses something.
    if element is None or len(text) > 120 or "\n" in text or text.endswith((".", ";", ":", "?")):
        return False
    runs = [run for run in element.iter(_RUN) if any((t.text or "").strip() for t in run.iter(_TEXT))]
    return bool(runs) and all(_is_bold(run) for run in runs)


def _is_bold(run: XmlElement) -> bool:
    mark = run.find(w("rPr") + "/" + _BOLD)
    return mark is not None and mark.get(w("val"), "1") not in _OFF


def _see_table(table: Table, number: int) -> SeenTable:
    rows = tuple(_see_row(row, f"table {number}, row {n}") for n, row in enumerate(table.rows, 1))
    return SeenTable(rows, f"table {number}")


def _see_row(row: Row, place: str) -> SeenRow:
    is_header = row.element.find(_HEADER) is not None
    return SeenRow(tuple(map(_see_cell, row.cells)), place, is_header)


def _see_cell(cell: Cell) -> SeenCell:
    lines = [" ".join(line.split()) for line in cell.text.split("\n")]
    text = "\n".join(line for line in lines if line)
    return SeenCell(text, cell.column, cell.span, cell.merged == "continue")
