"""An independent walk of a document's XML, in another way than the reader's: what must be found again."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from peer_challenge.word.answers.reading import Reading

PARTS = re.compile(r"word/(?:document|header|footer|footnotes|endnotes|comments)\d*\.xml", re.IGNORECASE)
_LEFT_OUT = {
    "del",
    "moveFrom",
    "Fallback",
    "instrText",
    "delText",
    "delInstrText",
    "rt",
    "pPr",
    "rPr",
    "sdtPr",
    "tcPr",
    "trPr",
    "tblPr",
    "tblPrEx",
    "tblGrid",
    "sectPr",
    "rubyPr",
    "smartTagPr",
    "customXmlPr",
    "sdtEndPr",
}
_BREAKS = {
    "tab",
    "br",
    "cr",
    "sym",
    "noBreakHyphen",
    "softHyphen",
    "ptab",
    "txbxContent",
    "drawing",
    "pict",
    "fldChar",
    "ruby",
    "AlternateContent",
    "object",
}


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def is_word(element: ElementTree.Element) -> bool:
    return "wordprocessingml" in element.tag


def typed_pieces(data: bytes, *, is_fine: bool = False) -> Iterator[str]:
    """Every stretch of undeleted text, without spaces, of all parts in which people type.

    A stretch ends where a paragraph or run of another kind does; a fine walk's, with every w:t.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if PARTS.fullmatch(name.lstrip("/")):
                pieces: list[str] = [""]
                _gather(ElementTree.fromstring(package.read(name)), pieces, is_fine)
                yield from ("".join(piece.split()) for piece in pieces if piece.strip())


def _gather(element: ElementTree.Element, pieces: list[str], is_fine: bool) -> None:
    name = local(element)
    if name in _LEFT_OUT or (name == "tr" and _is_deleted_row(element)):
        return
    if name == "t" and is_word(element):
        pieces[-1] += element.text or ""  # in a mutant it may hold more than text
    ends = is_fine or name in _BREAKS or name == "p" or (name == "r" and _looks_hidden(element))
    if ends:
        pieces.append("")
    for child in element:
        _gather(child, pieces, is_fine)
    if ends:
        pieces.append("")


def _is_deleted_row(row: ElementTree.Element) -> bool:
    return any(
        local(mark) == "del" for properties in row if local(properties) == "trPr" for mark in properties
    )


def _looks_hidden(run: ElementTree.Element) -> bool:
    return any(
        local(p) in ("vanish", "strike", "dstrike", "rStyle")
        for child in run
        if local(child) == "rPr"
        for p in child
    )


def texts_of(reading: Reading) -> str:
    """Everything that a reading holds, without spaces."""
    rows = (value for row in (*reading.rows, *reading.items) for value in row.values())
    held = [*(value or "" for value in rows), *reading.particulars.values(), *reading.unmapped]
    return "".join("\x00".join(held).split())
