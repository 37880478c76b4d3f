"""What is on a slide fits on it, and nothing of a text is left out."""

import io

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pptx import Presentation
from pptx.util import Mm, Pt

from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.dispatches.slide_master import HIGH
from peer_challenge.dispatches.slides import Deck
from peer_challenge.dispatches.text_width import (
    break_into_lines,
    count_text_lines,
    measure_line_room,
    split_by_line_count,
)
from peer_challenge.model.vocabulary import DispatchKind, Rating

WORDS = st.text(alphabet=st.sampled_from("abcdeWMil  \n.é字😀-"), max_size=900)
WHEN = sample_facts(DispatchKind.PRESENTATION).stamped_at
HARD = ("one\n" * 60, "W" * 900, "word " * 400, "x\n\n\n" + "W" * 70 + " i" * 300)


@settings(max_examples=80, deadline=None)
@given(WORDS, st.integers(300, 5000), st.integers(1, 20))
@example("a" * 400, 300, 1)
def test_pieces_joined_are_the_text_and_none_is_too_long(text: str, room: int, lines: int) -> None:
    assert "".join(break_into_lines(text, room)) == text
    pieces = list(split_by_line_count(text, room, lines))
    assert "".join(pieces) == text
    assert all(count_text_lines(piece, room) <= lines for piece in pieces)


def slides(deck: Deck) -> list:  # type: ignore[type-arg]
    return list(Presentation(io.BytesIO(deck.saved(WHEN))).slides)


def is_within(shape: object) -> bool:
    """Whether the text's lines, at the sizes that they have, are no higher than the slide has room for."""
    high = 0.0
    for paragraph in shape.text_frame.paragraphs:  # type: ignore[attr-defined]
        size = max((run.font.size.pt for run in paragraph.runs if run.font.size), default=20)
        room = measure_line_room((shape.width - Mm(5)) / Pt(1), size)  # type: ignore[attr-defined]
        after = paragraph.space_after.pt if paragraph.space_after is not None else 0
        high += 1.2 * size * count_text_lines(paragraph.text.replace("\v", "\n"), room) + after
    return shape.top + Pt(high) <= HIGH - Mm(8)  # type: ignore[attr-defined]


@settings(max_examples=25, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=6))
@example(list(HARD))
def test_no_slide_of_texts_overflows(texts: list[str]) -> None:
    deck = Deck("Title", "Office", "OFFICIAL")
    deck.texts("What we rate RED", [(f"Sub-heading {n}", text) for n, text in enumerate(texts)])
    for slide in slides(deck):
        assert all(is_within(shape) for shape in slide.shapes if shape.name == "Text")


@settings(max_examples=25, deadline=None)
@given(WORDS, WORDS)
@example(HARD[0], HARD[1])
@example(HARD[2], HARD[3])
def test_no_column_overflows(asked: str, answer: str) -> None:
    deck = Deck("Title", "Office", "OFFICIAL")
    deck.columns("Sub-heading", ("Area", Rating.RED), ("What you asked", asked), ("Our response", answer))
    for slide in slides(deck):
        assert all(is_within(s) for s in slide.shapes if s.name in ("What you asked", "Our response"))


def test_slides_are_about_equally_full() -> None:
    deck = Deck("Title", "Office", "OFFICIAL")
    deck.texts("Our key strengths", [(f"Sub-heading {n}", "word " * 90) for n in range(4)])
    texts = [shape for slide in slides(deck) for shape in slide.shapes if shape.name == "Text"]
    heads = [sum("Sub-heading" in p.text for p in shape.text_frame.paragraphs) for shape in texts]
    assert len(heads) > 1 and max(heads) - min(heads) <= 1
