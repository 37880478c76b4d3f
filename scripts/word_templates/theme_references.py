"""Turns the colours and fonts of a template into references to its theme, so that a house style takes hold.

The scripts write colours by their digits, as house_colours.py has them. Here each becomes a reference; the
digits stay beside it for programs that know no themes. The colours of ratings stay as they are: no theme
changes them.
"""

from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from peer_challenge.model.house_style import SHIPPED_STYLE
from peer_challenge.word.write import house_colours
from peer_challenge.word.write.house_theme import make_house_theme, write_fallback_colours

_NAMES = {
    house_colours.INK: "text1",
    house_colours.PAPER: "background1",
    house_colours.ACCENT: "accent1",
    house_colours.BAND: "background2",
    house_colours.MUTED: "accent5",
    house_colours.RULE: "accent6",
    house_colours.UNFILLED: "accent3",
}
_TINTS = {house_colours.UNFILLED: "33"}
_OF_RATINGS = ("RAG", "RatingLight")
"""The beginnings of the ids of styles that show ratings."""
_UNUSED = ("MacroText", "MacroTextChar")
"""Styles of python-docx's own template with a font of their own, which nothing uses."""
_HEADINGS = ("Title", "Subtitle", "Heading")
_FONTS = {
    "minor": {"asciiTheme": "minorHAnsi", "hAnsiTheme": "minorHAnsi", "cstheme": "minorBidi"},
    "major": {"asciiTheme": "majorHAnsi", "hAnsiTheme": "majorHAnsi", "cstheme": "majorBidi"},
}


def set_theme(document: Any) -> None:
    """Give a document the theme of the house."""
    theme = document.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = make_house_theme(theme.blob, SHIPPED_STYLE)


def refer_to_theme(document: Any) -> None:
    """Make every colour and font of a document a reference to its theme."""
    styles = document.styles.element
    for style in list(styles):
        if style.get(qn("w:styleId")) in _UNUSED:
            styles.remove(style)
    section = document.sections[0]
    for root in (styles, document.element, section.header._element, section.footer._element):
        for element in root.iter():
            _refer_element(element)


def _refer_element(element: Any) -> None:
    if element.tag == qn("w:rFonts"):
        _refer_font(element)
    elif element.tag == qn("w:shd"):
        _refer_colour(element, "fill", "themeFill")
    elif element.tag == qn("w:color"):
        _refer_colour(element, "val", "themeColor")
    elif element.get(qn("w:color")):
        _refer_colour(element, "color", "themeColor")


def _refer_colour(element: Any, beside: str, reference: str) -> None:
    colour = element.get(qn(f"w:{beside}"))
    if element.get(qn(f"w:{reference}")) is not None:
        return
    if colour not in _NAMES or _is_of_rating(element):
        return
    element.set(qn(f"w:{reference}"), _NAMES[colour])
    if colour in _TINTS:
        element.set(qn(f"w:{reference.removesuffix('Color')}Tint"), _TINTS[colour])


def _is_of_rating(element: Any) -> bool:
    return any(
        (style.get(qn("w:styleId")) or "").startswith(_OF_RATINGS)
        for style in element.iterancestors(qn("w:style"))
    )


def _refer_font(fonts: Any) -> None:
    style = next(fonts.iterancestors(qn("w:style")), None)
    name = "" if style is None else style.get(qn("w:styleId")) or ""
    for held in list(fonts.attrib):
        del fonts.attrib[held]
    for attribute, font in _FONTS["major" if name.startswith(_HEADINGS) else "minor"].items():
        fonts.set(qn(f"w:{attribute}"), font)


def write_fallbacks(part: bytes) -> bytes:
    """A part in which each reference to a theme's colour has that colour's digits beside it."""
    return write_fallback_colours(part.decode(), SHIPPED_STYLE).encode()
