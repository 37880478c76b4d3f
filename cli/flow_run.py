"""One run of one of our flows, in the process that the worker starts for it: `python -m cli.flow_run NAME`.

What runs is this program's own flow of that name, with no parameters. Prefect's engine would ask the
server for both, and for steps to take before.
"""

import os
import signal
import sys
from uuid import UUID

from cli.deployments import load_flow, read_deployments
from peer_challenge.system.end_with_parent import end_with_starter

MODULE = "cli.flow_run"
RUN_ID = "PREFECT__FLOW_RUN_ID"


def run_flow_of(name: str, run_id: UUID) -> None:
    """Run the flow of the deployment `name` as the run that Prefect knows by `run_id`."""
    from prefect.engine import handle_engine_signals
    from prefect.flow_engine import load_flow_run, run_flow

    flow = load_flow(read_deployments()[name])
    with handle_engine_signals(run_id):
        run = load_flow_run(run_id).model_copy(update={"parameters": {}, "job_variables": None})
        run_flow(flow, flow_run=run, return_type="state")  # how it failed is in its state


if __name__ == "__main__":
    end_with_starter(
        signal.SIGKILL
    )  # at once: it may be cut off anywhere, and would wait for a server that is gone
    run_flow_of(sys.argv[1], UUID(os.environ[RUN_ID]))
