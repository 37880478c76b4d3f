"""Kills of intake and advance: `python -m bench.kills [COUNT [SEED]] [--postgresql]`.

Every other one at a step drawn by chance, every other one at whatever instruction it is after a time
drawn by chance; on SQLite, or on a PostgreSQL of its own.
"""

import argparse
import contextlib
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults import kills, postgresql


def main() -> None:
    """Print how many kills there were, and everything that was wrong after any of them."""
    given = argparse.ArgumentParser()
    given.add_argument("count", nargs="?", type=int, default=200)
    given.add_argument("seed", nargs="?", type=int, default=1)
    given.add_argument("--postgresql", action="store_true")
    asked = given.parse_args()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as running:
        server = running.enter_context(postgresql.running()) if asked.postgresql else None
        _kill(asked.count, random.Random(asked.seed), *_kept_in(server, Path(folder)))


def _kept_in(server: Any | None, folder: Path) -> tuple[Callable[[str], Path], Callable[[Path], None]]:
    """What gives a copy of an installation with work to do, under a name, and what removes it again."""
    if server is None:
        before = folder / "before"
        kills.make(before)
        return lambda name: Path(shutil.copytree(before, folder / name)), shutil.rmtree
    before = postgresql.installation(server, folder / "before")
    return (
        lambda name: postgresql.copied(server, before, folder / name),
        lambda home: postgresql.dropped(server, home),
    )


def _kill(
    count: int,
    dice: random.Random,
    copy: Callable[[str], Path],
    remove: Callable[[Path], None],
) -> None:
    whole = copy("whole")
    begun = time.monotonic()
    _, steps = kills.run_in_child(whole)
    seconds = time.monotonic() - begun
    expected = kills.outbox_of(whole)
    killed, failed = [0, 0], 0
    for number in range(count):
        home = copy("office")
        if number % 2:
            after = dice.uniform(0, seconds)
            when, (was_killed, _) = f"after {after:.4f} s", kills.run_in_child(home, after=after)
        else:
            kill_at = dice.randint(1, steps)
            when, (was_killed, _) = f"at step {kill_at} of {steps}", kills.run_in_child(home, kill_at)
        killed[number % 2] += was_killed
        kills.run_in_child(home)
        if wrong := kills.wrongs(home, expected):
            failed += 1
            print(f"killed {when}: {'; '.join(wrong)}", flush=True)
        remove(home)
    print(
        f"{killed[0]} kills at {steps} steps, {killed[1]} at any instruction: "
        f"{failed} of them left something lost, twice or astray"
    )


if __name__ == "__main__":
    main()
