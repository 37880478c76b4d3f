"""What an office's file says is in the framework, or it is told with its place."""

import io
from typing import Any

import docx
import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from peer_challenge.cycle_file.yaml_with_lines import Entry
from peer_challenge.frameworks.keep_ids import list_entries
from peer_challenge.frameworks.outline_from_sheet import read_sheet_outline
from peer_challenge.frameworks.outline_from_word import read_word_outline
from peer_challenge.frameworks.understand_outline import Understood, understand_outline
from tests import framework_files as files

_HEADINGS = ("Standard", "Guidance")


def _read_word(*blocks: Any) -> Understood:
    return understand_outline(read_word_outline("vale.docx", files.word_with(*blocks)))


def _read_sheet(*rows: Any, merged: Any = (), **more: Any) -> Understood:
    return understand_outline(read_sheet_outline("vale.xlsx", files.sheet_with(rows, merged, **more)))


def _list_rows(understood: Understood) -> list[Entry]:
    return [row for area in understood.areas for row in list_entries(area, "subheadings")]


def _list_titles(understood: Understood) -> dict[str, list[str]]:
    return {
        str(area["title"]): [str(row["title"]) for row in list_entries(area, "subheadings")]
        for area in understood.areas
    }


# Headings


def test_a_bold_line_below_a_heading_names_no_area_and_is_told() -> None:
    understood = _read_word(
        ("Title", "Vale"),
        ("Heading 1", "Leadership"),
        ("bold", "Please answer every row"),
        [_HEADINGS, ("Equal duty", "Who?")],
        ("Heading 1", "Voice"),
        ("bold", "Please answer every row"),
        [_HEADINGS, ("Hearing", "How?")],
    )
    assert _list_titles(understood) == {"Leadership": ["Equal duty"], "Voice": ["Hearing"]}
    assert understood.notes == [
        "We left out what is outside the framework: paragraph 3 (“Please answer every row”); "
        "paragraph 5 (“Please answer every row”)."
    ]


def test_bold_lines_name_the_areas_where_only_the_whole_has_a_heading() -> None:
    understood = _read_word(
        "June 2027",
        ("Heading 1", "Vale standards"),
        ("bold", "Leadership"),
        [_HEADINGS, ("Equal duty", "Who?")],
        ("bold", "Voice"),
        [_HEADINGS, ("Hearing", "How?")],
    )
    assert list(_list_titles(understood)) == ["Leadership", "Voice"]
    assert "paragraph 2 (“Vale standards”)" in understood.notes[0]


def test_headings_that_no_table_follows_are_told_in_their_order() -> None:
    understood = _read_word(
        ("Title", "Vale"),
        ("Title", "Second edition"),
        ("Heading 1", "Part A: people"),
        "Read this first.",
        ("Heading 2", "Leadership"),
        [_HEADINGS, ("Equal duty", "Who?")],
        ("Heading 2", "Voice"),
        ("Heading 2", "Money"),
        [_HEADINGS, ("Pooled", "How?")],
        ("Heading 1", "Annex"),
    )
    assert list(_list_titles(understood)) == ["Leadership", "Money"]
    assert understood.notes == [
        "We left out what is outside the framework: paragraph 2 (“Second edition”); "
        "paragraph 3 (“Part A: people”); paragraph 4 (“Read this first”); paragraph 6 (“Voice”); "
        "paragraph 8 (“Annex”)."
    ]


def test_a_table_that_is_left_out_is_told_with_its_first_words() -> None:
    banner = [("Leadership",)]
    understood = _read_word(banner, "", [_HEADINGS, ("Equal duty", "Who?")])
    assert "table 1 (“Leadership”)" in understood.notes[0]


def test_a_second_title_above_the_headings_is_told() -> None:
    understood = _read_sheet(
        ("Vale standards", None, None),
        ("Only where the police lead", None, None),
        ("Area of focus", *_HEADINGS),
        ("Leadership", "Equal duty", "Who?"),
        merged=["A1:C1", "A2:C2"],
    )
    assert understood.entries["title"] == "Vale standards"
    assert "row 2 (“Only where the police lead”)" in understood.notes[0]


# Titles


@pytest.mark.parametrize(
    "title",
    [
        "16 and 17 year olds",
        "24 hour contact",
        "18 to 25 transition",
        "16 - 25 transition",
        "7 golden rules",
        "Section 17: children in need",
        "Section 11 audits",
    ],
)
def test_a_number_that_belongs_to_a_title_stays(title: str) -> None:
    understood = _read_sheet(
        ("Area of focus", *_HEADINGS),
        (title, title, "Who?"),
        (title, "1.2 Vision", "What?"),
        ("Voice", "Hearing", "How?"),
    )
    assert _list_titles(understood) == {title: [title, "Vision"], "Voice": ["Hearing"]}


@pytest.mark.parametrize(
    "number",
    ["1.", "1)", "(1)", "1:", "1 –", "1 -", "1.1", "1.1.", "1.1.1 -", "IV.", "a)", "Theme 3:", "Theme 3 –"],
)
def test_a_number_that_can_be_nothing_else_is_no_part_of_a_title(number: str) -> None:
    understood = _read_sheet(
        ("Area of focus", *_HEADINGS), (f"{number} Leadership", f"{number} Vision", "Who?")
    )
    assert _list_titles(understood) == {"Leadership": ["Vision"]}


def test_bare_numbers_that_count_the_titles_are_no_part_of_them() -> None:
    understood = _read_sheet(
        ("Area of focus", *_HEADINGS),
        ("Section 1: Leadership", "1 Equal duty", "Who?"),
        ("Section 1: Leadership", "2 Vision", "What?"),
        ("Section 1: Leadership", "7 golden rules", "Which?"),
        ("Section 1: Leadership", "3 Money", "How much?"),
        ("Section 2: Voice", "1 Hearing", "How?"),
    )
    assert _list_titles(understood) == {
        "Leadership": ["Equal duty", "Vision", "7 golden rules", "Money"],
        "Voice": ["Hearing"],
    }


def test_what_is_below_the_title_of_an_area_is_told() -> None:
    understood = _read_sheet(
        _HEADINGS,
        ("Leadership\nHow the partners lead together", None),
        ("Equal duty", "Who?"),
        ("Voice", None),
        ("Hearing", "How?"),
        merged=["A2:B2", "A4:B4"],
    )
    assert list(_list_titles(understood)) == ["Leadership", "Voice"]
    assert understood.notes == [
        "sheet Sheet, row 2: an area of focus has only a title. We left out what is below “Leadership”: "
        "“How the partners lead together”."
    ]


def test_what_is_below_a_title_in_a_column_of_areas_is_told_once() -> None:
    area = "Leadership\nHow the partners lead together"
    understood = _read_sheet(
        ("Area of focus", *_HEADINGS), (area, "Equal duty", "Who?"), (area, "Vision", "What?")
    )
    assert _list_titles(understood) == {"Leadership": ["Equal duty", "Vision"]}
    assert len(understood.notes) == 1


def test_a_title_that_is_broken_over_two_lines_is_whole() -> None:
    understood = _read_word(
        ("Title", "Vale"),
        ("Heading 1", "Leadership\nAnd accountability"),
        [
            _HEADINGS,
            ("Equal\nand joint duty", "Who?"),
            ("2.\nVision", "What?"),
            ("Money\nWhere it comes from", "How much?"),
        ],
    )
    assert _list_titles(understood) == {
        "Leadership And accountability": ["Equal and joint duty", "Vision", "Money"]
    }
    assert _list_rows(understood)[2]["prompt"] == "Where it comes from\nHow much?"


# Rows


def test_a_subheading_over_two_rows_keeps_what_both_say_of_ratings_and_their_questions() -> None:
    understood = _read_sheet(
        ("Area of focus", *_HEADINGS, "Red", "Amber", "Questions for RED", "Questions for GREEN"),
        ("Leadership", "Equal duty", "Who?", "Nobody leads.", None, "What stops first?", "Who learns?"),
        (None, None, "And how?", "Police absent.", "Some lead.", "Who notices?\nSince when?", None),
        merged=["A2:A3", "B2:B3"],
    )
    (row,) = _list_rows(understood)
    assert row["prompt"] == "Who?\nAnd how?"
    assert row["descriptors"] == {"RED": "Nobody leads. Police absent.", "AMBER": "Some lead."}
    assert row["questions"] == {
        "RED": ["What stops first?", "Who notices?", "Since when?"],
        "GREEN": ["Who learns?"],
    }


# Other tables


@pytest.mark.parametrize(
    "other",
    [
        [("Partner", "Signed by"), ("Signature", ""), ("Date", "")],
        [("Author:", "J Brown"), ("Version", "1.2"), ("Date", "May 2026")],
        [("Version", "Date"), ("1.0", "May 2026"), ("1.1", "June 2026")],
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_table_about_the_document_is_left_out_and_told(other: list[Any], is_first: bool) -> None:
    ours = [("Heading 1", "Leadership"), [_HEADINGS, ("Equal duty", "Who?")]]
    theirs = [("Heading 1", "About this document"), other]
    understood = _read_word(("Title", "Vale"), *(theirs + ours if is_first else ours + theirs))
    assert _list_titles(understood) == {"Leadership": ["Equal duty"]}
    assert f"table {1 if is_first else 2} (“{other[0][0]}”)" in understood.notes[0]
    assert "About this document" in understood.notes[0]


def test_a_sheet_of_changes_is_left_out_and_told() -> None:
    understood = _read_sheet(
        ("Area of focus", *_HEADINGS),
        ("Leadership", "Equal duty", "Who?"),
        Changes=[("Version", "Date", "Who"), ("1.0", "May 2026", "JB")],
    )
    assert _list_titles(understood) == {"Leadership": ["Equal duty"]}
    assert "sheet Changes (“Version”)" in understood.notes[0]


def test_a_table_above_the_first_known_headings_is_left_out_and_told() -> None:
    steps = [("Step 1", "Fill it in"), ("Step 2", "Send it")]
    understood = _read_word(steps, ("Heading 1", "Leadership"), [_HEADINGS, ("Equal duty", "Who?")])
    assert _list_titles(understood) == {"Leadership": ["Equal duty"]}
    assert "table 1 (“Step 1”)" in understood.notes[0]


def test_a_table_without_headings_that_goes_on_from_another_is_told_with_what_was_taken() -> None:
    understood = _read_word(
        ("Heading 1", "Vale"),
        ("Heading 2", "Leadership"),
        [_HEADINGS, ("Equal duty", "Who?")],
        ("Heading 2", "Voice"),
        [("Hearing", "How?"), ("Speaking", "When?"), ("Asking", "Whom?"), ("Telling", "What?")],
    )
    assert _list_titles(understood)["Voice"] == ["Hearing", "Speaking", "Asking", "Telling"]
    assert understood.notes == [
        "table 2: it has no headings that we know, so we read its columns as those of table 1. We took "
        "4 sub-headings from it: “Hearing”, “Speaking”, “Asking” and 1 more. Remove what does not belong "
        "to the framework."
    ]


def test_an_area_that_comes_again_is_told_and_takes_no_row_of_another() -> None:
    understood = _read_sheet(
        _HEADINGS,
        ("Leadership", None),
        ("Equal duty", "Who?"),
        ("Voice", None),
        ("Hearing", "How?"),
        ("Leadership (linked)", None),
        (None, "Read all of it"),
        ("Vision", "What?"),
        merged=["A2:B2", "A4:B4", "A6:B6"],
    )
    assert _list_titles(understood) == {"Leadership": ["Equal duty", "Vision"], "Voice": ["Hearing"]}
    assert [row["prompt"] for row in _list_rows(understood)] == ["Who?", "What?", "How?"]
    assert [area.get("scope") for area in understood.areas] == ["linked", None]
    assert understood.notes == [
        "We left out what is outside the framework: sheet Sheet, row 7 (“Read all of it”).",
        "“Leadership” comes again. We added what is below it to the area of focus of this title: "
        "sheet Sheet, row 6.",
    ]


def test_headings_that_come_again_in_other_letters_are_no_row() -> None:
    understood = _read_sheet(
        ("Area of focus", *_HEADINGS),
        ("Leadership", "Equal duty", "Who?"),
        ("AREA OF FOCUS", "STANDARD", "Guidance "),
        ("Leadership", "Vision", "What?"),
    )
    assert _list_titles(understood) == {"Leadership": ["Equal duty", "Vision"]}


def test_a_title_without_a_letter_is_asked_about() -> None:
    understood = _read_sheet(
        ("Area of focus", *_HEADINGS), ("Leadership", "Equal duty", "Who?"), ("Total", "2", None)
    )
    assert understood.problems == [
        ("sheet Sheet, row 3", "We took “2” for the title of a sub-heading. Give it words, or remove it.")
    ]


@pytest.mark.parametrize(
    ("text", "scope", "is_asked"),
    [("Yes", "linked", False), ("No", None, False), ("core", None, False), ("may be left out", None, True)],
)
def test_what_a_column_says_of_leaving_out_is_understood_or_asked_about(
    text: str, scope: str | None, is_asked: bool
) -> None:
    understood = _read_sheet(
        ("Area of focus", *_HEADINGS, "Linked"), ("Leadership", "Equal duty", "Who?", text)
    )
    assert [area.get("scope") for area in understood.areas] == [scope]
    words = f"We do not know whether “{text}” means yes. "
    todo = "Say at this area of focus whether a cycle may leave it out."
    assert understood.problems == ([("sheet Sheet, row 2", words + todo)] if is_asked else [])


# Words that are marked


def test_hidden_and_struck_words_of_a_word_file_are_told() -> None:
    document = docx.Document()
    hidden = document.add_paragraph("Vale").add_run("Not for partners")
    hidden.font.hidden = True
    document.add_heading("Leadership", 1)
    table = document.add_table(rows=3, cols=2)
    for row, texts in zip(table.rows, (_HEADINGS, ("Equal duty", "Who?"), ("Old duty", "")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.rows[2].cells[0].paragraphs[0].runs[0].font.strike = True
    out = io.BytesIO()
    document.save(out)
    understood = understand_outline(read_word_outline("vale.docx", out.getvalue()))
    assert _list_titles(understood) == {"Leadership": ["Equal duty"]}
    assert understood.notes[:2] == [
        "It has hidden words. We left them out: outside its tables (“Not for partners”).",
        "It has words that are struck through. We left them out: table 1, row 3 (“Old duty”).",
    ]
    assert not any("names no sub-heading" in note for note in understood.notes)


def test_comments_and_struck_words_of_a_workbook_are_told() -> None:
    rows = [("Area of focus", *_HEADINGS), ("Leadership", "Equal duty", "Who?"), ("Leadership", "Old", None)]
    book = openpyxl.load_workbook(io.BytesIO(files.sheet_with(rows)))
    sheet = book["Sheet"]
    sheet["B2"].comment = Comment("Ask legal first", "JB")
    sheet["B3"].font = Font(strike=True)
    sheet["C2"].value = CellRichText("Who", TextBlock(InlineFont(strike=True), " and why"), "?")
    out = io.BytesIO()
    book.save(out)
    understood = understand_outline(read_sheet_outline("vale.xlsx", out.getvalue()))
    assert _list_titles(understood) == {"Leadership": ["Equal duty", "Old"]}
    assert understood.notes == [
        "Sheet Sheet: it has comments. We left them out: B2 (“Ask legal first”).",
        "Sheet Sheet: it has words that are struck through. We took them too: C2 (“Who and why?”); "
        "B3 (“Old”).",
    ]


# Columns


def test_a_column_without_a_heading_is_asked_about_with_its_place_and_first_words() -> None:
    understood = _read_sheet(
        ("Area of focus", *_HEADINGS, None, None),
        ("Leadership", "Equal duty", "Who?", "1.1", None),
        ("Leadership", "Vision", "What?", "1.2", "Ask for minutes"),
    )
    assert understood.problems == [
        (
            "sheet Sheet, column 5",
            "This column has no heading. We left it out: “Ask for minutes” and what is below that. "
            "Say what it is below, or give it a heading.",
        )
    ]


@pytest.mark.parametrize(
    ("headings", "name"),
    [
        (("Theme", "Standard", "Criterion", "Guidance"), "Sub-heading"),
        (("Domain", "Theme", "Standard", "Guidance"), "Area of focus"),
    ],
)
def test_two_columns_for_one_thing_are_told_with_both_names(headings: tuple[str, ...], name: str) -> None:
    understood = _read_sheet(headings, ("Leadership", "Equal duty", "All share it", "Who?"))
    first, second = headings[1:3] if name == "Sub-heading" else headings[:2]
    place = f"sheet Sheet, column {headings.index(second) + 1}"
    assert understood.problems == [
        (
            place,
            f"“{first}” and “{second}” are both “{name}”. We took the first, and left out “{second}”. "
            "Say what each is below.",
        )
    ]
    assert understood.entries["words"] == {"headings": {"subheading": "Standard"}}


def test_a_column_of_areas_beside_one_of_subheadings_holds_the_areas_of_focus() -> None:
    understood = _read_sheet(
        ("Area", "Sub-heading", "Guidance"),
        ("Leadership", "Equal duty", "Who?"),
        ("Leadership", "Vision", "What?"),
        ("Voice", "Hearing", "How?"),
    )
    assert _list_titles(understood) == {"Leadership": ["Equal duty", "Vision"], "Voice": ["Hearing"]}
    assert understood.problems == []
