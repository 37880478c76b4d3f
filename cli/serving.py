"""What `peer-challenge serve` does: every process that runs unattended, started and kept running."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from cli.prefect_home import prepare
from cli.shared import console
from peer_challenge.policy import Access
from peer_challenge.register import people
from peer_challenge.register.database import migrate, open_register
from peer_challenge.settings import Settings, load_settings

CODE = Path(__file__).resolve().parent.parent
_PREFECT_URL = "http://127.0.0.1:4200/api"
_START_SECONDS = 60
_OFFICE_EMAIL = "office@localhost"


@dataclass(slots=True)
class _Process:
    """One process that is kept running."""

    name: str
    command: list[str]
    running: subprocess.Popen[bytes] | None = None
    started: float = field(default=0.0)

    def start(self) -> None:
        self.running = subprocess.Popen(self.command, cwd=CODE, env=os.environ)
        self.started = time.monotonic()

    def keep(self) -> None:
        """Start it again when it has ended, but not in a tight loop."""
        if (
            self.running is not None
            and self.running.poll() is not None
            and time.monotonic() - self.started > 5
        ):
            console.print(
                f"{self.name} ended ({self.running.returncode}); starting it again.", highlight=False
            )
            self.start()

    def stop(self) -> None:
        if self.running is not None and self.running.poll() is None:
            self.running.send_signal(signal.SIGTERM)

    def wait(self) -> None:
        if self.running is not None:
            try:
                self.running.wait(15)
            except subprocess.TimeoutExpired:
                self.running.kill()


def serve_all(home: Path | None) -> None:
    """Run everything until interrupted."""
    settings = load_settings(home)
    migrate(settings)
    prepare(settings)
    os.environ.setdefault("PREFECT_API_URL", _PREFECT_URL)
    os.environ.setdefault("PEER_CHALLENGE_CODE", str(CODE))
    _first_person(settings)
    processes = _processes(settings)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _start(processes[0], lambda: _is_up(os.environ["PREFECT_API_URL"] + "/health"))
        _deploy()
        for process in processes[1:]:
            process.start()
        console.print(f"Dashboard     http://{settings.host}:{settings.port}/", highlight=False)
        console.print(f"Prefect page  {os.environ['PREFECT_API_URL'].removesuffix('/api')}/", highlight=False)
        console.print("Stop with Ctrl-C.", highlight=False)
        while True:
            time.sleep(1)
            for process in processes:
                process.keep()
    finally:
        for process in reversed(processes):
            process.stop()
        for process in reversed(processes):
            process.wait()


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _processes(settings: Settings) -> list[_Process]:
    prefect = [sys.executable, "-m", "prefect"]
    ours = [sys.executable, "-m", "cli"]
    return [
        _Process("Prefect server", [*prefect, "server", "start", "--host", "127.0.0.1", "--port", "4200"]),
        _Process("worker", [*prefect, "worker", "start", "--pool", "peer-challenge", "--type", "process"]),
        _Process("watcher", [*ours, "watch", "--home", str(settings.home)]),
        _Process(
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


def _start(process: _Process, is_up: Callable[[], bool]) -> None:
    process.start()
    until = time.monotonic() + _START_SECONDS
    while not is_up():
        if time.monotonic() > until:
            raise TimeoutError(f"{process.name} did not start within {_START_SECONDS} seconds")
        time.sleep(0.2)


def _is_up(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.HTTPError:
        return False


def _deploy() -> None:
    """Apply prefect.yaml: the work pool and the deployments with their schedules."""
    prefect = [sys.executable, "-m", "prefect", "--no-prompt"]
    quiet = {"stdout": subprocess.DEVNULL, "cwd": CODE}
    subprocess.run(
        [*prefect, "work-pool", "create", "peer-challenge", "--type", "process", "--overwrite"],
        check=True,
        **quiet,
    )  # type: ignore[call-overload]
    subprocess.run([*prefect, "deploy", "--all"], check=True, **quiet)  # type: ignore[call-overload]


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
        console.print(
            f"First sign-in: {_OFFICE_EMAIL}, one-time password {password}", highlight=False, markup=False
        )
        console.print("It is not shown again.", highlight=False)
    finally:
        register.close()
