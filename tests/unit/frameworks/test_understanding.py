"""A framework is understood from the template that an office has, in Word or Excel."""

import io
import zipfile

import docx
import pytest

from peer_challenge.cycle_file.check_framework import check_framework_entries
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.cycle_file.yaml_with_lines import Entry
from peer_challenge.frameworks.column_roles import Role, recognise_role
from peer_challenge.frameworks.keep_ids import give_ids, list_entries, list_unanswered, suggest_origins
from peer_challenge.frameworks.outline import (
    UnreadableFile,
    outline_as_dict,
    outline_from_dict,
)
from peer_challenge.frameworks.outline_from_sheet import read_sheet_outline
from peer_challenge.frameworks.outline_from_word import read_word_outline
from peer_challenge.frameworks.read_uploaded import read_uploaded_framework
from peer_challenge.frameworks.understand_outline import Understood, understand_outline
from peer_challenge.frameworks.write_framework import entries_of_framework, write_framework_file
from peer_challenge.frameworks.write_framework_sheet import write_framework_sheet
from peer_challenge.model.crosswalk import follow_crosswalk
from peer_challenge.model.framework import Framework
from tests import framework_files as files

_FILES = {
    "a table for each area": ("Vale_standards.docx", files.word_with_a_table_for_each_area),
    "rows across": ("our standards.docx", files.word_with_rows_across),
    "titles alone": ("vale.docx", files.word_with_titles_alone),
    "merged themes": ("vale.xlsx", files.sheet_with_merged_themes),
    "sheet with rows across": ("vale.xlsx", files.sheet_with_rows_across),
}


def _understand(which: str) -> Understood:
    name, make = _FILES[which]
    read = read_word_outline if name.endswith("docx") else read_sheet_outline
    outline = read(name, make())
    assert outline_from_dict(outline_as_dict(outline)) == outline  # as a draft keeps it
    return understand_outline(outline)


def _shape(entries: Entry) -> list[tuple[str, list[str]]]:
    return [
        (str(area["title"]), [str(row["title"]) for row in list_entries(area, "subheadings")])
        for area in list_entries(entries, "focus_areas")
    ]


def _first_row(entries: Entry) -> Entry:
    return list_entries(list_entries(entries, "focus_areas")[0], "subheadings")[0]


@pytest.mark.parametrize("which", _FILES)
def test_every_shape_gives_the_same_areas_and_subheadings(which: str) -> None:
    understood = _understand(which)
    assert _shape(understood.entries) == [(area, list(titles)) for area, titles in files.AREAS]
    framework, problems = check_framework_entries({**give_ids(understood.entries, None, ()), "id": "vale"})
    assert problems == []
    assert framework is not None


def test_a_word_template_brings_its_headings_its_meanings_and_what_may_be_left_out() -> None:
    understood = _understand("a table for each area")
    entries = understood.entries
    assert entries["title"] == "Vale standards"
    assert entries["words"] == {
        "meanings": {"RED": "We have not begun.", "AMBER": "We have begun.", "GREEN": "It is done."},
        "headings": {
            "subheading": "Standard",
            "strengths": "Our evidence",
            "development": "What needs to change",
            "rating": "Where we are",
        },
    }
    assert [area.get("scope") for area in understood.areas] == [None, "linked"]
    assert _first_row(entries)["prompt"] == "How do you do “Equal and joint duty”?\nWho checks?"
    assert understood.problems == []
    (note,) = understood.notes
    assert "paragraph 2" in note
    assert "table 4" in note


def test_hints_and_descriptors_are_understood() -> None:
    row = _first_row(_understand("rows across").entries)
    assert row["essentials"] == [{"mention": "minutes"}, {"mention": "audits"}]
    assert row["descriptors"] == {"RED": "Not yet.", "AMBER": "In part.", "GREEN": "Always."}


def test_a_column_that_is_taken_for_another_can_be_corrected() -> None:
    outline = read_word_outline("a.docx", files.word_with_a_table_for_each_area())
    entries = understand_outline(outline, {"what we look for": Role.LEFT_OUT}).entries
    assert "prompt" not in _first_row(entries)


def test_a_column_that_we_do_not_know_is_asked_about_with_its_place() -> None:
    document = docx.Document()
    document.add_heading("Leadership", 1)
    table = document.add_table(rows=2, cols=4)
    for cell, text in zip(table.rows[0].cells, ("Standard", "Guidance", "Zebra", "RAG"), strict=True):
        cell.text = text
    table.rows[1].cells[0].text = "Equal duty"
    out = io.BytesIO()
    document.save(out)
    understood = understand_outline(read_word_outline("a.docx", out.getvalue()))
    assert understood.problems == [
        ("table 1, column 3", "We do not know what “Zebra” holds. Say what it is below.")
    ]


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("What GREEN looks like", Role.GREEN),
        ("Amber descriptor", Role.AMBER),
        ("Questions for RED", Role.ASK_RED),
        ("Peer questions if it is amber", Role.ASK_AMBER),
        ("Questions for peers where it is GREEN", Role.ASK_GREEN),
        ("Questions to ask", Role.QUESTIONS),
        ("RAG rating", Role.RATING),
        ("No.", Role.LEFT_OUT),
        ("You may want to cover…", Role.COVER),
        ("What we’re looking for", Role.PROMPT),
        ("Sub-headding", Role.SUBHEADING),
        ("Zebra", None),
        ("", None),
    ],
)
def test_headings_are_known_by_their_words(heading: str, role: Role | None) -> None:
    assert recognise_role(heading) is role


# Ids


def _framework(entries: Entry, ident: str) -> Framework:
    framework, problems = check_framework_entries({**entries, "id": ident})
    assert problems == []
    assert framework is not None
    return framework


def test_the_same_title_keeps_its_id_and_what_is_only_alike_is_asked_about() -> None:
    last = _framework(give_ids(_understand("rows across").entries, None, ()), "vale")
    changed = _understand("rows across").entries
    rows = list_entries(list_entries(changed, "focus_areas")[0], "subheadings")
    rows[0]["title"] = "EQUAL & joint duty"  # the same name, written in another way
    rows[1]["title"] = "A shared vision for children"
    rows[2]["title"] = "Money"
    made = give_ids(changed, last, ())
    found = {one.address.partition("/")[2]: one for one in suggest_origins(made, last)}
    assert found["equal-and-joint-duty"].said == ("leadership-and-accountability/equal-and-joint-duty",)
    assert [one.suggested for one in list_unanswered(made, last)] == [
        "leadership-and-accountability/shared-vision"
    ]
    assert found["money"].suggested == ""
    rows = list_entries(list_entries(made, "focus_areas")[0], "subheadings")
    rows[1]["crosswalk"] = ["leadership-and-accountability/shared-vision"]
    went = follow_crosswalk(last, _framework(made, "vale-2"))
    assert went["leadership-and-accountability/shared-vision"] == (
        "leadership-and-accountability/a-shared-vision-for-children",
    )
    assert went["leadership-and-accountability/decision-making"] == ()
    heard = "listening-to-children/how-children-are-heard"
    assert went[heard] == (heard,)


def test_titles_of_a_shipped_framework_bring_its_ids() -> None:
    shipped = shipped_frameworks()["working-together-2023"]
    area = shipped.focus_areas[0]
    entries: Entry = {
        "title": "Ours",
        "focus_areas": [
            {"title": area.title, "subheadings": [{"title": row.title} for row in area.subheadings]}
        ],
    }
    made = give_ids(entries, None, [shipped])
    assert [f"{area.id}/{row.id}" for row in area.subheadings] == list(_framework(made, "ours"))


@pytest.mark.parametrize("name", shipped_frameworks())
def test_what_is_written_as_a_file_is_read_as_the_same(name: str) -> None:
    framework = shipped_frameworks()[name]
    text = write_framework_file(entries_of_framework(framework))
    read = read_uploaded_framework("a.yaml", text.encode()) if name == "working-together-2026" else None
    if read is not None:
        assert read.entries is not None
        assert _framework(read.entries, name) == framework


# Files from outside


def test_a_file_is_read_in_a_child_process() -> None:
    uploaded = read_uploaded_framework("vale.docx", files.word_with_rows_across())
    assert uploaded.outline is not None
    assert _shape(understand_outline(uploaded.outline).entries)[0][0] == files.AREAS[0][0]


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", b"<a>" * 4_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("a.docx", b"", "empty"),
        ("a.docx", b"not a document", "Word"),
        ("a.docx", b"x" * 10_000_001, "larger than 10 MB"),
        ("a.xlsx", b"not a workbook", "Save it again as .xlsx"),
        ("a.xlsx", _bomb(), "far more than one table"),
        ("a.pdf", b"%PDF", "Save it as a Word document"),
        ("a.yaml", b"- a\n", "isn't a framework file"),
        ("a.yaml", b"focus_areas: [", "line 1"),
    ],
)
def test_a_file_that_can_not_be_used_says_what_to_do(name: str, raw: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read_uploaded_framework(name, raw)


def test_a_file_without_a_framework_says_what_one_looks_like() -> None:
    document = docx.Document()
    document.add_paragraph("Dear colleague")
    out = io.BytesIO()
    document.save(out)
    understood = understand_outline(read_word_outline("letter.docx", out.getvalue()))
    assert understood.areas == []
    assert "A framework is a table" in understood.problems[0][1]


# Questions for peers


def test_a_framework_downloaded_as_excel_is_the_same_when_it_is_uploaded_again() -> None:
    shipped = shipped_frameworks()["working-together-2026"]
    entries = entries_of_framework(shipped)
    first = entries["focus_areas"][0]["subheadings"][0]  # type: ignore[index]
    first["questions"] = {"RED": ["What would stop?", "=Who would notice?"], "GREEN": ["How do you know?"]}
    framework, problems = check_framework_entries(entries)
    assert framework is not None and problems == []
    outline = read_sheet_outline("ours.xlsx", write_framework_sheet(framework))
    understood = understand_outline(outline)
    assert understood.problems == []
    read, problems = check_framework_entries(give_ids({**understood.entries, "id": "ours"}, framework, []))
    assert read is not None and problems == []
    assert list(read) == list(framework)
    for mine, theirs in zip(read.subheadings.values(), framework.subheadings.values(), strict=True):
        for name in ("title", "prompt", "descriptors", "questions", "reference"):
            assert getattr(mine, name) == getattr(theirs, name), (theirs.title, name)
        assert [one.mention for one in mine.essentials] == [one.mention for one in theirs.essentials]
