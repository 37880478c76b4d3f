"""Telling Prefect what prefect.yaml says: the work pool, and for each flow a deployment with schedules.

`prefect deploy --all` works too, but is not used: it leaves behind what prefect.yaml no longer lists, and
asks the network for names. Run in a process of its own: `python -m cli.prefect_deployments`.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from cli.deployments import (
    NO_PARAMETERS,
    POOL,
    POOL_TEMPLATE,
    POOL_TYPE,
    Deployment,
    is_schedule_on,
    load_flow,
    read_deployments,
)
from cli.flow_run import MODULE
from peer_challenge.settings import Settings, load_settings

if TYPE_CHECKING:  # Prefect takes seconds to import
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.actions import DeploymentScheduleCreate

_STARTING = timedelta(minutes=1)
"""A run has no process for its first seconds, more on a busy machine: it must not be taken for a dead one."""


def apply_deployments() -> list[str]:
    """Make Prefect's work pool and deployments those of prefect.yaml; returns the deployments' names.

    It can run at any time. The mailbox's schedule is on where the settings name a mailbox. Deployments in our
    pool that prefect.yaml no longer lists are deleted.
    """
    from prefect.client.orchestration import SyncPrefectClient, get_client
    from prefect.client.schemas.sorting import DeploymentSort

    wanted, settings = read_deployments(), load_settings()
    with get_client(sync_client=True) as client:
        assert isinstance(client, SyncPrefectClient)
        _create_work_pool(client)
        ours = {_create_deployment(client, one, settings) for one in wanted.values()}
        for known in client.read_deployments(limit=200, sort=DeploymentSort.NAME_ASC):
            if known.work_pool_name == POOL and known.id not in ours:
                client.delete_deployment(known.id)
    return list(wanted)


def _create_work_pool(client: "SyncPrefectClient") -> None:
    """Make the work pool, or bring it back to what it has to be; one of another kind makes way."""
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectNotFound

    try:
        if client.read_work_pool(POOL).type != POOL_TYPE:
            client.delete_work_pool(POOL)
    except ObjectNotFound:
        pass
    client.create_work_pool(
        WorkPoolCreate(name=POOL, type=POOL_TYPE, base_job_template=POOL_TEMPLATE), overwrite=True
    )


def _create_deployment(client: "SyncPrefectClient", one: Deployment, settings: Settings) -> UUID:
    from prefect.client.schemas.objects import ConcurrencyOptions

    strategy = one.collision_strategy
    made: UUID = client.create_deployment(
        flow_id=client.create_flow(load_flow(one)),
        name=one.name,
        description=one.description,
        entrypoint=one.entrypoint,
        schedules=[
            _build_schedule(schedule, is_schedule_on(one, schedule, settings)) for schedule in one.schedules
        ],
        concurrency_limit=one.concurrency_limit,
        concurrency_options=ConcurrencyOptions(collision_strategy=strategy) if strategy else None,
        work_pool_name=POOL,
        work_queue_name="default",
        parameter_openapi_schema=NO_PARAMETERS,
        enforce_parameter_schema=True,
    )
    return made


def _build_schedule(told: dict[str, str | bool], is_on: bool) -> "DeploymentScheduleCreate":
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.client.schemas.schedules import CronSchedule

    return DeploymentScheduleCreate(
        schedule=CronSchedule(cron=str(told["cron"]), timezone=str(told["timezone"])),
        slug=str(told["slug"]),
        active=is_on,
    )


def end_dead_runs() -> list[str]:
    """Mark runs that never ended and whose process is gone as crashed; returns their names.

    A power cut leaves such runs: Prefect would take them for running, and they would hold the places of runs
    that are due. This is for a worker that starts. A run that another machine has at the moment may be among
    them; the next run does its work.
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
            if not is_starting and not _is_process_alive(run.infrastructure_pid):
                client.set_flow_run_state(run.id, Crashed(message="Its process is gone."))
                ended.append(run.name)
    return ended


def _is_process_alive(pid: str | None) -> bool:
    """Whether a run's process is on this machine; another that has its number by now does not count."""
    if pid is None or not pid.isdecimal():  # the server's word, which is no path of ours
        return False
    try:
        return MODULE.encode() in Path("/proc", pid, "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def _keep_asking(work: Callable[[], object]) -> None:
    """Do what can be done again, until Prefect's server has taken it.

    A busy server answers 503, as its database is locked for a moment. We wait longer each time, for about
    eight minutes: one that is still busy then has something else the matter.
    """
    from prefect.exceptions import PrefectHTTPStatusError

    for pause in (*range(1, 31), 0):
        try:
            work()
            return
        except PrefectHTTPStatusError as error:
            if error.response.status_code != HTTPStatus.SERVICE_UNAVAILABLE or not pause:
                raise
        time.sleep(pause)


if __name__ == "__main__":
    _keep_asking(apply_deployments)
    _keep_asking(end_dead_runs)
    sys.exit(0)
