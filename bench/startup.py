"""Parts of the service killed while it starts: `python -m bench.startup [ROUNDS [SEED]]`.

Each round starts `peer-challenge serve` on a new home with a form in its inbox, kills one of its parts
(SIGKILL) at a moment drawn by chance, and waits until that form and one that came after the kill are answered
and every part runs. One word a round where that is so, else what is wrong.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

import psutil

from bench.drop import written
from bench.latency import opened, started
from peer_challenge.operations.service_parts import read_parts
from peer_challenge.rehearsal import Region
from peer_challenge.settings import Settings, load_settings

_LONGEST_SECONDS = 600.0
_START_SECONDS = 40.0


def main() -> None:
    """Print a line a round, and how many were wrong."""
    rounds, seed = int((*sys.argv[1:2], "20")[0]), int((*sys.argv[2:3], "1")[0])
    dice = random.Random(seed)
    wrong = sum(not _is_well(dice, number) for number in range(rounds))
    print(f"{rounds} parts killed while the service started: {wrong} of the rounds ended wrong")


def _is_well(dice: random.Random, number: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(Path(folder), {})
        region = opened(settings)
        _drop(settings, region, 0)
        with started(folder) as service:
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
        outbox = settings.outbox_folder
        found = len([*outbox.rglob("*Receipt*.docx"), *outbox.rglob("*Questions*.docx")])
        parts = read_parts(settings)
        down = [part.in_words for part in parts if not part.is_up]
        if found >= answers and parts and not down:
            return ""
        time.sleep(0.2)
    return f"{found} of {answers} forms answered; {'; '.join(down) or 'every part runs'}"


if __name__ == "__main__":
    main()
