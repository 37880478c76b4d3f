"""What people do to the tables of a form: answers stay in their place, and what was added is kept."""

import copy
from collections.abc import Callable

import pytest

from peer_challenge.model.vocabulary import Kind
from peer_challenge.rehearsal.handwriting import Sheet
from peer_challenge.word.form.forms import FORMS
from peer_challenge.word.package import marks
from peer_challenge.word.package.namespaces import TBL, T, w
from peer_challenge.word.package.xml_element import XmlElement
from tests.changed_forms import as_programs_without_marks_save
from tests.factories import a_filled
from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import ROWS, answer_row, cell, header, p, para, run, schedule, t
from tests.unit.word_reading.edits import (
    PLACES,
    cells_in,
    cells_of,
    fill,
    read_as_filled,
    read_form,
    row_like,
    rows_of,
    table_with,
    xml,
)
from tests.unit.word_reading.reads import PLACE, codes, first, read

_AS_SENT = read(schedule())


def _with_column(head: str, *texts: str) -> str:
    """The schedule with a column of these texts before the rating."""
    cells = iter([head, *texts])
    before, *rows = schedule().split("<w:tr>")
    return "<w:tr>".join([before, *(_before_fourth(row, cell(p(next(cells)))) for row in rows)])


def _before_fourth(row: str, added: str) -> str:
    pieces = row.split("<w:tc>")
    return "<w:tc>".join(pieces[:4]) + added + "<w:tc>" + "<w:tc>".join(pieces[4:])


@pytest.mark.parametrize(
    "texts", [("Police", "Local authority", "Police", "Police"), ("Red", "AMBER", "Green", "Red")]
)
def test_a_column_that_somebody_added_is_kept_though_the_form_prints_such_words(
    texts: tuple[str, ...],
) -> None:
    reading = read(_with_column("Partner", *texts))
    assert reading.rows == _AS_SENT.rows
    assert reading.unmapped == ["Partner", *texts]


def test_a_row_of_words_that_the_form_prints_too_is_kept() -> None:
    added = b.row(*(cell(p(text)) for text in ("Police", "", "", "AMBER", "")))
    reading = read(schedule({ROWS[-1]: answer_row(ROWS[-1]) + added}))
    assert reading.unmapped == ["Police | AMBER"]


def test_a_table_that_was_split_goes_on_under_the_same_columns() -> None:
    rows = [answer_row(address) for address in ROWS]
    reading = read(b.table(header(), *rows[:2]) + p("") + b.table(*rows[2:]))
    assert reading.rows == _AS_SENT.rows
    assert reading.findings == []


OF_ACTIONS = pytest.mark.parametrize("kind", [Kind.ACTION_PLAN, Kind.PROGRESS_REPORT])


@OF_ACTIONS
def test_a_split_table_of_items_goes_on_too(kind: Kind) -> None:
    rows = [_action(number) for number in (1, 2, 3)]
    held = b.MARKS | {marks.KIND: kind.value}
    whole = read(b.table(header(kind=kind), *rows), marked=held)
    split = read(b.table(header(kind=kind), rows[0]) + p("") + b.table(*rows[1:]), marked=held)
    assert split.items == whole.items
    assert len(split.items) == 3


def _action(number: int | str) -> str:
    mark = b.mark(marks.row_bookmark(f"development/{number}"))
    texts = ("Joint audits", f"Do {number}", "A head", "1 June 2027", "We will see")
    return b.row(cell(para(mark + run(t(str(number))))), *(cell(p(text)) for text in texts))


@OF_ACTIONS
def test_however_often_a_row_was_copied_each_is_an_item(kind: Kind) -> None:
    held = b.MARKS | {marks.KIND: kind.value}
    reading = read(b.table(header(kind=kind), *[_action(1)] * 1010), marked=held)
    assert len(reading.items) == 1010


@pytest.mark.parametrize("kind", [Kind.ACTION_PLAN, Kind.CHAIR_RECORD, Kind.PROGRESS_REPORT])
def test_a_form_of_another_kind_put_below_is_kept_apart(kind: Kind) -> None:
    """As programs do that join documents, and people who paste what they wrote before."""
    held = b.MARKS | {marks.KIND: kind.value}
    reading = read(b.table(header(kind=kind), _action(1)) + p() + schedule(), marked=held)
    assert [item["address"] for item in reading.items] == ["development/1"]
    assert "item.unplaced" in codes(reading)
    assert [f"Strengths of {address}." in "\n".join(reading.unmapped) for address in ROWS] == [True] * 4


@OF_ACTIONS
def test_a_row_that_somebody_put_between_takes_no_other_rows_place(kind: Kind) -> None:
    held = b.MARKS | {marks.KIND: kind.value}
    added = b.row(*(cell(p(text)) for text in ("", "Ours", "Do ours", "", "", "")))
    rows = _action(1) + _action("1/2") + _action("1/2") + added + _action(2)
    items = read(b.table(header(kind=kind), rows), marked=held).items
    assert [(item["address"], item["action"]) for item in items] == [
        ("development/1", "Do 1"),
        ("development/1/2", "Do 1/2"),
        ("development/1/3", "Do 1/2"),
        ("development/2", "Do 2"),
        ("development/3", "Do ours"),
    ]


def test_particulars_that_ran_into_a_table_of_items_are_no_items() -> None:
    """Word makes one table of two when what stands between them is deleted."""
    held = b.MARKS | {marks.KIND: Kind.CHAIR_RECORD.value}
    signed = b.row(
        cell(p("Signed off by (role)")),
        cell(para(b.mark(marks.field_bookmark("signed_off")) + run(t("The Chair")))),
    )
    agreed = b.row(
        *(
            cell(para(b.mark(marks.row_bookmark("strength/1")) * (not n) + run(t(text))))
            for n, text in enumerate(("1", "Trust", "", "Yes"))
        )
    )
    reading = read(b.table(header(kind=Kind.CHAIR_RECORD), agreed, signed), marked=held)
    assert [(item["address"], item["text"]) for item in reading.items] == [("strength/1", "Trust")]
    assert reading.particulars == {"signed_off": "The Chair"}
    assert reading.unmapped == []


def test_an_action_plan_put_below_a_schedule_is_kept_apart() -> None:
    reading = read(schedule(after=p() + b.table(header(kind=Kind.ACTION_PLAN), _action(1))))
    assert reading.rows == _AS_SENT.rows
    assert "1 | Joint audits | Do 1 | A head | 1 June 2027 | We will see" in reading.unmapped


@pytest.mark.parametrize("is_marked", [True, False])
@pytest.mark.parametrize(("column", "text"), [("rating", "RED"), ("strengths", "Police")])
def test_a_row_that_is_there_twice_is_kept_though_the_form_prints_its_words(
    column: str, text: str, is_marked: bool
) -> None:
    empty = {"strengths": cell(), "development": cell(), "rating": cell()}
    again = answer_row(PLACE, is_marked=is_marked, **empty | {column: cell(p(text))})
    reading = read(schedule({PLACE: answer_row(PLACE) + again}))
    assert reading.rows == _AS_SENT.rows
    assert [left.endswith(f" | {text}") for left in reading.unmapped] == [True]
    blank = answer_row(PLACE, is_marked=is_marked, **empty)
    assert read(schedule({PLACE: answer_row(PLACE) + blank})).unmapped == []


def test_a_header_said_again_is_no_extra_row() -> None:
    rows = [answer_row(address) for address in ROWS]
    reading = read(b.table(header(), *rows[:2], header(is_marked=False), *rows[2:]))
    assert (reading.rows, reading.findings, reading.unmapped) == (_AS_SENT.rows, [], [])


@pytest.mark.parametrize("words", ["Areas for development", "Development", "Our areas for improvement"])
def test_a_header_typed_anew_without_its_mark_is_known_by_its_words(words: str) -> None:
    marked = b.mark(marks.column_bookmark("development", 1)) + run(t("Areas for development"))
    body = schedule()
    assert marked in body
    reading = read(body.replace(marked, run(t(words))))
    assert reading.rows == _AS_SENT.rows
    assert reading.findings == []


def test_a_form_whose_column_and_marks_are_gone_is_known_by_the_words_that_are_left() -> None:
    heads = b.row(*(cell(p(text)) for text in ("Sub-heading", "The challenge", "Your answer")))
    rows = (b.row(b.title_cell(a, is_marked=False), cell(p("Why?")), cell(p(f"As {a}"))) for a in ROWS)
    reading = read(b.table(heads, *rows), marked=b.MARKS | {marks.KIND: Kind.RESPONSE.value})
    assert [row["response"] for row in reading.rows] == [f"As {address}" for address in ROWS]
    assert codes(reading) == set()


def test_a_border_dragged_in_one_row_moves_no_answer() -> None:
    """Word makes a narrow column of the grid for it, over which all other rows' cells go on."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in (2400, 3000, 300, 2700, 1200, 1800))
    rows = [_spanning(header(), 3), *(_spanning(answer_row(a), 2 if a == PLACE else 3) for a in ROWS)]
    reading = read(b.table(*rows).replace("<w:tblGrid/>", f"<w:tblGrid>{grid}</w:tblGrid>"))
    assert reading.rows == _AS_SENT.rows
    assert reading.findings == []


def _spanning(row: str, place: int) -> str:
    """A row whose cell at this place covers two columns of the grid."""
    pieces = row.split("<w:tc>")
    pieces[place] = pieces[place].replace("<w:tcPr></w:tcPr>", '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>')
    return "<w:tc>".join(pieces)


@pytest.mark.parametrize(
    ("column", "texts", "read_as"),
    [("strengths", ("We meet.", "And talk."), "We meet.\nAnd talk."), ("rating", ("RED", "GREEN"), None)],
)
def test_a_cell_that_was_split_is_read_whole(
    column: str, texts: tuple[str, str], read_as: str | None
) -> None:
    split = answer_row(PLACE, **{column: "".join(cell(p(text)) for text in texts)})
    place = [c.id for c in FORMS[Kind.SELF_ASSESSMENT].columns].index(column) + 1
    others = [header(), *(answer_row(address) for address in ROWS if address != PLACE)]
    reading = read(b.table(*(_spanning(made, place) for made in others), split))
    assert first(reading)[column] == read_as
    assert ("rating.split" in codes(reading)) == (column == "rating")
    assert reading.unmapped == []


def test_an_answer_merged_into_its_rows_title_is_asked_about() -> None:
    merged = b.row(
        cell(
            para(b.mark(marks.row_bookmark(PLACE)) + run(t("Named partners"))) + p("We meet."),
            '<w:gridSpan w:val="2"/>',
        ),
        *(cell(p(text)) for text in ("To develop.", "RED", "")),
    )
    reading = read(schedule({PLACE: merged}))
    assert "cell.merged_across" in codes(reading)
    assert reading.unmapped == ["We meet."]


def test_a_copied_row_does_not_take_the_place_of_the_original() -> None:
    """LibreOffice names the marks of a copy after those of the original."""
    mark = marks.row_bookmark(PLACE)
    copy = answer_row(PLACE, title="Our own theme", strengths=cell(p("Ours")))
    reading = read(schedule({PLACE: copy.replace(mark, f"{mark}_Copy_1") + answer_row(PLACE)}))
    assert reading.rows == _AS_SENT.rows
    assert codes(reading) == {"row.extra"}
    assert "Ours" in reading.unmapped[0]
    alone = read(schedule().replace(mark, f"{mark}_Copy_1"))
    assert alone.rows == _AS_SENT.rows


def test_a_form_put_into_a_cell_keeps_its_particulars() -> None:
    signed = b.table(
        b.row(
            cell(p("Signed off by")),
            cell(para(b.mark(marks.field_bookmark("signed_off_police")) + run(t("A chief")))),
        )
    )
    reading = read(b.table(b.row(cell(schedule() + signed))))
    assert reading.rows == _AS_SENT.rows
    assert reading.particulars == {"signed_off_police": "A chief"}


def test_a_column_added_to_another_table_of_titles_makes_it_no_second_schedule() -> None:
    titles = [b.FRAMEWORK.subheadings[address].title for address in ROWS]
    asked = b.table(*(b.row(*(cell(p(text)) for text in (title, "Ask?", "Why", "Ours"))) for title in titles))
    reading = read(schedule(after=asked))
    assert (reading.rows, [finding.code for finding in reading.findings]) == (_AS_SENT.rows, ["row.extra"])
    assert len(reading.unmapped) == len(ROWS)


CHOSEN = {Kind.SELF_ASSESSMENT: 1, Kind.RESPONSE: 3, Kind.ACTION_PLAN: 4, Kind.PROGRESS_REPORT: 4}
"""A column of each form that is filled in, by its number in the table."""


def _move_cells(sheet: Sheet, kind: Kind, by: int) -> None:
    """Move the cells of one column up or down by some rows, as Word does to a selected column."""
    cells = [cells_in(row)[CHOSEN[kind]] for row in rows_of(table_with(sheet, kind))[1:]]
    contents = [copy.deepcopy(one) for one in cells]
    for one, content in zip(cells, contents[by:] + contents[:by], strict=True):
        one.getparent().replace(one, content)


@pytest.mark.parametrize("kind", CHOSEN)
@pytest.mark.parametrize("by", [1, -1, 2])
def test_a_column_that_was_moved_against_the_others_is_asked_about(kind: Kind, by: int) -> None:
    sheet = Sheet(a_filled(kind))
    _move_cells(sheet, kind, by)
    asked = [finding for finding in read_form(sheet.saved()).findings if finding.code == "column.moved"]
    assert [finding.column for finding in asked] == [FORMS[kind].columns[CHOSEN[kind]].id]


def test_a_control_that_was_copied_or_moved_by_itself_is_no_column_that_moved() -> None:
    kind = Kind.SELF_ASSESSMENT
    sheet = Sheet(a_filled(kind))
    cells = [cells_in(row)[1] for row in rows_of(table_with(sheet, kind))[1:5]]
    for one in cells[1:3]:
        one.getparent().replace(one, copy.deepcopy(cells[0]))
    cells[3].getparent().replace(cells[3], copy.deepcopy(cells[1]))
    assert "column.moved" not in codes(read_form(sheet.saved()))


def _retitle(sheet: Sheet, kind: Kind, heads: dict[int, str]) -> None:
    for number, text in heads.items():
        one = cells_in(rows_of(table_with(sheet, kind))[0])[number]
        next(one.iter(f"{{{one.nsmap['w']}}}t")).text = text


@pytest.mark.parametrize(
    ("kind", "heads", "columns"),
    [
        (
            Kind.SELF_ASSESSMENT,
            {1: "Areas for development", 2: "Strengths and evidence"},
            ["strengths", "development"],
        ),
        (Kind.SELF_ASSESSMENT, {1: "What we are worried about", 2: "What's working well"}, ["development"]),
        (Kind.ACTION_PLAN, {4: "How we will know", 5: "By when"}, ["due_on", "measure"]),
        (Kind.SELF_ASSESSMENT, {1: "Our strengths", 2: "To improve"}, []),
    ],
)
def test_a_heading_that_says_what_is_in_another_column_is_asked_about(
    kind: Kind, heads: dict[int, str], columns: list[str]
) -> None:
    sheet = Sheet(a_filled(kind))
    _retitle(sheet, kind, heads)
    reading = read_form(sheet.saved())
    assert [finding.column for finding in reading.findings if finding.code == "column.renamed"] == columns
    assert cells_of(reading) == cells_of(read_as_filled(kind))


@pytest.mark.parametrize(
    ("head", "is_asked"),
    [("Moderated rating", True), ("Last year's RAG rating", False), ("Rationale for rating", False)],
)
def test_a_second_column_of_ratings_is_asked_about(head: str, is_asked: bool) -> None:
    assert ("column.two_ratings" in codes(read(_with_column(head, "RED", "RED", "RED", "RED")))) == is_asked


def _number_alone(row: XmlElement, text: str) -> None:
    """Leave in a row's first cell this text alone, and its marks."""
    pieces = list(cells_in(row)[0].iter(T))
    for piece in pieces:
        piece.text = text if piece is pieces[0] else ""


@OF_ACTIONS
@pytest.mark.parametrize("program", [bytes, as_programs_without_marks_save])
@pytest.mark.parametrize("lead", ["New", "New action", "Extra: data"])
def test_a_row_of_words_that_somebody_added_takes_no_other_rows_place(
    kind: Kind, program: Callable[[bytes], bytes], lead: str
) -> None:
    sheet = Sheet(a_filled(kind))
    row = sheet.row("development/2")
    row.addnext(row_like(row, lead, "", "An action of our own.", "", "", ""))
    before, reading = (read_form(program(form)) for form in (a_filled(kind), sheet.saved()))
    assert reading.items == before.items
    assert "item.unplaced" in codes(reading)
    assert any("An action of our own." in text for text in reading.unmapped)


def test_a_letter_after_a_number_says_which_action_it_is_in_any_order() -> None:
    sheet = Sheet(a_filled(Kind.ACTION_PLAN))
    before = read_form(sheet.saved()).items
    table, rows = table_with(sheet, Kind.ACTION_PLAN), rows_of(table_with(sheet, Kind.ACTION_PLAN))[1:]
    for number, row in enumerate(rows):
        _number_alone(row, f"{number // 2 + 1}{'ab'[number % 2]}")
    for row in reversed(rows):
        table.append(row)
    assert read_form(as_programs_without_marks_save(sheet.saved())).items == before


OTHER_WORDS = {
    Kind.SELF_ASSESSMENT: ("Topic", "What works and how we know", "What needs to get better", "R/A/G"),
    Kind.RESPONSE: ("Topic", "Their question", "Type", "Our reply"),
    Kind.CHAIR_RECORD: ("#", "What we heard", "Topic", "Both happy?"),
    Kind.ACTION_PLAN: ("Ref", "What was agreed", "Task", "Lead", "Deadline", "Success looks like"),
}


def _reword_all_headings(sheet: Sheet, kind: Kind) -> None:
    tables = {id(table): table for table in sheet.row(PLACES[kind][0]).getparent().getparent().iter(TBL)}
    for table in tables.values():
        head = cells_in(rows_of(table)[0])
        if len(head) == len(OTHER_WORDS[kind]):
            for one, words in zip(head, OTHER_WORDS[kind], strict=True):
                fill(one, p(words))


@pytest.mark.parametrize("kind", OTHER_WORDS)
def test_a_form_of_ours_whose_headings_were_all_reworded_is_read_and_asked_about(kind: Kind) -> None:
    sheet = Sheet(a_filled(kind))
    _reword_all_headings(sheet, kind)
    before, reading = (
        read_form(as_programs_without_marks_save(form)) for form in (a_filled(kind), sheet.saved())
    )
    assert cells_of(reading) == cells_of(before)
    assert (reading.kind, reading.participant) == (before.kind, before.participant)
    assert "layout.columns_guessed" in codes(reading)


def test_rows_are_read_by_their_titles_where_only_the_heading_above_them_was_reworded() -> None:
    sheet = Sheet(a_filled(Kind.SELF_ASSESSMENT))
    table = table_with(sheet, Kind.SELF_ASSESSMENT)
    fill(cells_in(rows_of(table)[0])[0], p("Topic"))
    for row in reversed(rows_of(table)[1:]):
        table.append(row)
    reading = read_form(as_programs_without_marks_save(sheet.saved()))
    assert cells_of(reading) == cells_of(read_as_filled(Kind.SELF_ASSESSMENT))


@pytest.mark.parametrize(
    ("kind", "column", "code"),
    [
        (Kind.PROGRESS_REPORT, "evidence", "cell.merged_down"),
        (Kind.PROGRESS_REPORT, "status", "progress.status_shared"),
        (Kind.ACTION_PLAN, "measure", "cell.merged_down"),
    ],
)
def test_a_cell_merged_over_two_actions_is_told(kind: Kind, column: str, code: str) -> None:
    sheet = Sheet(a_filled(kind))
    for address, how in (("development/2", ' w:val="restart"'), ("development/2/2", "")):
        one = sheet.cell(address, column)
        if not how:
            fill(one, "<w:p/>")
        properties = one.find(w("tcPr"))
        assert properties is not None
        properties.extend(xml(f"<w:vMerge{how}/>"))
    found = [f for f in read_form(sheet.saved()).findings if f.code == code]
    assert [f.column for f in found] == [column]
