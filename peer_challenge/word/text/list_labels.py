"""The numbers and bullets that Word puts before the paragraphs of lists: "2." is nowhere in the text.

People refer to them ("points 2 and 3 still need a lead"), so an answer has them as they are seen. They are
counted as Word does, through the whole document in its order.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from peer_challenge.word.package.namespaces import P, w
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.text.document_styles import NUMBER, Styles, number_of_style
from peer_challenge.word.text.tables import whole_number
from peer_challenge.word.text.walk import has_deleted_mark

BULLET = "•"
_VAL, _ID, _LEVEL = w("val"), w("numId"), w("ilvl")
_STYLE_NAME = w("pStyle")
_STYLE = f"{w('pPr')}/{_STYLE_NAME}"
_MOST_LEVELS = 9
"""A list of Word has nine (ISO 29500-1, 17.9); what claims to lie deeper is shown at the last."""
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered: its format, its text ("%1."), and where it starts."""

    format: str = "decimal"
    text: str = "%1."
    start: int = 1


@dataclass(slots=True)
class _List:
    """One list of a document and how far it has been counted."""

    levels: Mapping[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)

    def next_label(self, level: int) -> str:
        """The label of the next paragraph at a level; deeper levels start again."""
        known = self.levels.get(level, _Level())
        self.counts[level] = self.counts.get(level, known.start - 1) + 1
        for deeper in [number for number in self.counts if number > level]:
            del self.counts[deeper]
        if known.format == "bullet":
            return BULLET
        if known.format == "none":
            return ""
        return re.sub(r"%([1-9])", lambda found: self._shown(int(found[1]) - 1), known.text)

    def _shown(self, level: int) -> str:
        known = self.levels.get(level, _Level())
        return _in_format(self.counts.get(level, known.start), known.format)


def labels_of_lists(root: XmlElement, numbering: XmlElement, styles: Styles) -> dict[XmlElement, str]:
    """The label of each paragraph (w:p) under `root` that is an item of a list, by the part of numberings.

    `styles` are the document's: a style may make its paragraphs items.
    """
    lists = _lists_in(numbering)
    labels: dict[XmlElement, str] = {}
    for paragraph in _items_under(root, styles.of_lists):
        place = _place_of(paragraph, styles.by_id)
        if place is None or place[0] not in lists:
            continue
        if _has_text(paragraph):
            labels[paragraph] = lists[place[0]].next_label(place[1])
        elif not has_deleted_mark(paragraph):
            lists[place[0]].next_label(place[1])  # Word numbers an empty item, or one with a picture, as well
    return {paragraph: label for paragraph, label in labels.items() if label}


def _items_under(root: XmlElement, listed: frozenset[str]) -> Iterator[XmlElement]:
    """The paragraphs that may be items, in order: with a list of their own, or in a style that has one."""
    sought = (w("numPr"), _STYLE_NAME) if listed else (w("numPr"),)
    last = None
    for sign in root.iter(*sought):
        if sign.tag == _STYLE_NAME and sign.get(_VAL) not in listed:
            continue  # as most paragraphs
        properties = sign.getparent()
        paragraph = properties.getparent() if properties is not None and properties.tag == w("pPr") else None
        if paragraph is not None and paragraph.tag == P and paragraph is not last:
            last = paragraph
            yield paragraph


def _has_text(paragraph: XmlElement) -> bool:
    return any((text.text or "").strip() for text in paragraph.iter(w("t")))


def _place_of(paragraph: XmlElement, styles: Mapping[str, XmlElement]) -> tuple[str, int] | None:
    """The list of a paragraph and its level there, given with it or by its style."""
    properties = paragraph.find(NUMBER)
    if properties is None:
        named = paragraph.find(_STYLE)
        properties = None if named is None else number_of_style(named.get(_VAL), styles)
    if properties is None:
        return None
    identity, level = properties.find(_ID), properties.find(_LEVEL)
    name = None if identity is None else identity.get(_VAL)
    if name is None or name == "0":
        return None  # 0 takes a paragraph out of the list that its style would put it into
    return name, min(_read_number(level, 0), _MOST_LEVELS - 1)


def _lists_in(numbering: XmlElement) -> dict[str, _List]:
    kinds = {kind.get(w("abstractNumId")): _levels_in(kind) for kind in numbering.iter(w("abstractNum"))}
    linked = _find_linked_kinds(numbering)
    shared: dict[str | None, _List] = {}
    found: dict[str, _List] = {}
    for one in numbering.iter(w("num")):
        named = one.find(w("abstractNumId"))
        kind = None if named is None else named.get(_VAL)
        kind = linked.get(kind, kind)
        levels = kinds.get(kind, {}) | _find_overridden_levels(one, kinds.get(kind, {}))
        is_own = one.find(w("lvlOverride")) is not None
        found[one.get(_ID) or ""] = _List(levels) if is_own else shared.setdefault(kind, _List(levels))
    return found


def _find_linked_kinds(numbering: XmlElement) -> dict[str | None, str | None]:
    """The kinds of list that only name a list style, with the kind that has the levels of that style."""
    holders: dict[str, str | None] = {}
    names: dict[str | None, str] = {}
    for kind in numbering.iter(w("abstractNum")):
        identity = kind.get(w("abstractNumId"))
        if style := _read_value(kind.find(w("styleLink")), ""):
            holders[style] = identity
        if style := _read_value(kind.find(w("numStyleLink")), ""):
            names[identity] = style
    return {identity: holders[style] for identity, style in names.items() if style in holders}


def _find_overridden_levels(one: XmlElement, levels: Mapping[int, _Level]) -> dict[int, _Level]:
    """The levels of a list that start elsewhere, or look different, than those of its kind."""
    found = _levels_in(one)
    for override in one.iter(w("lvlOverride")):
        start = override.find(w("startOverride"))
        level = whole_number(override.get(_LEVEL)) or 0
        if start is not None:
            known = found.get(level) or levels.get(level, _Level())
            found[level] = _Level(known.format, known.text, _read_number(start, 1))
    return found


def _levels_in(kind: XmlElement) -> dict[int, _Level]:
    return {
        number: _Level(
            _read_value(level.find(w("numFmt")), "decimal"),
            _read_value(level.find(w("lvlText")), ""),
            _read_number(level.find(w("start")), 1),
        )
        for level in kind.iter(w("lvl"))
        if (number := whole_number(level.get(_LEVEL) or "0")) is not None
    }


def _read_value(element: XmlElement | None, otherwise: str) -> str:
    value = None if element is None else element.get(_VAL)
    return otherwise if value is None else value


def _read_number(element: XmlElement | None, otherwise: int) -> int:
    number = whole_number(_read_value(element, ""))
    return otherwise if number is None else number


def _in_format(number: int, kind: str) -> str:
    """A number as a list shows it: 3, c, iii; figures where the format is another or the number is large."""
    # After z Word doubles letters, which nobody cites: figures then.
    if kind in ("lowerLetter", "upperLetter") and 0 < number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter.upper() if kind == "upperLetter" else letter
    # Below 40 the numerals are I, V and X; no list of a form is longer.
    if kind in ("lowerRoman", "upperRoman") and 0 < number < 40:
        roman = _write_in_roman(number)
        return roman.upper() if kind == "upperRoman" else roman
    return f"{number:02d}" if kind == "decimalZero" else str(number)


def _write_in_roman(number: int) -> str:
    signs = ""
    for value, sign in _ROMAN:
        signs += sign * (number // value)
        number %= value
    return signs
