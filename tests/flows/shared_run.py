"""A real Prefect whose intake runs on two Dask workers: `python -m tests.flows.shared_run HOME`.

Run by test_dask.py in a process of its own.
"""

import os
import sys
from pathlib import Path

from cli.local_prefect import local_prefect
from cli.prefect_home import prepare_prefect
from peer_challenge.settings import load_settings
from tests.faults import kills


def main(home: Path) -> None:
    os.environ |= {"PEER_CHALLENGE_DASK": "local", "PEER_CHALLENGE_INTAKES": "2"}
    os.environ |= {"PEER_CHALLENGE_SETTLE_SECONDS": "0", "PEER_CHALLENGE_APPROVE_AUTOMATICALLY": "1"}
    prepare_prefect(load_settings(home), quiet=True)
    with local_prefect() as server:
        from flows.intake import intake

        server.wait()
        print(type(intake.task_runner).__name__, intake(str(home), kills.AT.isoformat()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
