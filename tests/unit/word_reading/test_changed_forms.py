"""What people do to the tables of records, plans, responses and analyses, and to two forms in one file."""

import pytest

from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.forms import FORMS
from peer_challenge.word.package import marks
from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import ROWS, answer_row, cell, header, p, para, run, schedule, t
from tests.unit.word_reading.reads import PLACE, codes, first, read

_AS_SENT = read(schedule())
_ACTION = ("Joint audits", "We shall audit", "A head", "1 June 2027", "Fewer cases")
_AGREED = ("It was agreed by all to link up", "Named partners", "Agreed")


def _held(kind: Kind) -> dict[str, str]:
    return b.MARKS | {marks.KIND: kind.value}


def _row(address: str, *texts: str, spans: tuple[int, ...] = ()) -> str:
    """A marked row, its number first, with cells as wide as `spans` says."""
    wide = [f'<w:gridSpan w:val="{span}"/>' for span in spans] or [""] * (len(texts) + 1)
    number = para(b.mark(marks.row_bookmark(address)) + run(t(address.rpartition("/")[2])))
    return b.row(*map(cell, (number, *map(p, texts)), wide))


def _plan(*rows: str) -> str:
    return b.table(header(kind=Kind.ACTION_PLAN), *rows)


def _read(kind: Kind, body: str) -> Reading:
    return read(body, marked=_held(kind))


def _answered(address: str, *texts: str) -> str:
    return b.row(b.title_cell(address), *(cell(p(text)) for text in texts))


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_a_cell_whose_deletion_is_pending_moves_none_of_those_beside_it(gone: int) -> None:
    pieces = answer_row(PLACE).split("<w:tcPr>")
    pieces[gone + 1] = f'<w:cellDel w:id="1" w:author="A"/>{pieces[gone + 1]}'
    reading = read(schedule({PLACE: "<w:tcPr>".join(pieces)}))
    columns = ("strengths", "development", "rating_as_written")
    sent = next(row for row in _AS_SENT.rows if row["subheading"] == PLACE)
    kept = [sent[column] if number != gone else "" for number, column in enumerate(columns, 1)]
    assert [first(reading)[column] for column in columns] == kept


def test_a_table_that_was_split_may_have_another_grid() -> None:
    """Word gives each part of a table a grid of its own, by the cells that are left in it."""
    split = _row("development/2", *_ACTION, spans=(1, 1, 2, 1, 1, 1))
    odd = _row("development/3", *_ACTION[:2], "and train", *_ACTION[2:])
    whole = _read(Kind.ACTION_PLAN, _plan(*(_row(f"development/{n}", *_ACTION) for n in (1, 2))))
    parts = _read(Kind.ACTION_PLAN, _plan(_row("development/1", *_ACTION)) + p("") + b.table(odd, split))
    assert parts.items[:2] == whole.items
    assert parts.items[2]["measure"] == "Fewer cases"


def test_a_row_of_answers_that_says_a_headers_words_is_no_header() -> None:
    rows = [_row(f"strength/{n}", *_AGREED) for n in (1, 2)]
    whole = _read(Kind.CHAIR_RECORD, b.table(header(kind=Kind.CHAIR_RECORD), *rows))
    split = b.table(header(kind=Kind.CHAIR_RECORD), rows[0]) + p("") + b.table(rows[1])
    assert _read(Kind.CHAIR_RECORD, split).items == whole.items
    unmarked = [b.row(*(cell(p(text)) for text in ("", *_AGREED))) for _ in range(2)]
    assert _read(Kind.CHAIR_RECORD, b.table(*unmarked)).items == []


@pytest.mark.parametrize("is_marked", [True, False])
def test_each_part_of_a_table_made_of_two_has_the_columns_of_its_own_header(is_marked: bool) -> None:
    def other_way_round(row: str) -> str:
        start, title, one, two, rest = row.split("<w:tc>", 4)
        return "<w:tc>".join((start, title, two, one, rest) if is_marked else (start, title, one, two, rest))

    rows = [answer_row(address) for address in ROWS]
    again = [other_way_round(row) for row in (header(is_marked=is_marked), *rows[2:])]
    reading = read(b.table(header(), *rows[:2], *again))
    assert (reading.rows, reading.findings, reading.unmapped) == (_AS_SENT.rows, [], [])


@pytest.mark.parametrize("is_first", [True, False])
def test_the_tables_of_another_form_take_no_place_in_this_one(is_first: bool) -> None:
    ours = b.table(header(kind=Kind.RESPONSE), _answered(PLACE, "Why?", "An update", "It was done"))
    title = p(FORMS[Kind.RESPONSE].title)
    reading = _read(Kind.RESPONSE, title + (schedule() + ours if is_first else ours + schedule()))
    assert [row["response"] for row in reading.rows] == ["It was done"]
    assert codes(reading) == {"row.unplaced"}
    left = "\n".join(reading.unmapped)
    assert all(f"Strengths of {address}." in left for address in ROWS)


def test_of_two_forms_without_marks_of_their_kind_that_of_more_rows_is_read() -> None:
    record = b.table(header(kind=Kind.CHAIR_RECORD), _row("strength/1", *_AGREED))
    reading = read(record + schedule(), marked={})
    assert (reading.kind, reading.rows) == (Kind.SELF_ASSESSMENT, _AS_SENT.rows)
    assert reading.items == []
    assert "It was agreed by all to link up" in "\n".join(reading.unmapped)


def test_a_row_of_another_shape_is_no_item() -> None:
    """Particulars without their marks, in a table that ran into that of the items."""
    signed = [
        b.row(*(cell(p(text)) for text in texts))
        for texts in (("Partner", "Signed off by (role)"), ("Police", "A chief"))
    ]
    reading = _read(Kind.ACTION_PLAN, _plan(_row("development/1", *_ACTION), *signed))
    assert [item["address"] for item in reading.items] == ["development/1"]
    assert codes(reading) == {"item.unplaced"}
    assert reading.unmapped == ["Police | A chief"]


@pytest.mark.parametrize("merged", [0, 1])
def test_an_action_under_a_merged_number_or_area_is_one_more_of_that(merged: int) -> None:
    down = ['<w:vMerge w:val="restart"/>', "<w:vMerge/>"]
    area = cell(p("Joint audits"), down[0] if merged else "")
    number = para(b.mark(marks.row_bookmark("development/1")) + run(t("1")))
    above = b.row(cell(number, "" if merged else down[0]), area, *(cell(p(text)) for text in _ACTION[1:]))
    below = [cell("", "" if merged else down[1]), cell("", down[1] if merged else "")]
    added = b.row(*below, *(cell(p(text)) for text in ("Train", "A lead", "", "")))
    items = _read(Kind.ACTION_PLAN, _plan(above, added, _row("development/2", *_ACTION))).items
    assert [(item["address"], item["action"]) for item in items] == [
        ("development/1", "We shall audit"),
        ("development/1/2", "Train"),
        ("development/2", "We shall audit"),
    ]


def _record(*rows: str) -> str:
    return b.table(header(kind=Kind.CHAIR_RECORD), *rows)


def _unmarked(*texts: str) -> str:
    return b.row(*(cell(p(text)) for text in texts))


def test_what_an_item_is_a_heading_says_or_a_row_beside_it() -> None:
    rows = [_unmarked(str(number), f"Said {number}", "", "Yes") for number in (1, 2)]
    headed = p("Key strengths") + _record(*rows) + p("Areas for development") + _record(*rows)
    reading = _read(Kind.CHAIR_RECORD, headed)
    said = [item["address"] for item in reading.items]
    assert said == ["strength/1", "strength/2", "development/1", "development/2"]
    marked = _record(_row("development/1", *_AGREED), rows[1])
    reading = _read(Kind.CHAIR_RECORD, _record(rows[0]) + marked)
    assert [item["address"] for item in reading.items] == ["development/1", "development/2"]
    assert (codes(reading), reading.unmapped) == ({"item.unplaced"}, ["1 | Said 1 | Yes"])


@pytest.mark.parametrize("is_one_table", [True, False])
def test_items_under_a_further_header_that_nothing_announces_are_kept_apart(is_one_table: bool) -> None:
    one, other = (_record(_unmarked("1", text, "", "Yes")) for text in ("Trust", "Data"))
    together = one.removesuffix("</w:tbl>") + other[other.index("<w:tr>") :]
    tables = together if is_one_table else one + p("") + other
    reading = _read(Kind.CHAIR_RECORD, p("Key strengths") + tables)
    assert [(item["address"], item["text"]) for item in reading.items] == [("strength/1", "Trust")]
    assert codes(reading) == {"item.unplaced"}
    assert "Data" in "".join(reading.unmapped)


def test_a_number_that_is_not_the_items_own_is_kept() -> None:
    rows = (_unmarked(number, "Trust", "", "Yes") for number in ("1", "2027", "7."))
    reading = _read(Kind.CHAIR_RECORD, p("Key strengths") + _record(*rows))
    assert [item["address"] for item in reading.items] == ["strength/1", "strength/2", "strength/7"]
    assert reading.unmapped == ["2027"]


def test_every_item_of_a_plan_is_an_area_for_development() -> None:
    plan = _plan(_unmarked("1. Strengths-based practice", *_ACTION))
    reading = _read(Kind.ACTION_PLAN, p("Our strengths") + plan)
    assert [item["address"] for item in reading.items] == ["development/1"]


def test_a_copy_without_the_mark_leaves_the_place_to_the_row_that_has_it() -> None:
    copy = answer_row(PLACE, is_marked=False, strengths=cell(p("Ours")))
    reading = read(schedule({PLACE: copy + answer_row(PLACE)}))
    assert reading.rows == _AS_SENT.rows
    assert codes(reading) == {"row.repeated"}
    assert "Ours" in reading.unmapped[0]


def test_particulars_that_ran_into_the_table_of_another_form_are_said_once() -> None:
    mark = b.mark(marks.field_bookmark("signed_off_police"))
    signed = b.row(cell(p("Police")), cell(para(mark + run(t("A chief")))))
    other = b.table(header(kind=Kind.RESPONSE), _answered(PLACE, "Why?", "An update", "Done"), signed)
    reading = read(schedule(after=other))
    assert reading.particulars == {"signed_off_police": "A chief"}
    assert [text for text in reading.unmapped if "chief" in text] == []


def test_particulars_with_their_mark_come_before_those_that_only_have_the_label() -> None:
    label = FORMS[Kind.SELF_ASSESSMENT].fields[0]
    copy, ours = (
        b.table(b.row(cell(p(label.label)), cell(para(mark + run(t(who))))))
        for mark, who in (("", "A copy"), (b.mark(marks.field_bookmark(label.id)), "A head"))
    )
    reading = read(copy + schedule(after=ours))
    assert reading.particulars == {label.id: "A head"}
    assert "A copy" in "".join(reading.unmapped)


def test_cells_merged_across_are_asked_about_in_every_form() -> None:
    one = _row("development/1", *_ACTION[:2], *_ACTION[3:], spans=(1, 1, 2, 1, 1))
    reading = _read(Kind.ACTION_PLAN, _plan(one))
    assert [(item["action"], item["owner"]) for item in reading.items] == [("We shall audit", "")]
    assert "cell.merged_across" in codes(reading)
    wide = b.row(
        b.title_cell(PLACE),
        cell(p("Much")),
        cell(p("Little")),
        cell(p("AMBER\nWhy?"), '<w:gridSpan w:val="2"/>'),
    )
    assert "cell.merged_across" in codes(_read(Kind.ANALYSIS, schedule({PLACE: wide})))


def test_a_plan_put_into_the_cell_of_a_particular_is_not_read_as_that_too() -> None:
    plan = _plan(_row("development/1", *_ACTION))
    mark = b.mark(marks.field_bookmark("signed_off_police"))
    reading = _read(Kind.ACTION_PLAN, b.table(b.row(cell(para(mark + run(t("A chief"))) + plan + "<w:p/>"))))
    assert [item["action"] for item in reading.items] == ["We shall audit"]
    assert reading.particulars == {"signed_off_police": "A chief"}
    assert reading.unmapped == []


def test_columns_are_not_guessed_where_any_but_the_peers_may_be_gone() -> None:
    rows = [_answered(address, f"Why {address}?", "An update", "It was done") for address in ROWS]
    assert read(b.table(*rows), marked={}).rows == []
    turned = [
        b.row(
            cell(p("Little")),
            b.title_cell(address, is_marked=False),
            *map(cell, (p("Well"), p("RED"), p("Why?"))),
        )
        for address in ROWS
    ]
    words = (
        "Areas for development",
        "Sub-heading",
        "Strengths and evidence",
        "RAG rating",
        "Peer commentary",
    )
    other = b.table(b.row(*(cell(p(text)) for text in words)), *turned)
    assert _read(Kind.RESPONSE, other).rows == []
    short = [_answered(address, "Why?", "It was done") for address in ROWS]
    across = b.row(cell(p("Police"), '<w:gridSpan w:val="3"/>'))
    assert _read(Kind.RESPONSE, b.table(*short[:2], across, *short[2:])).rows == []
    narrow = [_answered(address, "Well", "Little", "AMBER") for address in ROWS]
    assert _read(Kind.ANALYSIS, b.table(*narrow)).rows == []
    assert [row["rating"] for row in read(b.table(*narrow)).rows] == ["AMBER"] * len(ROWS)
