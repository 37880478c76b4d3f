"""A watcher with a real Prefect that goes and comes back: `python -m tests.flows.watched_run HOME`.

Run by test_runs.py in a process of its own. Prints, as JSON, what Prefect's API then lists.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from cli.local_prefect import local_prefect
from cli.prefect_home import prepare_prefect
from cli.watch_inbox import Watcher
from peer_challenge.model.vocabulary import Kind
from peer_challenge.operations import prefect_access
from peer_challenge.register.database import open_register
from peer_challenge.settings import Settings, load_settings
from tests.factories import a_filled
from tests.faults import kills
from tests.fill_form import fill_form

_ENDED = {"COMPLETED", "FAILED", "CRASHED"}
_LAST = "issue-"
"""How the name of the last task begins that an arrival which is answered makes."""


def main(home: Path) -> None:
    os.environ |= {"PEER_CHALLENGE_SETTLE_SECONDS": "0", "PEER_CHALLENGE_APPROVE_AUTOMATICALLY": "1"}
    kills.make(home)
    prepare_prefect(load_settings(home))
    with local_prefect() as server:
        os.environ["PEER_CHALLENGE_PREFECT_AUTH"] = server.access["PREFECT_API_AUTH_STRING"]
        settings = load_settings(home)
        watcher = Watcher(settings, register := open_register(settings))
        _drop(settings, "before.docx", "The three partners met before Prefect did.")
        assert watcher.look_once()  # Prefect's server is still starting, or has just started
        server.wait()
        _drop(settings, "during.docx", "The three partners chair in turn.")
        assert watcher.look_once()
        assert watcher.look_once(), "an empty inbox"
        told = _runs_of(server.api_url, settings)
    _drop(settings, "after.docx", "The three partners chair no longer.")
    assert watcher.look_once()
    register.close()
    told["answered"] = sum("Receipt" in path for path in kills.outbox_of(home))
    print(json.dumps(told))


def _drop(settings: Settings, name: str, said: str) -> None:
    form = fill_form(a_filled(Kind.SELF_ASSESSMENT, areas=4), {("leadership/equal-duty", "strengths"): said})
    (settings.inbox_folder / name).write_bytes(form)


def _runs_of(url: str, settings: Settings) -> dict[str, Any]:
    """The runs, their tasks in order, and the artifacts, once all tasks have been noted as ended."""
    with prefect_access._open_http_client(url, prefect_access.read_password(settings), 60) as client:
        headers = prefect_access._csrf_headers(client)

        def ask(what: str, **wanted: Any) -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = client.post(f"/{what}/filter", json=wanted, headers=headers).json()
            return found

        while True:
            tasks = ask("task_runs", sort="EXPECTED_START_TIME_ASC")
            is_noted = any(
                task["name"].startswith(_LAST) for task in tasks
            )  # the server notes them in batches
            if is_noted and all(task["state_type"] in _ENDED for task in tasks):
                break
            time.sleep(0.2)
        return {
            "runs": [[run["flow_id"], run["state_type"], run["parameters"]] for run in ask("flow_runs")],
            "flows": {flow["id"]: flow["name"] for flow in ask("flows")},
            "tasks": [
                [task["name"].rpartition("-")[0], task["state_type"], task["flow_run_id"]] for task in tasks
            ],
            "artifacts": {
                artifact["key"]: [json.loads(artifact["data"]), artifact["description"]]
                for artifact in ask("artifacts")
            },
        }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
