"""Kills of intake and advance: `python -m bench.kills [COUNT [SEED]]`.

Every other one at a step drawn by chance, every other one at whatever instruction it is after a time
drawn by chance.
"""

import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.faults import kills


def main() -> None:
    """Print how many kills there were, and everything that was wrong after any of them."""
    count, seed = (int(given) for given in (*sys.argv[1:3], *("200", "1")[len(sys.argv) - 1 :]))
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        before, whole = Path(folder) / "before", Path(folder) / "whole"
        kills.make(before)
        shutil.copytree(before, whole)
        begun = time.monotonic()
        _, steps = kills.run_in_child(whole)
        seconds = time.monotonic() - begun
        expected = kills.outbox_of(whole)
        killed, failed = [0, 0], 0
        for number in range(count):
            home = Path(shutil.copytree(before, Path(folder) / "office"))
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
            shutil.rmtree(home)
        print(
            f"{killed[0]} kills at {steps} steps, {killed[1]} at any instruction: "
            f"{failed} of them left something lost, twice or astray"
        )


if __name__ == "__main__":
    main()
