"""From a document's arrival to its receipt, on the running service: `python -m bench.latency [DROPS]`.

`peer-challenge serve` is started as an office would, with everything it runs. Once all parts run, filled-in
self-assessments are put into the inbox one after another with gaps of one to four seconds, and
each is waited for until its receipt, or the letter with questions, is in the outbox. Then Prefect is
asked for the runs of the intake flow and their tasks.
"""

import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from bench.outbox_files import ANSWERS, list_documents, read_blank_form
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.vocabulary import Kind
from peer_challenge.operations import prefect_access
from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.operations.service_parts import read_parts
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import open_register
from peer_challenge.rehearsal import Region, rehearsal_cycle
from peer_challenge.settings import Settings, load_settings

_CODE = Path(__file__).resolve().parents[1]
_BAR = 2.0
_START_SECONDS = 600
_LONGEST = 60.0
_LAST_EVENTS_SECONDS = 5.0


def main() -> None:
    """Print how long answers took: least, median, 95th in a hundred, longest."""
    drops = int((*sys.argv[1:2], "60")[0])
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(Path(folder), {})
        region = opened(settings)
        prefect = _free_port()
        with serving(folder, prefect):
            _wait_until_all_run(settings)
            _drop(settings, region, 0)  # the first waits for what is loaded once
            took = sorted(_drop(settings, region, number) for number in range(1, drops + 1))
            runs = _count_runs(f"http://127.0.0.1:{prefect}/api", settings)
    late = took[max(round(0.95 * len(took)) - 1, 0)]
    print(f"{len(took)} documents, arrival to receipt in the outbox, load {os.getloadavg()[0]:.1f}")
    print(
        f"  least {took[0]:.2f} s, median {statistics.median(took):.2f} s, "
        f"95% within {late:.2f} s (bar: {_BAR:.0f} s), longest {took[-1]:.2f} s"
    )
    print(f"  runs of intake that Prefect lists: {len(runs)}, each with {min(runs)} to {max(runs)} tasks")


@contextmanager
def started(folder: str, port: int = 0, prefect: int = 0) -> Iterator["subprocess.Popen[bytes]"]:
    """The service of an installation, as an office would start it, from its first moment on."""
    port, prefect = port or _free_port(), prefect or _free_port()
    service = subprocess.Popen(
        [sys.executable, "-m", "cli", "serve", "--home", folder],
        cwd=_CODE,
        env={**os.environ, "PEER_CHALLENGE_PORT": str(port), "PEER_CHALLENGE_PREFECT_PORT": str(prefect)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield service
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(_START_SECONDS)  # seconds, where the machine is not busy


@contextmanager
def serving(folder: str, prefect: int = 0) -> Iterator[int]:
    """The same once its page answers; gives the dashboard's port."""
    port = _free_port()
    with started(folder, port, prefect):
        _wait_until_up(port)
        yield port


def opened(settings: Settings) -> Region:
    """An installation whose fictional cycle is open, and who writes in it."""
    cycle, now = rehearsal_cycle(15), datetime.now(UTC)
    framework = shipped_frameworks()[cycle.framework]
    settings.make_folders()
    migrate_installation(settings)
    register = open_register(settings)
    with register.writing() as connection:
        store_cycle(connection, cycle, framework, at=now, actor="bench")
    advance_challenges(register, settings, now)
    register.close()
    return Region(1, cycle, framework)


def _drop(settings: Settings, region: Region, number: int) -> float:
    """Seconds from the moment that a document is whole in the inbox to its answer in the outbox."""
    cycle = region.people.cycle
    who = cycle.participants[number % len(cycle.participants)].id
    folder = settings.outbox_folder / cycle.id / who
    form = read_blank_form(folder)
    version = number // len(cycle.participants)
    signed = cycle.dates.opens + timedelta(days=version)  # so that no version is the one before, again
    data = region.fill(Kind.SELF_ASSESSMENT, form, who, round=version, on=signed)
    draft = settings.inbox_folder / f".{number}.tmp"
    draft.write_bytes(data)
    time.sleep(random.Random(number).uniform(1, 4))
    before = list_documents(folder, *ANSWERS)
    begun = time.monotonic()
    draft.rename(settings.inbox_folder / f"{who} {number}.docx")
    while list_documents(folder, *ANSWERS) == before and time.monotonic() - begun < _LONGEST:
        time.sleep(0.01)
    return time.monotonic() - begun


def _wait_until_up(port: int) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=2).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise TimeoutError("the service did not start")


def _wait_until_all_run(settings: Settings) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        parts = read_parts(settings)
        if parts and all(part.is_up for part in parts):
            return
        time.sleep(0.5)
    raise TimeoutError("not every part of the service started")


def _count_runs(url: str, settings: Settings) -> list[int]:
    """How many tasks each run of the intake flow has that has ended well, by Prefect's API."""
    time.sleep(_LAST_EVENTS_SECONDS)
    wanted = {
        "limit": 200,
        "flows": {"name": {"any_": ["intake"]}},
        "flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}},
    }
    runs = prefect_access.read_flow_runs(url, settings, wanted, seconds=30)
    ids = [run["id"] for run in runs if not run["deployment_id"]]  # the watcher's own
    counts = [prefect_access.count_task_runs(url, settings, run, seconds=30) for run in ids]
    return [count for count in counts if count > 1]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
