"""What `peer-challenge serve` does: every process that runs unattended, started and kept running."""

import os
import subprocess
import sys
import time
from pathlib import Path

from cli import prefect_app
from cli.keep_running import is_answering, is_page_up, keep_running
from cli.local_prefect import PrefectDidNotStart, begin_with_empty_database
from cli.open_browser import open_browser_when_up
from cli.prefect_home import check_closed, forget_locks, make_access_variables, prepare_prefect
from cli.processes import CannotServe, Process, check_port
from cli.terminal import console
from peer_challenge.clock import read_clock
from peer_challenge.errors import WrongUse
from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.operations.prefect_access import (
    find_prefect_api_url,
    make_password,
    read_password,
    takes_password,
)
from peer_challenge.operations.service_parts import LOCK
from peer_challenge.operations.temporary_files import keep_temporary_folder, own_temporary_folder
from peer_challenge.paths import ROOT
from peer_challenge.register import one_time_links, people
from peer_challenge.register.database import open_register
from peer_challenge.settings import Settings, load_settings
from peer_challenge.system.file_lock import file_lock, holder_of

PARTS = {"server": "Prefect server", "worker": "worker", "watcher": "watcher", "dashboard": "dashboard"}
"""What each part is called on the command line, and the name of its process."""
_DEPLOY = [sys.executable, "-W", "ignore", "-m", "cli.prefect_deployments"]
_START_SECONDS = 600  # a small machine that is busy takes minutes
_PAGE_FIRST_SECONDS = 15.0
"""How long the Prefect server, which takes a processor for many seconds, leaves it to the page to come up."""
_OFFICE_EMAIL = "office@localhost"


def serve_all(home: Path | None) -> None:
    """Run everything until interrupted.

    Raises CannotServe before anything starts, where another service runs here or a port can't be used.
    """
    settings = _load_and_prepare(home)
    lock = settings.var / LOCK
    with file_lock(lock) as is_ours:
        if not is_ours:
            raise CannotServe(
                f"{settings.home} is served already, by process {holder_of(lock) or 'unknown'}.",
                remedy=f"Open {settings.dashboard_url}/, or stop the other first: with Ctrl-C "
                "in its window, or the way it was started.",
            )
        check_port(settings.prefect_host, settings.prefect_port, "Prefect's server", "PREFECT_PORT")
        check_port(settings.host, settings.port, "the dashboard", "PORT")
        _make_ready_for_server(settings)
        migrate_installation(settings)
        link = _make_first_link(settings)
        with own_temporary_folder(settings) as folder:
            if link:
                open_browser_when_up(settings, link, folder)
            keep_running(settings, processes_of(settings, make_password(settings)))


def serve_part(home: Path | None, part: str) -> None:
    """Become one of the service's processes, on a machine where something else keeps it running.

    `migrate` runs by itself, once, before any of them. Raises WrongUse when there is no such part.
    """
    if part not in PARTS:
        raise WrongUse(f"There is no part {part}.", remedy="The parts: " + ", ".join(PARTS) + ".")
    settings = _load_and_prepare(home)
    password = ""
    if part == "server":
        check_port(settings.prefect_host, settings.prefect_port, "Prefect's server", "PREFECT_PORT")
        _make_ready_for_server(settings)
        password = make_password(settings)
    if part == "worker":
        password = _wait_for_prefect(settings)
        _apply_deployments(_make_prefect_access(password))
    if part == "dashboard":
        check_port(settings.host, settings.port, "the dashboard", "PORT")
        _make_first_link(settings)
    if part != "watcher":  # which makes a folder for itself
        keep_temporary_folder(settings)  # others' accounts may use the same names in the machine's own
    process = next(one for one in processes_of(settings, password) if one.name == PARTS[part])
    os.chdir(ROOT)
    os.execve(process.command[0], process.command, os.environ | process.secrets)  # noqa: S606 (what it is for)


def _load_and_prepare(home: Path | None) -> Settings:
    settings = load_settings(home)
    check_closed(settings)
    prepare_prefect(settings)
    os.environ.setdefault("PREFECT_API_URL", find_prefect_api_url(settings))
    return settings


def _make_ready_for_server(settings: Settings) -> None:
    forget_locks()
    if settings.prefect_database_url is None:
        begin_with_empty_database()


def _make_prefect_access(password: str) -> dict[str, str]:
    return make_access_variables(password, os.environ["PREFECT_API_URL"].removesuffix("/api"))


def _wait_for_prefect(settings: Settings) -> str:
    """Wait until a server answers to the password that it left for us; return that.

    One from before may lie there still: the server that starts now replaces it.
    """
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() <= until:
        password = read_password(settings)
        if password is not None and takes_password(os.environ["PREFECT_API_URL"], password):
            return password
        # Five looks a second: a start takes some seconds.
        time.sleep(0.2)
    raise PrefectDidNotStart(f"Prefect server did not start within {_START_SECONDS} seconds.")


def processes_of(settings: Settings, password: str) -> list[Process]:
    """The parts, in the order in which they start. `password`: Prefect's, which its own parts alone are told.

    What the office needs starts first: the watcher and the dashboard do their work without Prefect.
    """
    ours, begun = [sys.executable, "-m", "cli"], time.monotonic()
    secrets, url = _make_prefect_access(password), os.environ["PREFECT_API_URL"]

    def is_page_first() -> bool:
        return time.monotonic() - begun > _PAGE_FIRST_SECONDS or is_page_up(settings)

    watcher = Process("watcher", [*ours, "watch", "--home", str(settings.home)])
    dashboard = Process("dashboard", [sys.executable, "-m", "dashboard"])
    command = prefect_app.build_server_command(settings.prefect_host, settings.prefect_port)
    server = Process("Prefect server", command, secrets, is_page_first)
    deployments = Process(
        "deployments",
        _DEPLOY,
        secrets,
        lambda: is_answering(f"{url}/health") and takes_password(url, password),
        is_once=True,
    )
    worker = Process("worker", [sys.executable, "-m", "cli.worker"], secrets, lambda: deployments.is_done)
    return [watcher, dashboard, server, deployments, worker]


def _apply_deployments(secrets: dict[str, str]) -> None:
    """Apply prefect.yaml, the work pool and the deployments with their schedules, and end dead runs."""
    done = subprocess.run(
        _DEPLOY,
        check=False,
        cwd=ROOT,
        env=os.environ | secrets,
    )
    if done.returncode:
        raise PrefectDidNotStart("Prefect's server did not take the deployments of prefect.yaml.")


def _make_first_link(settings: Settings) -> str:
    """Print a one-time link for the office's first user, at each start until somebody has signed in.

    The link is printed here and nowhere else, and returned; "" where somebody has signed in.
    """
    register, hours = open_register(settings), settings.one_time_link_hours
    try:
        with register.writing() as connection:
            token = people.make_first_link(connection, _OFFICE_EMAIL, at=read_clock(), link_hours=hours)
    finally:
        register.close()
    if not token:
        return ""
    link = one_time_links.link_to_sign_in(settings, token)
    console.print(f"First sign-in of {_OFFICE_EMAIL}:", highlight=False)
    console.print(link, highlight=False, soft_wrap=True)
    console.print(
        f"The link works once, within {hours} hours. For another, start the service again.",
        highlight=False,
    )
    return link
