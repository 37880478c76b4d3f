"""Kills of intake and advance at steps drawn by chance: `python -m bench.kills [COUNT [SEED]]`."""

import random
import shutil
import sys
import tempfile
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
        _, steps = kills.run_in_child(whole, None)
        expected = kills.outbox_of(whole)
        killed = failed = 0
        for _ in range(count):
            home, kill_at = Path(folder) / "office", dice.randint(1, steps)
            shutil.copytree(before, home)
            killed += kills.run_in_child(home, kill_at)[0]
            kills.run_in_child(home, None)
            if wrong := kills.wrongs(home, expected):
                failed += 1
                print(f"killed at step {kill_at} of {steps}: {'; '.join(wrong)}", flush=True)
            shutil.rmtree(home)
        print(f"{killed} kills at {steps} steps, {failed} of them left something lost, twice or astray")


if __name__ == "__main__":
    main()
