"""A batch read in a child process: in order, each its own, whatever becomes of the child."""

import random
from collections.abc import Iterator

from peer_challenge.word.filling import fill_form
from peer_challenge.word.reader import Limits, Readers, read_document
from peer_challenge.word.reading import Reading
from tests.unit.word_reading import builder as b
from tests.unit.word_reading.forms_to_read import ADDRESSES, blank, known

KNOWN = known()


def _form(number: int, *, padding: int = 0) -> tuple[str, bytes]:
    """A form that says its number, as large as is asked for."""
    noise = random.Random(number).randbytes(padding).hex()
    said = {(ADDRESSES[0], "strengths"): f"Number {number}. {noise}"}
    return f"{number}.docx", fill_form(blank(), said)


def _hungry() -> tuple[str, bytes]:
    return "hungry.docx", b.document(b.table(b.row(*(b.cell() for _ in range(50))) * 4000))


def _said(readings: list[Reading]) -> list[str]:
    """What each says of itself, or why it is refused."""
    return [r.rows[0]["strengths"].partition(".")[0] if r.rows else r.findings[0].code for r in readings]


def test_a_batch_is_read_as_one_by_one_large_and_refused_ones_among_them() -> None:
    batch = [_form(0), ("a.pdf", b"%PDF-1.7"), _form(1, padding=700_000), _form(2), _form(3), ("b", b"")]
    with Readers(KNOWN) as readers:
        assert max(len(data) for _, data in batch) > 512 * 1024, "one that can't wait in the pipe"
        assert list(readers.read_each(batch)) == [read_document(d, KNOWN, name=n) for n, d in batch]


def test_when_the_child_is_killed_between_two_both_are_read() -> None:
    with Readers(KNOWN) as readers:

        def documents() -> Iterator[tuple[str, bytes]]:
            for number in range(5):
                if number == 2:  # number 1 is with the child already
                    readers._running().kill()
                    readers._running().wait()
                yield _form(number)

        assert _said(list(readers.read_each(documents()))) == [f"Number {n}" for n in range(5)]


def test_one_that_needs_too_much_memory_takes_none_with_it() -> None:
    with Readers(KNOWN, limits=Limits(memory_mb=1, seconds=30)) as readers:
        said = _said(list(readers.read_each([_form(0), _hungry(), _form(1), _form(2)])))
    assert said == ["Number 0", "open.too_large", "Number 1", "Number 2"]


def test_one_that_takes_too_long_takes_none_with_it() -> None:
    with Readers(KNOWN, limits=Limits(seconds=0.5)) as readers:
        said = _said(list(readers.read_each([_form(0), _hungry(), _form(1), _form(2)])))
    assert said == ["Number 0", "open.too_slow", "Number 1", "Number 2"]


def test_whoever_stops_half_way_leaves_no_answer_for_the_next() -> None:
    with Readers(KNOWN) as readers:
        some = readers.read_each([_form(0), _form(1), _form(2)])
        assert _said([next(some)]) == ["Number 0"]
        some.close()
        assert _said([readers.read(_form(7)[1])]) == ["Number 7"]
