"""The state of the installation for the System page: checks kept for a minute, and Prefect's last runs."""

import contextlib
import os
import platform
import shutil
import time
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from dashboard.context import Office
from peer_challenge import __version__
from peer_challenge.operations.doctor import examine_installation
from peer_challenge.operations.doctor_check import Check
from peer_challenge.operations.prefect_runs import NO_ANSWER, FlowRun, read_last_runs
from peer_challenge.settings import Settings

_KEPT_SECONDS = 60
"""The checks read the journal and measure the disk: nobody waits for that at each look at the page."""
_PACKAGES = ("prefect", "python-docx", "sqlalchemy", "fastapi", "pandas", "ortools")
Looked = tuple[datetime, list[Check], list[tuple[str, int]]]
_kept: dict[int, tuple[float, Looked]] = {}


def run_health_checks(office: Office, *, is_anew: bool) -> Looked:
    """The time of the checks, what `peer-challenge doctor` finds, and what uses the disk's space.

    The checks run at most once a minute, unless `is_anew`.
    """
    kept = _kept.get(id(office.register))
    if kept is None or is_anew or time.monotonic() - kept[0] > _KEPT_SECONDS:
        kept = (
            time.monotonic(),
            (office.now(), examine_installation(office.settings, office.now()), measure_disk_space(office)),
        )
        _kept[id(office.register)] = kept
    return kept[1]


def list_versions() -> list[tuple[str, str]]:
    """The names and versions of this program, Python and the main packages."""
    found = [("peer-challenge", __version__), ("Python", platform.python_version())]
    for name in _PACKAGES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return found


def measure_disk_space(office: Office) -> list[tuple[str, int]]:
    """What uses the disk's space: bytes by name of the folder, and what is free."""
    settings = office.settings
    places = (
        ("Register", (settings.var / "register.db", settings.var / "register.db-wal")),
        ("Originals", (settings.archive_folder,)),
        ("Inbox", (settings.inbox_folder,)),
        ("Being read", (settings.intake_folder,)),
        ("Rejected", (settings.rejected_folder,)),
        ("Outbox", (settings.outbox_folder,)),
        ("Prefect", (settings.var / "prefect",)),
    )
    found = [(name, sum(_count_path_bytes(path) for path in paths)) for name, paths in places]
    return [*found, ("Free", shutil.disk_usage(settings.home).free)]


def _count_path_bytes(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    files = (Path(folder) / name for folder, _, names in os.walk(path) for name in names)
    return sum(map(_count_file_bytes, files))


def _count_file_bytes(file: Path) -> int:
    """The bytes of a file itself: what it links to is neither looked at nor waited for."""
    with contextlib.suppress(OSError):
        return file.lstat().st_size
    return 0  # taken away meanwhile


def prefect_page() -> str | None:
    """The address of Prefect's own page; None when this process does not know it."""
    url = os.environ.get("PREFECT_API_URL", "")
    return url.removesuffix("/").removesuffix("/api") or None


def last_runs(settings: Settings) -> list[FlowRun] | None:
    """The newest flow runs; None when Prefect's address is not known here, or it does not answer."""
    page = prefect_page()
    if page is None:
        return None
    try:
        return read_last_runs(f"{page}/api", settings, seconds=1.5)
    except NO_ANSWER:
        return None


def link_of_run(run: FlowRun) -> str:
    """The address of a run on Prefect's own page."""
    return f"{prefect_page()}/runs/flow-run/{run.id}"
