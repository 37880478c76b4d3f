"""The theme of our documents: what their styles, cells and slides mean by "accent 1" or "the heading font".

A theme has a set of colours and a set of fonts. Ours are called "House". Word gives a set another name when
somebody chooses colours or fonts on its Design tab: then the template has a look of its own, and keeps it.
"""

import re
from collections.abc import Mapping

from lxml import etree

from peer_challenge.model.house_style import HouseStyle, darken, lighten
from peer_challenge.model.vocabulary import Rating
from peer_challenge.word.write.house_colours import INK, MUTED, PAPER, RAG, RULE

THEME_NAME = "House"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WORD_NAMES = {
    **{"text1": "dk1", "background1": "lt1", "text2": "dk2", "background2": "lt2"},
    **{"dark1": "dk1", "light1": "lt1", "dark2": "dk2", "light2": "lt2"},
    **{f"accent{number}": f"accent{number}" for number in range(1, 7)},
    **{"hyperlink": "hlink", "followedHyperlink": "folHlink"},
}
"""What Word calls the colours of a theme, and what the theme calls them."""
_REFERRING = re.compile(r"<w:\w+ [^<>]*w:theme(?:Color|Fill)=[^<>]*>")
_ATTRIBUTE = re.compile(r'w:(\w+)="([^"]*)"')


def list_theme_colours(style: HouseStyle) -> dict[str, str]:
    """The colours of the theme, six digits by their name in it (dk1, accent1)."""
    return {
        "dk1": INK,
        "lt1": PAPER,
        "dk2": style.colour,
        "lt2": style.pale_colour,
        "accent1": style.colour,
        "accent2": RAG[Rating.RED].fill,
        "accent3": RAG[Rating.AMBER].fill,
        "accent4": RAG[Rating.GREEN].fill,
        "accent5": MUTED,
        "accent6": RULE,
        "hlink": style.colour,
        "folHlink": MUTED,
    }


def make_house_theme(theme: bytes, style: HouseStyle) -> bytes:
    """A theme with our names, colours and fonts, from any theme's XML."""
    root = _parse_theme(theme)
    root.set("name", THEME_NAME)
    for name in ("clrScheme", "fontScheme"):
        next(root.iter(f"{_A}{name}")).set("name", THEME_NAME)
    return restyle_theme(etree.tostring(root), style)


def restyle_theme(theme: bytes, style: HouseStyle) -> bytes:
    """The theme with the style's colours and fonts, each where the set is still ours."""
    root = _parse_theme(theme)
    if has_house_set(root, "clrScheme"):
        for name, colour in list_theme_colours(style).items():
            for slot in root.iter(f"{_A}{name}"):
                slot[:] = [etree.Element(f"{_A}srgbClr", val=colour)]
    if has_house_set(root, "fontScheme"):
        for face, font in (("majorFont", style.heading_font), ("minorFont", style.body_font)):
            for fonts in root.iter(f"{_A}{face}"):
                for script in ("latin", "cs"):
                    for one in fonts.iter(f"{_A}{script}"):
                        one.set("typeface", font)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def uses_house_colours(theme: bytes) -> bool:
    """Whether the colours of a theme are still ours."""
    return has_house_set(_parse_theme(theme), "clrScheme")


def has_house_set(root: etree._Element, name: str) -> bool:
    """Whether a theme's set of colours ("clrScheme") or fonts ("fontScheme") is still ours."""
    return any(one.get("name") == THEME_NAME for one in root.iter(f"{_A}{name}"))


def _parse_theme(theme: bytes) -> etree._Element:
    return etree.fromstring(theme, etree.XMLParser(resolve_entities=False, no_network=True))


def write_fallback_colours(xml: str, style: HouseStyle) -> str:
    """The XML of a part in which each reference to a theme's colour also names that colour itself.

    Word goes by the reference. LibreOffice and others go by the six digits beside it.
    """
    colours = list_theme_colours(style)
    return _REFERRING.sub(lambda tag: _write_fallbacks(tag[0], colours), xml)


def _write_fallbacks(tag: str, colours: Mapping[str, str]) -> str:
    held = dict(_ATTRIBUTE.findall(tag))
    for reference, beside in (("Color", "val" if tag.startswith("<w:color ") else "color"), ("Fill", "fill")):
        colour = colours.get(_WORD_NAMES.get(held.get(f"theme{reference}", ""), ""))
        if colour is not None and beside in held:
            shown = _shade_colour(colour, held, "theme" if reference == "Color" else "themeFill")
            tag = re.sub(rf' w:{beside}="[^"]*"', f' w:{beside}="{shown}"', tag, count=1)
    return tag


def _shade_colour(colour: str, held: Mapping[str, str], prefix: str) -> str:
    """A theme's colour as its tint and shade make it: both are 00 to FF, of which FF changes nothing."""
    if shade := held.get(f"{prefix}Shade"):
        colour = darken(colour, int(shade, 16) / 255)
    if tint := held.get(f"{prefix}Tint"):
        colour = lighten(colour, int(tint, 16) / 255)
    return colour
