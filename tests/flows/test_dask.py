"""Intake on Dask workers takes in what one process would, each document once."""

import shutil
import sys
from pathlib import Path

from peer_challenge.paths import ROOT
from tests import waiting
from tests.faults import kills


def test_two_workers_give_the_outbox_that_one_process_gives(tmp_path: Path) -> None:
    alone, shared = tmp_path / "alone", tmp_path / "shared"
    kills.make(alone)
    shutil.copytree(alone, shared)
    kills.run(alone)
    command = [sys.executable, "-W", "ignore", "-m", "tests.flows.shared_run", str(shared)]
    done = waiting.run(command, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.split() == ["DaskTaskRunner", "6"], (
        "four forms, one of them twice, and a file that is none"
    )
    assert kills.wrongs(shared, kills.outbox_of(alone)) == []
