"""Kills while a mailbox is fetched: `python -m bench.mailbox_kills [COUNT [SEED]] [--postgresql]`.

A real Dovecot; every other kill at a step drawn by chance, every other one at whatever instruction it is
after a time drawn by chance. After half of them an intake takes out what is in the inbox before it goes on.
"""

import argparse
import contextlib
import random
import shutil
import tempfile
from pathlib import Path

from tests.faults import postgresql
from tests.mail.certificates import make_certificates
from tests.mail.dovecot import run_dovecot
from tests.mail.kills import kill_and_go_on, measure_fetching, trust_server


def main() -> None:
    """Print how many kills there were, and everything that was wrong after any of them."""
    given = argparse.ArgumentParser()
    given.add_argument("count", nargs="?", type=int, default=50)
    given.add_argument("seed", nargs="?", type=int, default=1)
    given.add_argument("--postgresql", action="store_true")
    asked = given.parse_args()
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as running:
        folder = Path(name)
        server = running.enter_context(run_dovecot(make_certificates(folder / "certificates")))
        trust_server(server)
        database = running.enter_context(postgresql.running()) if asked.postgresql else None

        def make_database(number: int) -> str | None:
            if database is None:
                return None
            database.psql(f"CREATE DATABASE mail{number};")
            return str(database.get_uri(f"mail{number}"))

        steps, seconds = measure_fetching(server, folder / "whole", make_database(0))
        dice, killed, failed = random.Random(asked.seed), 0, 0
        for number in range(1, asked.count + 1):
            was_killed, when, wrong = kill_and_go_on(
                server,
                home := folder / f"office{number}",
                dice,
                steps=steps,
                seconds=seconds,
                at_a_step=bool(number % 2),
                database_url=make_database(number),
            )
            killed += was_killed
            if wrong:
                failed += 1
                print(f"killed {when}: {'; '.join(wrong)}", flush=True)
            shutil.rmtree(home)
    print(f"{killed} kills in {asked.count} runs of {steps} steps: {failed} left something lost or twice")


if __name__ == "__main__":
    main()
