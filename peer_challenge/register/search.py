"""Finds words in what was written, in the names of documents and in notes: for the programme office alone.

What is looked for is a parameter of a query, which no log and no error trace holds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import normalize

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.names_alike import APOSTROPHES
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import tables as t
from peer_challenge.register.notes import Note
from peer_challenge.register.records import Dispatch, Submission

_LOOKED_AT = 400
"""Rows of each table that are looked at, the newest first: earlier versions say much the same again."""
_WRITTEN: dict[Kind, tuple[str, ...]] = {
    Kind.SELF_ASSESSMENT: ("strengths", "development"),
    Kind.ANALYSIS: ("commentary",),
    Kind.RESPONSE: ("response",),
    Kind.CHAIR_RECORD: ("text",),
    Kind.CORRECTIONS: ("text", "comments"),  # of both areas: their drafts share a table
    Kind.ACTION_PLAN: ("action", "owner", "measure"),
    Kind.PROGRESS_REPORT: ("evidence", "difference"),
}
"""The columns that hold a form's own words: those copied from the form before are left out."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A place where words were found: the submission it is in, and the whole text.

    `subheading` is the address of the sub-heading that it is linked to, "" where there is none. `place`
    tells it from the other places of its document.
    """

    submission: Submission
    subheading: str
    place: tuple[str, str]
    text: str


def find_passages(connection: Connection, words: Sequence[str]) -> list[Passage]:
    """Every row of a form in which all `words` are, in the newest version that has them; newest first."""
    found = [
        passage
        for kind, columns in _WRITTEN.items()
        for passage in _find_in_rows(connection, t.ROWS_OF[kind], columns, words)
    ]
    found += _find_in_rows(connection, t.particulars, ("value",), words)
    found += _find_in_rows(connection, t.unmapped_texts, ("text",), words)
    newest_first = sorted(found, key=lambda one: -one.submission.id)
    first: dict[tuple[object, ...], Passage] = {}
    for one in newest_first:
        row = one.submission
        first.setdefault((row.challenge_id or row.id, row.kind, row.review, one.place), one)
    return list(first.values())


def _find_in_rows(
    connection: Connection, table: sa.Table, columns: Sequence[str], words: Sequence[str]
) -> Iterator[Passage]:
    texts = [table.c[column] for column in columns]
    query = (
        sa.select(
            t.submissions,
            *texts,
            _choose_column(table, "address", "subheading", "field").label("place"),
            _choose_column(table, "subheading").label("linked_to"),
        )
        .join(table, table.c.submission_id == t.submissions.c.id)
        .where(*_hold_all(texts, words))
        .order_by(t.submissions.c.id.desc(), table.c.position)
        .limit(_LOOKED_AT)
    )
    for row in connection.execute(query):
        said = " – ".join(str(getattr(row, column)) for column in columns if getattr(row, column))
        place = row.place or " ".join(said.split())  # text outside the form has no place
        yield Passage(Submission.from_row(row), row.linked_to or "", (table.name, place), said)


def _choose_column(table: sa.Table, *names: str) -> sa.ColumnElement[str]:
    """The first of these columns that a table has; an empty text where it has none."""
    found = next((table.c[name] for name in names if name in table.c), None)
    return sa.literal("") if found is None else found


def _hold_all(
    columns: Sequence[sa.ColumnElement[str]], words: Sequence[str]
) -> Iterator[sa.ColumnElement[bool]]:
    """That each word is in one of the columns, whatever its capitals and apostrophes.

    An accent may be one letter or a sign of its own, as files from different computers have it.
    """
    for word in words:
        plain = _drop_apostrophes(word.lower())
        # SQLite leaves capitals with an accent as they are, and names begin with one
        forms = {normalize(form, said) for form in ("NFC", "NFD") for said in (plain, plain.capitalize())}
        texts = [_without_apostrophes(column) for column in columns]
        yield sa.or_(*(text.contains(form, autoescape=True) for text in texts for form in sorted(forms)))


def _drop_apostrophes(text: str) -> str:
    return "".join(sign for sign in text if sign not in APOSTROPHES)


def _without_apostrophes(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    text: sa.ColumnElement[str] = sa.func.lower(column)
    for sign in APOSTROPHES:
        text = sa.func.replace(text, sign, "", type_=sa.Text)
    return text


def find_submissions(connection: Connection, words: Sequence[str], *, most: int) -> list[Submission]:
    """Documents that came in whose file name, area or kind holds all `words`; newest first."""
    columns = [t.submissions.c.file_name, t.submissions.c.challenge_id, t.submissions.c.kind]
    query = sa.select(t.submissions).where(*_hold_all(columns, words))
    query = query.order_by(t.submissions.c.id.desc()).limit(most)
    return [Submission.from_row(row) for row in connection.execute(query)]


def find_dispatches(connection: Connection, words: Sequence[str], *, most: int) -> list[Dispatch]:
    """Documents that go out whose path, recipient, area or kind holds all `words`; newest first."""
    table = t.dispatches
    columns = [table.c.path, table.c.recipient_id, table.c.challenge_id, table.c.kind]
    query = sa.select(table).where(*_hold_all(columns, words)).order_by(table.c.id.desc()).limit(most)
    return [Dispatch.from_row(row) for row in connection.execute(query)]


def find_notes(connection: Connection, words: Sequence[str], *, most: int) -> list[Note]:
    """The office's notes that hold all `words`; newest first."""
    table = t.challenge_notes
    query = sa.select(table).where(*_hold_all([table.c.text], words)).order_by(table.c.id.desc()).limit(most)
    return [Note.from_row(row) for row in connection.execute(query)]
