"""The presentation: ten slides to present, the rest in an appendix, and no word of the area lost."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.util import Mm

from peer_challenge.dispatches import presentation
from peer_challenge.dispatches.facts import Facts, Replaced
from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.dispatches.presentation import SLIDES, make_presentation
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.dispatches.slide_master import HIGH
from peer_challenge.model.days_in_words import weekday_in_words
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.model.vocabulary import Kind
from tests.factories import a_challenger, a_cycle, a_region, some_rows
from tests.unit.dispatches.test_fit import is_within

LONG = "We have a plan that all three partners signed, and it is looked at each quarter. " * 16


def _facts_of_region() -> Facts:
    author = a_cycle(4).authors[0].id
    rows = some_rows(a_region(), author, a_challenger(a_cycle(4), author))
    return replace(sample_facts(D.PRESENTATION), rows=rows)


def _facts_rated(rating: str, text: str) -> Facts:
    facts = sample_facts(D.PRESENTATION)
    rows = facts.rows.assign(rating=rating, strengths=text, development=text, commentary=text, response=text)
    return replace(facts, rows=rows)


CASES = {
    "sample": sample_facts(D.PRESENTATION),
    "region": _facts_of_region(),
    "all red": _facts_rated("RED", LONG),
    "all green": _facts_rated("GREEN", LONG),
    "no words": _facts_rated("AMBER", ""),
    "nothing came": replace(sample_facts(D.PRESENTATION), rows=pd.DataFrame(), event=None),
}
TITLES = [
    "In brief",
    "How we rate ourselves",
    "Strength 1",
    "Strength 2",
    "Strength 3",
    "What we rate RED",
    "What you asked",
    "What we answered",
    "What we ask of this session",
    "Appendix",
]


def _slides(name: str) -> list:  # type: ignore[type-arg]
    return list(Presentation(io.BytesIO(make_presentation(CASES[name]))).slides)


def _words(slide: object) -> str:
    texts = []
    for shape in slide.shapes:  # type: ignore[attr-defined]
        if shape.has_text_frame:
            texts.append(shape.text_frame.text)
        if shape.has_table:
            texts += [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(texts).replace("\v", "\n")


@pytest.mark.parametrize("name", CASES)
def test_ten_slides_come_before_the_divider(name: str) -> None:
    slides = _slides(name)
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert len(TITLES) == SLIDES
    assert [title.partition(":")[0] for title in titles[1 : SLIDES + 1]] == TITLES
    assert slides[SLIDES].slide_layout.name == "Section Header"


@pytest.mark.parametrize("name", CASES)
def test_every_slide_has_its_number_marking_and_title_in_placeholders(name: str) -> None:
    for number, slide in enumerate(_slides(name), 1):
        kinds = {shape.placeholder_format.type for shape in slide.placeholders}
        assert {PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.FOOTER} < kinds
        assert kinds & {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE}
        assert _words(slide).count("OFFICIAL-SENSITIVE") == 2
        loose = [shape.name for shape in slide.shapes if not shape.is_placeholder]
        assert set(loose) <= {"Protective marking, above", "Rating", "Area of focus"}, number


@pytest.mark.parametrize("name", CASES)
def test_what_is_presented_fits_and_has_notes_for_the_speaker(name: str) -> None:
    for slide in _slides(name)[:SLIDES]:
        assert "minutes" in slide.notes_slide.notes_text_frame.text
        assert all(is_within(shape) for shape in slide.shapes if shape.name == "Text")


@pytest.mark.parametrize("name", ["sample", "region"])
def test_all_that_was_written_asked_and_answered_is_in_the_appendix(name: str) -> None:
    appendix = " ".join("\n".join(map(_words, _slides(name)[SLIDES + 1 :])).split())
    for row in CASES[name].rows.to_dict("records"):
        column = "strengths" if row["rating"] == "GREEN" else "development"
        for text in (row[column], row["commentary"], row["response"] if row["commentary"] else ""):
            for part in text.splitlines():
                assert " ".join(part.split()) in appendix, (row["title"], part)


def test_questions_stand_under_their_areas_and_answers_under_their_kinds() -> None:
    *_, asked, answered, _, _ = _slides("sample")[: SLIDES + 1]
    assert "Information, data and intelligence\nInformation requests: Who would need" in _words(asked)
    assert "More work is needed (1)\nInformation requests: We agree." in _words(answered)
    assert "We will answer at the event (3)" in _words(answered)


def _read_cells(slide: object) -> list[list[str]]:
    [table] = [shape.table for shape in slide.shapes if shape.has_table]  # type: ignore[attr-defined]
    return [[cell.text_frame.text for cell in row.cells] for row in table.rows]


@pytest.mark.parametrize("areas", [14, 20])
def test_the_picture_of_ratings_adds_up_on_one_slide(areas: int) -> None:
    facts = sample_facts(D.PRESENTATION)
    titles = [f"Area of focus {n % areas}" for n in range(len(facts.rows))]
    facts = replace(facts, rows=facts.rows.assign(focus_area_title=titles))
    slides = list(Presentation(io.BytesIO(make_presentation(facts))).slides)
    _, *rows, total = _read_cells(slides[2])
    assert len(rows) == 14 and (rows[-1][0] == "Other areas of focus") == (areas > 14)
    for column in range(1, 5):
        assert sum(int(row[column]) for row in rows) == int(total[column])
    [frame] = [shape for shape in slides[2].shapes if shape.has_table]
    assert frame.top + sum(row.height for row in frame.table.rows) < HIGH - Mm(12)


@pytest.mark.parametrize(
    ("answered", "asked", "says"),
    [
        (31, 31, "We have answered all of them in writing."),
        (2, 2, "We have answered both of them in writing."),
        (1, 1, "We have answered it in writing."),
        (12, 31, "We have answered 12 of 31 in writing."),
        (0, 31, "We will answer at the event."),
        (0, 0, "There was nothing to answer."),
    ],
)
def test_nobody_reads_that_all_of_so_many_are_answered_as_two_numbers(answered, asked, says) -> None:
    assert presentation._say_how_many_answered(answered, asked) == says


def test_the_ratings_in_brief_add_up_to_the_sub_headings() -> None:
    facts = sample_facts(D.PRESENTATION)
    ratings = ["RED", "NOT_APPLICABLE", None] + ["AMBER"] * (len(facts.rows) - 3)
    slides = Presentation(
        io.BytesIO(
            make_presentation(replace(facts, rows=facts.rows.assign(rating=pd.Series(ratings, dtype=object))))
        )
    )
    told = f"1 RED, {len(ratings) - 3} AMBER, 0 GREEN, 1 not applicable, 1 not rated."
    assert told in _words(slides.slides[1])


def test_the_first_slide_says_that_it_is_a_draft_and_what_to_do() -> None:
    first = _words(_slides("sample")[0])
    assert "Draft for Ashcombe. Please check it and change it as you wish before" in first
    assert "You do not need to send it back." in first


def test_its_email_asks_to_check_it_and_not_to_send_it_back() -> None:
    sentence = KINDS[D.PRESENTATION].task(sample_facts(D.PRESENTATION)).sentence
    assert sentence.startswith("Please check the draft of your presentation and change it as you wish before")
    assert sentence.endswith("You do not need to send it back.")


def test_a_new_draft_says_which_one_it_replaces() -> None:
    facts = replace(sample_facts(D.PRESENTATION), replaces=Replaced(date(2027, 5, 6)))
    [first, *_] = Presentation(io.BytesIO(make_presentation(facts))).slides
    assert "This replaces the draft of Thursday 6 May 2027." in _words(first)
    assert "This replaces" not in _words(_slides("sample")[0])


def test_a_draft_made_on_the_day_says_what_changed_and_asks_for_nothing_before_it() -> None:
    facts = sample_facts(D.PRESENTATION)
    where = next(iter(facts.framework))
    title = facts.framework.subheadings[where].title
    changes = {Kind.RESPONSE: ((where, "response", "", "We have set a day."),)}
    on = facts.event.starts_at.date()
    facts = replace(facts, issued_on=on, replaces=Replaced(date(2027, 5, 6), changes))
    [first, *_] = Presentation(io.BytesIO(make_presentation(facts))).slides
    text, day = _words(first), weekday_in_words(on)
    assert f"changed on {day} because of your answer on {title}. This replaces the draft of" in text
    assert "change only “In brief”, “What we answered”" in text and " before " not in text.split("Delete")[0]
    assert "Delete this line before you present." in text
    for kind in (D.PRESENTATION, D.CHAIR_BRIEFING, D.CHALLENGER_BRIEFING):
        assert f"before the challenge event on {day}" not in KINDS[kind].task(facts).sentence
    early = replace(facts, issued_on=on - timedelta(days=1))
    [first, *_] = Presentation(io.BytesIO(make_presentation(early))).slides
    assert f"Please check it before {day}." in _words(first)
    once = replace(facts, replaces=None)
    [first, *_] = Presentation(io.BytesIO(make_presentation(once))).slides
    assert "change it as you wish, and delete" in _words(first)


def test_the_line_on_a_first_slide_fits_with_many_long_places() -> None:
    facts = sample_facts(D.PRESENTATION)
    changes = {Kind.RESPONSE: tuple((one, "response", "", "Yes.") for one in facts.framework)}
    facts = replace(facts, replaces=Replaced(date(2027, 5, 6), changes))
    [first, *_] = Presentation(io.BytesIO(make_presentation(facts))).slides
    assert " more. This replaces" in _words(first)


@pytest.mark.parametrize("mark", ["2.", "-"])
def test_a_shortened_strength_does_not_end_with_a_number(mark: str) -> None:
    text = "We check it each month. " * 12 + f"{mark} " + "Makesure " * 300
    for lines in range(3, 12):
        short = presentation._shorten_to_lines(text, lines).splitlines()[0]
        assert not short.rstrip("…").rstrip().endswith(mark)


def test_a_slide_without_an_answer_asks_nothing_as_peers_see_it() -> None:
    asked = [slide for slide in _slides("sample") if "Our response" in _words(slide)]
    assert [slide for slide in asked if "Our response\nWe will answer at the event." in _words(slide)]
    assert not [slide for slide in asked if "Your answer" in _words(slide)]


def test_answers_for_which_no_kind_was_chosen_are_together_and_it_is_said() -> None:
    facts = sample_facts(D.PRESENTATION)
    slides = Presentation(
        io.BytesIO(make_presentation(replace(facts, rows=facts.rows.assign(response_kind=""))))
    )
    answered = slides.slides[8]
    assert "Kind of answer not chosen yet (" in _words(answered)
    assert "chose no kind of answer" in answered.notes_slide.notes_text_frame.text


def test_the_look_of_slides_is_the_themes_so_that_it_can_be_changed_there() -> None:
    deck = Presentation(io.BytesIO(make_presentation(CASES["sample"])))
    assert [layout.name for layout in deck.slide_layouts] == [
        "Title Slide",
        "Title and Content",
        "Section Header",
        "Two Content",
    ]
    for slide in deck.slides:
        for shape in slide.placeholders:
            if shape.has_text_frame:
                runs = [run for paragraph in shape.text_frame.paragraphs for run in paragraph.runs]
                assert all(run.font.name is None for run in runs)
