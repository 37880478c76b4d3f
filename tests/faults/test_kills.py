"""Killed at any step of intake and advance, the next run finishes the job: nothing lost, nothing twice."""

import random
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from peer_challenge.operations.backup_seal import find_backup_key
from peer_challenge.operations.restore_backup import restore_backup
from peer_challenge.operations.write_backup import write_backup
from peer_challenge.register.database import open_register
from tests.faults import kills

AT_STEPS, AT_ANY_INSTRUCTION = 4, 3


@dataclass(frozen=True)
class Undisturbed:
    """A run that nothing stopped: its outbox, how many steps it makes, how long it takes."""

    outbox: dict[str, bytes]
    steps: int
    seconds: float


@pytest.fixture(scope="module")
def undisturbed(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    home = tmp_path_factory.mktemp("undisturbed") / "office"
    shutil.copytree(before, home)
    begun = time.monotonic()
    was_killed, steps = kills.run_in_child(home)
    seconds = time.monotonic() - begun
    assert not was_killed
    assert kills.wrongs(home, kills.outbox_of(home)) == []
    return Undisturbed(kills.outbox_of(home), steps, seconds)


@pytest.mark.parametrize("number", range(AT_STEPS))
def test_a_kill_loses_nothing_and_sends_nothing_twice(
    before: Path, undisturbed: Undisturbed, tmp_path: Path, number: int
) -> None:
    expected, steps = undisturbed.outbox, undisturbed.steps
    kill_at = random.Random(number).randint(1, steps)
    home = tmp_path / "office"
    shutil.copytree(before, home)
    was_killed, _ = kills.run_in_child(home, kill_at)
    assert was_killed, f"step {kill_at} of {steps} was not reached"
    kills.run_in_child(home)
    assert kills.wrongs(home, expected) == [], f"killed at step {kill_at} of {steps}"


@pytest.mark.parametrize("number", range(AT_ANY_INSTRUCTION))
def test_a_kill_at_any_instruction_loses_nothing_and_sends_nothing_twice(
    before: Path, undisturbed: Undisturbed, tmp_path: Path, number: int
) -> None:
    home = tmp_path / "office"
    shutil.copytree(before, home)
    after = random.Random(number).uniform(0, undisturbed.seconds)
    kills.run_in_child(home, after=after)
    kills.run_in_child(home)
    assert kills.wrongs(home, undisturbed.outbox) == [], f"killed after {after:.3f} s"


@pytest.mark.parametrize("share", [0.5, 0.83])
def test_what_a_kill_left_is_backed_up_whole(
    before: Path, undisturbed: Undisturbed, tmp_path: Path, share: float
) -> None:
    """Also what was about to be placed in the outbox, which lies there under a passing name."""
    home, place = tmp_path / "office", tmp_path / "restored"
    shutil.copytree(before, home)
    kills.run_in_child(home, round(share * undisturbed.steps))
    settings = kills.settings_of(home)
    register = open_register(settings)
    write_backup(register, settings, tmp_path / "backup.zip", kills.AT)
    register.close()
    restore_backup(tmp_path / "backup.zip", kills.settings_of(place), key=find_backup_key(settings))
    kills.run_in_child(place)
    assert kills.wrongs(place, undisturbed.outbox) == []
