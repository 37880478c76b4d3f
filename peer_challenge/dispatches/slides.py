"""Builds a deck of slides: titles, texts, columns and tables, all editable in PowerPoint."""

import io
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from pptx import Presentation, presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Mm, Pt

from peer_challenge.dispatches.text_width import count_text_lines, measure_line_room, split_by_line_count
from peer_challenge.model.vocabulary import Rating
from peer_challenge.word.package.document_properties import OWN_PROPERTIES
from peer_challenge.word.package.write_zip import repack_document
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.write.house_colours import ACCENT, BAND, FONT, INK, LANGUAGE, MUTED, PAPER, RAG

WIDE, HIGH, MARGIN = Mm(338.67), Mm(190.5), Mm(18)
WITHIN = WIDE - 2 * MARGIN
LINE, LINES = measure_line_room(WITHIN / Pt(1), 20.5), 16
"""Room of a full-width line at 20 points (a little less, to be safe), and the lines that a slide holds."""
HALF = (WITHIN - Mm(10)) // 2
SIDE, SIDE_LINES = measure_line_room(HALF / Pt(1), 20.5), 12
"""Width and lines of a column."""
ROWS = 14
"""Rows of a table on a slide, its header left out."""

Slide: TypeAlias = Any
Shape: TypeAlias = Any
Table: TypeAlias = Any
TextFrame: TypeAlias = Any
"""python-pptx's objects and the XML in them: its own types know neither what is in a shape nor its XML."""

_CONTROL = {n: chr(0x2400 + n) for n in range(32) if chr(n) not in "\t\n"} | dict.fromkeys(
    (*range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "\ufffd"
)


class Deck:
    """A presentation to which slides are added. Equal slides give equal bytes."""

    def __init__(self, title: str, author: str, marking: str) -> None:
        self.marking = marking
        self._bare: list[XmlElement] | None = None
        self.deck = Presentation()
        _drop_printer_settings(self.deck)
        self.deck.slide_width, self.deck.slide_height = WIDE, HIGH
        core = self.deck.core_properties
        core.title, core.author, core.language = (
            _replace_control_characters(title),
            _replace_control_characters(author),
            LANGUAGE,
        )
        core.last_modified_by, core.comments, core.revision = _replace_control_characters(author), "", 1

    def slide(self, title: str, notes: str = "", *, is_opening: bool = False) -> Slide:
        """A new slide with a title, the protective marking above and below, and its notes."""
        made = self._opening_slide() if is_opening else self._bare_slide()
        heading = made.shapes.title
        fits = count_text_lines(title, measure_line_room(WITHIN / Pt(1), 33)) == 1
        size, colour = (40, PAPER) if is_opening else (30 if fits else 20, ACCENT)
        _write_paragraphs(heading.text_frame, [title], size, colour, is_bold=True)
        if notes:
            made.notes_slide.notes_text_frame.text = _replace_control_characters(notes)
        return made

    def _opening_slide(self) -> Slide:
        made = self.deck.slides.add_slide(self.deck.slide_layouts[5])
        made.background.fill.solid()
        made.background.fill.fore_color.rgb = _parse_colour(ACCENT)
        _set_position(made.shapes.title, MARGIN, Mm(60), WITHIN, Mm(28))
        made.shapes.title.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
        self._add_protective_marking(made, PAPER)
        return made

    def _bare_slide(self) -> Slide:
        """A slide with all that every slide has: made once, then copied."""
        slides, layout = self.deck.slides, self.deck.slide_layouts[5]
        if self._bare is not None:  # what slides.add_slide does, but for finding out what to put on it
            number, made = slides.part.add_slide(layout)
            slides._sldIdLst.add_sldId(number)
            made.shapes._spTree.extend(deepcopy(self._bare))
            return made
        made = slides.add_slide(layout)
        before = len(made.shapes._spTree) - 1
        _add_accent_bar(made)
        _set_position(made.shapes.title, MARGIN, Mm(13), WITHIN, Mm(20))
        made.shapes.title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        self._add_protective_marking(made, INK)
        self._bare = deepcopy(list(made.shapes._spTree[before:]))
        return made

    def _add_protective_marking(self, slide: Slide, ink: str) -> None:
        """The protective marking, above and below."""
        for top, where in ((Mm(4), "above"), (HIGH - Mm(11), "below")):
            box = _append_text_box(
                slide, WIDE // 2 - Mm(60), top, Mm(120), Mm(7), f"Protective marking, {where}"
            )
            _write_paragraphs(box, [self.marking], 12, ink, is_bold=True, align="ctr")

    def opening(self, title: str, lines: Sequence[str]) -> None:
        """Add the first slide: a title and lines below it."""
        made = self.slide(title, is_opening=True)
        _write_paragraphs(
            _append_text_box(made, MARGIN, Mm(92), WITHIN, Mm(56), "Subtitle"), lines, 22, PAPER
        )

    def texts(self, title: str, rows: Sequence[tuple[str, str]], notes: str = "") -> None:
        """Add headed paragraphs, each (heading, text).

        A long text, or a text too many for the slide, continues on a further slide.
        """
        pieces = [piece for head, text in rows for piece in _split_long_text(head, text)]
        for n, group in enumerate(_group_by_slide(pieces)):
            made = self.slide(title if n == 0 else f"{title} (continued)", notes if n == 0 else "")
            box = _append_text_box(made, MARGIN, Mm(38), WITHIN, Mm(138), "Text")
            for head, text in group:
                if head:
                    _append_paragraph(box, head, 20, ACCENT, is_bold=True, after=2)
                _append_paragraph(box, text, 20, INK, after=12)

    def columns(
        self, title: str, tag: tuple[str, str | None], left: tuple[str, str], right: tuple[str, str]
    ) -> None:
        """Add two columns, each (heading, text), under `tag` (area of focus, rating).

        Long texts continue on further slides.
        """
        sides = [
            (head, [piece.removesuffix("\n") for piece in split_by_line_count(text, SIDE, SIDE_LINES)])
            for head, text in (left, right)
        ]
        for n in range(max(len(texts) for _, texts in sides)):
            made = self.slide(title if n == 0 else f"{title} (continued)")
            _add_rating_chip(made, tag[1])
            _write_paragraphs(
                _append_text_box(made, MARGIN + Mm(50), Mm(34), Mm(240), Mm(10), "Area of focus"),
                [tag[0]],
                16,
                MUTED,
            )
            for side, (head, texts) in enumerate(sides):
                box = _append_text_box(made, MARGIN + side * (HALF + Mm(10)), Mm(54), HALF, Mm(122), head)
                _append_paragraph(box, head, 20, ACCENT, is_bold=True, after=6)
                _append_paragraph(box, texts[n] if n < len(texts) else "", 20, INK)

    def table(self, title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Add a table with a header row, over several slides where it is long. Ratings have their colour."""
        for n in range(0, len(rows), ROWS):
            part = rows[n : n + ROWS]
            made = self.slide(title if n == 0 else f"{title} (continued)")
            height = Mm(9) * (len(part) + 1)
            frame = made.shapes.add_table(len(part) + 1, len(headers), MARGIN, Mm(38), WITHIN, height)
            frame.name = _replace_control_characters(title)
            frame._element.nvGraphicFramePr.cNvPr.set(
                "descr", _replace_control_characters(f"{title}: {', '.join(headers)}")
            )
            _fill_table_cells(frame.table, headers, part)

    def saved(self, when: datetime) -> bytes:
        """The deck as the bytes of a .pptx, created and modified at `when`."""
        for slide in self.deck.slides:
            for number, shape in enumerate(slide.shapes._spTree.iter(qn("p:cNvPr")), 1):
                shape.set("id", str(number))
        self.deck.core_properties.created = self.deck.core_properties.modified = when
        out = io.BytesIO()
        self.deck.save(out)
        return repack_document(out.getvalue(), when, OWN_PROPERTIES)


def _drop_printer_settings(deck: presentation.Presentation) -> None:
    """Leave out the settings of somebody's printer, which python-pptx's own template brings."""
    relationships = deck.part.rels
    for ident in [i for i, one in relationships.items() if one.reltype.endswith("/printerSettings")]:
        relationships.pop(ident)


def _parse_colour(colour: str) -> RGBColor:
    parsed: RGBColor = RGBColor.from_string(colour)  # type: ignore[no-untyped-call]
    return parsed


def _replace_control_characters(text: str) -> str:
    return text.translate(_CONTROL)


def _set_position(shape: Shape, left: int, top: int, width: int, height: int) -> None:
    shape.left, shape.top, shape.width, shape.height = left, top, width, height


def _append_text_box(slide: Slide, left: int, top: int, width: int, height: int, name: str) -> TextFrame:
    """A text box's frame; written as XML at once for the sake of speed."""
    tree = slide.shapes._spTree
    tree.append(
        parse_xml(
            f"<p:sp {nsdecls('p', 'a')}><p:nvSpPr>"
            f'<p:cNvPr id="0" name={quoteattr(_replace_control_characters(name))}/>'
            '<p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm>'
            f'<a:off x="{int(left)}" y="{int(top)}"/><a:ext cx="{int(width)}" cy="{int(height)}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></p:spPr>'
            '<p:txBody><a:bodyPr wrap="square"><a:noAutofit/></a:bodyPr><a:lstStyle/><a:p/></p:txBody></p:sp>'
        )
    )
    return slide.shapes[-1].text_frame


_SPACE = nsdecls("a")


@lru_cache(maxsize=64)
def _build_run_properties(size: float, colour: str, is_bold: bool) -> str:
    """The run properties of a look."""
    return (
        f'<a:rPr lang="{LANGUAGE}" sz="{round(size * 100)}" b="{int(is_bold)}">'
        f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill><a:latin typeface="{FONT}"/></a:rPr>'
    )


def _build_paragraph_xml(
    text: str, size: float, colour: str, *, is_bold: bool = False, after: float = 0, align: str = "l"
) -> str:
    """A paragraph as XML, written at once: set one by one, its particulars are half the cost of a deck."""
    look = _build_run_properties(size, colour, is_bold)
    runs = "<a:br/>".join(
        f"<a:r>{look}<a:t>{escape(line)}</a:t></a:r>"
        for line in _replace_control_characters(text).split("\n")
    )
    space = f'<a:spcAft><a:spcPts val="{round(after * 100)}"/></a:spcAft>'
    return f'<a:p {_SPACE}><a:pPr algn="{align}" defTabSz="{Mm(10)}">{space}</a:pPr>{runs}</a:p>'


def _append_paragraph(
    frame: TextFrame, text: str, size: float, colour: str, *, is_bold: bool = False, after: float = 0
) -> None:
    """A paragraph more; the first takes the place of the empty one that a text box comes with."""
    body, made = (
        frame._txBody,
        parse_xml(_build_paragraph_xml(text, size, colour, is_bold=is_bold, after=after)),
    )
    there = body.p_lst
    if len(there) == 1 and not len(there[0]):
        body.replace(there[0], made)
    else:
        body.append(made)


def _write_paragraphs(
    frame: TextFrame,
    lines: Sequence[str],
    size: float,
    colour: str,
    *,
    is_bold: bool = False,
    align: str = "l",
) -> None:
    for old in frame._txBody.p_lst:
        frame._txBody.remove(old)
    for line in lines:
        frame._txBody.append(
            parse_xml(_build_paragraph_xml(line, size, colour, is_bold=is_bold, after=4, align=align))
        )


def _add_accent_bar(slide: Slide) -> None:
    """The accent down the left edge."""
    bar = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, Mm(6), HIGH)
    bar.name = "Decoration"
    bar._element.nvSpPr.cNvPr.set("descr", "Decoration: a dark blue edge")
    bar.fill.solid()
    bar.fill.fore_color.rgb = _parse_colour(ACCENT)
    bar.line.fill.background()
    bar.shadow.inherit = False


def _add_rating_chip(slide: Slide, rating: str | None) -> None:
    rag = RAG[Rating(rating) if rating else None]
    box = _append_text_box(slide, MARGIN + Mm(2.5), Mm(34), Mm(44), Mm(10), "Rating")
    _write_paragraphs(box, [rag.word], 14, rag.text, is_bold=True, align="ctr")
    shape = slide.shapes[-1]
    shape.fill.solid()
    shape.fill.fore_color.rgb = _parse_colour(rag.fill)


def _fill_table_cells(table: Table, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table.first_row, table.horz_banding = True, False
    table.columns[0].width = WITHIN // 2
    for column in list(table.columns)[1:]:
        column.width = WITHIN // 2 // (len(headers) - 1)
    ratings = {RAG[rating].word: RAG[rating] for rating in Rating}
    for n, (line, row) in enumerate(zip(table._tbl.tr_lst, (headers, *rows), strict=True)):
        for place, (cell, text) in enumerate(zip(line.tc_lst, row, strict=True)):
            rag = ratings.get(text) if n == 0 else None
            fill = rag.fill if rag else ACCENT if n == 0 else PAPER if n % 2 else BAND
            colour = rag.text if rag else PAPER if n == 0 else INK
            align = "ctr" if place else "l"
            line.replace(
                cell,
                parse_xml(
                    _build_cell_xml(_build_paragraph_xml(text, 14, colour, is_bold=n == 0, align=align), fill)
                ),
            )


def _build_cell_xml(paragraph: str, fill: str) -> str:
    return (
        f"<a:tc {_SPACE}><a:txBody><a:bodyPr/><a:lstStyle/>{paragraph}</a:txBody>"
        f'<a:tcPr anchor="ctr"><a:solidFill><a:srgbClr val="{fill}"/></a:solidFill></a:tcPr></a:tc>'
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
