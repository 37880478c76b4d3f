"""A framework may choose its own words for the form; forms that print them are read as all others are."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from pydantic import ValidationError

from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_cycle, sample_facts
from peer_challenge.model.framework import (
    ColumnHeadings,
    FocusArea,
    FormWords,
    Framework,
    RatingMeanings,
    Subheading,
)
from peer_challenge.model.vocabulary import DispatchKind, Kind
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.answers.text_labels import find_header_columns, split_at_labels
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.write.render_template import WordTemplates
from tests.changed_forms import as_programs_without_marks_save, converted
from tests.fill_form import fill_form

_HEADINGS = ColumnHeadings(
    subheading="What we expect",
    strengths="How we do this & what shows it",
    development="Rating",  # names another column everywhere else
    rating="Where we are",
    commentary="From your peers",
)
_WORDS = FormWords(
    headings=_HEADINGS,
    meanings=RatingMeanings(RED="We have not begun.", NOT_APPLICABLE="Not for us."),
    sign_off_title="Who agreed this",
    sign_off="Please let each partner’s lead sign.",
)
_ROWS = ("equal-duty", "shared-vision", "decision-making", "independent-voice")
_FRAMEWORK = Framework(
    id="ours",
    title="Our standards",
    words=_WORDS,
    focus_areas=(
        FocusArea(
            id="leading",
            title="Leading together",
            subheadings=tuple(
                Subheading(id=row, title=row.replace("-", " ").capitalize(), prompt=f"How do you do {row}?")
                for row in _ROWS
            ),
        ),
    ),
)


@cache
def _known() -> Known:
    cycle = sample_cycle().model_copy(update={"framework": "ours", "omit": ()})
    return Known({"ours": _FRAMEWORK}, {cycle.id: cycle})


@cache
def _filled(kind: DispatchKind = DispatchKind.SELF_ASSESSMENT_TEMPLATE) -> bytes:
    facts = replace(sample_facts(kind), framework=_FRAMEWORK, cycle=next(iter(_known().cycles.values())))
    values = {}
    for number, row in enumerate(_ROWS):
        address = f"leading/{row}"
        values[address, "strengths"] = f"We meet each month ({number})."
        values[address, "development"] = f"We still have to measure number {number}."
        values[address, "rating"] = ("RED", "AMBER", "GREEN")[number % 3]
    return fill_form(render_dispatch_file(facts, WordTemplates()), values)


def _rows(reading: Reading) -> list[tuple[str | None, ...]]:
    return [
        tuple(row[column] for column in ("subheading", "strengths", "development", "rating"))
        for row in reading.rows
    ]


def _expect_whole(reading: Reading, basis: str) -> None:
    assert reading.identity_basis == basis
    assert reading.kind is Kind.SELF_ASSESSMENT
    printed = {*_HEADINGS.model_dump().values(), *_WORDS.meanings.model_dump().values()}
    assert not {_WORDS.sign_off_title, _WORDS.sign_off, *printed} & set(reading.unmapped)
    assert _rows(reading) == [
        (
            f"leading/{row}",
            f"We meet each month ({number}).",
            f"We still have to measure number {number}.",
            ("RED", "AMBER", "GREEN")[number % 3],
        )
        for number, row in enumerate(_ROWS)
    ]


def test_a_form_with_its_own_words_is_read_by_its_marks() -> None:
    _expect_whole(read_document(_filled(), _known()), "marks")


def test_a_form_with_its_own_words_is_read_by_them_where_all_marks_are_gone() -> None:
    reading = read_document(as_programs_without_marks_save(_filled()), _known())
    _expect_whole(reading, "content")
    assert "layout.own_format" not in {found.code for found in reading.findings}


@pytest.mark.libreoffice
def test_a_form_with_its_own_words_is_read_after_libreoffice_with_marks_and_without(tmp_path: Path) -> None:
    saved = tmp_path / "form.docx"
    saved.write_bytes(_filled())
    after = converted(saved, "docx", tmp_path / "saved").read_bytes()
    _expect_whole(read_document(after, _known()), "marks")
    _expect_whole(read_document(as_programs_without_marks_save(after), _known()), "content")


def test_words_typed_as_labels_are_the_frameworks_own_headings() -> None:
    pieces = list(split_at_labels("Where we are: Amber", Kind.SELF_ASSESSMENT, _HEADINGS))
    assert [(piece.column, piece.text) for piece in pieces] == [("rating", "Amber")]
    line = "What we expect\tHow we do this & what shows it\tRating\tWhere we are"
    found = find_header_columns(line, Kind.SELF_ASSESSMENT, _HEADINGS)
    assert found == ("\t", ["subheading", "strengths", "development", "rating"])


@pytest.mark.parametrize("columns", [{"strengths": "rag  RATING"}, {"strengths": " "}, {"rating": "x" * 61}])
def test_headings_that_could_not_be_told_apart_or_printed_are_refused(columns: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        ColumnHeadings(**columns)
