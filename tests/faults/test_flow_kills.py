"""Killed anywhere in a run of Prefect's, the next run finishes the job, as it does without Prefect."""

import sys
from pathlib import Path

from peer_challenge.paths import ROOT
from tests import waiting

COUNT = 6


def test_a_flow_that_is_killed_is_finished_by_the_next(tmp_path: Path) -> None:
    """To the outbox that intake and advance give without Prefect and without a kill, byte for byte."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.faults.flow_kills"]
    done = waiting.run([*command, str(tmp_path), str(COUNT), "11"], cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    lines = done.stdout.splitlines()
    assert [line for line in lines if not line.endswith(": nothing wrong")] == []
    assert len(lines) == COUNT + 1
    assert sum(line.startswith("killed at step") for line in lines) == COUNT // 2
