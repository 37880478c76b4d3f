"""Kills of intake and advance as Prefect's flows: `python -m tests.faults.flow_kills FOLDER COUNT SEED`.

Run by test_flow_kills.py, in a process of its own that imports Prefect once and forks: every other kill is
at a step drawn by chance, every other at any instruction. A line each.
"""

import os
import random
import shutil
import sys
import time
from pathlib import Path

from cli.local_prefect import local_prefect
from cli.prefect_home import prepare_prefect
from peer_challenge.settings import load_settings
from tests.faults import kills


def main(folder: Path, count: int, seed: int) -> None:
    os.environ |= {"PEER_CHALLENGE_SETTLE_SECONDS": "0", "PEER_CHALLENGE_APPROVE_AUTOMATICALLY": "1"}
    kills.make(before := folder / "before")
    prepare_prefect(load_settings(folder / "prefect"), quiet=True)
    plain = Path(shutil.copytree(before, folder / "plain"))
    kills.run_in_child(plain)
    expected = kills.outbox_of(plain)
    with local_prefect() as server:
        server.wait()
        import flows.advance
        import flows.intake  # noqa: F401 (once here, not in every child)

        whole = Path(shutil.copytree(before, folder / "whole"))
        begun = time.monotonic()
        _, steps = kills.run_in_child(whole, run=kills.run_flows)
        _tell("undisturbed", kills.wrongs(whole, expected))
        _kill(before, expected, steps, time.monotonic() - begun, random.Random(seed), count)


def _kill(
    before: Path, expected: dict[str, bytes], steps: int, seconds: float, dice: random.Random, count: int
) -> None:
    for number in range(count):
        home = Path(shutil.copytree(before, before.with_name("office")))
        kill_at = None if number % 2 else dice.randint(1, steps)
        after = dice.uniform(0, seconds) if number % 2 else None
        was_killed, _ = kills.run_in_child(home, kill_at, after=after, run=kills.run_flows)
        kills.run_in_child(home, run=kills.run_flows)
        when = f"at step {kill_at} of {steps}" if kill_at else f"after {after:.3f} s"
        _tell(f"{'killed' if was_killed else 'ended before'} {when}", kills.wrongs(home, expected))
        shutil.rmtree(home)


def _tell(what: str, wrong: list[str]) -> None:
    print(f"{what}: {'; '.join(wrong) or 'nothing wrong'}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
