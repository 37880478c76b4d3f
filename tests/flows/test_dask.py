"""Intake on Dask workers takes in what one process would, each document once; strangers get no answer."""

import shutil
import sys
from pathlib import Path

import pytest

from peer_challenge.errors import WrongUse
from peer_challenge.paths import ROOT
from peer_challenge.settings import load_settings
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


@pytest.mark.threat("stranger-dask")
def test_dask_answers_nobody_without_a_certificate_of_ours(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.flows.dask_strangers", str(tmp_path)]
    done = waiting.run(command, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    strangers = ["plain refused", "no certificate refused", "another certificate refused"]
    assert done.stdout.splitlines() == ["ours 3", *strangers, *strangers, "ours 3"]


@pytest.mark.threat("stranger-dask")
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"DASK": "tcp://scheduler:8786"}, "with tls:// in front"),
        ({"DASK": "scheduler:8786"}, "with tls:// in front"),
        ({"DASK": "tls://scheduler:8786", "DASK_CA": "ca.pem"}, "needs dask_certificate, dask_key too"),
    ],
)
def test_a_scheduler_that_asks_nobody_who_they_are_is_refused(
    tmp_path: Path, given: dict[str, str], words: str
) -> None:
    with pytest.raises(WrongUse, match=words):
        load_settings(tmp_path, {f"PEER_CHALLENGE_{name}": value for name, value in given.items()})
