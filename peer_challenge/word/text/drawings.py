"""The words in drawings (SmartArt, charts, WordArt, shapes), and a note of drawings without words."""

from collections.abc import Callable, Iterator

from peer_challenge.word.package import namespaces as n
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.reader_findings import Unreadable
from peer_challenge.word.text.content import Paragraph
from peer_challenge.word.text.walker import Walker

_A_P, _A_T, _A_BR = f"{{{n.A}}}p", f"{{{n.A}}}t", f"{{{n.A}}}br"
_CHART_TEXT = (_A_P, f"{{{n.CHART}}}v", f"{{{n.CHARTEX}}}v", f"{{{n.CHARTEX}}}pt")


class Drawings:
    """The handlers that a walk uses for the elements of drawings."""

    def __init__(self, walk: Walker) -> None:
        self._walk = walk

    def handlers(self) -> dict[str, Callable[[XmlElement], None]]:
        """The handler for each element. They are not kept, because each refers back to this object."""
        return {
            _A_P: self._read_paragraph,
            _A_T: self._append_text,
            f"{{{n.DGM}}}relIds": self._read_smart_art,
            f"{{{n.CHART}}}chart": self._read_chart_text,
            f"{{{n.CHARTEX}}}chart": self._read_chart_text,
            f"{{{n.V}}}textpath": self._read_word_art,
            f"{{{n.A}}}blip": self._note_picture,
            f"{{{n.V}}}imagedata": self._note_picture,
            f"{{{n.W14}}}contentPart": self._note_picture,
            f"{{{n.O}}}OLEObject": self._note_embedded_object,
        }

    def _read_paragraph(self, element: XmlElement) -> None:
        text = _join_paragraph_text(element)
        if text.strip():
            self._walk.later.append(Paragraph(text))
            self._walk.note("text_box")

    def _append_text(self, element: XmlElement) -> None:
        self._walk.line.append(element.text or "")

    def _read_smart_art(self, element: XmlElement) -> None:
        root = self._load_related_part(element.get(f"{{{n.R}}}dm"))
        if root is None:
            self._walk.note("drawing_unread")
            return
        for paragraph in root.iter(_A_P):
            self._read_paragraph(paragraph)

    def _read_chart_text(self, element: XmlElement) -> None:
        root = self._load_related_part(element.get(f"{{{n.R}}}id"))
        if root is None:
            self._walk.note("drawing_unread")
            return
        parts = (
            part for root in (root, *self._find_chart_shapes(element)) for part in root.iter(*_CHART_TEXT)
        )
        words = [text for part in parts if (text := _read_part_words(part).strip())]
        self._walk.set_aside("chart", "\n".join(dict.fromkeys(words)))
        self._walk.note("picture")

    def _find_chart_shapes(self, chart: XmlElement) -> Iterator[XmlElement]:
        """The roots of the parts with the shapes that somebody drew on a chart."""
        target = self._walk.target(chart.get(f"{{{n.R}}}id")) or ""
        for related in self._walk.package.relationships(target).values():
            root = self._load_xml_tree(related.target) if related.type == "chartUserShapes" else None
            if root is not None:
                yield root

    def _load_related_part(self, identity: str | None) -> XmlElement | None:
        target = self._walk.target(identity)
        return self._load_xml_tree(target) if target else None

    def _load_xml_tree(self, name: str) -> XmlElement | None:
        try:
            return self._walk.package.tree(name)
        except (KeyError, Unreadable):
            return None

    def _read_word_art(self, element: XmlElement) -> None:
        text = element.get("string") or ""
        if text.strip():
            self._walk.later.append(Paragraph(text))
            self._walk.note("text_box")

    def _note_picture(self, element: XmlElement) -> None:
        self._walk.note("picture")

    def _note_embedded_object(self, element: XmlElement) -> None:
        self._walk.note("embedded")


def _read_part_words(part: XmlElement) -> str:
    return _join_paragraph_text(part) if part.tag == _A_P else part.text or ""


def _join_paragraph_text(paragraph: XmlElement) -> str:
    pieces = ["\n" if part.tag == _A_BR else part.text or "" for part in paragraph.iter(_A_T, _A_BR)]
    return "".join(pieces)
