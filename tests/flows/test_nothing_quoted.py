"""What an area wrote is in its documents and the register, and nowhere that Prefect keeps or prints."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from peer_challenge.paths import ROOT
from tests import waiting

MARKER = "heronmarkersentence"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    home = tmp_path_factory.mktemp("marked")
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PREFECT_", "PEER_", "GX_")) and key not in ("DO_NOT_TRACK", "CI")
    }
    done = waiting.run(
        [sys.executable, "-W", "ignore", "-m", "tests.flows.marked_run", str(home), MARKER],
        cwd=ROOT,
        env={
            **environment,
            "PEER_CHALLENGE_SETTLE_SECONDS": "0",
            "PEER_CHALLENGE_LOG_FORMAT": "json",
            "PYTHONPATH": os.pathsep.join((str(ROOT / "tests" / "flows" / "recorder"), str(ROOT))),
            "RECORD_CONNECTIONS": str(home / "connections"),
        },
        check=True,
    )
    return home, done


def test_the_marked_sentence_was_taken_in(run: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    home, _ = run
    with sqlite3.connect(home / "var" / "register.db") as register:
        (count,) = register.execute(
            "SELECT count(*) FROM self_assessment_rows WHERE strengths LIKE ?", (f"%{MARKER}%",)
        ).fetchone()
    assert count > 0


@pytest.mark.threat("secret-words")
def test_prefect_keeps_none_of_it(run: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    """Parameters, artifacts, logs, states, events and error traces all lie in Prefect's own folder."""
    home, _ = run
    files = [path for path in (home / "var" / "prefect").rglob("*") if path.is_file()]
    assert any(b"propose partners" in path.read_bytes() for path in files)
    assert not [path.name for path in files if MARKER.encode() in path.read_bytes()]


@pytest.mark.threat("secret-words")
def test_nothing_prints_it_even_when_a_task_fails_over_it(
    run: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    _, done = run
    assert MARKER not in done.stdout + done.stderr
    assert "StepFailed" in done.stdout and "ValueError at marked_run.py" in done.stdout


def test_every_log_line_is_json(run: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, done = run
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.strip()]
    assert any(line["logger"].startswith("prefect") for line in lines)
    assert all({"at", "level", "logger", "message"} <= set(line) for line in lines)


@pytest.mark.threat("stranger-prefect")
def test_every_process_talks_to_this_machine_alone(
    run: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    """With no switch set from outside: Prefect's server, its client and Great Expectations, in one run."""
    home, _ = run
    noted = [line.split("\t") for line in (home / "connections").read_text().splitlines()]
    assert sum(event == "begun" for _, event, _ in noted) >= 2
    assert sum(event == "socket.connect" for _, event, _ in noted) > 10
    assert {host for _, _, host in noted} <= {"'127.0.0.1'", "'::1'", "'localhost'", "None", "b'127.0.0.1'"}


def test_prefect_was_told_what_runs_and_when(run: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    home, _ = run
    with sqlite3.connect(home / "var" / "prefect" / "prefect.db") as prefect:
        told = prefect.execute(
            "SELECT d.entrypoint, s.schedule FROM deployment d JOIN deployment_schedule s "
            "ON s.deployment_id = d.id WHERE s.active AND NOT d.paused"
        ).fetchall()
    wanted = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
    assert sorted((entry, json.loads(schedule)["cron"]) for entry, schedule in told) == sorted(
        (one["entrypoint"], schedule["cron"])
        for one in wanted
        for schedule in one["schedules"]
        if schedule.get("active", True)  # no mailbox is set here
    )
