"""Kills of intake and advance as Prefect's flows: `python -m tests.faults.flow_kills FOLDER COUNT SEED`.

Run by test_flow_kills.py, in a process of its own that imports Prefect once and forks: every other kill is
at a step drawn by chance, every other at any instruction. A line each.
"""

import random
import sys
from pathlib import Path

from tests.faults.many_kills import Outcome, kill_again_and_again, make_office, prefect_for_flows
from tests.faults.warm_children import warm_children


def main(folder: Path, count: int, seed: int) -> None:
    """Print a line for each outcome, the undisturbed run's first."""
    office = make_office(folder)
    with warm_children(), prefect_for_flows(folder) as run:
        for outcome in kill_again_and_again(
            office, run, random.Random(seed), at_steps=count - count // 2, at_any_instruction=count // 2
        ):
            print(_say(outcome), flush=True)


def _say(outcome: Outcome) -> str:
    ended = "killed " if outcome.was_killed else "ended before " if outcome.when != "undisturbed" else ""
    return f"{ended}{outcome.when}: {'; '.join(outcome.wrong) or 'nothing wrong'}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
