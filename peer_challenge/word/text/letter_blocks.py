"""The words of a finished letter, in order: what an email says in place of the letter itself.

They are read from the filled letter and not from what filled it, so that a template of the office's own
counts as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from peer_challenge.word.package.namespaces import w
from peer_challenge.word.package.reading_limits import Limits
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.text.content import Paragraph, Table
from peer_challenge.word.text.open_document import open_document

_PROPERTIES, _STYLE, _NAME, _VAL = w("pPr"), w("pStyle"), w("name"), w("val")
_LETTERHEAD = ("subtitle", "particular", "marking")
"""The styles, at a letter's top, of what an email has in its headers: addressee, sender, day, marking."""


class BlockKind(StrEnum):
    """What a part of a letter is."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    BULLET = "bullet"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class LetterBlock:
    """A part of a letter: its text, or for a table its rows of texts, the headings first."""

    kind: BlockKind
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def read_letter_blocks(data: bytes) -> list[LetterBlock]:
    """The title and the words of a letter of ours, a .docx, in order, without its letterhead.

    Raises Unreadable where the bytes are not those of a Word document.
    """
    document = open_document(data, Limits())
    styles = document.styles.by_id
    found: list[LetterBlock] = []
    is_letterhead = True
    for block in document.body.blocks:
        made, style = _make_block(block, styles)
        if made is None or (is_letterhead and style in _LETTERHEAD):
            continue
        is_letterhead = is_letterhead and made.kind is BlockKind.TITLE
        found.append(made)
    return found


def _make_block(block: Paragraph | Table, styles: Mapping[str, XmlElement]) -> tuple[LetterBlock | None, str]:
    """A paragraph or table as a block, with the name of its style; None for an empty one."""
    if isinstance(block, Table):
        rows = tuple(tuple(" ".join(cell.text.split()) for cell in row.cells) for row in block.rows)
        return (LetterBlock(BlockKind.TABLE, rows=rows) if any(map(any, rows)) else None), ""
    style = _read_style_name(block.element, styles)
    # a particular is its label, a tab and what it is; a question its number, a tab and its place
    written = block.text.replace("\t", ": ", 1) if style == "particular" else block.text
    text = " ".join(written.split())
    return (LetterBlock(_find_kind(style), text) if text else None), style


def _find_kind(style: str) -> BlockKind:
    if style == "title":
        return BlockKind.TITLE
    if style.startswith("heading"):
        return BlockKind.HEADING
    return BlockKind.BULLET if style.startswith("list") else BlockKind.TEXT


def _read_style_name(element: XmlElement | None, styles: Mapping[str, XmlElement]) -> str:
    """The name of a paragraph's style in small letters; "" for a paragraph without one."""
    properties = element.find(_PROPERTIES) if element is not None else None
    style = properties.find(_STYLE) if properties is not None else None
    known = styles.get(style.get(_VAL) or "") if style is not None else None
    name = known.find(_NAME) if known is not None else None
    return (name.get(_VAL) or "").lower() if name is not None else ""
