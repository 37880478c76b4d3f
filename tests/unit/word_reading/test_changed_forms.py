"""What people do to the tables of records, plans, responses and analyses, and to two forms in one file."""

from peer_challenge.vocabulary import Kind
from peer_challenge.word import identity_marks as marks
from peer_challenge.word.forms import FORMS
from peer_challenge.word.reading import Reading
from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import answer_row, cell, header, p, para, run, schedule, t
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


def test_a_cell_whose_deletion_is_pending_moves_none_of_those_beside_it(gone: int) -> None:
    pieces = answer_row(PLACE).split("<w:tcPr>")
    pieces[gone + 1] = f'<w:cellDel w:id="1" w:author="A"/>{pieces[gone + 1]}'
    reading = read(schedule({PLACE: "<w:tcPr>".join(pieces)}))
    columns = ("strengths", "development", "rating_as_written")
    sent = next(row for row in _AS_SENT.rows if row["subheading"] == PLACE)
    kept = [sent[column] if number != gone else "" for number, column in enumerate(columns, 1)]
    assert [first(reading)[column] for column in columns] == kept


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
