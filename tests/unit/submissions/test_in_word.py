"""Real forms, read and examined: clean ones pass, faults are told once, and nobody's are left alone."""

import io
import zipfile
from copy import deepcopy
from dataclasses import replace

import pytest
from lxml import etree

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.findings import outcome_of
from peer_challenge.model.vocabulary import Kind, Outcome, Severity
from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.reader_findings import make_finding
from peer_challenge.word.write.fix_it_comments import add_fix_it_comments
from tests.factories import a_challenger, a_cycle, a_filled, its_framework, some_rows
from tests.factories import a_region as region_of
from tests.fill_form import fill_form
from tests.judged import judge_reading, judge_readings

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
AREAS = 4
CYCLE = a_cycle(AREAS)
KNOWN = Known(shipped_frameworks(), {CYCLE.id: CYCLE})
AUTHOR = CYCLE.authors[0].id


def a_context(author: str = AUTHOR) -> SubmissionContext:
    challenger = a_challenger(CYCLE, author)
    return SubmissionContext(
        cycle=CYCLE,
        framework=its_framework(CYCLE),
        participant=CYCLE.participant[author],
        challenger=CYCLE.participant[challenger],
        chair=CYCLE.chairs[0],
        authors_rows=some_rows(region_of(1, AREAS), author),
        analysis_rows=some_rows(region_of(1, AREAS), author, challenger),
    )


def read(data: bytes):
    return read_document(data, KNOWN)


@pytest.mark.parametrize("kind", list(Kind))
def test_forms_filled_in_without_a_mistake_are_asked_nothing(kind):
    readings = {area.id: read(a_filled(kind, area.id)) for area in CYCLE.authors}
    found = judge_readings(readings, {area: a_context(area) for area in readings})
    asked = [
        (a, f)
        for a, findings in found.items()
        for f in findings
        if f.severity in (Severity.QUERY, Severity.REJECT)
    ]
    assert asked == []


def test_reader_and_suite_tell_a_missing_rating_once():
    address = "leadership/equal-duty"
    reading = read(fill_form(a_filled(Kind.SELF_ASSESSMENT), {(address, "rating"): ""}))
    found = [f for f in judge_reading(reading, a_context()) if f.subheading == address]
    assert [(f.code, f.column) for f in found] == [("rating.missing", "rating")]


def test_a_rating_that_the_reader_took_from_the_colour_is_not_asked_for_again():
    reading = read(a_filled(Kind.SELF_ASSESSMENT))
    row = reading.rows[0]
    row["rating_as_written"] = ""
    assert not [f for f in judge_reading(reading, a_context()) if f.subheading == row["subheading"]]


def test_detail_that_could_identify_a_child_rejects_the_form():
    data = fill_form(
        a_filled(Kind.SELF_ASSESSMENT),
        {("leadership/equal-duty", "strengths"): "The plan for Oliver (aged 7) was reviewed."},
    )
    found = judge_reading(read(data), a_context())
    assert outcome_of(found) is Outcome.REJECTED
    assert not [f for f in found if "Oliver" in f.message + f.remedy]


def test_a_response_with_words_below_the_challenges_alone_is_asked_about():
    reading = read(a_filled(Kind.RESPONSE))
    for row in reading.rows:
        row.update(response="", response_kind=None, response_kind_as_written="")
    reading.findings.append(make_finding("form.blank"))
    assert "form.blank" in {f.code for f in judge_reading(reading, a_context())}
    reading.rows[0]["commentary"] += "\nYes, we agreed this in March."
    found = {f.code: f.severity for f in judge_reading(reading, a_context())}
    assert (found.get("form.answers_outside"), "form.blank" in found) == (Severity.QUERY, False)


def test_an_analysis_with_words_that_have_no_place_is_not_blank():
    reading = read(a_filled(Kind.ANALYSIS))
    for row in reading.rows:
        row["commentary"] = ""
    assert outcome_of(judge_reading(reading, a_context())) is Outcome.REJECTED
    reading.findings.append(make_finding("text.unplaced", count=1, where=": below table 1"))
    assert outcome_of(judge_reading(reading, a_context())) is Outcome.QUERIED


def test_a_form_of_nobody_keeps_what_the_reader_said():
    reading = read(b"not a document")
    assert judge_readings({"a": reading}, {})["a"] == reading.findings


def test_without_a_context_the_defaults_hold():
    reading = read(
        fill_form(a_filled(Kind.SELF_ASSESSMENT), {"signed_off_police": "", "signed_on_police": ""})
    )
    assert [f.code for f in judge_reading(reading)] == ["sign_off.missing"]


def test_findings_come_in_the_order_of_the_form():
    first, last = "leadership/lead-partners", list(its_framework(CYCLE))[-1]
    data = fill_form(
        a_filled(Kind.SELF_ASSESSMENT),
        {(last, "rating"): "", (first, "rating"): "Amber/Green", "signed_off_police": ""},
    )
    found = [f.subheading for f in judge_reading(read(data), a_context()) if f.severity is Severity.QUERY]
    assert found == [None, first, last]


def test_a_sign_off_whose_mark_was_typed_over_is_read_by_its_row_and_column():
    before = a_filled(Kind.SELF_ASSESSMENT)
    with zipfile.ZipFile(io.BytesIO(before)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    root = etree.fromstring(parts["word/document.xml"])
    for mark in [m for m in root.iter(f"{W}bookmarkStart") if "_police" in m.get(f"{W}name", "")]:
        mark.getparent().remove(mark)
    parts["word/document.xml"] = etree.tostring(root)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    reading = read(packed.getvalue())
    assert reading.particulars == read(before).particulars
    assert reading.unmapped == []


@pytest.mark.parametrize("keeps_its_mark", [True, False])
def test_a_sixth_item_made_by_copying_a_row_is_asked_about_with_whom_to_tell(keeps_its_mark):
    data = with_a_row_copied(a_filled(Kind.CHAIR_RECORD, areas=AREAS), "development/5", keeps_its_mark)
    reading = read(data)
    assert [i["text"] for i in reading.items if i["address"] == "development/6"] == ["One more thing to do."]
    found = [f for f in judge_reading(reading, a_context()) if f.subheading == "development/6"]
    assert [(f.code, f.severity) for f in found] == [("agreed.too_many", Severity.QUERY)]
    assert found[0].remedy.endswith("tell us why in your email.")
    back = add_fix_it_comments(data, found, KNOWN)
    with zipfile.ZipFile(io.BytesIO(back)) as package:
        assert "sixth area for development" in package.read("word/comments.xml").decode()
    assert read(back).items == reading.items


def with_a_row_copied(data: bytes, address: str, keeps_its_mark: bool) -> bytes:
    """The form with the row of an item copied under itself: as Word does, without its mark, or with it."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    root = etree.fromstring(parts["word/document.xml"])
    tag = next(tag for tag in root.iter(f"{W}tag") if tag.get(f"{W}val") == f"text:{address}")
    row = next(tag.iterancestors(f"{W}tr"))
    copy = deepcopy(row)
    for mark in [] if keeps_its_mark else [*copy.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")]:
        mark.getparent().remove(mark)
    first, *rest = list(copy.iter(f"{W}tc"))[1].iter(f"{W}t")
    first.text = "One more thing to do."
    for text in rest:
        text.text = ""
    row.addnext(copy)
    parts["word/document.xml"] = etree.tostring(root)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize("written", ["Amber/Green", "3", "tbc", "LA: red, ICB: green"])
def test_what_the_reader_saw_of_a_rating_is_said_once(written):
    place = ("leadership/equal-duty", "rating")
    reading = read(fill_form(a_filled(Kind.SELF_ASSESSMENT), {place: written}))
    seen = [f for f in reading.findings if (f.subheading, f.column) == place]
    judged = [f for f in judge_reading(reading, a_context()) if (f.subheading, f.column) == place]
    assert seen and [(f.code, f.message) for f in judged] == [(f.code, f.message) for f in seen]


def test_a_cycle_can_let_more_items_and_a_red_without_commentary_through():
    rules = CYCLE.rules.model_copy(
        update={"checks": {"agreed.too_many": "warn", "commentary.missing": "warn"}}
    )
    context = replace(a_context(), cycle=CYCLE.model_copy(update={"rules": rules}))
    data = with_a_row_copied(a_filled(Kind.CHAIR_RECORD, areas=AREAS), "development/5", keeps_its_mark=True)
    found = [f for f in judge_reading(read(data), context) if f.subheading == "development/6"]
    assert [(f.code, f.severity) for f in found] == [("agreed.too_many", Severity.WARN)]
    assert "not taken in" not in found[0].message, "it is in the record"
