"""How people fill in real forms: each word in its place, nothing in another row, and a question where it is due."""
# ruff: noqa: E501 - a table of cases reads better on one line

from collections.abc import Callable
from functools import cache

import pytest

from peer_challenge.model.vocabulary import Kind
from peer_challenge.rehearsal.handwriting import Sheet
from peer_challenge.word.package.namespaces import w
from peer_challenge.word.package.xml_element import XmlElement
from tests.factories import a_form
from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import cell, p, para, row, run, t
from tests.unit.word_reading.edits import (
    PLACES,
    Edit,
    Habit,
    cells_in,
    cells_of,
    edit_form,
    fill,
    read_as_filled,
    read_form,
    row_like,
    rows_of,
    table_of,
    table_with,
    xml,
)
from tests.unit.word_reading.oracle import texts_of, typed_pieces
from tests.unit.word_reading.reads import codes

SA, AN, RE, CR, AP, PR = PLACES
LEAD, DELEGATED = PLACES[SA][0], PLACES[RE][0]
FIRST, STRENGTH = "development/1", "strength/1"
QUESTION_AFTER_MERGE = {(DELEGATED, "strengths"): ""}


def write(address: str, column: str, content: str) -> Edit:
    """XML in place of what a cell holds."""
    return lambda sheet: fill(sheet.cell(address, column), content)


def add(address: str, column: str, content: str) -> Edit:
    """XML below what a cell holds."""
    return lambda sheet: sheet.cell(address, column).extend(xml(content))


def on_table(kind: Kind, change: Callable[[XmlElement], None]) -> Edit:
    return lambda sheet: change(table_with(sheet, kind))


def sort_rows(table: XmlElement) -> None:
    for one in sorted(rows_of(table)[1:], key=lambda each: "".join(each.itertext())[2:]):
        table.append(one)


def reverse_rows(table: XmlElement) -> None:
    for one in reversed(rows_of(table)[1:]):
        table.append(one)


def drop_first_column(table: XmlElement) -> None:
    for one in rows_of(table):
        one.remove(cells_in(one)[0])


def drop_header(table: XmlElement) -> None:
    table.remove(rows_of(table)[0])


def swap_columns(first: int, second: int) -> Callable[[XmlElement], None]:
    def swap(table: XmlElement) -> None:
        for one in rows_of(table):
            cells = cells_in(one)
            cells[second].addnext(cells[first])

    return swap


def put_into_a_cell(table: XmlElement) -> None:
    """As when a table is pasted from a spreadsheet, or into a frame."""
    frame = xml(b.table(row(cell(p("")))))[0]
    table.addprevious(frame)
    next(frame.iter(w("tc"))).insert(1, table)


def put_body_into_a_cell(sheet: Sheet) -> None:
    """As programs for email do."""
    body = sheet.root[0]
    frame = xml(b.table(row(cell(p("")))))[0]
    body.insert(0, frame)
    for element in [one for one in body[1:] if one.tag != w("sectPr")]:
        next(frame.iter(w("tc"))).append(element)


def duplicate_row(sheet: Sheet) -> None:
    again = xml("<w:p/>")[0]
    sheet.row(LEAD).addnext(again)
    again.addnext(row_like(sheet.row(LEAD), "Lead safeguarding partners", "A second answer", "", "RED"))
    again.getparent().remove(again)


def add_row(kind: Kind, at: int, *texts: str) -> Edit:
    def insert(table: XmlElement) -> None:
        rows = rows_of(table)
        rows[at].addnext(row_like(rows[1], *texts))

    return on_table(kind, insert)


def drop_cell(address: str, number: int) -> Edit:
    def drop(sheet: Sheet) -> None:
        sheet.row(address).remove(cells_in(sheet.row(address))[number])

    return drop


def renumber(kind: Kind, *numbers: str) -> Edit:
    def put(table: XmlElement) -> None:
        for one, number in zip(rows_of(table)[1:], numbers, strict=False):
            fill(cells_in(one)[0], p(number))

    return on_table(kind, put)


def merge_down(column: int, kind: Kind, *, keeps_words: bool = False) -> Edit:
    def merge(table: XmlElement) -> None:
        upper, lower = (cells_in(one)[column] for one in rows_of(table)[1:3])
        upper.find(w("tcPr")).extend(xml('<w:vMerge w:val="restart"/>'))
        lower.find(w("tcPr")).extend(xml("<w:vMerge/>"))
        if not keeps_words:
            fill(lower, "<w:p/>")

    return on_table(kind, merge)


def swap_lists(sheet: Sheet) -> None:
    """The list of areas for development above that of strengths, each with its heading."""
    strengths, developments = table_of(sheet, STRENGTH), table_of(sheet, FIRST)
    developments.addnext(strengths.getprevious())
    developments.getnext().addnext(strengths)


def rename_headers(*names: str) -> Edit:
    def rename(sheet: Sheet) -> None:
        words = dict(
            zip(("Strengths and evidence", "Areas for development", "RAG rating"), names, strict=True)
        )
        for piece in sheet.root.iter(w("t")):
            piece.text = words.get(piece.text or "", piece.text)

    return rename


def of_first(kind: Kind, text: str | None) -> dict[tuple[str, str], str | None]:
    return {PLACES[kind]: text}


def moved_left(kind: Kind, address: str, columns: list[str]) -> dict[tuple[str, str], str | None]:
    """The cells of a row of which the first of these columns is deleted."""
    held = cells_of(read_as_filled(kind))
    values = [held[address, column] for column in columns[1:]]
    return {(address, column): said for column, said in zip(columns, [*values, ""], strict=True)}


RATING = (LEAD, "rating")


def rated(written: str, rating: str | None) -> dict[tuple[str, str], str | None]:
    return {RATING: rating, (LEAD, "rating_as_written"): written}


NESTED = (
    b.table(row(cell(p("Measure")), cell(p("2026"))), row(cell(p("Re-referrals")), cell(p("17%")))) + "<w:p/>"
)
STATUS = (FIRST, "status")


def said_of_status(written: str, status: str | None) -> dict[tuple[str, str], str | None]:
    return {STATUS: status, (FIRST, "status_as_written"): written}


HABITS: dict[str, Habit] = {
    # Rows
    "rows of an area of focus sorted": Habit(SA, on_table(SA, sort_rows)),
    "rows of a plan turned round": Habit(AP, on_table(AP, reverse_rows)),
    "rows of a report sorted": Habit(PR, on_table(PR, sort_rows)),
    "rows of a response sorted": Habit(RE, on_table(RE, sort_rows)),
    "a sub-heading twice": Habit(SA, duplicate_row, {}, frozenset({"row.repeated"}), ("Lead safeguarding partners | A second answer | RED",)),
    "a partner's own row": Habit(
        SA, add_row(SA, 1, "Police view", "Police review it.", "None", "GREEN"), {}, frozenset({"row.extra"}),
        ("Police view | Police review it. | None | GREEN",),
    ),
    "a sixth strength": Habit(
        CR, add_row(CR, 5, "6", "They share data well", "Information sharing", "Yes"),
        {("strength/6", "address"): "strength/6", ("strength/6", "kind"): "strength", ("strength/6", "subheading"): "information-data/information-sharing",
         ("strength/6", "subheading_as_written"): "Information sharing", ("strength/6", "text"): "They share data well", ("strength/6", "consensus"): "Yes"},
    ),
    "an action without a number": Habit(
        AP, add_row(AP, 10, "", "", "Hold a shared audit", "Head of audit", "1 June 2028", "It is done"), {}, frozenset({"row.cut"}),
        ("Hold a shared audit | Head of audit | 1 June 2028 | It is done",),
    ),
    "numbers of a report typed again": Habit(PR, renumber(PR, "1", "2", "2b", "3", "4", "5"), kept=("2b",)),
    "numbers of a plan with dots": Habit(AP, renumber(AP, "1.1", "1.2", "2.1", "2.2"), kept=("1.1", "1.2", "2.1", "2.2")),
    # Columns
    "the numbers of a plan deleted": Habit(AP, on_table(AP, drop_first_column), {}, frozenset({"layout.rows_by_order"})),
    "the numbers of a report deleted": Habit(PR, on_table(PR, drop_first_column), {}, frozenset({"layout.rows_by_order"})),
    "two columns of a plan swapped": Habit(AP, on_table(AP, swap_columns(2, 3))),
    "two columns of a report swapped": Habit(PR, on_table(PR, swap_columns(3, 4))),
    "two columns of an analysis swapped": Habit(AN, on_table(AN, swap_columns(3, 4))),
    "headings in another language": Habit(SA, rename_headers("Cryfderau", "Datblygu", "Sgôr"), kept=("Cryfderau | Datblygu | Sgôr",) * 14),
    "the two lists of a record swapped": Habit(CR, swap_lists),
    "the header of a plan deleted": Habit(AP, on_table(AP, drop_header), {}, frozenset({"layout.columns_guessed"})),
    "the header of a report deleted": Habit(PR, on_table(PR, drop_header), {}, frozenset({"layout.columns_guessed"})),
    "the header of a list deleted": Habit(CR, on_table(CR, drop_header), {}, frozenset({"layout.columns_guessed"})),
    "the header of a response deleted": Habit(RE, on_table(RE, drop_header), {}, frozenset({"layout.columns_guessed"})),
    # A cell deleted or added in one row
    "a cell of a report deleted": Habit(PR, drop_cell(FIRST, 4), moved_left(PR, FIRST, ["evidence", "difference"]), frozenset({"row.shifted"})),
    "a cell of a response deleted": Habit(
        RE, drop_cell(DELEGATED, 2),
        {(DELEGATED, "response_kind"): None, (DELEGATED, "response_kind_as_written"): cells_of(read_as_filled(RE))[DELEGATED, "response"], (DELEGATED, "response"): ""},
        frozenset({"row.shifted", "response.kind_unclear"}),
    ),
    "a cell of a self-assessment deleted": Habit(
        SA, drop_cell(LEAD, 1),
        {(LEAD, "strengths"): cells_of(read_as_filled(SA))[LEAD, "development"], (LEAD, "development"): "GREEN", **rated("", None)},
        frozenset({"row.shifted"}),
    ),
    # Tables in tables, merged cells
    "a table from a spreadsheet in an answer": Habit(
        SA, write(LEAD, "strengths", p("We count.") + NESTED), {(LEAD, "strengths"): "We count.\nMeasure | 2026\nRe-referrals | 17%"}, frozenset({"word.nested_table"})
    ),
    "a table in place of an action": Habit(AP, write(FIRST, "action", NESTED), of_first(AP, "Measure | 2026\nRe-referrals | 17%"), frozenset({"word.nested_table"})),
    "one table of answers in a frame": Habit(SA, on_table(SA, put_into_a_cell)),
    "the table of a response in a frame": Habit(RE, on_table(RE, put_into_a_cell)),
    "the actions in a frame, the sign-off beside it": Habit(AP, on_table(AP, put_into_a_cell)),
    "a self-assessment pasted into an email": Habit(SA, put_body_into_a_cell),
    "a plan pasted into an email": Habit(AP, put_body_into_a_cell),
    "strengths merged down": Habit(SA, merge_down(1, SA), QUESTION_AFTER_MERGE, frozenset({"cell.merged_down"})),
    "words under a merged cell": Habit(SA, merge_down(1, SA, keeps_words=True)),
    # What stands where a choice or a prompt is
    "a list in one cell": Habit(CR, write(STRENGTH, "text", p("1. Trust", "2. Data")), of_first(CR, "1. Trust\n2. Data")),
    "a colour in place of words": Habit(SA, write(*RATING, p("")), rated("", None), frozenset({"rating.missing"})),
    "a rating with a star": Habit(SA, write(*RATING, p("AMBER*")), rated("AMBER*", "AMBER")),
    "a rating with a raised number": Habit(
        SA, write(*RATING, para(run(t("AMBER")) + run(t("1"), '<w:vertAlign w:val="superscript"/>'))), rated("AMBER1", "AMBER")
    ),
    "a rating with a dagger": Habit(SA, write(*RATING, p("A†")), rated("A†", "AMBER")),
    "a rating in doubt": Habit(SA, write(*RATING, p("amber?")), rated("amber?", None), frozenset({"rating.qualified"})),
    "a rating crossed out and another": Habit(
        SA, write(*RATING, para(run(t("RED"), "<w:strike/>") + run(t("AMBER")))), rated("AMBER", "AMBER"), frozenset({"word.struck_text"}), ("RED",)
    ),
    "a rating under a marker of another colour": Habit(
        SA, write(*RATING, para(run(t("GREEN"), '<w:highlight w:val="red"/>'))), rated("GREEN", None), frozenset({"rating.disagrees_with_shading"})
    ),
    "a rating under a yellow marker": Habit(SA, write(*RATING, para(run(t("GREEN"), '<w:highlight w:val="yellow"/>')))),
    "a rating in an equation": Habit(
        SA, write(*RATING, para("<m:oMath><m:r><m:t>RED→AMBER</m:t></m:r></m:oMath>")), rated("RED→AMBER", "AMBER"), frozenset({"rating.trend"})
    ),
    "a rating from right to left": Habit(SA, write(*RATING, p("\u200fAMBER\u200f")), rated("\u200fAMBER\u200f", "AMBER")),
    "a rating in another language": Habit(SA, write(*RATING, p("Coch")), rated("Coch", None), frozenset({"rating.not_understood"})),
    "a rating in the narrative's column": Habit(
        SA, lambda sheet: (fill(sheet.cell(LEAD, "development"), p("RED")), fill(sheet.cell(*RATING), "<w:p/>"))[0],
        {(LEAD, "development"): "RED", **rated("", None)}, frozenset({"rating.missing"}),
    ),
    "a status in other words": Habit(PR, write(*STATUS, p("Completed in April")), said_of_status("Completed in April", "done")),
    "a status that is nearly one": Habit(PR, write(*STATUS, p("80% done")), said_of_status("80% done", None), frozenset({"progress.status_unclear"})),
    "a status to come": Habit(
        PR, write(*STATUS, p("To be completed by June")), said_of_status("To be completed by June", None), frozenset({"progress.status_unclear"})
    ),
    "no further evidence": Habit(
        RE, write(DELEGATED, "response_kind", p("No further evidence")),
        {(DELEGATED, "response_kind"): None, (DELEGATED, "response_kind_as_written"): "No further evidence"}, frozenset({"response.kind_unclear"}),
    ),
    "two kinds of answer": Habit(
        RE, write(DELEGATED, "response_kind", p("Further evidence / Update")),
        {(DELEGATED, "response_kind"): None, (DELEGATED, "response_kind_as_written"): "Further evidence / Update"}, frozenset({"response.kind_unclear"}),
    ),
    "a day in figures": Habit(AP, write(FIRST, "due_on", p("31.3.28")), {(FIRST, "due_on_as_written"): "31.3.28"}),
    "a month in place of a day": Habit(AP, write(FIRST, "due_on", p("end of March 2028")), {(FIRST, "due_on"): None, (FIRST, "due_on_as_written"): "end of March 2028"}),
    "two actions in one cell": Habit(AP, write(FIRST, "action", p("1) Audit", "2) Train")), of_first(AP, "1) Audit\n2) Train")),
    # Words beside what the form prints
    "a remark beside an action's number": Habit(AP, add(FIRST, "item", p("URGENT")), {}, frozenset({"row.beside_title"}), ("URGENT",)),
    "a remark beside a report's number": Habit(PR, add(FIRST, "item", p("Completed")), {}, frozenset({"row.beside_title"}), ("Completed",)),
    "a remark beside an item's number": Habit(CR, add(STRENGTH, "item", p("agreed twice")), {}, frozenset({"row.beside_title"}), ("agreed twice",)),
    "an answer beside a response's title": Habit(RE, add(DELEGATED, "subheading", p("We disagree.")), {}, frozenset({"row.beside_title"}), ("We disagree.",)),
}  # fmt: skip


@cache
def printed_by(kind: Kind) -> str:
    """What the blank form of a kind prints, without spaces."""
    return "".join(typed_pieces(a_form(kind), is_fine=True))


@pytest.mark.parametrize("name", HABITS)
def test_every_word_is_in_its_place_or_kept_and_asked_about(name: str) -> None:
    habit = HABITS[name]
    data = edit_form(habit)
    reading, before = read_form(data), cells_of(read_as_filled(habit.kind))
    after = cells_of(reading)
    differ = {
        place: after.get(place) for place in {**before, **after} if before.get(place) != after.get(place)
    }
    assert differ == {place: said for place, said in habit.changed.items() if before.get(place) != said}
    assert (codes(reading), tuple(reading.unmapped)) == (habit.codes, habit.kept)
    assert reading.particulars == read_as_filled(habit.kind).particulars
    held = texts_of(reading) + printed_by(habit.kind)
    assert [piece for piece in typed_pieces(data, is_fine=True) if piece not in held] == []


@pytest.mark.parametrize(
    ("kind", "column", "typed"),
    [
        (SA, "rating", "Amber"),
        (RE, "response", "We appointed a deputy."),
        (AP, "action", "Choose a lead for each school"),
        (AP, "due_on", "31 March 2028"),
        (PR, "status", "Done"),
        (CR, "text", "They meet monthly"),
    ],
)
@pytest.mark.parametrize("place", ["before", "after"])
def test_what_is_typed_beside_a_prompt_is_the_answer_and_the_prompt_is_not(
    kind: Kind, column: str, typed: str, place: str
) -> None:
    sheet = Sheet(a_form(kind))
    address = PLACES[kind][0]
    paragraph = list(sheet.cell(address, column).iter(w("p")))[-1]
    (added,) = xml(run(t(f" {typed} ")))
    if place == "after":
        paragraph.append(added)
    else:
        next(paragraph.iter(w("sdt"), w("r"))).addprevious(added)
    reading = read_form(sheet.saved())
    read = cells_of(reading)
    assert read.get((address, f"{column}_as_written"), read[address, column]) == typed
    assert "form.blank" not in codes(reading)
