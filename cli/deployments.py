"""What prefect.yaml says: the deployments of this service, and the only ones its worker runs."""

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from peer_challenge.paths import ROOT
from peer_challenge.settings import Settings

if TYPE_CHECKING:  # Prefect takes seconds to import
    from prefect import Flow

POOL = "peer-challenge"
POOL_TYPE = "peer-challenge"
POOL_TEMPLATE: dict[str, Any] = {
    "job_configuration": {"labels": {}},  # Prefect takes none that is empty
    "variables": {"type": "object", "properties": {}, "additionalProperties": False},
}
"""What a run may say about how it is to be run: nothing. Its command and environment are the worker's."""

NO_PARAMETERS: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}
"""What a run may say about what it works on: nothing. It works on the worker's own installation, now."""

_FILE = next(
    path for path in (ROOT / "prefect.yaml", ROOT / "flows" / "prefect.yaml") if path.is_file()
)  # a wheel has it beside the flows


@dataclass(frozen=True, slots=True)
class Deployment:
    """One of our flows, and when it runs. Its flow has the same name. `concurrency_limit`: None for none.

    A schedule that is not `active` is switched on by what it needs: see `is_schedule_on`.
    """

    name: str
    description: str
    entrypoint: str
    schedules: tuple[dict[str, str | bool], ...]
    concurrency_limit: int | None = None
    collision_strategy: str | None = None


def read_deployments(file: Path = _FILE) -> dict[str, Deployment]:
    """The deployments of prefect.yaml by their names."""
    told = yaml.safe_load(file.read_text(encoding="utf-8"))["deployments"]
    return {one["name"]: _build_deployment(one) for one in told}


def _build_deployment(one: dict[str, Any]) -> Deployment:
    limit = one.get("concurrency_limit") or {}
    return Deployment(
        name=one["name"],
        description=one["description"],
        entrypoint=one["entrypoint"],
        schedules=tuple(one["schedules"]),
        concurrency_limit=limit.get("limit"),
        collision_strategy=limit.get("collision_strategy"),
    )


def is_schedule_on(deployment: Deployment, schedule: dict[str, str | bool], settings: Settings) -> bool:
    """Whether a schedule runs in an installation with these settings: the mailbox's where one is set."""
    is_needed = deployment.name == "mailbox" and bool(settings.imap_host)
    return is_needed or bool(schedule.get("active", True))


def load_flow(deployment: Deployment) -> "Flow[..., object]":
    """The flow of a deployment, from this program's own code."""
    module, _, name = deployment.entrypoint.rpartition(".")
    flow: Flow[..., object] = getattr(importlib.import_module(module), name)
    return flow
