"""`prefect deploy --all` with our prefect.yaml on a real server: `python -m tests.flows.deployed_run HOME`.

Run by test_deploy_all.py in a process of its own. Prints, as JSON, what the worker would object to in a run
of each deployment, and the schedules that Prefect then has.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from cli.deployments import POOL
from cli.local_prefect import local_prefect
from cli.prefect_home import prepare_prefect
from peer_challenge.paths import ROOT
from peer_challenge.settings import load_settings


def main(home: Path) -> None:
    """Apply prefect.yaml by our own command, as the service does, and then by Prefect's."""
    prepare_prefect(load_settings(home), quiet=True)
    with local_prefect() as server:
        server.wait()
        from cli.prefect_deployments import apply_deployments

        names = apply_deployments()
        command = [sys.executable, "-W", "ignore", "-m", "prefect", "--no-prompt", "deploy", "--all"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        print(json.dumps({"code": done.returncode, "said": done.stdout[-3000:]} | _look(names)))


def _look(names: list[str]) -> dict[str, Any]:
    from prefect.client.orchestration import SyncPrefectClient, get_client

    from cli.worker import list_differences

    differences, schedules = {}, {}
    with get_client(sync_client=True) as client:
        assert isinstance(client, SyncPrefectClient)
        pool = client.read_work_pool(POOL)
        for name in names:
            deployment = client.read_deployment_by_name(f"{name}/{name}")
            run = client.create_flow_run_from_deployment(deployment.id)
            differences[name] = list_differences(run, deployment, name, pool)
            schedules[name] = [[one.slug, one.schedule.cron, one.active] for one in deployment.schedules]
    return {"differences": differences, "schedules": schedules}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
