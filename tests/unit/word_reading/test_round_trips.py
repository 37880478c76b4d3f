"""Whatever is written into a form is read back: directly, and after other programs have saved it."""
# ruff: noqa: E501 - raw XML reads better on one line

import io
import zipfile
from pathlib import Path

import betteroffice_docx
import docx
import pytest
from docx.document import Document
from docx.table import Table
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from peer_challenge.model.vocabulary import DispatchKind, ResponseKind
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.package.xml_text import make_xml_safe
from tests.changed_forms import as_programs_without_marks_save, converted
from tests.fill_form import fill_form
from tests.unit.word_reading.forms_to_read import ADDRESSES, blank, known

_TEXT = st.text(max_size=200)
_ROW, _OTHER = ADDRESSES[0], ADDRESSES[7]
_ANSWERED = "leadership/equal-duty"  # one of the sub-headings that the sample's response is asked about
_TEXTS = {
    "plain": "We meet each month.",
    "lines": "First line\nSecond line\n\nFourth line",
    "tabs": "a\tb\tc",
    "quotes": "“Don’t” – she said… it's 100% <b>&amp; fine</b>",
    "scripts": "Ελληνικά, русский, العربية, עברית, 漢字, हिन्दी, 👩‍👧",
    "hyphens": "co\u2011operate and safe\u00adguarding",
    "braces": "{{ not a template }} {% nor this %} ${x}",
    "spaces": "  two before,  two  within",
}


def as_read(text: str) -> str:
    """What a cell reads as when a text was typed into it: hard spaces plain, its end trimmed.

    A line that begins with a bullet is an item of a list, which has its bullet where it says something.
    """
    lines = make_xml_safe(text).split("\n")
    return in_line(
        "\n".join(line if line.removeprefix("• ").strip() else line.removeprefix("• ") for line in lines)
    )


def in_line(text: str) -> str:
    """What a cell of one paragraph reads as, in which a bullet makes no list."""
    return make_xml_safe(text).replace("\xa0", " ").rstrip()


def rows(reading: Reading) -> dict[tuple[str | None, str], str | None]:
    return {(row["subheading"], column): text for row in reading.rows for column, text in row.items()}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strengths=_TEXT, development=_TEXT, rating=st.sampled_from(["RED", "AMBER", "GREEN"]))
def test_any_text_typed_into_a_self_assessment_is_read_back(
    strengths: str, development: str, rating: str
) -> None:
    values = {(_ROW, "strengths"): strengths, (_OTHER, "development"): development, (_ROW, "rating"): rating}
    reading = read_document(fill_form(blank(), values), known())
    found = rows(reading)
    assert found[_ROW, "strengths"] == as_read(strengths)
    assert found[_OTHER, "development"] == as_read(development)
    assert found[_ROW, "rating"] == rating
    assert reading.unmapped == []


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=_TEXT, field=_TEXT)
@example(text="• One", field="• ")
@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (DispatchKind.ANALYSIS_PACK, (_ROW, "commentary")),
        (DispatchKind.RESPONSE_FORM, (_ANSWERED, "response")),
        (DispatchKind.CHAIR_RECORD_FORM, ("strength/1", "text")),
        (DispatchKind.DRAFT_SUMMARY, ("strength/1", "text")),
        (DispatchKind.ACTION_PLAN_TEMPLATE, ("development/1", "action")),
        (DispatchKind.PROGRESS_REPORT_FORM, ("development/2/2", "evidence")),
    ],
)
def test_any_text_typed_into_another_form_is_read_back(
    kind: DispatchKind, key: tuple[str, str], text: str, field: str
) -> None:
    is_of_event = kind in (DispatchKind.CHAIR_RECORD_FORM, DispatchKind.DRAFT_SUMMARY)
    name = "chair" if is_of_event else "signed_off_police"
    reading = read_document(fill_form(blank(kind), {key: text, name: field}), known())
    held = {row.get("subheading") or row.get("address"): row for row in reading.rows}
    held |= {item["address"]: item for item in reading.items}
    assert (held.get(key[0]) or {}).get(key[1], "") == as_read(text)
    assert reading.particulars[name] == (as_read(field) if name == "chair" else in_line(field))
    assert reading.unmapped == []


def _suggestions(pack: Document) -> list[Table]:
    """The tables of suggested questions, one under the schedule of each area of focus that has any."""
    return [table for table in pack.tables if table.rows[0].cells[1].text == "You might ask"]


def test_a_suggestion_of_the_form_that_a_peer_takes_up_is_read_as_written() -> None:
    pack = blank(DispatchKind.ANALYSIS_PACK)
    suggested = _suggestions(docx.Document(io.BytesIO(pack)))[0].rows[1].cells[1].text
    assert len(suggested) > 40
    reading = read_document(fill_form(pack, {(_ROW, "commentary"): f"{suggested}\nAnd why?"}), known())
    assert rows(reading)[_ROW, "commentary"] == f"{suggested}\nAnd why?"
    assert reading.unmapped == []


def test_suggestions_that_speak_of_strengths_and_ratings_are_no_header() -> None:
    pack = docx.Document(io.BytesIO(blank(DispatchKind.ANALYSIS_PACK)))
    for table in _suggestions(pack):
        suggested = table.rows[1].cells
        suggested[1].text = "Does the evidence show a strength already, or one on its way?"
        suggested[2].text = "The rating is GREEN. The answer says what is hoped for."
    out = io.BytesIO()
    pack.save(out)
    reading = read_document(fill_form(out.getvalue(), {(_ROW, "commentary"): "Why?"}), known())
    assert rows(reading)[_ROW, "commentary"] == "Why?"
    assert "row.repeated" not in {finding.code for finding in reading.findings}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(response=_TEXT, kind=st.sampled_from(list(ResponseKind)))
def test_any_response_is_read_back_with_its_kind(response: str, kind: ResponseKind) -> None:
    values = {(_ANSWERED, "response"): response, (_ANSWERED, "response_kind"): kind.value}
    reading = read_document(fill_form(blank(DispatchKind.RESPONSE_FORM), values), known())
    found = rows(reading)
    assert found[_ANSWERED, "response"] == as_read(response)
    assert found[_ANSWERED, "response_kind"] == kind
    assert reading.unmapped == []


@pytest.fixture(scope="module")
def response() -> bytes:
    values: dict[tuple[str, str] | str, str] = {"signed_off_police": "Superintendent"}
    asked = read_document(blank(DispatchKind.RESPONSE_FORM), known()).rows
    for row, text, kind in zip(asked, _TEXTS.values(), [*ResponseKind] * 3, strict=False):
        values[str(row["subheading"]), "response"] = text
        values[str(row["subheading"]), "response_kind"] = kind.value
    return fill_form(blank(DispatchKind.RESPONSE_FORM), values)


@pytest.fixture(scope="module")
def filled() -> bytes:
    values: dict[tuple[str, str] | str, str] = {(_ROW, "rating"): "RED", (_OTHER, "rating"): "GREEN"}
    for address, text in zip(ADDRESSES, _TEXTS.values(), strict=False):
        values[address, "strengths"] = text
        values[address, "development"] = f"{text} (and more)"
    return fill_form(blank(), values | {"signed_off_police": "Superintendent"})


def test_what_python_docx_saved_is_read_the_same(filled: bytes) -> None:
    out = io.BytesIO()
    docx.Document(io.BytesIO(filled)).save(out)
    assert rows(read_document(out.getvalue(), known())) == rows(read_document(filled, known()))


@pytest.mark.parametrize("form", ["filled", "response"])
def test_what_another_program_wrote_anew_is_read_the_same(form: str, request: pytest.FixtureRequest) -> None:
    """A writer in Rust that keeps a model of its own and writes all of the XML anew."""
    before: bytes = request.getfixturevalue(form)
    after = bytes(betteroffice_docx.Document.open(before).save())
    assert body_of(after) != body_of(before)  # or it would prove nothing
    first, second = read_document(before, known()), read_document(after, known())
    assert rows(second) == rows(first)
    assert (second.particulars, second.unmapped) == (first.particulars, [])
    assert (second.kind, second.participant, second.identity_basis) == (
        first.kind,
        first.participant,
        "marks",
    )


_ANSWERS: dict[DispatchKind, dict[tuple[str, str] | str, str]] = {
    DispatchKind.SELF_ASSESSMENT_TEMPLATE: {(_ROW, "strengths"): "Monthly.", (_OTHER, "rating"): "RED"},
    DispatchKind.ANALYSIS_PACK: {(_ROW, "commentary"): "What stands in the way?"},
    DispatchKind.RESPONSE_FORM: {(_ANSWERED, "response"): "Nothing.", (_ANSWERED, "response_kind"): "update"},
    DispatchKind.CHAIR_RECORD_FORM: {
        ("strength/2", "text"): "Agreed.",
        ("development/1", "consensus"): "Yes",
    },
    DispatchKind.DRAFT_SUMMARY: {("strength/2", "text"): "Corrected.", ("development/1", "consensus"): "No"},
    DispatchKind.CHALLENGER_DRAFT_SUMMARY: {("strength/1", "text"): "Corrected."},
    DispatchKind.ACTION_PLAN_TEMPLATE: {
        ("development/1", "action"): "Sign it.",
        ("development/1/2", "action"): "Review it.",
        ("development/2", "owner"): "A head of service",
    },
    DispatchKind.PROGRESS_REPORT_FORM: {
        ("development/1", "status"): "done",
        ("development/1", "evidence"): "The minutes show it.",
        ("development/2/2", "status"): "dropped",
        ("development/2/2", "difference"): "None yet.",
    },
}


@pytest.mark.parametrize("kind", _ANSWERS)
def test_what_a_program_that_keeps_no_marks_saved_is_read_the_same(kind: DispatchKind) -> None:
    """As pandoc, AbiWord and most editors in a browser do: prompts become text, and nothing says what is ours."""
    form = fill_form(blank(kind), _ANSWERS[kind])
    before, after = read_document(form, known()), read_document(as_programs_without_marks_save(form), known())
    assert after.identity_basis == "content"
    assert (after.kind, after.participant) == (before.kind, before.participant)
    assert [_answered(row) for row in after.rows] == [_answered(row) for row in before.rows]
    assert after.items == before.items
    assert after.particulars == before.particulars


def _answered(row: dict[str, str | None]) -> dict[str, str | None]:
    return {column: text for column, text in row.items() if not column.endswith("_as_written")}


def body_of(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read("word/document.xml")


@pytest.mark.libreoffice
@pytest.mark.parametrize("by_way_of", ["docx", "odt"])
@pytest.mark.parametrize("form", ["filled", "response"])
def test_what_libreoffice_saved_is_read_the_same(
    form: str, by_way_of: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    filled: bytes = request.getfixturevalue(form)
    saved = tmp_path / "form.docx"
    saved.write_bytes(filled)
    for step, kind in enumerate([by_way_of] if by_way_of == "docx" else ["odt", "docx"]):
        saved = converted(saved, kind, tmp_path / str(step))
    before, after = read_document(filled, known()), read_document(saved.read_bytes(), known())
    assert rows(after) == rows(before)
    assert (after.kind, after.participant, after.identity_basis) == (before.kind, before.participant, "marks")
    assert after.particulars == before.particulars
    assert after.unmapped == []


@pytest.mark.libreoffice
@pytest.mark.parametrize("by_way_of", ["rtf", "doc"])
def test_what_came_as_an_old_format_keeps_its_rows_and_particulars(by_way_of: str, tmp_path: Path) -> None:
    """LibreOffice numbers the bookmarks of such files as if they were copies."""
    saved = tmp_path / "form.docx"
    saved.write_bytes(_chair_record())
    for step, kind in enumerate([by_way_of, "docx"]):
        saved = converted(saved, kind, tmp_path / str(step))
    before, after = read_document(_chair_record(), known()), read_document(saved.read_bytes(), known())
    assert after.items == before.items
    assert after.particulars == before.particulars


def _chair_record() -> bytes:
    values = {("strength/1", "text"): "Both agree.", "chair": "The independent Chair"}
    return fill_form(blank(DispatchKind.CHAIR_RECORD_FORM), values)
