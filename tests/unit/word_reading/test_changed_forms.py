"""What people do to the tables of records, plans, responses and analyses, and to two forms in one file."""

from peer_challenge.vocabulary import Kind
from peer_challenge.word import identity_marks as marks
from peer_challenge.word.reading import Reading
from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import answer_row, cell, header, p, para, run, schedule, t
from tests.unit.word_reading.reads import PLACE, first, read

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
