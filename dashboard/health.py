"""How the installation is, for the System page: checks kept for a minute, and what Prefect last did."""

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
from peer_challenge.operations.doctor import examine
from peer_challenge.operations.doctor_check import Check
from peer_challenge.operations.prefect_runs import NO_ANSWER, FlowRun, read_last_runs
from peer_challenge.settings import Settings

_KEPT_SECONDS = 60
_PACKAGES = ("prefect", "python-docx", "sqlalchemy", "fastapi", "pandas", "ortools")
Looked = tuple[datetime, list[Check], list[tuple[str, int]]]
_kept: dict[int, tuple[float, Looked]] = {}


def checks(office: Office, *, is_anew: bool) -> Looked:
    """When it was looked, what `peer-challenge doctor` sees, and where the space goes.

    Looked for not more than once a minute, unless told to.
    """
    kept = _kept.get(id(office.register))
    if kept is None or is_anew or time.monotonic() - kept[0] > _KEPT_SECONDS:
        kept = (
            time.monotonic(),
            (office.now(), examine(office.settings, office.now()), space(office)),
        )
        _kept[id(office.register)] = kept
    return kept[1]


def versions() -> list[tuple[str, str]]:
    """What runs here, by name."""
    found = [("peer-challenge", __version__), ("Python", platform.python_version())]
    for name in _PACKAGES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return found


def space(office: Office) -> list[tuple[str, int]]:
    """Where the disk's space goes: bytes by what it is, and what is free."""
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
    found = [(name, sum(_bytes_of(path) for path in paths)) for name, paths in places]
    return [*found, ("Free", shutil.disk_usage(settings.home).free)]


def _bytes_of(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    files = (Path(folder) / name for folder, _, names in os.walk(path) for name in names)
    return sum(map(_size_of, files))


def _size_of(file: Path) -> int:
    """The bytes of a file itself: what it links to is neither looked at nor waited for."""
    with contextlib.suppress(OSError):
        return file.lstat().st_size
    return 0  # taken away meanwhile


def prefect_page() -> str | None:
    """The address of Prefect's own page, where this process knows of one."""
    url = os.environ.get("PREFECT_API_URL", "")
    return url.removesuffix("/").removesuffix("/api") or None


def last_runs(settings: Settings) -> list[FlowRun] | None:
    """The newest flow runs; None where Prefect is not known of here, or does not answer."""
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
