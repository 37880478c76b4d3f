"""Runs that a power cut left in Prefect's books: they stand in the way of no other."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.prefect_home import forget_locks, prepare_prefect
from peer_challenge.settings import load_settings
from tests import waiting


def main(home: Path) -> None:
    """In a process of its own: what becomes of runs whose process is gone, with a real server."""
    from cli.flow_run import MODULE
    from cli.local_prefect import local_prefect
    from cli.prefect_deployments import apply_deployments, end_dead_runs

    prepare_prefect(load_settings(home))
    with local_prefect() as server:
        server.wait()
        # imported before it knows its server, Prefect starts another of its own, and gives it 20 seconds
        from prefect.client.orchestration import SyncPrefectClient, get_client
        from prefect.states import Pending, Running

        apply_deployments()
        with get_client(sync_client=True) as client:
            assert isinstance(client, SyncPrefectClient)
            assert str(client.api_url).rstrip("/") == server.api_url
            of = client.read_deployment_by_name("advance/advance").id

            def begun(pid: int) -> str:
                run = client.create_flow_run_from_deployment(of)
                client.update_flow_run(run.id, infrastructure_pid=str(pid))
                client.set_flow_run_state(run.id, Pending())
                client.set_flow_run_state(run.id, Running())
                return str(client.read_flow_run(run.id).state_name)

            gone = subprocess.Popen(["true"])
            gone.wait()
            alive = subprocess.Popen([sys.executable, "-c", "input()", MODULE], stdin=subprocess.PIPE)
            said = [begun(gone.pid), begun(alive.pid), str(len(end_dead_runs()))]
            said += [begun(alive.pid), str(len(end_dead_runs()))]
            alive.communicate(b"\n")
    print(" ".join(said))


def test_a_run_whose_process_is_gone_holds_no_place_and_one_that_lives_does(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    command = [sys.executable, "-m", "tests.faults.test_dead_runs", tmp_path]
    done = waiting.run(command, env=environment, check=True)
    assert done.stdout.split() == ["Running", "AwaitingConcurrencySlot", "1", "Running", "0"]


def test_a_lock_that_a_killed_server_left_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    forget_locks()
    lock = tmp_path / "concurrency_leases" / "expirations.lock"
    lock.parent.mkdir()
    lock.write_text(str(os.getpid()))
    forget_locks()
    assert not lock.exists()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
