"""The fix-it copy is written at the places that reading kept: nothing is read a second time."""

import io
import zipfile
from collections.abc import Callable

import orjson
import pytest

from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind, Severity
from peer_challenge.word.answers.locate_cells import CellPlaces
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.process.reader_main import reading_of
from peer_challenge.word.write import fix_it_comments
from peer_challenge.word.write.fix_it_comments import add_fix_it_comments
from tests.factories import a_filled
from tests.unit.submissions.test_in_word import KNOWN


def _questions(reading: Reading) -> list[Finding]:
    """One at every place that was kept."""
    return [
        Finding("a.question", Severity.QUERY, f"About {column}?", "Say it.", address or None, column)
        for address, columns in reading.places.items()
        for column in columns
    ]


def _places(reading: Reading) -> CellPlaces:
    return CellPlaces(reading.main_part, reading.places)


def _zipped(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("form.docx", data)
        package.writestr("notes.docx", b"no document")
    return packed.getvalue()


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading anything again fails."""

    def again(*_: object, **__: object) -> None:
        raise AssertionError("it was read again")

    for name in ("read_document", "cells_of_form", "open_document"):
        monkeypatch.setattr(fix_it_comments, name, again)


@pytest.mark.parametrize("kind", Kind)
def test_every_comment_stands_where_looking_again_would_put_it(kind: Kind) -> None:
    data = a_filled(kind)
    reading = read_document(data, KNOWN)
    questions = _questions(reading)
    assert questions
    assert add_fix_it_comments(data, questions, KNOWN, places=_places(reading)) == add_fix_it_comments(
        data, questions, KNOWN
    )


@pytest.mark.parametrize("wrapped", [bytes, _zipped])
def test_with_the_places_nothing_is_read_again(unread: None, wrapped: Callable[[bytes], bytes]) -> None:
    data = wrapped(a_filled(Kind.SELF_ASSESSMENT))
    reading = read_document(data, KNOWN)
    assert add_fix_it_comments(data, _questions(reading), KNOWN, places=_places(reading))


def test_places_of_another_document_are_not_used() -> None:
    mine, other = a_filled(Kind.SELF_ASSESSMENT), a_filled(Kind.ACTION_PLAN)
    questions = _questions(read_document(mine, KNOWN))
    wrong = _places(read_document(other, KNOWN))
    assert add_fix_it_comments(mine, questions, KNOWN, places=wrong) == add_fix_it_comments(
        mine, questions, KNOWN
    )


def test_places_come_through_the_pipe_and_the_register_as_they_are() -> None:
    reading = read_document(a_filled(Kind.ANALYSIS), KNOWN)
    assert reading_of(orjson.dumps(reading)).places == reading.places
    kept = orjson.loads(orjson.dumps(_places(reading).as_dict()))
    assert CellPlaces.from_dict(kept) == _places(reading)
