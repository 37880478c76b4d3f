"""What runs within bounds answers, or is ended by the system and told; nothing it says runs here."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from peer_challenge.system.bounded_work import (
    BoundedWorker,
    Bounds,
    ChildLost,
    TooMuchWork,
    WorkFailed,
    call_once,
    interrupt_after,
)

WORKS = "tests.unit.bounds.works"


def _call(function: str, *given: object, seconds: float = 2, memory_mb: int = 400) -> object:
    return call_once(WORKS, function, Bounds(seconds, memory_mb), *given)


def test_a_worker_answers_one_question_after_another() -> None:
    worker = BoundedWorker(WORKS, "double", Bounds(2, 400))
    assert [worker.call(number) for number in range(3)] == [0, 2, 4]
    worker.end()


def test_what_never_ends_is_ended() -> None:
    with pytest.raises(TooMuchWork):
        _call("never_end", seconds=0.5)


def test_what_needs_too_much_memory_is_refused() -> None:
    with pytest.raises(TooMuchWork):
        _call("hold_megabytes", 900)


def test_a_death_is_not_a_verdict(tmp_path: Path) -> None:
    assert _call("die", str(tmp_path / "mark")) == "alive"


@pytest.mark.parametrize(
    ("module", "function"), [("tests.unit.bounds.no_such", "double"), (WORKS, "no_such")]
)
def test_a_program_that_is_broken_is_no_verdict_on_a_document(module: str, function: str) -> None:
    """A document that is checked by it would be rejected as too much work, one after the other."""
    with pytest.raises(WorkFailed):
        call_once(module, function, Bounds(2, 400))


def test_nothing_that_a_child_says_can_run_here() -> None:
    with pytest.raises(ChildLost):
        _call("answer_with_an_object")


def test_a_child_at_work_ends_with_its_parent() -> None:
    """However the parent ends: here it is killed while its child is busy for a minute."""
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from peer_challenge.system.bounded_work import *\n"
            f"worker = BoundedWorker('{WORKS}', 'never_end', Bounds(60, 400))\n"
            "worker.ask()\n"
            "print(worker.pid, flush=True)\n"
            "worker.answer()\n",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in _until_gone(child):
        pass


def _until_gone(pid: int) -> Iterator[None]:
    """Wait until a process is no more. The time limit of tests ends one that stays."""
    while True:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return
            os.kill(pid, 0)
        except (ProcessLookupError, FileNotFoundError):
            return
        signal.sigtimedwait([], 0.05)
        yield


def test_python_at_work_can_be_interrupted() -> None:
    with pytest.raises(TooMuchWork), interrupt_after(0.1):
        while True:
            pass
