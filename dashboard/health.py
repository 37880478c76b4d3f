"""How the installation is, for the System page: checks kept for a minute, and what Prefect last did."""

import os
import time
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import httpx

from dashboard.context import Office
from peer_challenge import __version__
from peer_challenge.doctor import Check, examine

_KEPT_SECONDS = 60
_STUCK_SECONDS = 15 * 60
_PACKAGES = ("prefect", "python-docx", "sqlalchemy", "fastapi", "pandas", "ortools")
_kept: dict[int, tuple[float, datetime, list[Check]]] = {}


def checks(office: Office, *, is_anew: bool) -> tuple[datetime, list[Check]]:
    """What `peer-challenge doctor` sees, and when it looked: not more than once a minute unless told to."""
    found = _kept.get(id(office.register))
    if found is None or is_anew or time.monotonic() - found[0] > _KEPT_SECONDS:
        found = (time.monotonic(), office.now(), examine(office.settings))
        _kept[id(office.register)] = found
    return found[1], found[2]


def versions() -> list[tuple[str, str]]:
    """What runs here, by name."""
    found = [("peer-challenge", __version__)]
    for name in _PACKAGES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return found


def prefect_page() -> str | None:
    """The address of Prefect's own page, where this process knows of one."""
    url = os.environ.get("PREFECT_API_URL", "")
    return url.removesuffix("/").removesuffix("/api") or None


def last_runs() -> list[dict[str, Any]] | None:
    """The newest flow runs: name, state, started, seconds, link, is_stuck; None without an answer."""
    page = prefect_page()
    if page is None:
        return None
    try:
        answer = httpx.post(
            f"{page}/api/flow_runs/filter",
            json={
                "limit": 10,
                "sort": "EXPECTED_START_TIME_DESC",
                "flow_runs": {"state": {"type": {"not_any_": ["SCHEDULED"]}}},
            },
            timeout=1.5,
        )
        answer.raise_for_status()
        return [_run(run, page) for run in answer.json()]
    except (httpx.HTTPError, ValueError):
        return None


def _run(run: dict[str, Any], page: str) -> dict[str, Any]:
    seconds = run.get("total_run_time") or 0
    begun = run.get("start_time")
    return {
        "name": run.get("name", ""),
        "state": run.get("state_name") or "unknown",
        "started": datetime.fromisoformat(begun) if begun else None,
        "seconds": round(seconds),
        "link": f"{page}/runs/flow-run/{run.get('id', '')}",
        "is_stuck": run.get("state_type") == "RUNNING" and seconds > _STUCK_SECONDS,
    }
