"""Killed at any step of intake and advance, the next run finishes the job: nothing lost, nothing twice."""

import random
import shutil
from pathlib import Path

import pytest

from tests.faults import kills

KILLS = 20


@pytest.fixture(scope="module")
def undisturbed(before: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], int]:
    """The outbox of a run that nothing stopped, and how many steps it makes."""
    home = tmp_path_factory.mktemp("undisturbed") / "office"
    shutil.copytree(before, home)
    was_killed, steps = kills.run_in_child(home, None)
    assert not was_killed
    assert kills.wrongs(home, kills.outbox_of(home)) == []
    return kills.outbox_of(home), steps


@pytest.mark.parametrize("number", range(KILLS))
def test_a_kill_loses_nothing_and_sends_nothing_twice(
    before: Path, undisturbed: tuple[dict[str, bytes], int], tmp_path: Path, number: int
) -> None:
    expected, steps = undisturbed
    kill_at = random.Random(number).randint(1, steps)
    home = tmp_path / "office"
    shutil.copytree(before, home)
    was_killed, _ = kills.run_in_child(home, kill_at)
    assert was_killed, f"step {kill_at} of {steps} was not reached"
    kills.run_in_child(home, None)
    assert kills.wrongs(home, expected) == [], f"killed at step {kill_at} of {steps}"
