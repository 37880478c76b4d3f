"""The styles of the shipped Word templates; the office may change each in Word."""

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from peer_challenge.word.write import house_colours

RAG_STYLES = {rating: f"RAG {rag.word.title()}" for rating, rag in house_colours.RAG.items()}
_HEADINGS = {
    "Heading 1": (house_colours.HEADING_1_PT, 18, 6),
    "Heading 2": (house_colours.HEADING_2_PT, 12, 4),
    "Heading 3": (house_colours.HEADING_3_PT, 8, 2),
}


def _font(made: Any, size: float, colour: str, *, is_bold: bool = False) -> None:
    made.font.name, made.font.size = house_colours.FONT, Pt(size)
    made.font.bold, made.font.italic = is_bold, False
    made.font.color.rgb = RGBColor.from_string(colour)
    fonts = made.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [name for name in fonts.attrib if "heme" in name]:
        del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), house_colours.FONT)


def _space(made: Any, before: float, after: float, line: float = 1.1) -> None:
    layout = made.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(before), Pt(after), line


def _new(
    document: Any,
    name: str,
    *,
    base: str = "Normal",
    size: float = house_colours.BODY_PT,
    colour: str = house_colours.INK,
    is_bold: bool = False,
    space: tuple[float, float] = (0, 6),
) -> Any:
    styles = document.styles
    known = name in [made.name for made in styles]
    made = styles[name] if known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    made.base_style = styles[base] if name != base else None
    made.hidden, made.quick_style = False, True
    _font(made, size, colour, is_bold=is_bold)
    _space(made, *space)
    return made


def add_styles(document: Any) -> None:
    """Give a document the styles of the house."""
    _new(document, "Normal")
    _new(document, "Body Text", space=(0, 8))
    title = _new(
        document,
        "Title",
        size=house_colours.TITLE_PT,
        colour=house_colours.ACCENT,
        is_bold=True,
        space=(0, 4),
    )
    _new(document, "Subtitle", size=house_colours.SUBTITLE_PT, colour=house_colours.MUTED, space=(0, 12))
    for name, (size, before, after) in _HEADINGS.items():
        made = _new(
            document, name, size=size, colour=house_colours.ACCENT, is_bold=True, space=(before, after)
        )
        made.paragraph_format.keep_with_next = True
    for border in title.element.pPr.findall(qn("w:pBdr")):
        title.element.pPr.remove(border)
    for made in (title, document.styles["Subtitle"]):
        for spacing in made.element.rPr.findall(qn("w:spacing")):
            made.element.rPr.remove(spacing)
    _letter_styles(document)
    _table_styles(document)


def _letter_styles(document: Any) -> None:
    _new(document, "List Bullet", space=(0, 4))
    _new(document, "Contents", space=(0, 4))
    marking = _new(
        document,
        "Marking",
        base="Header",
        size=house_colours.SMALL_PT,
        colour=house_colours.INK,
        is_bold=True,
    )
    marking.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _new(document, "Footer", size=9, colour=house_colours.MUTED, space=(0, 0))
    document.styles["Footer"].element.pPr.remove(document.styles["Footer"].element.pPr.find(qn("w:tabs")))
    particular = _new(document, "Particular", space=(0, 2))
    particular.paragraph_format.left_indent = Mm(32)
    particular.paragraph_format.first_line_indent = Mm(-32)
    particular.paragraph_format.tab_stops.add_tab_stop(Mm(32))
    call = _new(document, "Call-out", space=(8, 12))
    call.paragraph_format.left_indent = call.paragraph_format.right_indent = Mm(3)
    _append(
        call,
        f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="36" w:space="8" '
        f'w:color="{house_colours.ACCENT}"/></w:pBdr>',
    )
    _append(call, f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{house_colours.BAND}"/>')
    quote = _new(document, "Area Words", space=(0, 6))
    quote.paragraph_format.left_indent = Mm(5)
    _append(
        quote,
        f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="12" w:space="8" '
        f'w:color="{house_colours.RULE}"/></w:pBdr>',
    )
    question = _new(document, "Question", space=(2, 0))
    question.paragraph_format.keep_with_next = True
    question.paragraph_format.left_indent = Mm(9)
    question.paragraph_format.first_line_indent = Mm(-9)
    question.paragraph_format.tab_stops.add_tab_stop(Mm(9))
    _new(document, "Question Body", space=(0, 6)).paragraph_format.left_indent = Mm(9)
    _new(document, "Gap", size=6, space=(0, 0))
    figure = _new(document, "Figure", size=18, colour=house_colours.ACCENT, is_bold=True, space=(2, 2))
    figure.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _new(document, "Note", size=house_colours.SMALL_PT, colour=house_colours.MUTED, space=(2, 6))


def _append(made: Any, xml: str) -> None:
    """Put a border or shading where the schema wants it: before tabs, spacing and indents."""
    properties = made.element.get_or_add_pPr()
    later = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")
    first = next((child for child in properties if child.tag in map(qn, later)), None)
    element = parse_xml(xml)
    if first is None:
        properties.append(element)
    elif first.tag == qn("w:shd"):
        first.addprevious(element)
    else:
        first.addprevious(element)


def _table_styles(document: Any) -> None:
    _new(document, "Table Text", space=(0, 0), size=house_colours.BODY_PT)
    _new(document, "Table Small", space=(0, 0), size=house_colours.SMALL_PT)
    group = _new(
        document,
        "Table Group",
        space=(0, 0),
        size=house_colours.SMALL_PT,
        colour=house_colours.ACCENT,
        is_bold=True,
    )
    group.paragraph_format.keep_with_next = True
    _new(
        document,
        "Table Header Small",
        space=(0, 0),
        size=house_colours.SMALL_PT,
        colour=house_colours.HEADER_TEXT,
        is_bold=True,
    )
    _new(
        document,
        "Table Header",
        space=(0, 0),
        size=house_colours.BODY_PT,
        colour=house_colours.HEADER_TEXT,
        is_bold=True,
    )
    for rating, rag in house_colours.RAG.items():
        for suffix, size in (("", house_colours.SMALL_PT), (" Letter", 9)):
            made = _new(
                document, RAG_STYLES[rating] + suffix, size=size, colour=rag.text, is_bold=True, space=(1, 1)
            )
            made.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _append(made, f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{rag.fill}"/>')
    document.styles.element.append(parse_xml(_HOUSE_TABLE))
    document.styles.element.append(parse_xml(_LINK))


_LINK = f"""<w:style {nsdecls("w")} w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>
<w:basedOn w:val="DefaultParagraphFont"/><w:uiPriority w:val="99"/>
<w:rPr><w:color w:val="{house_colours.ACCENT}"/><w:u w:val="single"/></w:rPr></w:style>"""
_EDGE = f'w:val="single" w:sz="4" w:space="0" w:color="{house_colours.RULE}"'
_HOUSE_TABLE = f"""<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="HouseTable">
<w:name w:val="House Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:qFormat/>
<w:tblPr><w:tblBorders><w:top {_EDGE}/><w:bottom {_EDGE}/><w:insideH {_EDGE}/></w:tblBorders>
<w:tblCellMar><w:top w:w="57" w:type="dxa"/><w:left w:w="96" w:type="dxa"/>
<w:bottom w:w="57" w:type="dxa"/><w:right w:w="96" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>"""
