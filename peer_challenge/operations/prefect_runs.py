"""The runs of flows according to Prefect's server: what ran last, and which is stuck or late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx

from peer_challenge.operations import prefect_access
from peer_challenge.settings import Settings

STUCK_AFTER = timedelta(minutes=15)
"""A run takes seconds; one that reads a hundred documents takes minutes."""
LATE_AFTER = timedelta(minutes=20)
"""A worker takes up a run within seconds; one that is started again needs a few minutes."""
NO_ANSWER = (httpx.HTTPError, ValueError, OSError)
"""What is raised when Prefect's server refuses, does not answer, or answers in no way that can be read."""

_WAITING = ("PENDING", "SCHEDULED")
_FAILED = ("FAILED", "CRASHED")


@dataclass(frozen=True, slots=True)
class FlowRun:
    """One run of a flow. `state` is Prefect's word for people, `seconds` how long it has run."""

    id: str
    name: str
    state: str
    started_at: datetime | None
    seconds: int
    is_stuck: bool
    is_late: bool
    flow_id: str = ""
    has_failed: bool = False


def read_last_runs(url: str, settings: Settings, *, seconds: float) -> list[FlowRun]:
    """The ten newest runs that have begun. Raises one of NO_ANSWER."""
    wanted = {
        "limit": 10,
        "sort": "EXPECTED_START_TIME_DESC",
        "flow_runs": {"state": {"type": {"not_any_": ["SCHEDULED"]}}},
    }
    return _read_runs(url, settings, wanted, seconds)


def read_unended_runs(url: str, settings: Settings, *, seconds: float) -> list[FlowRun]:
    """The runs that have not come to an end, the oldest 200 at most. Raises one of NO_ANSWER."""
    wanted = {
        "limit": 200,
        "sort": "EXPECTED_START_TIME_ASC",
        "flow_runs": {"state": {"type": {"any_": ["RUNNING", *_WAITING]}}},
    }
    return _read_runs(url, settings, wanted, seconds)


def read_failed_runs(url: str, settings: Settings, *, seconds: float) -> list[FlowRun]:
    """The newest ended run of each flow, if it failed: no later run has done its work.

    Of the newest 200 runs that have ended. Raises one of NO_ANSWER.
    """
    wanted = {
        "limit": 200,
        "sort": "END_TIME_DESC",
        "flow_runs": {"state": {"type": {"any_": ["COMPLETED", *_FAILED]}}},
    }
    newest: dict[str, FlowRun] = {}
    for run in _read_runs(url, settings, wanted, seconds):
        newest.setdefault(run.flow_id, run)
    return [run for run in newest.values() if run.has_failed]


def _read_runs(url: str, settings: Settings, wanted: Mapping[str, object], seconds: float) -> list[FlowRun]:
    now = datetime.now(UTC)  # Prefect keeps no simulated time
    return [
        parse_flow_run(told, now)
        for told in prefect_access.read_flow_runs(url, settings, wanted, seconds=seconds)
    ]


def parse_flow_run(told: prefect_access.FlowRunJson, now: datetime) -> FlowRun:
    """A flow run from Prefect's JSON; whether it is stuck or late is judged at the time `now`."""
    state, started = told.get("state_type"), _parse_time_field(told.get("start_time"))
    expected = _parse_time_field(told.get("expected_start_time"))
    running = now - started if started and state == "RUNNING" else timedelta()
    waiting = now - expected if expected and state in _WAITING else timedelta()
    return FlowRun(
        id=str(told.get("id", "")),
        name=str(told.get("name", "")),
        state=str(told.get("state_name") or "unknown"),
        started_at=started,
        seconds=round(running.total_seconds() or told.get("total_run_time") or 0),
        is_stuck=running > STUCK_AFTER,
        is_late=waiting > LATE_AFTER,
        flow_id=str(told.get("flow_id", "")),
        has_failed=state in _FAILED,
    )


def _parse_time_field(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
