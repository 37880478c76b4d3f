"""A process is waited for as long as it works or wants a processor; its stillness is what is counted."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from peer_challenge.system.process_stillness import Patience
from tests.waiting import wait_until

_SECONDS = 2.0
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process waits for")


@contextmanager
def _run_python(code: str) -> Iterator[int]:
    """A process that runs some code until it is ended."""
    process = subprocess.Popen([sys.executable, "-S", "-c", code])
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


def test_a_still_process_is_given_up_and_one_that_works_is_not() -> None:
    sleeps, works = "import time; time.sleep(3600)", "while True: pass"
    with _run_python(sleeps) as still, _run_python(works) as busy:
        for_still, for_busy = Patience(still, _SECONDS), Patience(busy, _SECONDS)
        wait_until(lambda: not for_still.measure_wait(), "the still one is given up", still, busy)
        assert for_busy.measure_wait() > 0


def test_what_is_answered_at_once_is_not_looked_at() -> None:
    patience = Patience(-1, _SECONDS)  # of no process
    assert 0 < patience.measure_wait() <= 1.0
