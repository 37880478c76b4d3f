"""The pieces that forms are made of, as Word XML: cells to fill in, choices, marks, tables."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docx.table import Table

from peer_challenge.word.write import house_colours
from scripts.word_templates.letter_blocks import mark_header

_numbers = count(1)


def restart_numbers() -> None:
    """Number bookmarks, permissions and controls from 1: each form is made the same every time."""
    global _numbers  # noqa: PLW0603 - one counter for one document at a time
    _numbers = count(1)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's XML content, with its fill and whether it spans several columns."""

    content: str
    fill: str = ""
    span: int = 1


Row = Sequence[Cell] | str
"""A row's cells, or a tag that stands in a row of its own ("{%tr for ... %}")."""


def run(text: str, *, is_bold: bool = False) -> str:
    """A run of text."""
    properties = "<w:rPr><w:b/></w:rPr>" if is_bold else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(style_id: str, text: str = "", *, inside: str = "", is_kept: bool = False) -> str:
    """A paragraph; what stands between `**` and `**` is bold; `inside` is XML put before the text.

    `is_kept`: on one page with what follows.
    """
    runs = "".join(run(piece, is_bold=bool(n % 2)) for n, piece in enumerate(text.split("**")) if piece)
    kept = "<w:keepNext/>" if is_kept else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style_id}"/>{kept}</w:pPr>{inside}{runs}</w:p>'


def bookmark(name: str) -> str:
    """An empty bookmark: a mark by which the form is known again."""
    number = next(_numbers)
    return f'<w:bookmarkStart w:id="{number}" w:name={quoteattr(name)}/><w:bookmarkEnd w:id="{number}"/>'


def link(anchor: str, text: str) -> str:
    """A link to a bookmark of the same document."""
    return (
        f'<w:hyperlink w:anchor={quoteattr(anchor)} w:history="1"><w:r><w:rPr><w:rStyle w:val="Hyperlink"/>'
        f'</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:hyperlink>'
    )


def _open() -> tuple[str, str]:
    """A permission for everybody, start and end, to stand on either side of a control."""
    number = next(_numbers)
    return (
        f'<w:permStart w:id="{number}" w:edGrp="everyone" w:displacedByCustomXml="next"/>',
        f'<w:permEnd w:id="{number}" w:displacedByCustomXml="prev"/>',
    )


def _control(title: str, tag: str, kind: str, *, is_blank: bool) -> str:
    shows = "<w:showingPlcHdr/>" if is_blank else ""
    return (
        f"<w:sdtPr><w:alias w:val={quoteattr(title)}/><w:tag w:val={quoteattr(tag)}/>"
        f'<w:id w:val="{next(_numbers)}"/><w:lock w:val="sdtLocked"/>{shows}{kind}</w:sdtPr>'
    )


def _prompt(text: str) -> str:
    return (
        f'<w:r><w:rPr><w:rStyle w:val="PlaceholderText"/><w:i/><w:color w:val="{house_colours.MUTED}"/>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{house_colours.UNFILLED}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    )


def known_or_blank(known: str, make: Callable[[str], str]) -> str:
    """A cell's content that holds `known` of the context where there is one, and asks for it where not.

    `make` gives the content: with what it holds ("" for nothing).
    """
    return (
        paragraph("Answer", "{%p if " + known + " %}")
        + make("{{ " + known + " }}")
        + paragraph("Answer", "{%p else %}")
        + make("")
        + paragraph("Answer", "{%p endif %}")
    )


def narrative(title: str, tag: str, prompt: str, *, mark: str = "", holds: str = "") -> str:
    """A cell's content to write in freely, paragraphs and lists too, with `prompt` until somebody types.

    What it `holds` can be written over. The prompt is in brackets: LibreOffice drops the look of a prompt in
    a cell like this, and a form on paper has to show what is not filled in yet.
    """
    start, end = _open()
    content = run(holds) if holds else _prompt(f"[{prompt}]")
    body = f'<w:p><w:pPr><w:pStyle w:val="Answer"/></w:pPr>{mark}{content}</w:p>'
    control = _control(title, tag, "", is_blank=not holds)
    return f"{start}<w:sdt>{control}<w:sdtContent>{body}</w:sdtContent></w:sdt>{end}"


def _line(title: str, tag: str, kind: str, prompt: str, style_id: str, mark: str, holds: str = "") -> str:
    number = next(_numbers)
    control = _control(title, tag, kind, is_blank=not holds)
    content = run(holds) if holds else _prompt(prompt)
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style_id}"/></w:pPr>{mark}'
        f'<w:permStart w:id="{number}" w:edGrp="everyone"/><w:sdt>{control}<w:sdtContent>{content}'
        f'</w:sdtContent></w:sdt><w:permEnd w:id="{number}"/></w:p>'
    )


def entry(title: str, tag: str, prompt: str, *, mark: str = "") -> str:
    """A cell's content to write a line or two in, without formatting."""
    return _line(title, tag, '<w:text w:multiLine="1"/>', prompt, "Answer", mark)


def choice(
    title: str, tag: str, prompt: str, choices: str, *, style_id: str = "Choice", mark: str = ""
) -> str:
    """A cell's content to choose in from the list `choices` of the context."""
    item = f"pc_choices_{choices}"
    kind = f'<w:dropDownList><w:listItem w:displayText="{item}" w:value="{item}"/></w:dropDownList>'
    return _line(title, tag, kind, prompt, style_id, mark)


def day(title: str, tag: str, prompt: str, *, mark: str = "", holds: str = "") -> str:
    """A cell's content to pick a day in; it may hold one to begin with."""
    kind = (
        '<w:date><w:dateFormat w:val="d MMMM yyyy"/><w:lid w:val="en-GB"/>'
        '<w:storeMappedDataAs w:val="date"/><w:calendar w:val="gregorian"/></w:date>'
    )
    return _line(title, tag, kind, prompt, "Answer", mark, holds)


def answer(lines_of: str) -> str:
    """A cell's content that shows the text `lines_of` of the context as typed, a paragraph a line."""
    return (
        paragraph("Answer", "{%p for line in " + lines_of + "|lines %}")
        + paragraph("Answer", "{{ line }}")
        + paragraph("Answer", "{%p endfor %}")
    )


def rating(of: str) -> Cell:
    """A cell in the colour of `of`'s rating that says its word: never by colour alone."""
    return Cell(
        paragraph("Rating", "{% cellbg " + of + ".fill %}{%p if " + of + ".is_dark %}")
        + paragraph("RatingLight", "{{ " + of + ".word }}")
        + paragraph("Rating", "{%p else %}")
        + paragraph("Rating", "{{ " + of + ".word }}")
        + paragraph("Rating", "{%p endif %}")
    )


def table(
    caption: str,
    widths: Sequence[float],
    headers: Sequence[Cell],
    rows: Iterable[Row],
    *,
    has_header: bool = True,
    has_row_headers: bool = True,
    is_compact: bool = False,
    may_break: bool = False,
) -> Any:
    """A table of `widths` in millimetres; a row that is a text is a tag row ("{%tr for ... %}").

    `caption` is its description for screen readers; the header row is repeated on every page. With
    `has_row_headers` the first cell of a row says what the row is about, and is read out as that. Rows are
    kept whole unless they `may_break`: where much may be typed, since LibreOffice cuts off what overflows.
    """
    columns = [int(Mm(width).twips) for width in widths]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    head = _row(headers, columns) if has_header else ""
    whole = "" if may_break else "<w:cantSplit/>"
    body = "".join(
        _tag_row(row, columns) if isinstance(row, str) else _row(row, columns, whole) for row in rows
    )
    tight = _TIGHT if is_compact else ""
    look = _FIRST_ROW * has_header + _FIRST_COLUMN * has_row_headers
    made = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="FormTable"/>'
        f'<w:tblW w:w="{sum(columns)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{tight}'
        f'<w:tblLook w:val="{_NO_BANDS + look:04X}" w:firstRow="{has_header:d}" w:lastRow="0" '
        f'w:firstColumn="{has_row_headers:d}" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(caption)}/>"
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
    )
    if has_header:
        mark_header(Table(made, None).rows[0])
    return made


_FIRST_ROW, _FIRST_COLUMN, _NO_BANDS = 0x20, 0x80, 0x600
"""The bits of a table's look: which of its cells are headers."""
_TIGHT = '<w:tblCellMar><w:top w:w="20" w:type="dxa"/><w:bottom w:w="20" w:type="dxa"/></w:tblCellMar>'


def _row(cells: Sequence[Cell], columns: Sequence[int], properties: str = "") -> str:
    given, rest = "", list(columns)
    for cell in cells:
        width, rest = sum(rest[: cell.span]), rest[cell.span :]
        span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
        fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.fill}"/>' if cell.fill else ""
        given += (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{fill}</w:tcPr>{cell.content}</w:tc>'
        )
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{given}</w:tr>"


def _tag_row(tag: str, columns: Sequence[int]) -> str:
    return _row([Cell(paragraph("CellText", tag), span=len(columns))], columns)


def header(text: str, *, mark: str = "") -> Cell:
    """A cell of the header row, with the mark of its column."""
    return Cell(paragraph("TableHeader", text, inside=mark), fill=house_colours.HEADER_FILL)


def label(text: str, *, mark: str = "", is_kept: bool = False) -> Cell:
    """A cell that says what stands beside it; `is_kept` keeps its row on one page with the next."""
    return Cell(
        paragraph("CellLabelKept" if is_kept else "CellLabel", text, inside=mark), fill=house_colours.BAND
    )


def add(document: Any, element: Any) -> None:
    """Put an element at the end of the document's body."""
    document.element.body.find(qn("w:sectPr")).addprevious(element)


def track_changes(document: Any) -> None:
    """Let Word mark what is changed from now on, with the name of the person who changes it."""
    made = parse_xml(f"<w:trackRevisions {nsdecls('w')}/>")
    document.settings.element.find(qn("w:defaultTabStop")).addprevious(made)


FORM_STYLES = f"""<w:styles {nsdecls("w")}>
<w:style w:type="character" w:customStyle="0" w:styleId="PlaceholderText"><w:name w:val="Placeholder Text"/>
<w:basedOn w:val="DefaultParagraphFont"/><w:uiPriority w:val="99"/><w:semiHidden/>
<w:rPr><w:i/><w:color w:val="{house_colours.MUTED}"/>
<w:shd w:val="clear" w:color="auto" w:fill="{house_colours.UNFILLED}"/></w:rPr></w:style>
<w:style w:type="table" w:customStyle="1" w:styleId="FormTable"><w:name w:val="Form Table"/>
<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:qFormat/><w:tblPr><w:tblBorders>
%s</w:tblBorders><w:tblCellMar><w:top w:w="85" w:type="dxa"/><w:left w:w="113" w:type="dxa"/>
<w:bottom w:w="85" w:type="dxa"/><w:right w:w="113" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
</w:styles>""" % "".join(
    f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="{house_colours.RULE}"/>'
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def paragraph_style(
    name: str,
    ident: str,
    *,
    size: float = house_colours.BODY_PT,
    colour: str = house_colours.INK,
    bold: bool = False,
    after: float = 0,
    align: str = "left",
    keep: str = "",
    tab: int = 0,
) -> str:
    """A paragraph style for forms. `keep` is "next" or "lines": what may not be parted by a page's end.

    `tab` is where its first tab leads, in twentieths of a point.
    """
    stops = f'<w:tabs><w:tab w:val="left" w:pos="{tab}"/></w:tabs>' if tab else ""
    kept = {"next": "<w:keepNext/><w:keepLines/>", "lines": "<w:keepLines/>", "": ""}[keep]
    return (
        f'<w:style {nsdecls("w")} w:type="paragraph" w:customStyle="1" w:styleId="{ident}">'
        f'<w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{kept}<w:widowControl/>{stops}'
        f'<w:spacing w:before="0" w:after="{int(after * 20)}" w:line="252" w:lineRule="auto"/>'
        f'<w:jc w:val="{align}"/>'
        f'</w:pPr><w:rPr>{"<w:b/>" if bold else ""}<w:color w:val="{colour}"/><w:sz w:val="{int(size * 2)}"/>'
        f'<w:szCs w:val="{int(size * 2)}"/></w:rPr></w:style>'
    )


_TAB_AFTER_SIGN = 284
"""Five millimetres: a line that somebody typed as "•", a tab and words has no hole in it."""


def add_form_styles(document: Any) -> None:
    """Give the document the styles that only forms use."""
    styles = document.styles.element
    known = {made.get(qn("w:styleId")) for made in styles}
    for made in list(parse_xml(FORM_STYLES)):
        if made.get(qn("w:styleId")) not in known:
            styles.append(made)
    for xml in (
        paragraph_style("Answer", "Answer", after=4, tab=_TAB_AFTER_SIGN),
        paragraph_style("Cell Text", "CellText"),
        paragraph_style("Choice", "Choice", bold=True, align="center"),
        paragraph_style("Rating", "Rating", bold=True, align="center"),
        paragraph_style("Rating Light", "RatingLight", colour=house_colours.PAPER, bold=True, align="center"),
        paragraph_style("Row Title", "RowTitle", bold=True, after=3, keep="lines"),
        paragraph_style("Row Prompt", "RowPrompt", colour=house_colours.MUTED, after=3, keep="lines"),
        paragraph_style("Row Hint", "RowHint", size=house_colours.SMALL_PT, after=2, keep="lines"),
        paragraph_style("Cell Label", "CellLabel", bold=True, keep="lines"),
        paragraph_style("Cell Label Kept", "CellLabelKept", bold=True, keep="next"),
    ):
        styles.append(parse_xml(xml))
    call_out = document.styles["Call-out"].paragraph_format
    call_out.left_indent, call_out.right_indent = Mm(4.5), Mm(0)
