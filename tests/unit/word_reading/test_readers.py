"""A batch read in a child process: in order, each its own, whatever becomes of the child."""

import random
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.package.reading_limits import Limits
from peer_challenge.word.process.reader_pool import Readers, ReadersUnavailable
from tests.fill_form import fill_form
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


one_or_two = pytest.mark.parametrize("children", [1, 2])


@one_or_two
def test_a_batch_is_read_as_one_by_one_large_and_refused_ones_among_them(children: int) -> None:
    batch = [_form(0), ("a.pdf", b"%PDF-1.7"), _form(1, padding=700_000), _form(2), _form(3), ("b", b"")]
    with Readers(KNOWN) as readers:
        readers.begin(children)
        assert max(len(data) for _, data in batch) > 512 * 1024, "one that can't wait in the pipe"
        assert list(readers.read_each(batch)) == [read_document(d, KNOWN, name=n) for n, d in batch]


@one_or_two
def test_when_a_child_is_killed_by_somebody_else_all_are_read(children: int) -> None:
    with Readers(KNOWN) as readers:
        readers.begin(children)

        def documents() -> Iterator[tuple[str, bytes]]:
            for number in range(5):
                if number == 2:  # some are with the child already
                    readers._children[0].process.kill()
                    readers._children[0].process.wait()
                yield _form(number)

        assert _said(list(readers.read_each(documents()))) == [f"Number {n}" for n in range(5)]


@one_or_two
def test_one_that_needs_too_much_memory_takes_none_with_it(children: int) -> None:
    with Readers(KNOWN, limits=Limits(memory_mb=1, seconds=30)) as readers:
        readers.begin(children)
        said = _said(list(readers.read_each([_form(0), _hungry(), _form(1), _form(2)])))
    assert said == ["Number 0", "open.too_large", "Number 1", "Number 2"]


_DEADLY = """
import hashlib, os, signal
plain = hashlib.sha256
def sha256(data=b"", **more):
    if b"deadly" in data:
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(data, **more)
hashlib.sha256 = sha256
"""


@one_or_two
def test_one_that_kills_every_child_is_refused_alone(
    children: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(_DEADLY)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Readers(KNOWN) as readers:
        readers.begin(children)
        batch = [_form(0), ("deadly.docx", _form(9)[1] + b"deadly"), _form(1), _form(2)]
        said = _said(list(readers.read_each(batch)))
    assert said == ["Number 0", "open.too_large", "Number 1", "Number 2"]


@one_or_two
def test_one_that_takes_too_long_takes_none_with_it(children: int) -> None:
    with Readers(KNOWN, limits=Limits(seconds=0.5)) as readers:
        readers.begin(children)
        said = _said(list(readers.read_each([_form(0), _hungry(), _form(1), _form(2)])))
    assert said == ["Number 0", "open.too_slow", "Number 1", "Number 2"]


def test_a_long_batch_is_shared_among_more_children_and_keeps_its_order() -> None:
    with Readers(KNOWN, children=2) as readers:
        for _ in range(20):  # the second one starts beside the first
            batch = [_form(number) for number in range(50)]
            assert _said(list(readers.read_each(batch))) == [f"Number {n}" for n in range(50)]
            if len(readers._children) == 2 and readers._children[1].is_ready:
                break
        else:
            pytest.fail("no second child in twenty batches")
        assert len(readers._children) == 2


@one_or_two
def test_whoever_stops_half_way_leaves_no_answer_for_the_next(children: int) -> None:
    with Readers(KNOWN) as readers:
        readers.begin(children)
        some = readers.read_each([_form(0), _form(1), _form(2)])
        assert _said([next(some)]) == ["Number 0"]
        some.close()
        assert _said([readers.read(_form(7)[1])]) == ["Number 7"]


def test_an_answer_that_nobody_listened_to_for_long_is_heard_out() -> None:
    """Another document may be converted for longer than this one may be read; its answer fills the pipe."""
    with Readers(KNOWN, limits=Limits(seconds=0.3)) as readers:
        readers.begin()

        def documents() -> Iterator[tuple[str, bytes]]:
            yield _form(0, padding=100_000)
            time.sleep(3.2)  # more than ten times as long as it may take
            child = readers._children[0].process
            child.send_signal(signal.SIGSTOP)  # the rest of its answer does not come at once
            threading.Timer(0.3, child.send_signal, [signal.SIGCONT]).start()
            yield _form(1)

        assert _said(list(readers.read_each(documents()))) == ["Number 0", "Number 1"]


def test_where_no_child_starts_that_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Readers(KNOWN) as readers, pytest.raises(ReadersUnavailable) as told:
        readers.read(_form(0)[1])
    assert "memory" in told.value.remedy
