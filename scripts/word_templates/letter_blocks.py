"""Building blocks of the shipped Word templates: page, styles, tables. Used by the scripts that make them."""

import io
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from peer_challenge.dispatches.put_charts_in import CHART
from peer_challenge.model.vocabulary import Rating
from peer_challenge.word.package.write_zip import EPOCH, repack_document
from peer_challenge.word.write import house_colours
from peer_challenge.word.write.house_logo import LOGO
from scripts.word_templates.theme_references import refer_to_theme, set_theme, write_fallbacks
from scripts.word_templates.word_styles import RAG_STYLES, add_styles

_COLOURED = tuple(f"word/{part}.xml" for part in ("document", "styles", "header1", "footer1"))
_LOGO_MM = (50, 13)
"""The room of a logo in a header: what is in it keeps its proportions."""
_LEFTOVERS = ("/metadata/thumbnail", "/stylesWithEffects", "/customXml")


WHO_READS = (
    "We read all of it. So do the three partners of the area that challenges you{% if has_reviews %}, who "
    "also get your progress reports{% endif %}. The Chair of your event sees your ratings, what you wrote "
    "under each sub-heading that is rated RED or asked about, the questions, and your answers.",
    "For our office only, we keep an overview and tables that name areas. They have what you wrote, your "
    "ratings, the questions, your answers, what the Chair recorded{% if has_reviews %}, your action plan and "
    "your progress reports{% else %} and your action plan{% endif %}. We may give all areas an edition "
    "without names.",
)
"""Who reads what an area writes in a year: the launch letter and the first form say the same."""


def new_document(title: str, *, is_landscape: bool = False) -> Any:
    """An empty A4 document in the house style, with `{{ marking }}` and `{{ footer }}` in place."""
    document = docx.Document()
    _drop_leftovers(document)
    _compatibility(document)
    _core(document, title)
    _language(document)
    set_theme(document)
    add_styles(document)
    page(document.sections[0], is_landscape=is_landscape)
    furniture(document.sections[0])
    return document


def page(section: Any, *, is_landscape: bool = False, margin: float = house_colours.MARGIN_MM) -> None:
    """Set a section to A4 with the margins of the house."""
    short, long = map(Mm, house_colours.PAGE_MM)
    section.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if is_landscape else (short, long)
    section.left_margin = section.right_margin = Mm(margin)
    section.top_margin, section.bottom_margin = Mm(24), Mm(22)
    section.header_distance, section.footer_distance = Mm(10), Mm(9)


def furniture(section: Any) -> None:
    """Header and footer: logo and protective marking above; the cycle, the marking and the page number below.

    A further line has the programme's name and the office's own words, where the house style has them.
    """
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    head = section.header.paragraphs[0]
    head.style = "Marking"
    _add_logo(section.header.part, head)
    head.add_run("{{ marking }}")
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
    for text in ("{%p if house_line %}", "{{ house_line }}", "{%p endif %}"):
        section.footer.add_paragraph(text, style="Footer")


def _add_logo(part: Any, paragraph: Any) -> None:
    """A placeholder for the logo, at the left of the header. It goes in where there is one."""
    relation, _ = part.get_or_add_image(io.BytesIO(blank_png("logo")))
    wide, high = (int(Mm(side)) for side in _LOGO_MM)
    paragraph.add_run("{% if logo %}")
    paragraph.add_run()._r.append(parse_xml(_LOGO % {"relation": relation, "wide": wide, "high": high}))
    paragraph.add_run("{% endif %}")


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


def replaced(document: Any) -> None:
    """Which earlier document this one takes the place of, and where they differ; nothing for a first one."""
    paragraphs(
        document,
        "{%p if replaces %}",
        (
            "Call-out",
            "**This replaces what we sent you on {{ replaces }}.** Please use this one from now on.",
        ),
        "{%p if changed %}",
        "{% if changed|length == 1 %}This answer has{% else %}These answers have{% endif %} changed since:",
        "{%p for one in changed %}",
        ("List Bullet", "**{{ one.place }}**: {{ one.columns }}"),
        "{%p endfor %}",
        "{%p elif is_signed_again %}",
        "No answer has changed since. The form was signed off again.",
        "{%p endif %}",
        "{%p endif %}",
    )


def write(paragraph: Any, text: str) -> None:
    """Put `text` into a paragraph; what stands between `**` and `**` is bold, `\\t` is a tab."""
    for n, piece in enumerate(text.split("**")):
        if piece:
            paragraph.add_run(piece).bold = True if n % 2 else None


def tag(kind: str, words: str) -> str:
    """A template tag: `tag("p", "if dates")` for a paragraph's, "tr" for a row's, "tc" for a cell's."""
    return f"{{%{kind} {words} %}}"


def value(expression: str) -> str:
    """A template's place for a value."""
    return f"{{{{ {expression} }}}}"


def table(
    document: Any,
    headers: Sequence[str],
    rows: Sequence[Sequence[Any]],
    widths: Sequence[float],
    *,
    text_style: str = "Table Text",
    description: str = "",
    has_row_headers: bool = True,
) -> Any:
    """Add a table with a repeated header row. A row of one text is a tag row ("{%tr for ... %}").

    With `has_row_headers` the first cell of a row says what the row is about, and is read out as that. A
    cell is a text, or a list of (style, text) paragraphs. `widths` are millimetres.
    """
    made = document.add_table(rows=1, cols=len(headers))
    made.style = "House Table"
    made.autofit = False
    for cell, text in zip(made.rows[0].cells, headers, strict=True):
        _fill(cell, text, "Table Header")
        shade(cell, house_colours.HEADER_FILL)
    mark_header(made.rows[0])
    for row in rows:
        _add_row(made, row, text_style)
    _set_widths(made, widths)
    _set_headers(made, has_row_headers=has_row_headers)
    describe(made, description or headers[0])
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
        rag = house_colours.RAG[rating]
        content += [
            (RAG_STYLES[rating] + suffix, f"{{%p {'el' * bool(n)}if {expression} == '{rating}' %}}"),
            (RAG_STYLES[rating] + suffix, rag.letter if is_letter else rag.word),
        ]
    none = RAG_STYLES[None] + suffix
    return [
        *content,
        (none, "{%p else %}"),
        (none, "–" if is_letter else "Not rated"),
        (none, "{%p endif %}"),
    ]


def mark_header(row: Any) -> None:
    """Make a row the header that is repeated on every page, and keep it with the row below.

    Where only the header fits at the end of a page, LibreOffice otherwise shows none of a table's rows.
    """
    keep_whole(row)
    for cell in row.cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_whole(row: Any) -> None:
    """Keep a row on one page where it fits."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def shade(cell: Any, fill: str) -> None:
    """Fill a cell with a colour."""
    for old in cell._tc.get_or_add_tcPr().findall(qn("w:shd")):
        cell._tc.tcPr.remove(old)
    cell._tc.get_or_add_tcPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill}"/>')
    )


def upright(cell: Any) -> None:
    """Turn a header cell's text to read upwards."""
    direction = OxmlElement("w:textDirection")
    direction.set(qn("w:val"), "btLr")
    cell._tc.get_or_add_tcPr().append(direction)


def margins(cell: Any, beside: int, above: int) -> None:
    """Set the space around a cell's text, left and right, above and below, in twentieths of a point."""
    sides = {"top": above, "left": beside, "bottom": above, "right": beside}
    edges = "".join(f'<w:{side} w:w="{twips}" w:type="dxa"/>' for side, twips in sides.items())
    properties = cell._tc.get_or_add_tcPr()
    made = parse_xml(f"<w:tcMar {nsdecls('w')}>{edges}</w:tcMar>")
    direction = properties.find(qn("w:textDirection"))
    if direction is None:
        properties.append(made)
    else:
        direction.addprevious(made)


def describe(made: Any, text: str) -> None:
    """Give a table its description for screen readers."""
    element = OxmlElement("w:tblCaption")
    element.set(qn("w:val"), text)
    made._tbl.tblPr.append(element)


def _set_headers(made: Any, *, has_row_headers: bool) -> None:
    """Say which cells of a table are headers: its first row, and its first column if it has row headers."""
    look = made._tbl.tblPr.find(qn("w:tblLook"))
    look.set(qn("w:firstColumn"), "1" if has_row_headers else "0")
    look.set(qn("w:val"), "04A0" if has_row_headers else "0420")


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
    refer_to_theme(document)
    plain = io.BytesIO()
    document.save(plain)
    return repack_document(plain.getvalue(), changed=dict.fromkeys(_COLOURED, write_fallbacks))


def blank_png(name: str) -> bytes:
    """A white picture of two by one, each name its own, for another picture to take the place of."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress(b"\x00" + b"\xff" * 6)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 1, 8, 2, 0, 0, 0))
        + chunk(b"tEXt", b"Title\x00" + name.encode())
        + chunk(b"IDAT", pixels)
        + chunk(b"IEND", b"")
    )


def _drop_leftovers(document: Any) -> None:
    """Leave out what python-docx's own template brings and would go stale or go unused: picture, data,
    old styles, and a hundred table styles, most of the XML, which Word has itself."""
    for rels in (document.part.package.rels, document.part.rels):
        for rid in [rid for rid, rel in rels.items() if rel.reltype.endswith(_LEFTOVERS)]:
            del rels[rid]
    styles = document.styles.element
    for made in styles.xpath("w:style[@w:type='table'][not(@w:styleId = 'TableNormal')]"):
        styles.remove(made)


def _compatibility(document: Any) -> None:
    """Say that this is for Word 2013 and later, which then doesn't open it in compatibility mode."""
    settings = document.settings.element
    compat = settings.find(qn("w:compat"))
    for old in compat:
        compat.remove(old)
    compat.append(
        parse_xml(
            f'<w:compatSetting {nsdecls("w")} w:name="compatibilityMode" '
            'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        )
    )


def _core(document: Any, title: str) -> None:
    core = document.core_properties
    core.title, core.language, core.author = title, house_colours.LANGUAGE, "Programme office"
    core.created = core.modified = EPOCH
    core.last_modified_by = core.comments = core.subject = core.keywords = ""
    core.revision = 1


def _language(document: Any) -> None:
    for element in document.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), house_colours.LANGUAGE)
    for element in document.settings.element.iter(qn("w:themeFontLang")):
        element.set(qn("w:val"), house_colours.LANGUAGE)


_LOGO = f"""<w:drawing {nsdecls("w", "wp", "a", "pic", "r")}>
<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="1"
 locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="margin"><wp:align>left</wp:align></wp:positionH>
<wp:positionV relativeFrom="page"><wp:posOffset>{int(Mm(7))}</wp:posOffset></wp:positionV>
<wp:extent cx="%(wide)s" cy="%(high)s"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>
<wp:docPr id="900" name="{LOGO}" descr="{{{{ logo }}}}"/><wp:cNvGraphicFramePr/><a:graphic>
<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>
<pic:cNvPr id="900" name="{LOGO}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="%(relation)s"/>
<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>
<a:ext cx="%(wide)s" cy="%(high)s"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>
</pic:pic></a:graphicData></a:graphic></wp:anchor></w:drawing>"""


def chart(made: Any, name: str) -> None:
    """A placeholder for a chart; its name says which, its alt text is filled in with the words."""
    run = made.add_paragraph(style="Body Text").add_run()
    picture = run.add_picture(io.BytesIO(blank_png(name)), width=Mm(170))
    described = picture._inline.docPr
    described.set("name", CHART + name)
    described.set("descr", value(f"alt.{name}"))
