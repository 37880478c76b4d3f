"""Telling Prefect what prefect.yaml says: the work pool, and a deployment a flow with its schedules.

`prefect deploy --all` is not used: it leaves behind what prefect.yaml no longer lists, and asks the
network for names. Run in a process of its own: `python -m cli.deploying`.
"""

import importlib
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

POOL = "peer-challenge"
_STARTING = timedelta(minutes=1)
_FILE = Path(__file__).resolve().parent.parent / "prefect.yaml"


def deploy(file: Path = _FILE) -> list[str]:
    """Bring Prefect to what `file` says; returns the names of the deployments. Can be run at any time."""
    from prefect.client.orchestration import SyncPrefectClient, get_client
    from prefect.client.schemas.sorting import DeploymentSort

    wanted = yaml.safe_load(file.read_text(encoding="utf-8").replace("{{ $PEER_CHALLENGE_CODE }}", _code()))
    with get_client(sync_client=True) as client:
        assert isinstance(client, SyncPrefectClient)
        _make_pool(client)
        for one in wanted["deployments"]:
            _make(client, one, wanted["pull"])
        names = [one["name"] for one in wanted["deployments"]]
        for known in client.read_deployments(limit=200, sort=DeploymentSort.NAME_ASC):
            if known.work_pool_name == POOL and known.name not in names:
                client.delete_deployment(known.id)
    return names


def _code() -> str:
    return os.environ.get("PEER_CHALLENGE_CODE", str(_FILE.parent))


def _make_pool(client: Any) -> None:
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.workers.process import ProcessWorker

    template = ProcessWorker.get_default_base_job_template()
    client.create_work_pool(
        WorkPoolCreate(name=POOL, type="process", base_job_template=template), overwrite=True
    )


def _make(client: Any, one: dict[str, Any], pull: list[dict[str, Any]]) -> None:
    from prefect.client.schemas.objects import ConcurrencyOptions
    from prefect.utilities.callables import parameter_schema

    module, _, name = one["entrypoint"].rpartition(".")
    flow = getattr(importlib.import_module(module), name)
    limit = one.get("concurrency_limit") or {}
    strategy = limit.get("collision_strategy")
    client.create_deployment(
        flow_id=client.create_flow(flow),
        name=one["name"],
        description=one["description"],
        entrypoint=one["entrypoint"],
        schedules=[_schedule(schedule) for schedule in one["schedules"]],
        concurrency_limit=limit.get("limit"),
        concurrency_options=ConcurrencyOptions(collision_strategy=strategy) if strategy else None,
        work_pool_name=one["work_pool"]["name"],
        work_queue_name=one["work_pool"]["work_queue_name"],
        job_variables=one["work_pool"]["job_variables"],
        pull_steps=pull,
        parameter_openapi_schema=parameter_schema(flow).model_dump_for_openapi(),
    )


def _schedule(told: dict[str, Any]) -> Any:
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.client.schemas.schedules import CronSchedule

    return DeploymentScheduleCreate(
        schedule=CronSchedule(cron=told["cron"], timezone=told["timezone"]), slug=told["slug"]
    )


def end_dead_runs() -> list[str]:
    """Say of runs that never ended and whose process is gone that they crashed; returns their names.

    A power cut leaves them: they would be taken for running, and hold the places of those that are due.
    For a worker that starts: what another machine's runs at the moment may be among them, and the next
    run does its work.
    """
    from prefect.client.orchestration import SyncPrefectClient, get_client
    from prefect.client.schemas import filters
    from prefect.client.schemas.objects import StateType
    from prefect.states import Crashed

    unended = filters.FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING])
    just_now = datetime.now(UTC) - _STARTING  # what has no process yet may be about to get one
    ours = filters.WorkPoolFilter(name=filters.WorkPoolFilterName(any_=[POOL]))
    ended = []
    with get_client(sync_client=True) as client:
        assert isinstance(client, SyncPrefectClient)
        for run in client.read_flow_runs(
            flow_run_filter=filters.FlowRunFilter(state=filters.FlowRunFilterState(type=unended)),
            work_pool_filter=ours,
        ):
            is_new = run.state is not None and run.state.timestamp > just_now
            is_starting = is_new and run.infrastructure_pid is None
            if not is_starting and not _is_alive(run.infrastructure_pid):
                client.set_flow_run_state(run.id, Crashed(message="Its process is gone."))
                ended.append(run.name)
    return ended


def _is_alive(pid: str | None) -> bool:
    """Whether a run's process is on this machine; another that has its number by now does not count."""
    try:
        return pid is not None and b"prefect" in Path("/proc", pid, "cmdline").read_bytes()
    except OSError:
        return False


if __name__ == "__main__":
    deploy()
    end_dead_runs()
    sys.exit(0)
