"""What `peer-challenge serve` does: every process that runs unattended, started and kept running."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx

from cli.local_prefect import PrefectDidNotStart
from cli.prefect_home import check_closed, forget_locks, prepare
from cli.processes import CODE, CannotServe, Process, check_port
from cli.shared import console
from peer_challenge.errors import WrongUse
from peer_challenge.locks import file_lock, holder_of
from peer_challenge.policy import Access
from peer_challenge.register import people
from peer_challenge.register.database import migrate, open_register
from peer_challenge.settings import Settings, load_settings
from peer_challenge.temporary_files import keep_temporary_folder, own_temporary_folder

PARTS = ("server", "worker", "watcher", "dashboard")
_START_SECONDS = 120
_OFFICE_EMAIL = "office@localhost"


def serve_all(home: Path | None) -> None:
    """Run everything until interrupted. Raises CannotServe where that can't be, before anything starts."""
    settings = _begin(home)
    lock = settings.var / "serve.lock"
    with file_lock(lock) as is_ours:
        if not is_ours:
            raise CannotServe(
                f"{settings.home} is served already, by process {holder_of(lock) or 'unknown'}.",
                remedy=f"Open http://{settings.host}:{settings.port}/, or stop the other first: with Ctrl-C "
                "in its window, or the way it was started.",
            )
        check_port(settings.prefect_host, settings.prefect_port, "Prefect's server", "PREFECT_PORT")
        check_port(settings.host, settings.port, "the dashboard", "PORT")
        forget_locks()
        migrate(settings)
        _first_person(settings)
        with own_temporary_folder(settings):
            _keep_running(settings, _processes(settings))


def _keep_running(settings: Settings, processes: list[Process]) -> None:
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _start(processes[0], lambda: _is_up(os.environ["PREFECT_API_URL"] + "/health"))
        _deploy()
        for process in processes[1:]:
            process.start()
        is_told = False
        while True:
            is_told = is_told or _say_where(settings)
            time.sleep(1)
            for process in processes:
                process.keep()
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it is stopping
        for process in reversed(processes):
            process.stop()
        for process in reversed(processes):
            process.wait()


def _say_where(settings: Settings) -> bool:
    """Say where the pages are once the dashboard answers; whether that was said."""
    if not _is_up(f"http://{_asked_at(settings.host)}:{settings.port}/health/live"):
        return False
    console.print(f"Dashboard     http://{settings.host}:{settings.port}/", highlight=False)
    console.print(f"Prefect page  {os.environ['PREFECT_API_URL'].removesuffix('/api')}/", highlight=False)
    console.print("Stop with Ctrl-C.", highlight=False)
    return True


def serve_part(home: Path | None, part: str) -> None:
    """Become one of the processes, for machines on which something else keeps it running.

    `migrate` runs by itself, once, before any of them. Raises WrongUse for a part there is not.
    """
    settings = _begin(home)
    parts = dict(zip(PARTS, _processes(settings), strict=True))
    if part not in parts:
        raise WrongUse(f"There is no part {part}.", remedy="The parts: " + ", ".join(PARTS) + ".")
    if part == "server":
        check_port(settings.prefect_host, settings.prefect_port, "Prefect's server", "PREFECT_PORT")
        forget_locks()
    if part == "worker":
        _wait_for_prefect()
        _deploy()
    if part == "dashboard":
        check_port(settings.host, settings.port, "the dashboard", "PORT")
        _first_person(settings)
    if part != "watcher":  # which makes a folder for itself
        keep_temporary_folder(settings)  # others' accounts may use the same names in the machine's own
    os.chdir(CODE)
    os.execv(parts[part].command[0], parts[part].command)  # noqa: S606 (this is what it is for)


def _begin(home: Path | None) -> Settings:
    settings = load_settings(home)
    check_closed(settings)
    prepare(settings)
    os.environ.setdefault(
        "PREFECT_API_URL", f"http://{_asked_at(settings.prefect_host)}:{settings.prefect_port}/api"
    )
    os.environ.setdefault("PEER_CHALLENGE_CODE", str(CODE))
    return settings


def _asked_at(host: str) -> str:
    """Where this machine's own server is asked: one that listens everywhere listens here too."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104


def _wait_for_prefect() -> None:
    _until(lambda: _is_up(os.environ["PREFECT_API_URL"] + "/health"), "Prefect server")


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _processes(settings: Settings) -> list[Process]:
    prefect = [sys.executable, "-m", "prefect"]
    ours = [sys.executable, "-m", "cli"]
    return [
        Process(
            "Prefect server",
            [
                *prefect,
                "server",
                "start",
                "--host",
                settings.prefect_host,
                "--port",
                str(settings.prefect_port),
            ],
        ),
        Process("worker", [*prefect, "worker", "start", "--pool", "peer-challenge", "--type", "process"]),
        Process("watcher", [*ours, "watch", "--home", str(settings.home)]),
        Process(
            "dashboard",
            [
                sys.executable,
                "-m",
                "uvicorn",
                "--factory",
                "dashboard.asgi:application",
                "--host",
                settings.host,
                "--port",
                str(settings.port),
                "--log-level",
                "warning",
            ],
        ),
    ]


def _start(process: Process, is_up: Callable[[], bool]) -> None:
    process.start()
    _until(is_up, process.name, has_ended=lambda: process.has_ended)


def _until(is_up: Callable[[], bool], name: str, has_ended: Callable[[], bool] = lambda: False) -> None:
    until = time.monotonic() + _START_SECONDS
    while not is_up():
        if has_ended():
            raise PrefectDidNotStart(f"{name} ended as soon as it was started.")
        if time.monotonic() > until:
            raise PrefectDidNotStart(f"{name} did not start within {_START_SECONDS} seconds.")
        time.sleep(0.2)


def _is_up(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.HTTPError:
        return False


def _deploy() -> None:
    """Apply prefect.yaml, the work pool and the deployments with their schedules, and end dead runs."""
    done = subprocess.run([sys.executable, "-W", "ignore", "-m", "cli.deploying"], check=False, cwd=CODE)
    if done.returncode:
        raise PrefectDidNotStart("Prefect's server did not take the deployments of prefect.yaml.")


def _first_person(settings: Settings) -> None:
    """Make the office's first user, whose one-time password is printed here and nowhere else."""
    register = open_register(settings)
    try:
        with register.writing() as connection:
            if people.is_anybody_known(connection):
                return
            password = people.add_person(
                connection,
                _OFFICE_EMAIL,
                "Programme office",
                Access.OFFICE,
                at=datetime.now(UTC),
                actor="first start",
            )
        console.print(f"First sign-in: {_OFFICE_EMAIL}, one-time password {password}", highlight=False)
        console.print("It is not shown again.", highlight=False)
    finally:
        register.close()
