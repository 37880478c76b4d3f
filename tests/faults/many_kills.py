"""Kill after kill, each on a copy of one installation, each followed by a run that nothing stops.

Half the ways are at a step that is drawn by chance, half at whatever instruction it is after a time drawn by
chance; plainly or as Prefect's flows; on SQLite or on PostgreSQL.
"""

import contextlib
import importlib
import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults import kills, postgresql

Run = Callable[[Path], None]
_LOADED_ONCE = (
    *("flows.advance", "flows.intake", "prefect.flow_engine", "prefect.task_engine"),
    *("fastapi", "anyio._backends._asyncio"),
)


@dataclass(frozen=True, slots=True)
class Office:
    """An installation with work to do: how to get a copy of it under a name, and how to remove that again."""

    copy: Callable[[str], Path]
    remove: Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A kill: when it was to be, whether the run was still going then, and what was wrong in the end."""

    when: str
    is_at_step: bool
    was_killed: bool
    wrong: list[str]


def make_office(folder: Path, server: Any | None = None) -> Office:
    """An office in `folder`: on SQLite, or with its register on the PostgreSQL `server`."""
    before = folder / "before"
    if server is not None:
        postgresql.installation(server, before)
        return Office(
            lambda name: postgresql.copied(server, before, folder / name),
            lambda home: postgresql.dropped(server, home),
        )
    kills.make(before)
    return Office(lambda name: Path(shutil.copytree(before, folder / name)), shutil.rmtree)


@contextlib.contextmanager
def prefect_for_flows(folder: Path) -> Iterator[Run]:
    """What runs the flows, with a Prefect server of its own for as long as the block lasts.

    Prefect is imported here, once, and not in every run: no module may have imported it before.
    """
    from cli.local_prefect import local_prefect
    from cli.prefect_home import prepare_prefect
    from peer_challenge.settings import load_settings

    os.environ |= {"PEER_CHALLENGE_SETTLE_SECONDS": "0", "PEER_CHALLENGE_APPROVE_AUTOMATICALLY": "1"}
    prepare_prefect(load_settings(folder / "prefect"), quiet=True)
    with local_prefect() as server:
        server.wait()
        for module in _LOADED_ONCE:
            importlib.import_module(module)
        yield kills.run_flows


def kill_again_and_again(
    office: Office, run: Run, dice: random.Random, *, at_steps: int, at_any_instruction: int
) -> Iterator[Outcome]:
    """So many kills, the two ways in turn for as long as there are both. The first outcome is no kill's.

    Each is right where the outbox comes to be that of a plain run which nothing stopped, byte for byte.
    """
    plain = office.copy("plain")
    kills.run_in_child(plain)
    expected = kills.outbox_of(plain)
    whole = office.copy("whole")
    begun = time.monotonic()
    _, steps = kills.run_in_child(whole, run=run)
    seconds = time.monotonic() - begun
    yield Outcome("undisturbed", False, False, kills.wrongs(whole, expected))
    for is_at_step in _take_turns(at_steps, at_any_instruction):
        kill_at = dice.randint(1, steps) if is_at_step else None
        after = None if is_at_step else dice.uniform(0, seconds)
        when = f"at step {kill_at} of {steps}" if is_at_step else f"after {after:.3f} s"
        home = office.copy("office")
        was_killed, _ = kills.run_in_child(home, kill_at, after=after, run=run)
        kills.run_in_child(home, run=run)
        yield Outcome(when, is_at_step, was_killed, kills.wrongs(home, expected))
        office.remove(home)


def _take_turns(at_steps: int, at_any_instruction: int) -> Iterator[bool]:
    """True for each kill at a step, False for each at any instruction, spread evenly among one another."""
    total = at_steps + at_any_instruction
    for number in range(total):
        yield (number + 1) * at_steps // total > number * at_steps // total
