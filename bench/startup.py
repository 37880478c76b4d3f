"""Parts of the service killed while it starts: `python -m bench.startup [ROUNDS [SEED]] [--postgresql]`.

Each round starts `peer-challenge serve` on a copy of a home with a form in its inbox, kills one of its parts
(SIGKILL) at a moment drawn by chance, and waits until that form and one that came after the kill are answered
and every part runs. One word a round where that is so, else what is wrong. The register is on SQLite, or on a
PostgreSQL of its own.
"""

import argparse
import contextlib
import random
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from bench.drop import written
from bench.latency import opened, started
from bench.outbox_files import ANSWERS, list_documents
from peer_challenge.operations.service_parts import read_parts
from peer_challenge.rehearsal import Region
from peer_challenge.settings import Settings, load_settings
from tests.faults import postgresql

_LONGEST_SECONDS = 600.0
_START_SECONDS = 40.0


def main() -> None:
    """Print a line a round, and how many were wrong."""
    given = argparse.ArgumentParser()
    given.add_argument("rounds", nargs="?", type=int, default=20)
    given.add_argument("seed", nargs="?", type=int, default=1)
    given.add_argument("--postgresql", action="store_true")
    asked = given.parse_args()
    dice = random.Random(asked.seed)
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as running:
        server = running.enter_context(postgresql.running()) if asked.postgresql else None
        before = Path(folder, "before")
        before.mkdir()
        if server is not None:
            postgresql.connect(server, before, "template0")
        region = opened(load_settings(before, {}))
        for number in range(asked.rounds):
            home = _copy(server, before, Path(folder, "home"))
            wrong += not _is_well(dice, number, home, region)
            _remove(server, home)
    print(f"{asked.rounds} parts killed while the service started: {wrong} of the rounds ended wrong")


def _copy(server: Any | None, before: Path, home: Path) -> Path:
    if server is not None:
        return postgresql.copied(server, before, home)
    return Path(shutil.copytree(before, home))


def _remove(server: Any | None, home: Path) -> None:
    if server is not None:
        postgresql.dropped(server, home)
    else:
        shutil.rmtree(home)


def _is_well(dice: random.Random, number: int, home: Path, region: Region) -> bool:
    settings = load_settings(home, {})
    _drop(settings, region, 0)
    with started(str(home)) as service:
        begun, after = time.monotonic(), dice.uniform(0, _START_SECONDS)
        time.sleep(after)
        killed = _kill_one(dice, service.pid)
        _drop(settings, region, 1)
        missing = _wait_for(settings, 2)
        took = time.monotonic() - begun - after
        is_going_on = service.poll() is None
    told = missing or ("well" if is_going_on else "the service ended")
    print(f"round {number}: {killed} killed after {after:.1f} s; {took:.1f} s later: {told}", flush=True)
    return told == "well"


def _drop(settings: Settings, region: Region, number: int) -> None:
    written(settings, region, number).rename(settings.inbox_folder / f"{number}.docx")


def _kill_one(dice: random.Random, service: int) -> str:
    """Kill one of the processes that the service has started, if there is any; what it was."""
    parts = psutil.Process(service).children()
    if not parts:
        return "nothing"
    part = dice.choice(parts)
    name = " ".join(part.cmdline()[1:4])
    part.kill()
    return name


def _wait_for(settings: Settings, answers: int) -> str:
    """Wait until so many forms are answered and every part runs; "" then, else what is missing."""
    until = time.monotonic() + _LONGEST_SECONDS
    while time.monotonic() < until:
        found = len(list_documents(settings.outbox_folder, *ANSWERS))
        parts = read_parts(settings)
        down = [part.in_words for part in parts if not part.is_up]
        if found >= answers and parts and not down:
            return ""
        time.sleep(0.2)
    return f"{found} of {answers} forms answered; {'; '.join(down) or 'every part runs'}"


if __name__ == "__main__":
    main()
