"""Undoing what LibreOffice does to text in content controls when it saves a document.

Seen with LibreOffice 7.4: where the text of a control mixes scripts (Latin and Arabic, say), each
stretch becomes a control of its own, and the whole text is written again at the end of each. What it
can't undo: where the beginning of a control's text was deleted with changes tracked, the XML is not well
formed, and text that was kept is marked as deleted.
"""

import re
from collections.abc import Iterator
from html import unescape
from itertools import groupby

from peer_challenge.word.package.namespaces import w
from peer_challenge.word.package.open_package import Package
from peer_challenge.word.package.xml_element import XmlElement, read_tag_name, remove_from_parent
from peer_challenge.word.reader_findings import Unreadable

_CROSSED = re.compile(rb"<w:sdtContent></w:(?:del|ins)>")
_WORDS = re.compile(r"<w:(?:t|delText)(?: [^>]*)?>([^<]*)<|<w:(?:br|tab)/>")
_P, _SDT, _T, _TAB, _BR = w("p"), w("sdt"), w("t"), w("tab"), w("br")


def is_saved_by_libreoffice(package: Package) -> bool:
    """Whether the document's own properties say that LibreOffice saved it last."""
    try:
        return b"LibreOffice" in package.read("docProps/app.xml")
    except (KeyError, Unreadable):
        return False


def is_crossed(content: bytes) -> bool:
    """Whether a tracked change ends inside a control that began in it, so that nothing can read the part."""
    return _CROSSED.search(content) is not None


def words_in(content: bytes) -> list[str]:
    """The words of each paragraph of a part that is not well formed, those marked as deleted too.

    What was kept may be marked as deleted there, so nothing tells the two apart.
    """
    pieces = content.decode("utf-8", "replace").split("</w:p>")
    lines = (unescape("".join(text or "\t" for text in _WORDS.findall(piece))) for piece in pieces)
    return [line for line in lines if line.strip()]


def remove_repeated_controls(root: XmlElement) -> None:
    """Remove the repeated controls that LibreOffice adds to a part.

    A control is removed only where the control before it holds its text. Where none of the controls has a
    piece of the text before the whole, somebody put them there, and all of them stay.
    """
    for paragraph in root.iter(_P):
        for first, *others in _group_adjacent_controls(paragraph):
            if others:
                _remove_repetitions(first, others)


def _group_adjacent_controls(paragraph: XmlElement) -> Iterator[list[XmlElement]]:
    """The groups of controls that have one name and are side by side."""
    for name, group in groupby(paragraph, key=_read_control_name):
        if name is not None:
            yield list(group)


def _read_control_name(element: XmlElement) -> str | None:
    if element.tag != _SDT:
        return None
    alias = element.find(f"{w('sdtPr')}/{w('alias')}")
    return "" if alias is None else alias.get(w("val")) or ""


def _remove_repetitions(first: XmlElement, others: list[XmlElement]) -> None:
    whole = _read_control_text(first)
    said = [_read_control_text(other) for other in others]
    if not whole or not all(text.endswith(whole) for text in said):
        return
    stretches = "".join(text[: -len(whole)] for text in said)
    if stretches and whole.endswith(stretches):
        for other in others:
            remove_from_parent(other)


def _read_control_text(element: XmlElement) -> str:
    pieces = {_TAB: "\t", _BR: "\n"}
    return "".join(pieces.get(read_tag_name(part)) or part.text or "" for part in element.iter(_T, _TAB, _BR))
