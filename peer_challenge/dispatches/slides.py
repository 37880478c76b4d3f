"""Builds a deck of slides: titles, texts, columns and tables in placeholders, all editable in PowerPoint."""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from pptx import Presentation, presentation
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Mm, Pt

from peer_challenge.dispatches.slide_master import (
    BODY_POINTS,
    COLUMNS,
    CONTENT,
    DIVIDER,
    HALF,
    MARGIN,
    OPENING,
    WIDE,
    WITHIN,
    Place,
    prepare_master,
)
from peer_challenge.dispatches.text_width import count_text_lines, measure_line_room, split_by_line_count
from peer_challenge.model.house_style import SHIPPED_STYLE, HouseStyle
from peer_challenge.model.vocabulary import Rating
from peer_challenge.word.package.document_properties import OWN_PROPERTIES
from peer_challenge.word.package.write_zip import repack_document
from peer_challenge.word.write.house_colours import ACCENT, BAND, INK, LANGUAGE, MUTED, PAPER, RAG

LINE, LINES = measure_line_room(WITHIN / Pt(1), 20.5), 16
"""Room of a full-width line at 20 points (a little less, to be safe), and the lines that a slide holds."""
SIDE, SIDE_LINES = measure_line_room(HALF / Pt(1), 20.5), 12
"""Width and lines of a column."""
ROWS = 15
"""Rows of a table on a slide, its header left out: a shipped framework's areas of focus and their total."""
_ROW_HEIGHT = Mm(8.5)
"""A line of a table at 14 points with the space round it: PowerPoint makes no row lower."""

Row: TypeAlias = tuple[str, str]
"""A headed paragraph: heading, text."""
Slide: TypeAlias = Any
Table: TypeAlias = Any
"""python-pptx's objects and the XML in them: its own types know neither what is in a shape nor its XML."""

_CONTROL = {n: chr(0x2400 + n) for n in range(32) if chr(n) not in "\t\n"} | dict.fromkeys(
    (*range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "\ufffd"
)
"""Characters that XML 1.0 doesn't take or keep, and what is shown for each: its picture, or U+FFFD."""


class Deck:
    """A presentation to which slides are added. Equal slides give equal bytes."""

    def __init__(self, title: str, author: str, marking: str, style: HouseStyle = SHIPPED_STYLE) -> None:
        self.marking, self.style = marking, style
        self.deck = Presentation()
        _drop_printer_settings(self.deck)
        prepare_master(self.deck, style)
        core = self.deck.core_properties
        core.title, core.author, core.language = (
            _replace_control_characters(title),
            _replace_control_characters(author),
            LANGUAGE,
        )
        core.last_modified_by, core.comments, core.revision = _replace_control_characters(author), "", 1

    def slide(self, title: str, notes: str = "", *, layout: int = CONTENT) -> Slide:
        """A new slide of a layout with its title, the marking above and below, its number and its notes."""
        slides, is_dark = self.deck.slides, layout in (OPENING, DIVIDER)
        number, made = slides.part.add_slide(self.deck.slide_layouts[layout])
        slides._sldIdLst.add_sldId(number)  # what slides.add_slide does, but for copying placeholders
        fits = is_dark or count_text_lines(title, measure_line_room(WITHIN / Pt(1), 33)) == 1
        kind = "ctrTitle" if layout == OPENING else "title"
        words = _build_paragraph_xml(title, size=None if fits else BODY_POINTS)
        _append_placeholder(made, "Title", f'type="{kind}"', words)
        _append_text_box(
            made,
            (WIDE // 2 - Mm(60), Mm(4), Mm(120), Mm(8)),
            "Protective marking, above",
            _build_paragraph_xml(
                self.marking, size=12, colour=PAPER if is_dark else INK, is_bold=True, align="ctr"
            ),
        )
        marked = _build_paragraph_xml(self.marking)
        _append_placeholder(made, "Protective marking, below", 'type="ftr" sz="quarter" idx="11"', marked)
        _append_placeholder(made, "Slide number", 'type="sldNum" sz="quarter" idx="12"', _SLIDE_NUMBER)
        if notes:
            made.notes_slide.notes_text_frame.text = _replace_control_characters(notes)
        return made

    def opening(self, title: str, lines: Sequence[str], notes: str = "") -> None:
        """Add the first slide: a title and lines below it."""
        made = self.slide(title, notes, layout=OPENING)
        words = "".join(_build_paragraph_xml(line, after=4) for line in lines)
        _append_placeholder(made, "Subtitle", 'type="subTitle" idx="1"', words)

    def divider(self, title: str, text: str) -> None:
        """Add a slide that divides what is presented from what is only there to be looked up."""
        made = self.slide(title, layout=DIVIDER)
        _append_placeholder(made, "Subtitle", 'type="body" idx="1"', _build_paragraph_xml(text))

    def overview(self, title: str, rows: Sequence[Row], notes: str = "") -> None:
        """Add one slide of headed paragraphs, which have to fit (see `fits_on_slide`)."""
        self._add_texts(title, rows, notes)

    def texts(self, title: str, rows: Sequence[Row], notes: str = "") -> None:
        """Add headed paragraphs.

        A long text, or a text too many for the slide, continues on a further slide.
        """
        pieces = [piece for head, text in rows for piece in _split_long_text(head, text)]
        for n, group in enumerate(_group_by_slide(pieces)):
            self._add_texts(_continue_title(title, n), group, notes if n == 0 else "")

    def _add_texts(self, title: str, rows: Sequence[Row], notes: str) -> None:
        made = self.slide(title, notes)
        words = "".join(
            (_build_heading_xml(head, after=2) if head else "") + _build_paragraph_xml(text, after=12)
            for head, text in rows
        )
        _append_placeholder(made, "Text", 'idx="1"', words)

    def columns(self, title: str, tag: tuple[str, str | None], left: Row, right: Row) -> None:
        """Add two columns, each (heading, text), under `tag` (area of focus, rating).

        Long texts continue on further slides.
        """
        sides = [
            (head, [piece.removesuffix("\n") for piece in split_by_line_count(text, SIDE, SIDE_LINES)])
            for head, text in (left, right)
        ]
        for n in range(max(len(texts) for _, texts in sides)):
            made = self.slide(_continue_title(title, n), layout=COLUMNS)
            _add_rating_chip(made, tag[1])
            area = _build_paragraph_xml(tag[0], size=16, colour=MUTED)
            _append_text_box(made, (MARGIN + Mm(50), Mm(34), Mm(240), Mm(10)), "Area of focus", area)
            for place, (head, texts) in enumerate(sides, 1):
                words = _build_heading_xml(head, after=6)
                words += _build_paragraph_xml(texts[n] if n < len(texts) else "")
                _append_placeholder(made, head, f'sz="half" idx="{place}"', words)

    def table(
        self, title: str, headers: Sequence[str], rows: Sequence[Sequence[str]], notes: str = ""
    ) -> None:
        """Add a table with a header row, over several slides where it is long.

        A column of a rating has its colour in its header, and wherever it counts something.
        """
        slides = max(1, -(-len(rows) // ROWS))
        size = max(1, -(-len(rows) // slides))  # shared out evenly: no slide with one row left over
        for n, start in enumerate(range(0, len(rows), size)):
            part = rows[start : start + size]
            made = self.slide(_continue_title(title, n), notes if n == 0 else "")
            height = _ROW_HEIGHT * (len(part) + 1)
            frame = made.shapes.add_table(len(part) + 1, len(headers), MARGIN, Mm(36), WITHIN, height)
            frame.name = _replace_control_characters(title)
            frame._element.nvGraphicFramePr.nvPr.append(parse_xml(f'<p:ph {nsdecls("p")} idx="1"/>'))
            frame._element.nvGraphicFramePr.cNvPr.set(
                "descr", _replace_control_characters(f"{title}: {', '.join(headers)}")
            )
            _fill_table_cells(frame.table, headers, part)

    def saved(self, when: datetime) -> bytes:
        """The deck as the bytes of a .pptx, created and modified at `when`."""
        for slide in self.deck.slides:
            for number, shape in enumerate(slide.shapes._spTree.iter(qn("p:cNvPr")), 1):
                shape.set("id", str(number))
            _fit_letters(slide, self.style)
        self.deck.core_properties.created = self.deck.core_properties.modified = when
        out = io.BytesIO()
        self.deck.save(out)
        return repack_document(out.getvalue(), when, OWN_PROPERTIES)


def fits_on_slide(rows: Sequence[Row]) -> bool:
    """Whether headed paragraphs fit on one slide."""
    return sum(map(_count_piece_lines, rows)) <= LINES


def _continue_title(title: str, number: int) -> str:
    return title if number == 0 else f"{title} (continued)"


def _drop_printer_settings(deck: presentation.Presentation) -> None:
    """Leave out the settings of somebody's printer, which python-pptx's own template brings."""
    relationships = deck.part.rels
    for ident in [i for i, one in relationships.items() if one.reltype.endswith("/printerSettings")]:
        relationships.pop(ident)


def _replace_control_characters(text: str) -> str:
    return text.translate(_CONTROL)


_SPACE = nsdecls("a")
_SCHEME_NAMES = {INK: "tx1", PAPER: "bg1", ACCENT: "tx2", BAND: "bg2", MUTED: "accent5"}
"""Our colours, and what the deck's theme calls them."""
_SLIDE_NUMBER = (
    f'<a:p {_SPACE}><a:fld id="{{C1FF6DA9-008F-8B48-92A6-B652298478BF}}" type="slidenum">'
    f'<a:rPr lang="{LANGUAGE}"/><a:t>1</a:t></a:fld></a:p>'
)
"""The number of a slide: a field that PowerPoint fills in."""


def _append_placeholder(slide: Slide, name: str, kind: str, paragraphs: str) -> None:
    """A placeholder of the slide's layout with its words; its place and look are the layout's."""
    slide.shapes._spTree.append(
        parse_xml(
            f"<p:sp {nsdecls('p', 'a')}><p:nvSpPr>"
            f'<p:cNvPr id="0" name={quoteattr(_replace_control_characters(name))}/>'
            f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr>'
            f"<p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/>{paragraphs}</p:txBody></p:sp>"
        )
    )


def _append_text_box(slide: Slide, place: Place, name: str, paragraphs: str, fill: str = "") -> None:
    left, top, width, height = map(int, place)
    filled = _build_fill_xml(fill) if fill else "<a:noFill/>"
    slide.shapes._spTree.append(
        parse_xml(
            f"<p:sp {nsdecls('p', 'a')}><p:nvSpPr>"
            f'<p:cNvPr id="0" name={quoteattr(_replace_control_characters(name))}/>'
            '<p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm>'
            f'<a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
            f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{filled}</p:spPr>'
            '<p:txBody><a:bodyPr wrap="square"><a:noAutofit/></a:bodyPr><a:lstStyle/>'
            f"{paragraphs}</p:txBody></p:sp>"
        )
    )


def _build_fill_xml(colour: str) -> str:
    """A fill: of the theme where the colour is one of ours, by its digits where it is a rating's."""
    name = _SCHEME_NAMES.get(colour)
    one = f'<a:schemeClr val="{name}"/>' if name else f'<a:srgbClr val="{colour}"/>'
    return f"<a:solidFill>{one}</a:solidFill>"


def _fit_letters(slide: Slide, style: HouseStyle) -> None:
    """Make letters of a size of their own smaller where the font is wider than the one we measure by."""
    if style.widest_font > 1:
        for look in slide.shapes._spTree.iter(qn("a:rPr")):
            if size := look.get("sz"):
                look.set("sz", str(round(int(size) / style.widest_font / 50) * 50))


def _build_paragraph_xml(
    text: str,
    *,
    size: float | None = None,
    colour: str = "",
    is_bold: bool | None = None,
    after: float | None = None,
    align: str = "",
) -> str:
    """A paragraph as XML, written at once: set one by one, its particulars are half the cost of a deck.

    What is not given is as its placeholder has it.
    """
    look = f'lang="{LANGUAGE}"' + (f' sz="{round(size * 100)}"' if size else "")
    look += f' b="{int(is_bold)}"' if is_bold is not None else ""
    ink = _build_fill_xml(colour) if colour else ""
    return _build_paragraph_of(text, f"<a:rPr {look}>{ink}</a:rPr>", after, align)


def _build_heading_xml(text: str, *, after: float) -> str:
    """A heading within a text: bold, in the theme's colour of titles."""
    ink = '<a:solidFill><a:schemeClr val="tx2"/></a:solidFill>'
    return _build_paragraph_of(text, f'<a:rPr lang="{LANGUAGE}" b="1">{ink}</a:rPr>', after, "")


def _build_paragraph_of(text: str, look: str, after: float | None, align: str) -> str:
    runs = "<a:br/>".join(
        f"<a:r>{look}<a:t>{escape(line)}</a:t></a:r>"
        for line in _replace_control_characters(text).split("\n")
    )
    aligned = f'algn="{align}" ' if align else ""
    space = (
        ""
        if after is None
        else (
            '<a:spcBef><a:spcPts val="0"/></a:spcBef>'
            f'<a:spcAft><a:spcPts val="{round(after * 100)}"/></a:spcAft>'
        )
    )
    return f'<a:p {_SPACE}><a:pPr {aligned}defTabSz="{Mm(10)}">{space}</a:pPr>{runs}</a:p>'


def _add_rating_chip(slide: Slide, rating: str | None) -> None:
    rag = RAG[Rating(rating) if rating else None]
    words = _build_paragraph_xml(rag.word, size=14, colour=rag.text, is_bold=True, align="ctr")
    _append_text_box(slide, (MARGIN + Mm(2.5), Mm(34), Mm(44), Mm(10)), "Rating", words, rag.fill)


def _fill_table_cells(table: Table, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table.first_row, table.horz_banding = True, False
    table.columns[0].width = WITHIN // 2
    for column in list(table.columns)[1:]:
        column.width = WITHIN // 2 // (len(headers) - 1)
    ratings = {RAG[rating].word: RAG[rating] for rating in Rating}
    for n, (line, row) in enumerate(zip(table._tbl.tr_lst, (headers, *rows), strict=True)):
        for place, (cell, text) in enumerate(zip(line.tc_lst, row, strict=True)):
            rag = ratings.get(headers[place]) if n == 0 or text != "0" else None
            fill = rag.fill if rag else ACCENT if n == 0 else PAPER if n % 2 else BAND
            colour = rag.text if rag else PAPER if n == 0 else INK
            align = "ctr" if place else "l"
            line.replace(
                cell,
                parse_xml(
                    _build_cell_xml(
                        _build_paragraph_xml(text, size=14, colour=colour, is_bold=n == 0, align=align), fill
                    )
                ),
            )


def _build_cell_xml(paragraph: str, fill: str) -> str:
    return (
        f"<a:tc {_SPACE}><a:txBody><a:bodyPr/><a:lstStyle/>{paragraph}</a:txBody>"
        f'<a:tcPr anchor="ctr">{_build_fill_xml(fill)}</a:tcPr></a:tc>'
    )


def _split_long_text(head: str, text: str) -> Iterator[tuple[str, str]]:
    for n, piece in enumerate(split_by_line_count(text, LINE, LINES - 4)):
        yield (head if n == 0 or not head else f"{head} (continued)"), piece.removesuffix("\n")


def _count_piece_lines(piece: tuple[str, str]) -> float:
    """Lines that a headed paragraph takes, with its heading and the space after it."""
    return 1.6 + count_text_lines(piece[1], LINE)


def _group_by_slide(pieces: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Pieces by the slide, each with as many as it has lines for, and slides about equally full."""
    heights = [_count_piece_lines(piece) for piece in pieces]
    fewest = len(_cut_into_runs(heights, LINES))
    full = next(n / 2 for n in range(2, 2 * LINES + 1) if len(_cut_into_runs(heights, n / 2)) <= fewest)
    return [list(pieces[start:end]) for start, end in _cut_into_runs(heights, full)]


def _cut_into_runs(heights: Sequence[float], most: float) -> list[tuple[int, int]]:
    """Where runs of heights begin and end whose sum is at most `most` (or that are one too high)."""
    cuts, start, held = [], 0, 0.0
    for n, height in enumerate(heights):
        if n > start and held + height > most:
            cuts.append((start, n))
            start, held = n, 0.0
        held += height
    return [*cuts, (start, len(heights))]
