"""Words in drawings: SmartArt, charts, WordArt, shapes; and what was met that has none."""

from collections.abc import Callable, Iterator
from typing import Any

from peer_challenge.word.package import namespaces as n
from peer_challenge.word.reader_findings import Unreadable
from peer_challenge.word.text.content import Paragraph
from peer_challenge.word.text.walker import Walker

_A_P, _A_T, _A_BR = f"{{{n.A}}}p", f"{{{n.A}}}t", f"{{{n.A}}}br"
_CHART_TEXT = (_A_P, f"{{{n.CHART}}}v", f"{{{n.CHARTEX}}}v", f"{{{n.CHARTEX}}}pt")


class Drawings:
    """The handlers of a walk for what stands in drawings."""

    def __init__(self, walk: Walker) -> None:
        self._walk = walk

    def handlers(self) -> dict[str, Callable[[Any], None]]:
        """What handles which element; not kept, since each leads back here."""
        return {
            _A_P: self._paragraph,
            _A_T: self._text,
            f"{{{n.DGM}}}relIds": self._smart_art,
            f"{{{n.CHART}}}chart": self._chart,
            f"{{{n.CHARTEX}}}chart": self._chart,
            f"{{{n.V}}}textpath": self._word_art,
            f"{{{n.A}}}blip": self._picture,
            f"{{{n.V}}}imagedata": self._picture,
            f"{{{n.W14}}}contentPart": self._picture,
            f"{{{n.O}}}OLEObject": self._embedded,
        }

    def _paragraph(self, element: Any) -> None:
        text = _text_of(element)
        if text.strip():
            self._walk.later.append(Paragraph(text))
            self._walk.note("text_box")

    def _text(self, element: Any) -> None:
        self._walk.line.append(element.text or "")

    def _smart_art(self, element: Any) -> None:
        root = self._part(element.get(f"{{{n.R}}}dm"))
        if root is None:
            self._walk.note("drawing_unread")
            return
        for paragraph in root.iter(_A_P):
            self._paragraph(paragraph)

    def _chart(self, element: Any) -> None:
        root = self._part(element.get(f"{{{n.R}}}id"))
        if root is None:
            self._walk.note("drawing_unread")
            return
        parts = (part for root in (root, *self._drawn_on(element)) for part in root.iter(*_CHART_TEXT))
        words = [text for part in parts if (text := _words_of(part).strip())]
        self._walk.set_aside("chart", "\n".join(dict.fromkeys(words)))
        self._walk.note("picture")

    def _drawn_on(self, chart: Any) -> Iterator[Any]:
        """The roots of the parts with the shapes that somebody drew on a chart."""
        target = self._walk.target(chart.get(f"{{{n.R}}}id")) or ""
        for related in self._walk.package.relationships(target).values():
            root = self._tree(related.target) if related.type == "chartUserShapes" else None
            if root is not None:
                yield root

    def _part(self, identity: str | None) -> Any:
        target = self._walk.target(identity)
        return self._tree(target) if target else None

    def _tree(self, name: str) -> Any:
        try:
            return self._walk.package.tree(name)
        except (KeyError, Unreadable):
            return None

    def _word_art(self, element: Any) -> None:
        text = element.get("string") or ""
        if text.strip():
            self._walk.later.append(Paragraph(text))
            self._walk.note("text_box")

    def _picture(self, element: Any) -> None:
        self._walk.note("picture")

    def _embedded(self, element: Any) -> None:
        self._walk.note("embedded")


def _words_of(part: Any) -> str:
    return _text_of(part) if part.tag == _A_P else part.text or ""


def _text_of(paragraph: Any) -> str:
    pieces = ["\n" if part.tag == _A_BR else part.text or "" for part in paragraph.iter(_A_T, _A_BR)]
    return "".join(pieces)
