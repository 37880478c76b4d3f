"""The master and layouts of a deck: sizes, places, fonts and colours of the house, which slides inherit.

An office that changes the theme or the master in PowerPoint changes every slide.
"""

import io
from typing import Any, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from lxml import etree
from pptx import presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Mm

from peer_challenge.model.house_style import HouseStyle
from peer_challenge.word.write.house_colours import LANGUAGE
from peer_challenge.word.write.house_logo import LOGO, fit_into_box
from peer_challenge.word.write.house_theme import make_house_theme

WIDE, HIGH, MARGIN = Mm(338.67), Mm(190.5), Mm(18)
WITHIN = WIDE - 2 * MARGIN  # between the margins
HALF = (WITHIN - Mm(10)) // 2  # each of two columns, with 10 mm between them
TITLE_POINTS, BODY_POINTS = 30, 20
"""Letters that are read from the back of a meeting room."""
OPENING, CONTENT, DIVIDER, COLUMNS = 0, 1, 2, 3
"""The layouts that slides use, by their places in the deck."""
_LOGO_ROOM = (Mm(45), Mm(10))

Place: TypeAlias = tuple[int, int, int, int]
Shape: TypeAlias = Any
"""python-pptx's own types know neither what is in a shape nor its XML."""

_TITLE: Place = (MARGIN, Mm(13), WITHIN, Mm(20))
_BODY: Place = (MARGIN, Mm(38), WITHIN, Mm(136))
_FOOT, _TALL = HIGH - Mm(12), Mm(8)
_PLACES: dict[str, Place] = {
    "title": _TITLE,
    "body": _BODY,
    "dt": (MARGIN, _FOOT, Mm(60), _TALL),
    "ftr": (WIDE // 2 - Mm(60), _FOOT, Mm(120), _TALL),
    "sldNum": (WIDE - MARGIN - Mm(40), _FOOT, Mm(40), _TALL),
}
"""Where the placeholders of the master are, by their kinds."""
_LAYOUT_PLACES: dict[int, dict[int, Place]] = {
    OPENING: {0: (MARGIN, Mm(60), WITHIN, Mm(28)), 1: (MARGIN, Mm(92), WITHIN, Mm(56))},
    CONTENT: {0: _TITLE, 1: _BODY},
    DIVIDER: {0: (MARGIN, Mm(70), WITHIN, Mm(28)), 1: (MARGIN, Mm(102), WITHIN, Mm(40))},
    COLUMNS: {
        0: _TITLE,
        1: (MARGIN, Mm(54), HALF, Mm(120)),
        2: (MARGIN + HALF + Mm(10), Mm(54), HALF, Mm(120)),
    },
}
"""Where the placeholders of each layout are, by their numbers."""


def prepare_master(deck: presentation.Presentation, style: HouseStyle) -> None:
    """Give python-pptx's own template the look of the house, and drop the layouts that no slide uses."""
    deck.slide_width, deck.slide_height = WIDE, HIGH
    for layout in [one for n, one in enumerate(deck.slide_layouts) if n not in _LAYOUT_PLACES]:
        deck.slide_layouts.remove(layout)
    master = deck.slide_master
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = make_house_theme(theme.blob, style)
    for shape in master.placeholders:
        _set_place(shape, _PLACES[shape._element.ph.get("type")])
    _set_text_styles(master._element, style.widest_font)
    _add_accent_edge(master)
    _add_house_line(master, style)
    for number, places in _LAYOUT_PLACES.items():
        _prepare_layout(deck.slide_layouts[number], places, is_dark=number in (OPENING, DIVIDER))
    for part in (master, *deck.slide_layouts):
        for run in part._element.iter(qn("a:rPr"), qn("a:endParaRPr"), qn("a:defRPr")):
            if run.get("lang"):
                run.set("lang", LANGUAGE)


def _set_place(shape: Shape, place: Place) -> None:
    shape.left, shape.top, shape.width, shape.height = place


def _set_text_styles(master: Any, font_width: float) -> None:
    """Titles in the accent's colour; text without bullets, in a size that is read from the back of a room.

    A font that is wider than Arial gets smaller letters, as texts are measured by Arial.
    """
    title, body = master.find(qn("p:txStyles"))[:2]
    _set_level(title[0], int(TITLE_POINTS / font_width), "tx2", is_bold=True)
    for number, level in enumerate(list(body)[:3]):
        points = int((BODY_POINTS - 2 * number) / font_width)
        _set_level(level, points, "tx1", has_bullet=number > 0)
    for shape in master.iter(qn("p:sp")):
        kind = shape.find(".//" + qn("p:ph")).get("type")
        fit = shape.find(".//" + qn("a:normAutofit"))
        if fit is not None:  # texts are measured; what a person adds is theirs to fit
            fit.getparent().replace(fit, etree.SubElement(fit.getparent(), qn("a:noAutofit")))
        if kind in ("ftr", "sldNum", "dt"):
            run = shape.find(".//" + qn("a:defRPr"))
            run[:] = [parse_xml(f'<a:solidFill {nsdecls("a")}><a:schemeClr val="tx1"/></a:solidFill>')]
            run.set("b", str(int(kind == "ftr")))


def _set_level(
    level: Any, points: int, colour: str, *, is_bold: bool = False, has_bullet: bool = False
) -> None:
    level.set("algn", "l")
    if not has_bullet:
        level.set("marL", "0")
        level.set("indent", "0")
        for old in [one for one in level if one.tag in (qn("a:buChar"), qn("a:buFont"), qn("a:buNone"))]:
            level.remove(old)
        level.find(qn("a:defRPr")).addprevious(parse_xml(f"<a:buNone {nsdecls('a')}/>"))
    run = level.find(qn("a:defRPr"))
    run.set("sz", str(points * 100))
    run.set("b", str(int(is_bold)))
    run.find(".//" + qn("a:schemeClr")).set("val", colour)


def _add_accent_edge(master: Any) -> None:
    """The accent down the left edge: on the master, where no screen reader meets it."""
    master.shapes._spTree.insert(
        2,
        parse_xml(
            f"<p:sp {nsdecls('p', 'a')}><p:nvSpPr>"
            '<p:cNvPr id="20" name="Accent"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
            f'<p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{int(Mm(6))}" cy="{int(HIGH)}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
            '<a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>'
            "<p:txBody><a:bodyPr/><a:lstStyle/><a:p/></p:txBody></p:sp>"
        ),
    )


def _add_house_line(master: Any, style: HouseStyle) -> None:
    """The logo at the top right and the programme's line at the bottom left, where there are any."""
    if style.logo:
        _, relation = master.part.get_or_add_image_part(io.BytesIO(style.logo))
        wide, high = fit_into_box(style.logo, *map(int, _LOGO_ROOM))
        master.shapes._spTree.append(
            parse_xml(
                f"<p:pic {nsdecls('p', 'a', 'r')}><p:nvPicPr>"
                f'<p:cNvPr id="21" name="{LOGO}" descr={quoteattr(style.logo_description)}/><p:cNvPicPr/>'
                '<p:nvPr userDrawn="1"/></p:nvPicPr>'
                f'<p:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>'
                f'<p:spPr><a:xfrm><a:off x="{int(WIDE - MARGIN) - wide}" y="{int(Mm(3))}"/>'
                f'<a:ext cx="{wide}" cy="{high}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
                "</p:spPr></p:pic>"
            )
        )
    if style.line:
        left, top, _, height = _PLACES["dt"]
        master.shapes._spTree.append(
            parse_xml(
                f"<p:sp {nsdecls('p', 'a')}><p:nvSpPr>"
                '<p:cNvPr id="22" name="Programme"/><p:cNvSpPr txBox="1"/><p:nvPr userDrawn="1"/></p:nvSpPr>'
                f'<p:spPr><a:xfrm><a:off x="{int(left)}" y="{int(top)}"/>'
                f'<a:ext cx="{int(Mm(86))}" cy="{int(height)}"/></a:xfrm>'
                '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
                '<p:txBody><a:bodyPr wrap="square" lIns="0" tIns="0" bIns="0" anchor="ctr"/><a:lstStyle/>'
                f'<a:p><a:r><a:rPr lang="{LANGUAGE}" sz="900"><a:solidFill><a:schemeClr val="accent5"/>'
                f"</a:solidFill></a:rPr><a:t>{escape(style.line)}</a:t></a:r></a:p></p:txBody></p:sp>"
            )
        )


def _prepare_layout(layout: Any, places: dict[int, Place], *, is_dark: bool) -> None:
    for shape in layout.placeholders:
        number = shape.placeholder_format.idx
        own = shape._element.spPr.find(qn("a:xfrm"))
        if number in places:
            _set_place(shape, places[number])
        elif own is not None:  # date, footer and number are where the master has them
            shape._element.spPr.remove(own)
        style = shape._element.txBody.find(qn("a:lstStyle"))
        style[:] = []
        if is_dark:
            style.append(_make_dark_style(number))
        body = shape._element.txBody.find(qn("a:bodyPr"))
        body.attrib.pop("anchor", None)
        body[:] = []
        if number == 0:
            body.set("anchor", "b" if is_dark else "ctr")
    if is_dark:
        layout.background.fill.solid()
        layout.background.fill.fore_color.theme_color = 15  # MSO_THEME_COLOR.TEXT_2: the accent's colour
        layout._element.set("showMasterSp", "0")


def _make_dark_style(number: int) -> Any:
    """White letters for a placeholder of a dark layout, large in its title."""
    size = {0: 4000, 1: 2200}.get(number, 1200)
    align = {11: "ctr", 12: "r"}.get(number, "l")
    return parse_xml(
        f'<a:lvl1pPr {nsdecls("a")} marL="0" indent="0" algn="{align}"><a:buNone/>'
        f'<a:defRPr sz="{size}"><a:solidFill><a:schemeClr val="bg1"/></a:solidFill></a:defRPr></a:lvl1pPr>'
    )
