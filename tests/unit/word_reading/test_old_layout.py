"""Forms of an earlier layout, which are with areas already, are read as they were."""

import io

import docx
import pytest
from docx.document import Document

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.dispatches.last_time import LAST_TIME
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.vocabulary import DispatchKind, Kind
from peer_challenge.paths import ROOT
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.form.row_guidance import COVER, list_guidance_lines
from peer_challenge.word.write.render_template import WordTemplates
from tests.changed_forms import as_programs_without_marks_save
from tests.factories import a_form, its_framework, some_facts
from tests.unit.word_reading.forms_to_read import ADDRESSES, blank, known

FILE = ROOT / "tests" / "data" / "self-assessment-of-five-columns.docx"
LEFT_EMPTY = ADDRESSES[3]


def old_form() -> bytes:
    return FILE.read_bytes()


@pytest.mark.parametrize("marks", [True, False], ids=["with its marks", "without marks"])
def test_a_form_of_five_columns_is_read_whole(marks: bool) -> None:
    reading = read_document(old_form() if marks else as_programs_without_marks_save(old_form()), known())
    assert (reading.kind, reading.participant) == (Kind.SELF_ASSESSMENT, "ashcombe")
    written = {row["subheading"]: row for row in reading.rows}
    assert set(written) == set(ADDRESSES)
    for number, address in enumerate(ADDRESSES):
        row = written[address]
        if address == LEFT_EMPTY:
            assert (row["strengths"], row["development"], row["rating"]) == ("", "", None)
            continue
        assert row["strengths"] == f"Partners met every month ({number}).\nA second paragraph."
        assert row["development"] == f"Agree how number {number} is measured."
        assert row["rating"] == ("RED", "AMBER", "GREEN")[number % 3]
        assert row["commentary"] == ""
    if marks:
        assert reading.unmapped == []
    assert not {finding.code for finding in reading.findings} & {
        "layout.own_format",
        "layout.column_missing",
        "column.extra",
    }


def test_what_its_author_wrote_in_the_column_for_peers_is_kept_and_told() -> None:
    form = opened(old_form())
    table = next(table for table in form.tables if len(table.columns) == 5)
    table.rows[1].cells[4].paragraphs[0].add_run("Happy to talk this one through.")
    reading = read_document(saved(form), known())
    assert reading.rows[0]["commentary"] == "Happy to talk this one through."
    assert "commentary.by_author" in {finding.code for finding in reading.findings}


@pytest.mark.parametrize("marks", [True, False], ids=["with its marks", "without marks"])
def test_nothing_that_the_form_prints_under_a_question_is_an_answer(marks: bool) -> None:
    form = blank()
    reading = read_document(form if marks else as_programs_without_marks_save(form), known())
    assert all(row["strengths"] == row["development"] == "" for row in reading.rows)
    lines = {line for row in sample_framework_rows() for line in list_guidance_lines(row)}
    assert lines and not lines & set(reading.unmapped)
    assert any(LAST_TIME in text for text in reading.unmapped) != marks
    assert not any(row["rating"] for row in reading.rows)


@pytest.mark.parametrize("marks", [True, False], ids=["with its marks", "without marks"])
def test_what_an_earlier_form_printed_of_the_last_rating_is_no_answer_either(marks: bool) -> None:
    document = opened(blank())
    lines = [
        paragraph
        for table in document.tables
        for row in table.rows
        for paragraph in row.cells[0].paragraphs
        if paragraph.text.startswith(f"{LAST_TIME}: ")
    ]
    assert lines
    for line in lines:
        rating = line.text.removeprefix(f"{LAST_TIME}: ")
        line.text = (
            f"{LAST_TIME} you rated this {rating} If it is better or worse now, please say so in your answer."
        )
    form = saved(document)
    reading = read_document(form if marks else as_programs_without_marks_save(form), known())
    assert all(row["strengths"] == row["development"] == "" for row in reading.rows)
    assert not any(row["rating"] for row in reading.rows)


@pytest.mark.parametrize("marks", [True, False], ids=["with its marks", "without marks"])
@pytest.mark.parametrize("is_old", [True, False], ids=["earlier words", "today's words"])
def test_which_report_it_is_is_read_in_earlier_words_too(is_old: bool, marks: bool) -> None:
    document = opened(a_form(Kind.PROGRESS_REPORT))
    cells = next(t for t in document.tables if t.rows[0].cells[0].text == "Which report").rows[0].cells
    assert cells[1].text.startswith("Progress report 1")
    if is_old:
        for cell, words in zip(cells, ("Which review", "Review 1 of 2"), strict=True):
            first, *others = cell.paragraphs[0].runs
            first.text = words
            for run in others:
                run.text = ""
    form = saved(document)
    reading = read_document(form if marks else as_programs_without_marks_save(form), known())
    assert (reading.kind, reading.review) == (Kind.PROGRESS_REPORT, 1)


def test_a_form_prints_what_may_be_covered_what_changed_and_what_each_rating_looks_like() -> None:
    framework = its_framework(some_facts(Kind.SELF_ASSESSMENT).cycle)
    texts = [
        [paragraph.text for paragraph in row.cells[0].paragraphs]
        for table in opened(a_form(Kind.SELF_ASSESSMENT)).tables
        for row in table.rows
    ]
    printed = {title: [text for text in others if not text.startswith(LAST_TIME)] for title, *others in texts}
    for row in framework.subheadings.values():
        expected = [row.prompt, *filter(None, [row.reference]), *list_guidance_lines(row)]
        assert printed[row.title] == expected, row.id
    hidden_harm = printed["Hidden harm"]
    assert hidden_harm[1] == "New in this edition of the guidance."
    assert hidden_harm[2].startswith(f"{COVER}child sexual abuse; ")
    assert [line.partition(":")[0] for line in hidden_harm[3:]] == ["RED", "AMBER", "GREEN"]


def test_the_columns_of_the_author_have_the_width_of_the_page() -> None:
    table = next(table for table in opened(blank()).tables if table.rows[0].cells[0].text == "Sub-heading")
    assert [cell.text for cell in table.rows[0].cells] == [
        "Sub-heading",
        "Strengths and evidence",
        "Areas for development",
        "RAG rating",
    ]
    widths = [cell.width.mm for cell in table.rows[0].cells if cell.width]
    assert widths[1] + widths[2] > 155  # 129 with a column for the peers


def test_the_form_says_what_it_follows_who_reads_it_and_whom_to_ring() -> None:
    facts = sample_facts(DispatchKind.SELF_ASSESSMENT_TEMPLATE)
    said = "\n".join(paragraph.text for paragraph in opened(blank()).paragraphs)
    assert facts.framework.title in said
    for heading in ("What happens next", "Who will read it", "Who to contact"):
        assert heading in said
    assert "Please ring the Northern programme office on 01632 960100" in said
    assert "about 50 words in a cell on average, no more than about 80 in any, and up to 5,000" in said
    assert "Be honest with yourselves." in said


def test_a_launch_letter_says_what_follows_and_repeats_the_two_requests() -> None:
    facts = sample_facts(DispatchKind.LAUNCH_LETTER)
    letter = opened(render_dispatch_file(facts, WordTemplates()))
    said = "\n".join(paragraph.text for paragraph in letter.paragraphs)
    assert "return it by Friday 26 February 2027" in said
    assert "Be honest with yourselves." in said and "Keep it brief:" in said
    assert facts.framework.title in said and "01632 960100" in said
    steps = [[cell.text for cell in row.cells] for row in letter.tables[0].rows]
    assert steps[1] == ["You return your self-assessment", "By Friday 26 February 2027"]
    assert [step for step, _ in steps[-2:]] == ["You return your action plan", "You report on progress"]


def sample_framework_rows():
    return shipped_frameworks()["working-together-2018"].without(["transition-links"]).subheadings.values()


def opened(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def saved(form: Document) -> bytes:
    out = io.BytesIO()
    form.save(out)
    return out.getvalue()
