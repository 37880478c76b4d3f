"""What arrives goes through a run that Prefect lists, whose tasks read as the process does."""

import json
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from peer_challenge.paths import ROOT
from tests import waiting
from tests.faults import kills

INTAKE = ("claim files", "read", "validate", "record")
ADVANCE = ("check evidence", "propose partners", "set dates", "propose events", "render", "issue")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Prefect's API lists after a watcher took in documents before, with and after its server."""
    home = tmp_path_factory.mktemp("watched") / "office"
    command = [sys.executable, "-W", "ignore", "-m", "tests.flows.watched_run", str(home)]
    done = waiting.run(command, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer | {"home": str(home), "said": done.stderr}


def _names(told: dict[str, Any]) -> list[str]:
    """The names of the last run's tasks in order, each once for several at a time."""
    last = told["tasks"][-1][2]
    return [name for name, _ in groupby(name for name, _, run in told["tasks"] if run == last)]


def test_an_arrival_is_a_run_of_intake_whose_tasks_read_as_the_process_does(told: dict[str, Any]) -> None:
    assert {told["flows"][flow] for flow, _, _ in told["runs"]} == {"intake"}
    assert {state for _, state, _ in told["runs"]} == {"COMPLETED"}
    assert {state for _, state, _ in told["tasks"]} == {"COMPLETED"}
    assert _names(told)[: len(INTAKE + ADVANCE)] == [*INTAKE, *ADVANCE]


def test_a_run_says_the_folder_it_works_in_and_no_more(told: dict[str, Any]) -> None:
    assert [parameters for _, _, parameters in told["runs"]] == [{"home": told["home"], "at": None}]


def test_each_step_leaves_a_table_worth_opening(told: dict[str, Any]) -> None:
    tables = {key: data for key, (data, _) in told["artifacts"].items()}
    assert set(tables) == {"came-in", "taken-in", "went-out"}, "nothing was found in a good form"
    assert [set(row) for row in tables["came-in"]] == [{"place", "document", "bytes"}]
    [taken] = tables["taken-in"]
    assert (taken["kind"], taken["outcome"], taken["version"]) == ("self_assessment", "accepted", "3")
    assert "receipt" in {row["kind"] for row in tables["went-out"]}


def test_what_arrives_without_a_server_is_answered_and_the_log_says_so(told: dict[str, Any]) -> None:
    assert told["answered"] == 4 + 3, "four areas, and three later versions of one"
    assert told["said"].count("Prefect's server is away") == 1, "no warning while it only starts"
    assert kills.wrongs(Path(told["home"]), kills.outbox_of(Path(told["home"])))[:1] == [
        "8 submissions, 8 of them different, where there are 5"
    ], "and nothing else is wrong"


@pytest.mark.threat("secret-words")
def test_no_name_of_a_file_reaches_prefect(told: dict[str, Any]) -> None:
    files = [path for path in (Path(told["home"]) / "var" / "prefect").rglob("*") if path.is_file()]
    assert any(b"claim files" in path.read_bytes() for path in files)
    assert not [path.name for path in files if b"during.docx" in path.read_bytes()]
