"""Building blocks of the shipped Word templates: page, styles, tables. Used by the scripts that make them."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from peer_challenge.vocabulary import Rating
from peer_challenge.word import style

EPOCH = datetime(2026, 1, 1)
"""The time stamped on every template, so that the same script gives the same bytes."""

RAG_STYLES = {rating: f"RAG {rag.word.title()}" for rating, rag in style.RAG.items()}
_LEFTOVERS = ("/metadata/thumbnail", "/stylesWithEffects", "/customXml")
_HEADINGS = {"Heading 1": (style.HEADING_1_PT, 18, 6), "Heading 2": (style.HEADING_2_PT, 12, 4),
             "Heading 3": (style.HEADING_3_PT, 8, 2)}


def new_document(title: str, *, is_landscape: bool = False) -> Any:
    """An empty A4 document in the house style, with `{{ marking }}` and `{{ footer }}` in place."""
    document = docx.Document()
    _drop_leftovers(document)
    _compatibility(document)
    _core(document, title)
    _language(document)
    _styles(document)
    page(document.sections[0], is_landscape=is_landscape)
    furniture(document.sections[0])
    return document


def page(section: Any, *, is_landscape: bool = False, margin: float = style.MARGIN_MM) -> None:
    """Set a section to A4 with the margins of the house."""
    short, long = map(Mm, style.PAGE_MM)
    section.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if is_landscape else (short, long)
    section.left_margin = section.right_margin = Mm(margin)
    section.top_margin, section.bottom_margin = Mm(24), Mm(22)
    section.header_distance, section.footer_distance = Mm(10), Mm(9)


def furniture(section: Any) -> None:
    """Header and footer: the protective marking in both, the cycle and the page number below."""
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    head = section.header.paragraphs[0]
    head.style, head.text = "Marking", "{{ marking }}"
    foot = section.footer.paragraphs[0]
    foot.style = "Footer"
    width = section.page_width - section.left_margin - section.right_margin
    stops = foot.paragraph_format.tab_stops
    stops.add_tab_stop(width // 2, WD_TAB_ALIGNMENT.CENTER)
    stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    foot.add_run("{{ footer }}\t")
    foot.add_run("{{ marking }}").bold = True
    foot.add_run("\tPage ")
    field(foot, "PAGE")
    foot.add_run(" of ")
    field(foot, "NUMPAGES")


def field(paragraph: Any, code: str) -> None:
    """Add a field such as PAGE to a paragraph."""
    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    element.append(run)
    paragraph._p.append(element)


def paragraphs(document: Any, *lines: str | tuple[str, str]) -> None:
    """Add paragraphs: a plain string in the body style, or (style, text). `**` brackets bold."""
    for line in lines:
        name, text = ("Body Text", line) if isinstance(line, str) else line
        write(document.add_paragraph(style=name), text)


def write(paragraph: Any, text: str) -> None:
    """Put `text` into a paragraph; what stands between `**` and `**` is bold, `\\t` is a tab."""
    for n, piece in enumerate(text.split("**")):
        if piece:
            paragraph.add_run(piece).bold = True if n % 2 else None


def table(document: Any, headers: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[float],
          *, text_style: str = "Table Text", description: str = "") -> Any:
    """Add a table with a repeated header row. A row of one text is a tag row ("{%tr for ... %}").

    A cell is a text, or a list of (style, text) paragraphs. `widths` are millimetres.
    """
    made = document.add_table(rows=1, cols=len(headers))
    made.style = "House Table"
    made.autofit = False
    for cell, text in zip(made.rows[0].cells, headers, strict=True):
        _fill(cell, text, "Table Header")
        shade(cell, style.HEADER_FILL)
    mark_header(made.rows[0])
    for row in rows:
        _add_row(made, row, text_style)
    _set_widths(made, widths)
    describe(made, headers[0] if not description else description)
    return made


def _add_row(made: Any, row: Sequence[Any], text_style: str) -> None:
    added = made.add_row()
    keep_whole(added)
    cells = added.cells
    if len(row) == 1:
        _fill(cells[0], row[0], text_style)
        return
    for cell, content in zip(cells, row, strict=True):
        _fill(cell, content, text_style)


def _fill(cell: Any, content: Any, default: str) -> None:
    pieces = [(default, content)] if isinstance(content, str) else content
    for n, (name, text) in enumerate(pieces):
        paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
        paragraph.style = name
        write(paragraph, text)


def rag_cell(expression: str, *, suffix: str = "", is_letter: bool = False) -> list[tuple[str, str]]:
    """A cell's content that shows the rating `expression` gives, as a coloured word or letter."""
    content: list[tuple[str, str]] = []
    for n, rating in enumerate(Rating):
        rag = style.RAG[rating]
        content += [(RAG_STYLES[rating] + suffix, f"{{%p {'el' * bool(n)}if {expression} == '{rating}' %}}"),
                    (RAG_STYLES[rating] + suffix, rag.letter if is_letter else rag.word)]
    none = RAG_STYLES[None] + suffix
    return [*content, (none, "{%p else %}"), (none, "–" if is_letter else "Not rated"), (none, "{%p endif %}")]


def mark_header(row: Any) -> None:
    """Make a row the header that is repeated on every page."""
    keep_whole(row)
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_whole(row: Any) -> None:
    """Keep a row on one page where it fits."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def shade(cell: Any, fill: str) -> None:
    """Fill a cell with a colour."""
    for old in cell._tc.get_or_add_tcPr().findall(qn("w:shd")):
        cell._tc.tcPr.remove(old)
    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill}"/>'))


def describe(made: Any, text: str) -> None:
    """Give a table its description for screen readers."""
    element = OxmlElement("w:tblCaption")
    element.set(qn("w:val"), text)
    made._tbl.tblPr.append(element)


def _set_widths(made: Any, widths: Sequence[float]) -> None:
    properties = made._tbl.tblPr
    for old in properties.findall(qn("w:tblW")):
        properties.remove(old)
    total = OxmlElement("w:tblW")
    total.set(qn("w:w"), str(sum(Mm(width).twips for width in widths)))
    total.set(qn("w:type"), "dxa")
    properties.find(qn("w:tblStyle")).addnext(total)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    for row in made.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def saved(document: Any) -> bytes:
    """The document as bytes, the same for the same content."""
    plain = io.BytesIO()
    document.save(plain)
    return repacked(plain.getvalue())


def repacked(package: bytes) -> bytes:
    """A package with its parts in a fixed order and without the time of day."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda part: (part != "[Content_Types].xml", part)):
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _drop_leftovers(document: Any) -> None:
    """Leave out what python-docx's own template brings and would go stale: picture, old styles, data."""
    for rels in (document.part.package.rels, document.part.rels):
        for rid in [rid for rid, rel in rels.items() if rel.reltype.endswith(_LEFTOVERS)]:
            del rels[rid]


def _compatibility(document: Any) -> None:
    """Say that this is for Word 2013 and later, which then doesn't open it in compatibility mode."""
    settings = document.settings.element
    compat = settings.find(qn("w:compat"))
    for old in compat:
        compat.remove(old)
    compat.append(parse_xml(
        f'<w:compatSetting {nsdecls("w")} w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'))


def _core(document: Any, title: str) -> None:
    core = document.core_properties
    core.title, core.language, core.author = title, style.LANGUAGE, "Programme office"
    core.created = core.modified = EPOCH
    core.last_modified_by = core.comments = core.subject = core.keywords = ""
    core.revision = 1


def _language(document: Any) -> None:
    for element in document.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), style.LANGUAGE)
    for element in document.settings.element.iter(qn("w:themeFontLang")):
        element.set(qn("w:val"), style.LANGUAGE)


def _font(made: Any, size: float, colour: str, *, is_bold: bool = False) -> None:
    made.font.name, made.font.size = style.FONT, Pt(size)
    made.font.bold, made.font.italic = is_bold, False
    made.font.color.rgb = RGBColor.from_string(colour)
    fonts = made.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [name for name in fonts.attrib if "heme" in name]:
        del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), style.FONT)


def _space(made: Any, before: float, after: float, line: float = 1.1) -> None:
    layout = made.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(before), Pt(after), line


def _new(document: Any, name: str, *, base: str = "Normal", size: float = style.BODY_PT,
         colour: str = style.INK, is_bold: bool = False, space: tuple[float, float] = (0, 6)) -> Any:
    styles = document.styles
    known = name in [made.name for made in styles]
    made = styles[name] if known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    made.base_style = styles[base] if name != base else None
    made.hidden, made.quick_style = False, True
    _font(made, size, colour, is_bold=is_bold)
    _space(made, *space)
    return made


def _styles(document: Any) -> None:
    _new(document, "Normal")
    _new(document, "Body Text", space=(0, 8))
    title = _new(document, "Title", size=style.TITLE_PT, colour=style.ACCENT, is_bold=True, space=(0, 4))
    _new(document, "Subtitle", size=style.SUBTITLE_PT, colour=style.MUTED, space=(0, 12))
    for name, (size, before, after) in _HEADINGS.items():
        made = _new(document, name, size=size, colour=style.ACCENT, is_bold=True, space=(before, after))
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
    marking = _new(document, "Marking", base="Header", size=style.SMALL_PT, colour=style.INK, is_bold=True)
    marking.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _new(document, "Footer", size=9, colour=style.MUTED, space=(0, 0))
    document.styles["Footer"].element.pPr.remove(document.styles["Footer"].element.pPr.find(qn("w:tabs")))
    particular = _new(document, "Particular", space=(0, 2))
    particular.paragraph_format.left_indent = Mm(32)
    particular.paragraph_format.first_line_indent = Mm(-32)
    particular.paragraph_format.tab_stops.add_tab_stop(Mm(32))
    call = _new(document, "Call-out", space=(8, 12))
    call.paragraph_format.left_indent = call.paragraph_format.right_indent = Mm(3)
    _append(call, f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="36" w:space="8" '
                  f'w:color="{style.ACCENT}"/></w:pBdr>')
    _append(call, f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{style.BAND}"/>')
    quote = _new(document, "Area Words", space=(0, 6))
    quote.paragraph_format.left_indent = Mm(5)
    _append(quote, f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="12" w:space="8" '
                   f'w:color="{style.RULE}"/></w:pBdr>')
    question = _new(document, "Question", space=(2, 0))
    question.paragraph_format.keep_with_next = True
    question.paragraph_format.left_indent = Mm(9)
    question.paragraph_format.first_line_indent = Mm(-9)
    question.paragraph_format.tab_stops.add_tab_stop(Mm(9))
    _new(document, "Question Body", space=(0, 6)).paragraph_format.left_indent = Mm(9)
    _new(document, "Gap", size=6, space=(0, 0))
    figure = _new(document, "Figure", size=18, colour=style.ACCENT, is_bold=True, space=(2, 2))
    figure.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _new(document, "Note", size=style.SMALL_PT, colour=style.MUTED, space=(2, 6))


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
    _new(document, "Table Text", space=(0, 0), size=style.BODY_PT)
    _new(document, "Table Small", space=(0, 0), size=style.SMALL_PT)
    _new(document, "Table Header", space=(0, 0), size=style.BODY_PT, colour=style.HEADER_TEXT, is_bold=True)
    for rating, rag in style.RAG.items():
        for suffix, size in (("", style.SMALL_PT), (" Letter", 9)):
            made = _new(document, RAG_STYLES[rating] + suffix, size=size, colour=rag.text, is_bold=True,
                        space=(1, 1))
            made.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _append(made, f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{rag.fill}"/>')
    document.styles.element.append(parse_xml(_HOUSE_TABLE))


_EDGE = f'w:val="single" w:sz="4" w:space="0" w:color="{style.RULE}"'
_HOUSE_TABLE = f"""<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="HouseTable">
<w:name w:val="House Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:qFormat/>
<w:tblPr><w:tblBorders><w:top {_EDGE}/><w:bottom {_EDGE}/><w:insideH {_EDGE}/></w:tblBorders>
<w:tblCellMar><w:top w:w="57" w:type="dxa"/><w:left w:w="96" w:type="dxa"/>
<w:bottom w:w="57" w:type="dxa"/><w:right w:w="96" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>"""
