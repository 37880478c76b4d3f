"""What a page's end may not part: the last lines of a document, and a table from the words that lead to it.

It works on a document whose texts are filled in, since only then is it known how long they are.
"""

from collections.abc import Iterator
from itertools import pairwise

from lxml import etree

from peer_challenge.word.package.namespaces import TBL, TC, TR, P, T, w
from peer_challenge.word.package.safe_xml import parse_made_xml
from peer_challenge.word.package.xml_element import XmlElement

_LEAST_LINES = 5
"""Lines that the last page is to have: four, and one more since we guess. Fewer look like a mistake."""
_LETTER_TWIPS = 110
"""How wide a letter of 12 points is on average, in twentieths of a point."""
_LONGEST_KEPT = 8
"""Lines of a paragraph that is still moved to the next page as a whole."""
_LONGEST_ROW = 20
"""Lines of a row that is still moved to the next page as a whole: two thirds of a page of a form."""
_FIRST_OF_PROPERTIES = tuple(map(w, ("pStyle", "keepNext", "keepLines")))


def keep_together(document: bytes) -> bytes:
    """The main part of a document, in which page ends do not part what belongs together.

    The last lines are kept with those before, so that the last page has about four lines at least. Words
    right before a table are kept with it. An empty paragraph at the end takes no room: after a full page it
    would have one of its own. The texts stay as they are.
    """
    root = parse_made_xml(document)
    body = root.find(w("body"))
    blocks = [one for one in body if one.tag in (P, TBL)] if body is not None else []
    for block, following in pairwise(blocks):
        if block.tag == P and following.tag == TBL and _has_words(block):
            _keep_with_next([block])
    if len(blocks) > 1 and blocks[-2].tag == TBL and not _is_shown(blocks[-1]):
        _shrink(blocks[-1])
    _keep_last_lines(blocks, _measure_room(root))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _keep_last_lines(blocks: list[XmlElement], room: int) -> None:
    """Keep together what makes up the last lines: paragraphs, and whole rows of a table."""
    pieces = _last_pieces(blocks, room)
    lines, _ = next(pieces, (0, []))
    for more, paragraphs in pieces:
        if lines >= _LEAST_LINES or more > _LONGEST_ROW:
            return
        _keep_with_next(paragraphs)
        lines += more


def _last_pieces(blocks: list[XmlElement], room: int) -> Iterator[tuple[int, list[XmlElement]]]:
    """The lines and the paragraphs of each piece of a document that fits on a page, the last one first."""
    for block in reversed(blocks):
        if block.tag == TBL:
            for row in reversed(block.findall(TR)):
                yield _count_lines_of_row(row), list(row.iter(P))
        else:
            lines = _count_lines(block, room)
            yield (lines if lines <= _LONGEST_KEPT else 2), [block]
            if block.find(f"{w('pPr')}/{w('pageBreakBefore')}") is not None:
                return


def _count_lines_of_row(row: XmlElement) -> int:
    cells = row.findall(TC)
    return max((sum(_count_lines(one, _width_of(cell)) for one in cell.iter(P)) for cell in cells), default=0)


def _width_of(cell: XmlElement) -> int:
    width = cell.find(f"{w('tcPr')}/{w('tcW')}")
    return int(width.get(w("w")) or 0) if width is not None else 0


def _count_lines(paragraph: XmlElement, room: int) -> int:
    """About how many lines a paragraph has where a line has `room`; 0 for an empty one."""
    letters = sum(len(text.text or "") for text in paragraph.iter(T))
    return -(-letters * _LETTER_TWIPS // max(room, _LETTER_TWIPS))


def _measure_room(root: XmlElement) -> int:
    """The width between the margins of the last section."""
    size, margin = (next(root.iter(w(name)), None) for name in ("pgSz", "pgMar"))
    if size is None or margin is None:
        return _LETTER_TWIPS * 80
    sides = (margin.get(w("left")), margin.get(w("right")))
    return int(size.get(w("w")) or 0) - sum(int(side or 0) for side in sides)


def _has_words(paragraph: XmlElement) -> bool:
    return any((text.text or "").strip() for text in paragraph.iter(T))


def _is_shown(block: XmlElement) -> bool:
    return block.tag != P or _has_words(block) or next(block.iter(w("drawing")), None) is not None


def _keep_with_next(paragraphs: list[XmlElement]) -> None:
    for paragraph in paragraphs:
        properties = _properties_of(paragraph)
        if properties.find(w("keepNext")) is None:
            _insert_property(properties, w("keepNext"))
        if properties.find(w("keepLines")) is None:
            _insert_property(properties, w("keepLines"))


def _properties_of(paragraph: XmlElement) -> XmlElement:
    properties = paragraph.find(w("pPr"))
    if properties is None:
        properties = etree.Element(w("pPr"))
        paragraph.insert(0, properties)
    return properties


def _insert_property(properties: XmlElement, tag: str, **attributes: str) -> XmlElement:
    """Add a property where the schema wants it: after the style and what is kept, before all else."""
    place = sum(one.tag in _FIRST_OF_PROPERTIES for one in properties)
    added = etree.Element(tag, {w(name): value for name, value in attributes.items()})
    properties.insert(place, added)
    return added


def _shrink(paragraph: XmlElement) -> None:
    """Make an empty paragraph a point high."""
    properties = _properties_of(paragraph)
    spacing = properties.find(w("spacing"))
    if spacing is None:
        spacing = _insert_property(properties, w("spacing"))
    for name, value in {"before": "0", "after": "0", "line": "20", "lineRule": "exact"}.items():
        spacing.set(w(name), value)
