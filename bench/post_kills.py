"""Kills while messages are sent: `python -m bench.post_kills [COUNT [SEED]]`.

Every other one at a step drawn by chance, every other one at whatever instruction it is after a time drawn
by chance. The mail server is a process of its own and lives on. Then it runs again, to the end.
"""

import argparse
import random
import shutil
import tempfile
import time
from functools import partial
from pathlib import Path

from tests.faults import kills, post_kills


def main() -> None:
    """Print how many kills there were, and every message that went twice, to another, or not at all."""
    given = argparse.ArgumentParser()
    given.add_argument("count", nargs="?", type=int, default=50)
    given.add_argument("seed", nargs="?", type=int, default=1)
    asked = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "kept"
        with post_kills.serve_in_another_process(kept) as port:
            _kill_senders(asked.count, random.Random(asked.seed), Path(folder), kept, port)


def _kill_senders(count: int, dice: random.Random, folder: Path, kept: Path, port: int) -> None:
    before = folder / "before"
    post_kills.make(before, port)
    send = partial(post_kills.run, port=port)
    begun = time.monotonic()
    _, steps = kills.run_in_child(Path(shutil.copytree(before, folder / "whole")), run=send)
    seconds = time.monotonic() - begun
    killed, failed, doubted = [0, 0], 0, 0
    for number in range(count):
        home = Path(shutil.copytree(before, folder / "office"))
        _forget_taken(kept)
        if number % 2:
            after = dice.uniform(0, seconds)
            when, (was_killed, _) = f"after {after:.4f} s", kills.run_in_child(home, after=after, run=send)
        else:
            kill_at = dice.randint(1, steps)
            when, (was_killed, _) = f"at step {kill_at}", kills.run_in_child(home, kill_at, run=send)
        killed[number % 2] += was_killed
        kills.run_in_child(home, run=send)
        doubted += post_kills.count_in_doubt(home, port)
        if wrong := post_kills.find_wrongs(home, port, kept, doubts=1):
            failed += 1
            print(f"killed {when}: {'; '.join(wrong)}", flush=True)
        shutil.rmtree(home)
    print(
        f"{killed[0]} kills at {steps} steps, {killed[1]} at any instruction: {failed} left something wrong; "
        f"{doubted} messages in doubt, which the office is told of"
    )


def _forget_taken(kept: Path) -> None:
    for path in kept.glob("*.json"):
        path.unlink()


if __name__ == "__main__":
    main()
