"""A part of the service is started when it may, and again after pauses that grow."""

import sys
import time
from collections.abc import Callable

import pytest

from cli.processes import Process
from peer_challenge.operations.service_parts import PartState
from tests.waiting import wait_until


def _process(code: str, *, is_once: bool = False, may_start: Callable[[], bool] = lambda: True) -> Process:
    return Process("part", [sys.executable, "-c", code], may_start=may_start, is_once=is_once)


def _is_ended(process: Process) -> bool:
    process.look_after()
    return process.running is None


def test_a_part_that_ends_is_started_again_after_pauses_that_grow(
    capsys: pytest.CaptureFixture[str],
) -> None:
    process = _process("raise SystemExit(7)")
    pauses = []
    for _ in range(3):
        process._next_try = 0
        process.look_after()
        wait_until(lambda: _is_ended(process), "it ends")
        pauses.append(process.pause)
        assert process.tell_state().state is PartState.DOWN
        process.look_after()
        assert process.running is None, "not before its pause is over"
    assert pauses == [1, 2, 4]
    assert (process.tell_state().failures, process.tell_state().ended_with) == (3, 7)
    assert "part ended (7); it is started again in 4 s." in capsys.readouterr().out


def test_the_pause_is_a_minute_at_most_and_short_again_after_a_long_life() -> None:
    process = _process("raise SystemExit(7)")
    process.failures = 50
    assert process.pause == 60
    process.look_after()
    process._started = time.monotonic() - 61
    wait_until(lambda: _is_ended(process), "it ends")
    assert process.pause == 1


def test_a_part_that_fails_for_days_is_still_tried_each_minute() -> None:
    assert Process("a part", ["/bin/false"], failures=10_000).pause == 60


def test_a_part_waits_for_what_it_needs_and_one_that_is_done_is_not_started_again() -> None:
    is_there = False
    process = _process("", is_once=True, may_start=lambda: is_there)
    process.look_after()
    assert process.tell_state().state is PartState.WAITS
    is_there = True
    process.look_after()
    assert process.tell_state().state is PartState.RUNS
    wait_until(lambda: _is_ended(process), "it ends")
    assert process.tell_state().state is PartState.DONE
    process.look_after()
    assert process.running is None and process.is_done
