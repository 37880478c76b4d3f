"""What reading needs from a document's styles and theme: hidden text, and the colours of cells."""

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from types import MappingProxyType

from peer_challenge.word.package.namespaces import A, w
from peer_challenge.word.package.safe_xml import parse_xml
from peer_challenge.word.package.xml_element import XmlElement, split_tag_name
from peer_challenge.word.reader_findings import Unreadable
from peer_challenge.word.text.hidden_text import can_hide_text, read_direct_hiding

_VAL = w("val")
_CELL, _SHADING = w("tcPr"), w("shd")
_BASED_ON = re.compile(rb'basedOn w:val="([^"]*)"')
NUMBER = f"{w('pPr')}/{w('numPr')}"
"""Where a paragraph, or a style, says which list it is in."""
_KEPT_BYTES = 100_000
"""Of a styles part that is kept: sixteen of them take some 20 MB once they are parsed."""
_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_THEME_NAMES = {
    "text1": "dk1",
    "dark1": "dk1",
    "background1": "lt1",
    "light1": "lt1",
    "text2": "dk2",
    "dark2": "dk2",
    "background2": "lt2",
    "light2": "lt2",
    "hyperlink": "hlink",
    "followedHyperlink": "folHlink",
}


class Styles:
    """The styles of a document, parsed only when reading needs them."""

    def __init__(self, styles: bytes = b"", theme: bytes = b"") -> None:
        self._raw, self._theme_raw = styles, theme
        self._fills: dict[str, str | None] = {}
        self._tables: dict[XmlElement, str | None] = {}  # what fills their cells
        self.hides = can_hide_text(styles)

    @property
    def by_id(self) -> Mapping[str, XmlElement]:
        """The elements of the styles by their ids."""
        return self._styles_by_id

    @cached_property
    def _styles_by_id(self) -> Mapping[str, XmlElement]:
        is_kept = len(self._raw) <= _KEPT_BYTES
        return _kept_styles_by_id(self._raw) if is_kept else _list_styles_by_id(self._raw)

    @property
    def of_lists(self) -> frozenset[str]:
        """The ids of the styles that put their paragraphs into a list, also by what they are based on."""
        is_kept = len(self._raw) <= _KEPT_BYTES
        return _kept_styles_of_lists(self._raw) if is_kept else styles_of_lists(self._styles_by_id)

    @cached_property
    def _hiding_reasons(self) -> dict[str, str]:
        """Why text of a style is left out, by the style's id; only styles that hide text are listed."""
        if not self.hides:
            return {}
        found = {name: self._find_hiding_reason(name) for name in self._styles_by_id}
        return {name: why for name, why in found.items() if why}

    def _find_hiding_reason(self, name: str, depth: int = 0) -> str:
        style = self._styles_by_id.get(name)
        # No template rests a style on 20 others: what goes on is a circle.
        if style is None or depth > 20:
            return ""
        why = read_direct_hiding(style.find(w("rPr")))
        if why is not None:
            return why
        based = style.find(w("basedOn"))
        return "" if based is None else self._find_hiding_reason(based.get(_VAL) or "", depth + 1)

    def why_hidden(self, run: XmlElement) -> str:
        """Why a run is left out of the clean text, "hidden" or "struck", or "" when it isn't."""
        properties = run.find(w("rPr"))
        why = read_direct_hiding(properties)
        if why is not None:
            return why
        if not self._hiding_reasons:
            return ""
        style = None if properties is None else properties.find(w("rStyle"))
        if style is not None and (of_style := self._hiding_reasons.get(style.get(_VAL) or "")):
            return of_style
        paragraph = next(run.iterancestors(w("p")), None)
        named = None if paragraph is None else paragraph.find(f"{w('pPr')}/{w('pStyle')}")
        return "" if named is None else self._hiding_reasons.get(named.get(_VAL) or "", "")

    def name_of(self, paragraph: XmlElement | None) -> str:
        """The name of a paragraph's style; "" for the default."""
        named = None if paragraph is None else paragraph.find(f"{w('pPr')}/{w('pStyle')}")
        style = None if named is None else self._styles_by_id.get(named.get(_VAL) or "")
        name = None if style is None else style.find(w("name"))
        return "" if name is None else name.get(_VAL) or ""

    # Colours

    @cached_property
    def _theme_colours(self) -> dict[str, str]:
        root = _parse_styles_part(self._theme_raw)
        scheme = None if root is None else next(root.iter(f"{{{A}}}clrScheme"), None)
        colours = {}
        for element in scheme if scheme is not None else ():
            for colour in element:
                value = colour.get("lastClr") or colour.get("val") or ""
                colours[split_tag_name(element)[1]] = value
        return colours

    def fill_of(self, cell: XmlElement, table: XmlElement) -> str | None:
        """The colour that fills a cell, as six hex digits: its own, else its table style's; None for none."""
        properties = next(cell.iterchildren(_CELL), None)
        own = (
            None
            if properties is None
            else self._read_shading_colour(next(properties.iterchildren(_SHADING), None))
        )
        if own is not None:
            return own or None
        return self.fill_of_table(table)

    def fill_of_table(self, table: XmlElement) -> str | None:
        """The colour with which a table's style fills its cells, or None."""
        if table not in self._tables:
            properties = next(table.iterchildren(w("tblPr")), None)
            named = None if properties is None else properties.find(w("tblStyle"))
            self._tables[table] = None if named is None else self._fill_of_named(named.get(_VAL) or "")
        return self._tables[table]

    def _fill_of_named(self, style: str) -> str | None:
        if style not in self._fills:
            self._fills[style] = self._fill_of_style(style) or None
        return self._fills[style]

    def fill_of_paragraph(self, paragraph: XmlElement) -> str | None:
        """The colour behind a paragraph or its first run, where one is given directly."""
        for shading in paragraph.iter(w("shd")):
            if fill := self._read_shading_colour(shading):
                return fill
        return None

    def _can_fill_cells(self, name: str) -> bool:
        """Whether a style, or one it is based on, could shade cells: seen without parsing the part."""
        for _ in range(20):
            start = self._raw.find(f'w:styleId="{name}"'.encode())
            if start < 0:
                return b"w:styleId=" not in self._raw
            text = self._raw[start : self._raw.find(b"</w:style>", start)]
            if b"shd" in text:
                return True
            based = _BASED_ON.search(text)
            if based is None:
                return b"basedOn" in text
            name = based[1].decode("utf-8", "replace")
        return True

    def _fill_of_style(self, name: str, depth: int = 0) -> str | None:
        if not depth and not self._can_fill_cells(name):
            return None
        style = self._styles_by_id.get(name)
        # No template rests a style on 20 others: what goes on is a circle.
        if style is None or depth > 20:
            return None
        for place in ("tcPr", "tblPr"):
            fill = self._read_shading_colour(style.find(f"{w(place)}/{w('shd')}"))
            if fill is not None:
                return fill
        based = style.find(w("basedOn"))
        return None if based is None else self._fill_of_style(based.get(_VAL) or "", depth + 1)

    def _read_shading_colour(self, shading: XmlElement | None) -> str | None:
        """A shading's colour; "" for an explicit none; None where nothing is said."""
        if shading is None:
            return None
        themed = shading.get(w("themeFill"))
        if themed:
            base = self._theme_colours.get(_THEME_NAMES.get(themed, themed), "")
            return _apply_theme_tint(base, shading) if _HEX.fullmatch(base) else ""
        fill = shading.get(w("fill")) or "auto"
        return _mix_pattern(shading.get(_VAL) or "clear", shading.get(w("color")) or "auto", fill)


def _mix_pattern(pattern: str, colour: str, fill: str) -> str:
    """The colour that a pattern makes of its own colour over the cell's, as six hex digits; "" for none.

    A pattern is "clear", "solid", "pct25" or one of stripes, which count as half. Two colours that are not
    grey, such as red on green, make none: it would be a third that nobody chose.
    """
    behind = fill.upper() if _HEX.fullmatch(fill) else ""
    if pattern in ("clear", "nil") or not (_HEX.fullmatch(colour) or pattern == "solid"):
        return behind
    if pattern == "solid":
        return colour.upper() if _HEX.fullmatch(colour) else behind
    if not _is_grey(colour) and not _is_grey(behind or "FFFFFF"):
        return ""
    percent = pattern.removeprefix("pct")
    share = int(percent) / 100 if percent.isdecimal() and len(percent) < 3 else 0.5
    mixed = (
        round(int(colour[n : n + 2], 16) * share + int((behind or "FFFFFF")[n : n + 2], 16) * (1 - share))
        for n in (0, 2, 4)
    )
    return "".join(f"{value:02X}" for value in mixed)


def _is_grey(colour: str) -> bool:
    """Whether a colour is white, black or a grey between them."""
    parts = [int(colour[n : n + 2], 16) for n in (0, 2, 4)]
    # Of 255: less than that the eye does not see as a colour.
    return max(parts) - min(parts) < 24


def _apply_theme_tint(colour: str, shading: XmlElement) -> str:
    """A theme's colour made lighter (tint) or darker (shade) as the shading says."""
    parts = [int(colour[place : place + 2], 16) for place in (0, 2, 4)]
    tint, shade = shading.get(w("themeFillTint")), shading.get(w("themeFillShade"))
    if tint and re.fullmatch("[0-9A-Fa-f]{2}", tint):
        share = int(tint, 16) / 255
        parts = [round(255 - (255 - part) * share) for part in parts]
    elif shade and re.fullmatch("[0-9A-Fa-f]{2}", shade):
        parts = [round(part * int(shade, 16) / 255) for part in parts]
    return "".join(f"{part:02X}" for part in parts)


def _list_styles_by_id(raw: bytes) -> Mapping[str, XmlElement]:
    root = _parse_styles_part(raw)
    found = [] if root is None else root.findall(w("style"))
    return MappingProxyType({style.get(w("styleId")) or "": style for style in found})


_kept_styles_by_id = lru_cache(maxsize=16)(_list_styles_by_id)
"""All forms of a kind have one styles part: it is parsed once, and nobody changes what comes of it."""


@lru_cache(maxsize=16)
def _kept_styles_of_lists(raw: bytes) -> frozenset[str]:
    return styles_of_lists(_kept_styles_by_id(raw))


def styles_of_lists(styles: Mapping[str, XmlElement]) -> frozenset[str]:
    """The ids of the styles that put their paragraphs into a list, also by what they are based on."""
    return frozenset(name for name in styles if number_of_style(name, styles) is not None)


def number_of_style(name: str | None, styles: Mapping[str, XmlElement]) -> XmlElement | None:
    """The list (w:numPr) that a style, or the nearest that it is based on, puts paragraphs into, or None."""
    seen: set[str] = set()
    while name is not None and name in styles and name not in seen:
        seen.add(name)
        if (number := styles[name].find(NUMBER)) is not None:
            return number
        based = styles[name].find(w("basedOn"))
        name = None if based is None else based.get(_VAL)
    return None


def _parse_styles_part(content: bytes) -> XmlElement | None:
    try:
        return parse_xml(content) if content else None
    except Unreadable:
        return None
