"""The author's presentation for the event, drafted as .pptx and ready to edit."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Mm, Pt

from peer_challenge.dispatches.chairs import challenges
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.letters import Context, rating_counts, stamp
from peer_challenge.dispatches.phrases import day, local
from peer_challenge.vocabulary import Rating
from peer_challenge.word.building import repacked
from peer_challenge.word.rendering import WordTemplates
from peer_challenge.word.style import ACCENT, BAND, FONT, INK, LANGUAGE, MUTED, RAG

WIDE, HIGH, MARGIN = Mm(338.67), Mm(190.5), Mm(18)
ROOM = 620
"""Characters of text that a slide's column holds at 16 points; what is longer goes on, slide after slide."""
PER_SLIDE = 4
AREAS_ON_A_SLIDE = 11
_TO_WRITE = "Your answer: further evidence, more work needed, or action taken since?"
_CONTROL = {n: chr(0x2400 + n) for n in range(32) if chr(n) not in "\t\n"}


class Deck:
    """A presentation in the making: title slides, bullets, tables and two columns, all editable."""

    def __init__(self, title: str, author: str, marking: str) -> None:
        self.marking = marking
        self.deck = Presentation()
        self.deck.slide_width, self.deck.slide_height = WIDE, HIGH
        core = self.deck.core_properties
        core.title, core.author, core.language = title, author, LANGUAGE
        core.last_modified_by, core.revision = author, 1

    def slide(self, title: str, notes: str = "") -> Any:
        """A slide with a title, the protective marking and its notes."""
        made = self.deck.slides.add_slide(self.deck.slide_layouts[5])
        _place(made.shapes.title, MARGIN, Mm(13), WIDE - 2 * MARGIN, Mm(20))
        _write(made.shapes.title.text_frame, [title], 28, ACCENT, is_bold=True)
        made.shapes.title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        for top in (Mm(4), HIGH - Mm(10)):
            box = _text_box(made, WIDE // 2 - Mm(60), top, Mm(120), Mm(7), "Protective marking")
            _write(box, [self.marking], 11, INK, is_bold=True, align=PP_ALIGN.CENTER)
        if notes:
            made.notes_slide.notes_text_frame.text = _clean(notes)
        return made

    def opening(self, title: str, lines: Sequence[str]) -> None:
        """The first slide."""
        made = self.slide(title)
        _place(made.shapes.title, MARGIN, Mm(58), WIDE - 2 * MARGIN, Mm(28))
        _write(made.shapes.title.text_frame, [title], 40, ACCENT, is_bold=True)
        box = _text_box(made, MARGIN, Mm(90), WIDE - 2 * MARGIN, Mm(50), "Subtitle")
        _write(box, lines, 20, MUTED)

    def pairs(self, title: str, rows: Sequence[tuple[str, str]], empty: str) -> None:
        """Headed paragraphs, a few a slide; a text that is long goes on over the page."""
        pieces = [piece for head, text in rows for piece in _continued(head, text)] or [("", empty)]
        for n, group in enumerate(_groups(pieces)):
            made = self.slide(title if n == 0 else f"{title} (continued)")
            box = _text_box(made, MARGIN, Mm(38), WIDE - 2 * MARGIN, Mm(136), "Text")
            for head, text in group:
                if head:
                    _paragraph(box, head, 18, ACCENT, is_bold=True, after=2)
                _paragraph(box, text, 16, INK, after=10)

    def columns(
        self, title: str, tag: tuple[str, str | None], left: tuple[str, str], right: tuple[str, str]
    ) -> None:
        """Two columns, each with a heading; more slides where the text is long."""
        lefts, rights = list(_chunks(left[1], ROOM)), list(_chunks(right[1], ROOM))
        for n in range(max(len(lefts), len(rights))):
            made = self.slide(title if n == 0 else f"{title} (continued)")
            where, rating = tag
            _write(
                _text_box(made, MARGIN + Mm(34), Mm(33), Mm(240), Mm(9), "Area of focus"), [where], 14, MUTED
            )
            _chip(made, rating)
            half = (WIDE - 2 * MARGIN - Mm(10)) // 2
            for side, (head, texts) in enumerate(((left[0], lefts), (right[0], rights))):
                box = _text_box(made, MARGIN + side * (half + Mm(10)), Mm(48), half, Mm(124), head)
                _paragraph(box, head, 18, ACCENT, is_bold=True, after=6)
                _paragraph(box, texts[n] if n < len(texts) else "", 16, INK)

    def table(self, title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table with a header row, over several slides where it is long."""
        for n in range(0, len(rows), AREAS_ON_A_SLIDE):
            part = rows[n : n + AREAS_ON_A_SLIDE]
            made = self.slide(title if n == 0 else f"{title} (continued)")
            frame = made.shapes.add_table(
                len(part) + 1, len(headers), MARGIN, Mm(38), WIDE - 2 * MARGIN, Mm(10) * (len(part) + 1)
            )
            frame.name = title
            _describe(frame, f"{title}: {', '.join(headers)}")
            _fill(frame.table, headers, part)

    def saved(self, when: Any) -> bytes:
        """The deck as bytes, the same for the same content."""
        self.deck.core_properties.created = self.deck.core_properties.modified = when
        out = io.BytesIO()
        self.deck.save(out)
        return repacked(out.getvalue(), when)


def _rgb(colour: str) -> Any:
    return RGBColor.from_string(colour)  # type: ignore[no-untyped-call]


def _clean(text: str) -> str:
    return text.translate(_CONTROL)


def _place(shape: Any, left: int, top: int, width: int, height: int) -> None:
    shape.left, shape.top, shape.width, shape.height = left, top, width, height


def _text_box(slide: Any, left: int, top: int, width: int, height: int, name: str) -> Any:
    box = slide.shapes.add_textbox(left, top, width, height)
    box.name = name
    box.text_frame.word_wrap = True
    return box.text_frame


def _describe(shape: Any, text: str) -> None:
    shape._element.nvGraphicFramePr.cNvPr.set("descr", _clean(text))


def _run(paragraph: Any, text: str, size: float, colour: str, is_bold: bool) -> None:
    for n, line in enumerate(_clean(text).split("\n")):
        if n:
            paragraph.add_line_break()
        run = paragraph.add_run()
        run.text = line
        run.font.name, run.font.size, run.font.bold = FONT, Pt(size), is_bold
        run.font.color.rgb = _rgb(colour)
        run._r.get_or_add_rPr().set("lang", LANGUAGE)


def _paragraph(
    frame: Any,
    text: str,
    size: float,
    colour: str,
    *,
    is_bold: bool = False,
    after: float = 0,
    align: Any = PP_ALIGN.LEFT,
) -> None:
    is_first = len(frame.paragraphs) == 1 and not frame.paragraphs[0].runs
    paragraph = frame.paragraphs[0] if is_first else frame.add_paragraph()
    paragraph.alignment, paragraph.space_after = align, Pt(after)
    _run(paragraph, text, size, colour, is_bold)


def _write(
    frame: Any,
    lines: Sequence[str],
    size: float,
    colour: str,
    *,
    is_bold: bool = False,
    align: Any = PP_ALIGN.LEFT,
) -> None:
    frame.clear()
    for line in lines:
        _paragraph(frame, line, size, colour, is_bold=is_bold, after=4, align=align)


def _chip(slide: Any, rating: str | None) -> None:
    rag = RAG[Rating(rating) if rating else None]
    box = _text_box(slide, MARGIN, Mm(33), Mm(32), Mm(9), "Rating")
    _write(box, [rag.word], 12, rag.text, is_bold=True, align=PP_ALIGN.CENTER)
    shape = slide.shapes[-1]
    shape.fill.solid()
    shape.fill.fore_color.rgb = _rgb(rag.fill)


def _fill(table: Any, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table.first_row, table.horz_banding = True, False
    whole = WIDE - 2 * MARGIN
    table.columns[0].width = whole // 2
    for column in list(table.columns)[1:]:
        column.width = whole // 2 // (len(headers) - 1)
    ratings = {RAG[rating].word: RAG[rating] for rating in Rating}
    for n, row in enumerate((headers, *rows)):
        for cell, text in zip(table.rows[n].cells, row, strict=True):
            rag = ratings.get(text) if n == 0 else None
            fill = rag.fill if rag else ACCENT if n == 0 else "FFFFFF" if n % 2 else BAND
            colour = rag.text if rag else "FFFFFF" if n == 0 else INK
            is_first = cell is table.rows[n].cells[0] or text == row[0]
            cell.fill.solid()
            cell.fill.fore_color.rgb = _rgb(fill)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            _write(
                cell.text_frame,
                [text],
                14,
                colour,
                is_bold=n == 0,
                align=PP_ALIGN.LEFT if is_first else PP_ALIGN.CENTER,
            )


def _chunks(text: str, size: int) -> Iterator[str]:
    """A text in pieces of at most `size` characters, cut between words; nothing is left out."""
    rest = text
    while len(rest) > size:
        cut = max(rest.rfind(" ", 0, size), rest.rfind("\n", 0, size)) + 1 or size
        yield rest[:cut]
        rest = rest[cut:]
    yield rest


def _continued(head: str, text: str) -> Iterator[tuple[str, str]]:
    for n, piece in enumerate(_chunks(text, 2 * ROOM)):
        yield (head if n == 0 else f"{head} (continued)"), piece


def _groups(pieces: Sequence[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Pieces by the slide: at most PER_SLIDE and at most what fits."""
    group: list[tuple[str, str]] = []
    for piece in pieces:
        if group and (len(group) == PER_SLIDE or sum(len(t) for _, t in (*group, piece)) > 2 * ROOM):
            yield group
            group = []
        group.append(piece)
    yield group


def _profile(facts: Facts) -> list[list[str]]:
    rows = []
    for title, part in facts.rows.groupby("focus_area_title", sort=False):
        counts = rating_counts(part)
        rows.append(
            [str(title), *(str(counts[name]) for name in ("red", "amber", "green", "not_applicable"))]
        )
    total = rating_counts(facts.rows)
    return [*rows, ["All", *(str(total[name]) for name in ("red", "amber", "green", "not_applicable"))]]


def _rated(facts: Facts, rating: Rating, column: str) -> list[tuple[str, str]]:
    rows = facts.rows[facts.rows["rating"] == rating.value].to_dict("records") if len(facts.rows) else []
    return [(row["title"], row[column]) for row in rows if row[column].strip()]


def _challenge_slides(deck: Deck, asked: list[Context]) -> None:
    for one in asked:
        if not one["commentary"]:
            continue
        answer = f"{one['answer']}. {one['response']}" if one["answer"] else one["response"]
        deck.columns(
            one["title"],
            (one["area"], one["rating"] or None),
            ("What our peers asked", one["commentary"]),
            ("Our response", answer.strip() if one["response"] else _TO_WRITE),
        )


def render_presentation(facts: Facts, templates: WordTemplates | None = None) -> bytes:
    """The draft presentation as .pptx; the same bytes for the same facts."""
    author = facts.author.name if facts.author else facts.recipient.name
    deck = Deck(f"{author}: our self-assessment", facts.cycle.office.name, facts.marking)
    when = f"{day(local(facts.event.starts_at))}, {facts.event.place}" if facts.event else ""
    challenger = f"Challenge event with {facts.challenger.name}" if facts.challenger else "Challenge event"
    deck.opening(
        f"{author}: our self-assessment", [facts.cycle.name, challenger, when, "Draft for you to edit"]
    )
    if len(facts.rows):
        deck.table(
            "How we rate ourselves",
            ["Area of focus", "RED", "AMBER", "GREEN", "NOT APPLICABLE"],
            _profile(facts),
        )
    deck.pairs("Our strengths", _rated(facts, Rating.GREEN, "strengths"), "Add your strengths here.")
    deck.pairs(
        "Our areas for development",
        [*_rated(facts, Rating.RED, "development"), *_rated(facts, Rating.AMBER, "development")],
        "Add your areas for development here.",
    )
    _challenge_slides(deck, challenges(facts.rows))
    deck.pairs(
        "What we ask of this session",
        [
            ("Help us to see", "Where would you look first, in our place?"),
            (
                "Agree with us",
                f"At most {facts.cycle.rules.agreed_items} key strengths and as many areas for development.",
            ),
        ],
        "",
    )
    return deck.saved(stamp(facts))
