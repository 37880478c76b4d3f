"""`prefect deploy --all` may be used as Prefect's users know it: the worker runs what it makes."""

import json
import sys
from pathlib import Path

from cli.deployments import read_deployments
from peer_challenge.paths import ROOT
from tests import waiting


def test_prefect_s_own_command_applies_prefect_yaml(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.flows.deployed_run", str(tmp_path)]
    done = waiting.run(command, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert told["code"] == 0, told["said"]
    ours = read_deployments()
    assert told["differences"] == {name: [] for name in ours}
    assert told["schedules"] == {
        name: [
            [schedule["slug"], schedule["cron"], schedule.get("active", True)] for schedule in one.schedules
        ]
        for name, one in ours.items()
    }
