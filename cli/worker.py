"""The worker: it runs the deployments of prefect.yaml, each by a command of its own, and nothing else.

Anybody who has the password of Prefect's server may change every deployment, run and work pool there. So
the worker takes one thing from the server: which of our flows is due. It refuses a run that is not exactly
what prefect.yaml says, and never uses what a run says about commands, environment, code or parameters.
`python -m cli.worker` starts it, in the environment that `peer-challenge serve` makes.
"""

import asyncio
import contextlib
import os
import signal
import sys
from typing import Any
from uuid import UUID

import anyio
import anyio.abc
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, WorkPool
from prefect.client.schemas.responses import DeploymentResponse
from prefect.exceptions import InfrastructureNotAvailable
from prefect.states import Cancelled
from prefect.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult

from cli.deployments import POOL, POOL_TEMPLATE, POOL_TYPE, read_deployments
from cli.flow_run import MODULE, RUN_ID
from cli.switch_mailbox_schedule import begin_to_follow
from peer_challenge.errors import PeerChallengeError
from peer_challenge.paths import ROOT
from peer_challenge.system.end_with_parent import Tie, end_with_starter

_LOOK_SECONDS = 5  # how often it asks whether a run that goes on is to be cancelled
_GRACE_SECONDS = 5  # for a run to end what it began; half of the worker's own time to end
_END_SECONDS = 10  # less than `serve` waits before it kills


class RunRefused(PeerChallengeError):
    """A run is not one that this service asked for."""

    exit_code = 64
    remedy = (
        "If nobody changed anything on Prefect's page, start the service again: that brings its deployments "
        "back to what they were. Else change Prefect's password too."
    )


def list_differences(
    run: FlowRun, deployment: DeploymentResponse, flow_name: str, pool: WorkPool
) -> list[str]:
    """What differs between prefect.yaml and a run, its deployment and its work pool; quotes no contents."""
    ours = read_deployments().get(deployment.name)
    if ours is None or flow_name != ours.name:
        return ["its deployment is none of ours"]
    nothing = {
        "the run has job variables": run.job_variables,
        "the run has parameters": run.parameters,
        "the run names infrastructure": run.infrastructure_document_id,
        "the deployment has job variables": deployment.job_variables,
        "the deployment has parameters": deployment.parameters,
        "the deployment has steps before it": _is_other_step(deployment.pull_steps),
        "the deployment names a folder": deployment.path,
        "the deployment names a place of code": deployment.storage_document_id,
        "the deployment names infrastructure": deployment.infrastructure_document_id,
    }
    found = [what for what, value in nothing.items() if value]
    if deployment.entrypoint != ours.entrypoint:
        found.append("the deployment has another entry point")
    if pool.type != POOL_TYPE or pool.base_job_template != POOL_TEMPLATE:
        found.append("the work pool is not as we made it")
    return found


def _is_other_step(steps: list[dict[str, Any]] | None) -> bool:
    """Whether a deployment has other steps than the one that `prefect deploy` always adds: go to our folder.

    No step is ever taken. A run's process starts in that folder by itself.
    """
    ours = {"prefect.deployments.steps.set_working_directory": {"directory": str(ROOT)}}
    return bool(steps) and steps != [ours]


class RunConfiguration(BaseJobConfiguration):
    """How a run is run: by the name of one of our deployments, from which the worker makes the command."""

    deployment: str = ""

    @classmethod
    async def resolve_for_flow_run(
        cls,
        flow_run: FlowRun,
        *,
        client: PrefectClient,
        work_pool: WorkPool,
        worker_name: str,
        worker_id: UUID | None = None,
        deployment: DeploymentResponse | None = None,
    ) -> "RunConfiguration":
        """The configuration of a run that is ours. Raises RunRefused before any other is used."""
        if flow_run.deployment_id is None:
            raise RunRefused("Refused: it belongs to no deployment.")
        deployment = deployment or await client.read_deployment(flow_run.deployment_id)
        flow = await client.read_flow(flow_run.flow_id)
        # what the worker knows of the pool is up to half a minute old
        work_pool = await client.read_work_pool(work_pool.name)
        differences = list_differences(flow_run, deployment, flow.name, work_pool)
        if differences:
            raise RunRefused(f"Refused: {'; '.join(differences)}.")
        made = cls(deployment=deployment.name)
        made.prepare_for_flow_run(flow_run, deployment, flow, work_pool, worker_name, worker_id)
        return made


class RunResult(BaseWorkerResult):
    """How the process of a run ended."""


class OwnFlowsWorker(BaseWorker[RunConfiguration, BaseVariables, RunResult]):
    """Runs our flows, each in a process of its own."""

    type = POOL_TYPE
    job_configuration = RunConfiguration
    job_configuration_variables = BaseVariables
    _display_name = "Peer Challenge"
    _description = "Runs the flows of Peer Challenge, and nothing else."

    def __init__(self, *given: Any, **named: Any) -> None:
        """Take what any Prefect worker takes."""
        super().__init__(*given, **named)
        self._running: dict[str, asyncio.subprocess.Process] = {}

    @classmethod
    def get_default_base_job_template(cls) -> dict[str, Any]:
        """The work pool's template: no variables."""
        return POOL_TEMPLATE

    async def run(
        self,
        flow_run: FlowRun,
        configuration: RunConfiguration,
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> RunResult:
        """Run a flow in a process until it has ended or was cancelled on Prefect's page."""
        tie = Tie()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", MODULE, configuration.deployment),
            cwd=ROOT,
            env=os.environ | {RUN_ID: str(flow_run.id)} | tie.environment,
            pass_fds=[tie.handle],
        )
        tie.hand_over()
        pid = str(process.pid)
        self._running[pid] = process
        if task_status is not None:
            task_status.started(process.pid)
        try:
            is_cancelled = await self._wait_for(process, flow_run.id)
        finally:
            with anyio.CancelScope(shield=True):
                await _end_process(process)
            tie.cut()
            del self._running[pid]
        if is_cancelled:
            await self.client.set_flow_run_state(flow_run.id, Cancelled(), force=True)
        return RunResult(identifier=pid, status_code=0 if is_cancelled else process.returncode or 0)

    async def _wait_for(self, process: asyncio.subprocess.Process, run_id: UUID) -> bool:
        """Wait until a run's process has ended; or until it is to be cancelled, and say so."""
        while process.returncode is None:
            with anyio.move_on_after(_LOOK_SECONDS):
                await process.wait()
                break
            with contextlib.suppress(Exception):  # a server that is away cancels nothing
                state = (await self.client.read_flow_run(run_id)).state
                if state is not None and state.is_cancelling():
                    return True
        return False

    async def kill_infrastructure(
        self, infrastructure_pid: str, configuration: RunConfiguration, grace_seconds: int = 30
    ) -> None:
        """End a run's process, if this worker began it: the number is the server's word, and could be any."""
        process = self._running.get(infrastructure_pid)
        if process is None:
            raise InfrastructureNotAvailable("This worker did not begin that process.")
        await _end_process(process)


async def _end_process(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
        with anyio.move_on_after(_GRACE_SECONDS):
            await process.wait()
        if process.returncode is None:
            process.kill()
            await process.wait()


def _stop_on_signal(_number: int, _frame: object) -> None:
    """End as on Ctrl-C, but in limited time, because the server that would be told may be gone."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.alarm(_END_SECONDS)
    signal.raise_signal(signal.SIGINT)


def main() -> None:
    """Work until stopped."""
    signal.signal(signal.SIGTERM, _stop_on_signal)
    end_with_starter()
    begin_to_follow()
    worker = OwnFlowsWorker(work_pool_name=POOL, create_pool_if_not_found=False)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(worker.start(printer=lambda _: None))  # `serve` says what runs


if __name__ == "__main__":
    main()
