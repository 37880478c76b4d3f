"""Kills of intake and advance: `python -m bench.kills [STEPS [ANY [SEED]]] [--flows] [--postgresql]`.

STEPS of them at a step drawn by chance, ANY at whatever instruction it is after a time drawn by chance;
plainly or as Prefect's flows, on SQLite or on a PostgreSQL of its own. Ended by Ctrl-C or SIGTERM, it prints
the figures so far.
"""

import argparse
import contextlib
import random
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.faults import kills, postgresql
from tests.faults.many_kills import Outcome, kill_again_and_again, make_office, prefect_for_flows
from tests.faults.warm_children import warm_children

_TELL_AFTER = 10


def main() -> None:
    """Print how many kills there were, and everything that was wrong after any of them."""
    given = argparse.ArgumentParser()
    given.add_argument("steps", nargs="?", type=int, default=200)
    given.add_argument("any", nargs="?", type=int, default=100)
    given.add_argument("seed", nargs="?", type=int, default=1)
    given.add_argument("--flows", action="store_true")
    given.add_argument("--postgresql", action="store_true")
    asked = given.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as running:
        server = running.enter_context(postgresql.running()) if asked.postgresql else None
        office = make_office(Path(folder), server)
        running.enter_context(warm_children())
        run = running.enter_context(prefect_for_flows(Path(folder))) if asked.flows else kills.run
        _count_wrongs(
            kill_again_and_again(
                office, run, random.Random(asked.seed), at_steps=asked.steps, at_any_instruction=asked.any
            )
        )


def _count_wrongs(outcomes: Iterator[Outcome]) -> None:
    killed, late, failed = [0, 0], 0, 0
    with contextlib.suppress(KeyboardInterrupt):
        for number, outcome in enumerate(outcomes):
            killed[not outcome.is_at_step] += outcome.was_killed
            late += number > 0 and not outcome.was_killed
            if outcome.wrong:
                failed += 1
                print(f"killed {outcome.when}: {'; '.join(outcome.wrong)}", flush=True)
            if number % _TELL_AFTER == 0:
                print(f"{sum(killed)} kills, {failed} wrong", file=sys.stderr, flush=True)
    print(
        f"{killed[0]} kills at steps, {killed[1]} at any instruction, {late} too late to kill: "
        f"{failed} of them left something lost, twice or astray"
    )


if __name__ == "__main__":
    main()
