"""What stood where answers stand and has no place is asked about; a form that holds answers is never blank."""
# ruff: noqa: E501 - a table of cases reads better on one line

import io

import docx
import pytest
from docx.document import Document as DocumentOfDocx

from peer_challenge.model.vocabulary import DispatchKind, Kind
from peer_challenge.rehearsal.handwriting import Sheet
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.forms import BEGIN_FOR_READING, FOR_READING, FORMS
from peer_challenge.word.package import marks
from peer_challenge.word.package.namespaces import w
from tests.changed_forms import as_programs_without_marks_save
from tests.factories import a_filled
from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import (
    FRAMEWORK,
    ROWS,
    answer_row,
    cell,
    header,
    p,
    para,
    run,
    schedule,
    t,
)
from tests.unit.word_reading.edits import field_cell, read_form, xml
from tests.unit.word_reading.forms_to_read import ADDRESSES, blank, filled_self_assessment, known
from tests.unit.word_reading.reads import PLACE, codes, first, read, read_cell, severity

TITLES = [FRAMEWORK.subheadings[address].title for address in ROWS]


def of_kind(kind: Kind) -> dict[str, str]:
    return b.MARKS | {marks.KIND: kind.value}


def line(*texts: str) -> str:
    return b.row(*(cell(p(text)) for text in texts))


def words(kind: Kind, *, without: str = "") -> str:
    return line(*(column.header for column in FORMS[kind].columns if column.id != without))


def tagged(column: str, address: str, text: str) -> str:
    control = f'<w:sdt><w:sdtPr><w:tag w:val="{column}:{address}"/></w:sdtPr><w:sdtContent>{p(text)}</w:sdtContent></w:sdt>'
    return cell(control)


def held_words(reading: Reading) -> str:
    values = (value or "" for row in (*reading.rows, *reading.items) for value in row.values())
    return "\n".join((*values, *reading.unmapped))


# Agreed items


def record(numbers: range, text: str = "Agreed {}") -> str:
    rows = [line(str(n) if n else "", text.format(n), "Named partners", "Yes") for n in numbers]
    return b.table(words(Kind.CHAIR_RECORD), *rows)


def read_record(body: str) -> Reading:
    return read(p("Chair’s record") + body, marked=of_kind(Kind.CHAIR_RECORD))


@pytest.mark.parametrize("cut", [1, 2, 3, 4])
@pytest.mark.parametrize("between", ["", p(""), p("OFFICIAL-SENSITIVE"), b.table(line("Page 1 of 3"))])
def test_items_cut_by_a_page_under_a_copied_header_go_on_with_the_numbers(cut: int, between: str) -> None:
    parts = [record(range(1, cut + 1)), record(range(cut + 1, 6))]
    lists = [p(heading) + between.join(parts) for heading in ("Key strengths", "Areas for development")]
    reading = read_record("".join(lists))
    addresses = [f"{kind}/{n}" for kind in ("strength", "development") for n in range(1, 6)]
    assert [item["address"] for item in reading.items] == addresses
    assert "item.unplaced" not in codes(reading)


@pytest.mark.parametrize("second", [range(1, 3), range(4, 6), range(7, 8), range(2, 4)])
def test_items_that_do_not_go_on_are_asked_about(second: range) -> None:
    reading = read_record(p("Key strengths") + record(range(1, 3)) + record(second, "Apart {}"))
    assert [item["address"] for item in reading.items] == ["strength/1", "strength/2"]
    assert severity(reading, "item.unplaced") == "query"
    assert all(f"Apart {n}" in "\n".join(reading.unmapped) for n in second)


def test_of_two_tables_of_items_without_headings_neither_is_taken() -> None:
    reading = read(record(range(1, 6)) + record(range(1, 6)), marked={})
    assert (reading.kind, reading.items) == (Kind.CHAIR_RECORD, [])
    assert codes(reading) >= {"item.unplaced", "identity.kind_unclear"}  # a corrected draft looks alike
    assert "form.blank" not in codes(reading)
    found = [f.message for f in reading.findings if f.code == "item.unplaced"]
    assert ["table 1" in found[0], "table 2" in found[1]] == [True, True]


@pytest.mark.parametrize("place", [1, 2, 3])
def test_the_rest_of_an_item_takes_no_other_items_place(place: int) -> None:
    rows = [line(str(n), f"Agreed {n}", "Named partners", "Yes") for n in (1, 2, 3)]
    rows.insert(place, line("", "and so on to its end", "", ""))
    reading = read_record(p("Key strengths") + b.table(words(Kind.CHAIR_RECORD), *rows))
    assert [item["text"] for item in reading.items] == ["Agreed 1", "Agreed 2", "Agreed 3"]
    cut = next(f for f in reading.findings if f.code == "row.cut")
    assert (cut.subheading, cut.severity) == (f"strength/{place}", "query")
    assert "and so on to its end" in "\n".join(reading.unmapped)


@pytest.mark.parametrize("place", [1, 2, 3, 4])
@pytest.mark.parametrize("is_marked", [True, False])
def test_the_rest_of_an_answer_that_a_page_has_cut_is_asked_about(place: int, is_marked: bool) -> None:
    rows = [answer_row(address, is_marked=is_marked) for address in ROWS]
    rows.insert(place, line("", "the second half of it", "", "", ""))
    reading = read(p("Self-assessment") + b.table(header(is_marked=is_marked), *rows))
    assert [f.subheading for f in reading.findings if f.code == "row.cut"] == [ROWS[place - 1]]
    assert len(reading.rows) == len(ROWS)
    assert "the second half of it" in "\n".join(reading.unmapped)


# Titles, header row or marks gone


@pytest.mark.parametrize("kind", [Kind.SELF_ASSESSMENT, Kind.ANALYSIS])
def test_rows_without_titles_are_known_by_the_tags_of_their_controls(kind: Kind) -> None:
    columns = ("strengths", "development", "rating", "commentary")
    rows = [
        b.row(
            *(tagged(c, address, "RED" if c == "rating" else f"{TITLES[0]} {c} {address}") for c in columns)
        )
        for address in ROWS
    ]
    table = b.table(words(kind, without="subheading"), *reversed(rows))
    reading = read(p(FORMS[kind].title) + table, marked=of_kind(kind))
    assert [row["strengths"] for row in reading.rows] == [
        f"{TITLES[0]} strengths {address}" for address in ROWS
    ]
    assert severity(reading, "layout.rows_by_tag") == "warn"
    assert reading.unmapped == []


def test_a_title_says_which_row_it_is_whatever_a_copied_control_is_called() -> None:
    copied = answer_row(PLACE, is_marked=False, strengths=tagged("strengths", ROWS[1], "Ours"))
    reading = read(schedule({PLACE: copied}, is_marked=False))
    assert first(reading)["strengths"] == "Ours"


def test_tags_that_name_two_rows_name_none() -> None:
    mixed = b.row(
        tagged("strengths", ROWS[0], "One"), tagged("development", ROWS[1], "Other"), cell(p("RED")), cell()
    )
    reading = read(b.table(words(Kind.SELF_ASSESSMENT, without="subheading"), mixed))
    assert reading.rows == []
    assert codes(reading) >= {"form.answers_outside", "row.unplaced"}
    assert "One" in held_words(reading) and "Other" in held_words(reading)


@pytest.mark.parametrize("text", [TITLES[0], f"{TITLES[1]} report", "Named partners meet; audit is done"])
def test_what_stands_under_another_header_is_no_title(text: str) -> None:
    rows = [line(text, "Little", "AMBER", "")] * 3
    reading = read(b.table(words(Kind.SELF_ASSESSMENT, without="subheading"), *rows))
    assert reading.rows == []
    assert codes(reading) >= {"form.answers_outside", "row.unplaced"}
    assert "form.blank" not in codes(reading)


def test_a_response_without_its_header_row_is_read_in_the_order_of_the_form_and_asked_about() -> None:
    rows = [
        line(
            f"{title}\nYour rating: AMBER",
            "What further evidence is there?",
            "Further evidence",
            "It is done",
        )
        for title in TITLES
    ]
    reading = read(p(FORMS[Kind.RESPONSE].title) + b.table(*rows), marked=of_kind(Kind.RESPONSE))
    assert [row["response"] for row in reading.rows] == ["It is done"] * len(ROWS)
    assert severity(reading, "layout.columns_guessed") == "query"


BENEATH = "".join(
    p(title, f"Strengths: we do {n}", f"Areas for development: more {n}", "Rating: Red")
    for n, title in enumerate(TITLES)
)
EMPTY = schedule(
    {address: answer_row(address, strengths=cell(), development=cell(), rating=cell()) for address in ROWS}
)


def test_pages_scanned_into_a_form_are_asked_about_and_not_called_blank() -> None:
    pages = b.para("<w:r><w:drawing/></w:r>") * 3
    reading = read(EMPTY + pages)
    assert severity(reading, "form.pictures") == "query" and "form.blank" not in codes(reading)
    assert "(3)" in next(found.message for found in reading.findings if found.code == "form.pictures")
    assert "form.blank" in codes(read(EMPTY))


@pytest.mark.parametrize(
    "body",
    [
        EMPTY + p("Our answer is that all is well"),
        p("Our answer is that all is well") + EMPTY,
        EMPTY + p("Strengths: we meet", "Rating: Red"),
    ],
)
def test_a_form_with_answers_outside_its_places_is_asked_about_and_not_blank(body: str) -> None:
    reading = read(body)
    assert severity(reading, "form.answers_outside") == "query"
    assert "form.blank" not in codes(reading)
    assert any(text in held_words(reading) for text in ("all is well", "we meet"))


def test_a_form_with_nothing_or_next_to_nothing_in_it_is_blank() -> None:
    for more in ("", p("Draft"), p("Version 2")):
        assert codes(read(EMPTY + more)) >= {"form.blank"}


def test_a_form_typed_as_text_into_a_new_document_is_one_of_ours() -> None:
    body = p("Self-assessment", "Ashcombe – Northern peer challenge 2027") + BENEATH
    reading = read(body, marked={})
    assert (reading.kind, reading.participant) == (Kind.SELF_ASSESSMENT, "ashcombe")
    assert severity(reading, "layout.text_answers") == "query"
    other = read(p("Minutes of a meeting") + BENEATH, marked={})
    assert codes(other) == {"identity.not_ours"}


@pytest.mark.parametrize("text", ["We are not sure what this means", "See the plan of 2026"])
def test_what_is_written_beside_a_heading_is_asked_about_at_its_row(text: str) -> None:
    form = docx.Document(io.BytesIO(filled_self_assessment()))
    table = next(table for table in form.tables if len(table.columns) == 4 and len(table.rows) > 2)
    table.rows[2].cells[0].add_paragraph(text)
    reading = read_document(saved(form), known())
    assert [f.subheading for f in reading.findings if f.code == "row.beside_title"] == [ADDRESSES[1]]
    assert reading.unmapped == [text]


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Lead safegaurding partner", "row.reworded"),
        ("\u2705 Lead safeguarding partners:", "row.reworded"),
        ("Lead partners", "row.reworded"),
        ("Lead safeguarding partners [AMBER]", "row.beside_title"),
        ("Lead safeguarding partners \u2013 see the minutes", "row.beside_title"),
    ],
)
def test_a_title_that_was_typed_again_is_no_answer(title: str, code: str) -> None:
    sheet = Sheet(a_filled(Kind.SELF_ASSESSMENT))
    place = "leadership/lead-partners"
    next(next(sheet.row(place).iter(w("tc"))).iter(w("t"))).text = title
    reading = read_form(sheet.saved())
    found = {f.code for f in reading.findings if f.subheading == place}
    assert found == {code}
    assert title in reading.unmapped


def test_an_answer_beneath_a_title_is_asked_about_without_marks_where_its_cell_is_empty() -> None:
    said, place = "We meet monthly as three leads and publish what we decide.", "leadership/lead-partners"
    asked = []
    for strengths in ("", "We meet."):
        sheet = Sheet(a_filled(Kind.SELF_ASSESSMENT))
        sheet.write(place, "strengths", strengths)
        next(sheet.row(place).iter(w("tc"))).extend(xml(p(said)))
        reading = read_form(as_programs_without_marks_save(sheet.saved()))
        assert any(said in text for text in reading.unmapped)
        asked.append([f.subheading for f in reading.findings if f.code == "row.beside_title"])
    assert asked == [[place], []]


def test_a_table_that_was_added_with_other_ratings_is_asked_about() -> None:
    shown = [("Last year\u2019s ratings", []), ("Final ratings agreed by the executive", [ROWS[0]])]
    for heading, asked in shown:
        rows = [line(TITLES[0], "RED"), line(TITLES[1], "GREEN")]
        reading = read(schedule(after=p(heading) + b.table(line("Sub-heading", "RAG rating"), *rows)))
        assert [f.subheading for f in reading.findings if f.code == "rating.other_table"] == asked
        assert f"{TITLES[0]} | RED" in reading.unmapped


def test_a_table_of_actions_that_was_added_below_is_kept_and_is_no_row_of_the_form() -> None:
    before, heads = read(schedule()), line("Action", "Owner", "Due", "RAG", "Notes")
    rows = [
        line(f"{TITLES[0]} to report", "A head", "May", "RED", "To do"),
        line(TITLES[1], "A lead", "June", "RED", "To do"),
    ]
    reading = read(schedule(after=p("Appendix A: improvement plan") + b.table(heads, *rows)))
    assert reading.rows == before.rows
    assert codes(reading) & {"row.repeated", "row.reworded", "rating.other_table"} == set()
    assert f"{TITLES[1]} | A lead | June | RED | To do" in reading.unmapped


@pytest.mark.parametrize(
    "inside", ['<w:footnoteReference w:id="2"/>', '<w:endnoteReference w:id="2"/>', "<w:object/>"]
)
def test_a_cell_with_a_note_or_a_file_alone_is_asked_about_at_its_place(inside: str) -> None:
    assert "word.answer_elsewhere" in codes(
        read_cell("strengths", cell(para(f"<w:r>{inside}</w:r>"))), "strengths"
    )
    beside = read_cell("strengths", cell(para(run(t("We audit.")) + f"<w:r>{inside}</w:r>")))
    assert "word.answer_elsewhere" not in codes(beside)


def test_partners_are_known_by_the_names_of_their_organisations_where_marks_are_gone() -> None:
    names = {
        "Local authority": "Ashcombe Council",
        "Integrated care board": "NHS Wolds ICB",
        "Police": "Wolds Constabulary",
    }
    sheet = Sheet(a_filled(Kind.SELF_ASSESSMENT))
    before = read_form(sheet.saved()).particulars
    row = next(field_cell(sheet, "signed_off_police").iterancestors(w("tr")))
    for one in row.getparent().iter(w("t")):
        one.text = names.get(one.text or "", one.text)
    reading = read_form(as_programs_without_marks_save(sheet.saved()))
    assert {name: said for name, said in reading.particulars.items() if said} == {
        n: s for n, s in before.items() if s
    }


def test_a_column_that_somebody_added_is_told() -> None:
    form = docx.Document(io.BytesIO(filled_self_assessment()))
    table = next(table for table in form.tables if len(table.columns) == 4 and len(table.rows) > 2)
    for number, added in enumerate(table.add_column(1000000).cells):
        added.text = f"Last year {number}"
    reading = read_document(saved(form), known())
    assert severity(reading, "column.extra") == "warn"
    assert "row.beside_title" not in codes(reading)
    assert {f"Last year {n}" for n in range(1, len(table.rows))} <= set(reading.unmapped)


def saved(form: DocumentOfDocx) -> bytes:
    out = io.BytesIO()
    form.save(out)
    return out.getvalue()


# What was sent to be read


@pytest.mark.parametrize("title", [*FOR_READING, *(f"{one} City of Wolds" for one in BEGIN_FOR_READING)])
def test_what_we_sent_for_reading_and_comes_back_is_told_as_that(title: str) -> None:
    body = p(
        "OFFICIAL-SENSITIVE", title, "Ashcombe – Northern peer challenge 2027", "Key strengths"
    ) + record(range(1, 6))
    assert codes(read(body, marked={})) == {"identity.for_reading"}
    assert "identity.for_reading" not in codes(read(para(run(t(title))) + schedule()))  # a form by its marks


# Between and below the tables of the form


@pytest.mark.parametrize(
    ("body", "code", "told"),
    [
        (schedule() + p("The chief officer has changed since"), "text.between", "warn"),
        (schedule() + p("The chief officer has changed since") + schedule(rows=()), "text.between", "warn"),
        (p("Sent with kind regards") + schedule(), None, None),
        (schedule() + p("Page 1 of 3", "Draft 2"), None, None),
        (schedule() + b.table(line("Our board", "meets monthly")), "row.extra", "warn"),
        (schedule() + b.table(line("It all goes on in this frame")), "text.between", "warn"),
    ],
)
def test_what_stands_between_or_below_the_tables_is_told(
    body: str, code: str | None, told: str | None
) -> None:
    reading = read(body)
    assert codes(reading) == ({code} - {None})
    assert code is None or severity(reading, code) == told
    assert len(first(reading)["strengths"] or "") > 0


def test_text_between_tables_of_which_one_has_nothing_in_it_is_asked_about() -> None:
    empty = b.table(words(Kind.CHAIR_RECORD), line("1", "", "", ""))
    lists = (
        p("Key strengths")
        + record(range(1, 3))
        + p("Areas for development", "Share what we learn more widely")
    )
    reading = read_record(lists + empty)
    assert severity(reading, "text.unplaced") == "query"
    assert "Share what we learn more widely" in reading.unmapped


def test_a_table_that_somebody_added_to_a_record_is_asked_about() -> None:
    lists = p("Key strengths") + record(range(1, 3)) + p("Areas for development") + record(range(1, 3))
    reading = read_record(lists + b.table(line("Other points agreed", "Lead"), line("Share it", "Police")))
    assert severity(reading, "item.unplaced") == "query"
    assert {"Other points agreed | Lead", "Share it | Police"} <= set(reading.unmapped)


def test_a_record_with_remarks_alone_is_not_blank() -> None:
    form = docx.Document(io.BytesIO(blank(DispatchKind.CHAIR_RECORD_FORM)))
    rows = (row for table in form.tables for row in table.rows)
    remarks = next(row for row in rows if row.cells[0].text.startswith("Anything else to record"))
    remarks.cells[1].add_paragraph("We have agreed this since")
    reading = read_document(saved(form), known())
    assert severity(reading, "form.answers_outside") == "query"
    assert "We have agreed this since" in reading.particulars["notes"]
    assert "form.blank" in codes(read_document(blank(DispatchKind.CHAIR_RECORD_FORM), known()))
