"""Cycle after cycle in one long-lived process, with faults: does it stay as it was?

`python -m bench.soak [MINUTES [AREAS]]`, an hour when nothing is said. A simulated year passes in
seconds: documents are filled in, taken in and answered by the same functions that the flows
call, and now and then something is broken on purpose. Every half minute memory, open files and
threads are noted; at the end their trend is told, and what doctor says.
"""

import io
import os
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

import numpy as np
import psutil

from peer_challenge.clock import LONDON
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.cycle import Cycle
from peer_challenge.operations.doctor import examine_installation, is_healthy
from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.outbox import render_in_children
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.outbox.weekly_brief import intend_monday_brief
from peer_challenge.outbox.who_is_reminded import intend_reminders
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.rehearsal import rehearsal_cycle
from peer_challenge.rehearsal.postbag import Postbag
from peer_challenge.settings import Settings, load_settings
from peer_challenge.word.process import shared_pool

_EVERY_SECONDS = 30.0
_WARM_UP = 0.2
_YEAR = timedelta(days=364)


@dataclass(slots=True)
class Sample:
    """How the process and its children stood at a moment; memory in MB."""

    minutes: float
    memory: float
    of_children: float
    files: int
    threads: int
    register: float


@dataclass(slots=True)
class Soak:
    """One installation that goes through cycle after cycle."""

    settings: Settings
    register: Register
    areas: int
    dice: random.Random
    done: Counter[str] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)
    cycle_seconds: list[float] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    def live(self, until: float) -> None:
        """Cycles until `until` (monotonic seconds); the last is left as it stands."""
        number = 0
        while time.monotonic() < until:
            self._live_through(self._cycle(number), until)
            number += 1

    def _cycle(self, number: int) -> Cycle:
        cycle = rehearsal_cycle(self.areas)
        days = number * _YEAR
        dates = cycle.dates.model_copy(
            update={
                "opens": cycle.dates.opens + days,
                "self_assessment_due": cycle.dates.self_assessment_due + days,
            }
        )
        return cycle.model_copy(update={"id": f"soak-{number}", "name": f"Soak {number}", "dates": dates})

    def _live_through(self, cycle: Cycle, until: float) -> None:
        now: datetime | None = datetime.combine(cycle.dates.opens, time_of_day(9), LONDON).astimezone(UTC)
        assert now is not None
        with self.register.writing() as connection:
            framework = shipped_frameworks()[cycle.framework]
            store_cycle(connection, cycle, framework, at=now, actor="soak")
        render_in_children.begin_helping(self.settings)  # where one was killed, there is one again
        begun = time.process_time()
        postbag = Postbag(self.register, self.settings, self.areas, len(self.samples), cycle_id=cycle.id)
        while now is not None and time.monotonic() < until:
            self._day(postbag, now)
            now = postbag.next_after(now)
        if now is None:
            self.done["cycles closed"] += 1
            self.cycle_seconds.append(time.process_time() - begun)

    def _day(self, postbag: Postbag, now: datetime) -> None:
        self.done["documents"] += postbag.deliver(now)
        broken = self.dice.choice(FAULTS) if self.dice.random() < 0.5 else None
        if broken is not None:
            self.done[broken.__name__.strip("_").replace("_", " ")] += 1
            broken(self)
        taken = take_in_ready_documents(self.register, self.settings, now)
        self.done["rejected"] += int((taken.table["outcome"] == "rejected").sum())
        intend_reminders(self.register, now)
        intend_monday_brief(self.register, now)
        self.done["dispatches"] += len(advance_challenges(self.register, self.settings, now).issued)
        self.sample()

    def sample(self) -> None:
        """Note how it stands, if the last time is half a minute ago."""
        minutes = (time.monotonic() - self.begun) / 60
        if self.samples and (minutes - self.samples[-1].minutes) * 60 < _EVERY_SECONDS:
            return
        us = psutil.Process()
        children = sum(_memory(child) for child in us.children(recursive=True))
        size = (self.settings.var / "register.db").stat().st_size / 1e6
        self.samples.append(Sample(minutes, _memory(us), children, us.num_fds(), us.num_threads(), size))
        print(self.samples[-1], flush=True)


def _memory(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss) / 1e6
    except psutil.NoSuchProcess:
        return 0.0


def _reading_child_killed(_soak: Soak) -> None:
    for _, _, readers in shared_pool._kept:
        for child in readers._children:
            child.process.kill()


def _making_helper_killed(_soak: Soak) -> None:
    for helpers in render_in_children._kept.values():
        for worker in helpers._workers:
            if worker.pid is not None:
                os.kill(worker.pid, signal.SIGKILL)


def _register_locked(soak: Soak) -> None:
    held = threading.Event()

    def hold() -> None:
        with sqlite3.connect(soak.settings.var / "register.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            held.set()
            time.sleep(1)
            other.execute("ROLLBACK")
        other.close()

    threading.Thread(target=hold).start()
    held.wait()


def _hostile_documents(soak: Soak) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", b" " * 300_000_000)
    number = soak.dice.randrange(10**9)
    for name, data in {
        "bomb": bomb.getvalue(),
        "torn": bomb.getvalue()[: len(bomb.getvalue()) // 2],
        "not one": soak.dice.randbytes(2000),
        "empty": b"",
    }.items():
        (soak.settings.inbox_folder / f"{name} {number}.docx").write_bytes(data)


FAULTS: tuple[Callable[[Soak], None], ...] = (
    _reading_child_killed,
    _making_helper_killed,
    _register_locked,
    _hostile_documents,
)


def _slope(samples: list[Sample], what: Callable[[Sample], float]) -> float:
    """The trend of one figure, an hour, by least squares."""
    if len(samples) < 3:
        return float("nan")
    hours = [sample.minutes / 60 for sample in samples]
    return float(np.polyfit(hours, [what(sample) for sample in samples], 1)[0])


def main() -> None:
    """Soak, and print what was done and how the process fared."""
    minutes, areas = (float(given) for given in (*sys.argv[1:3], *("60", "4")[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(
            Path(folder),
            {"PEER_CHALLENGE_SETTLE_SECONDS": "0", "PEER_CHALLENGE_APPROVE_AUTOMATICALLY": "1"},
        )
        settings.make_folders()
        migrate_installation(settings)
        render_in_children.begin_helping(settings)
        soak = Soak(settings, open_register(settings), int(areas), random.Random(1))
        soak.live(time.monotonic() + minutes * 60)
        steady = [s for s in soak.samples if s.minutes > soak.samples[-1].minutes * _WARM_UP]
        for what, count in sorted(soak.done.items()):
            print(f"{what:24} {count}")
        print(
            f"memory        {steady[0].memory:.0f} -> {steady[-1].memory:.0f} MB, "
            f"{_slope(steady, lambda s: s.memory):+.1f} MB an hour"
        )
        print(
            f"open files    {steady[0].files} -> {steady[-1].files}, "
            f"{_slope(steady, lambda s: s.files):+.1f} an hour"
        )
        print(f"threads       {steady[0].threads} -> {steady[-1].threads}")
        few = max(len(soak.cycle_seconds) // 10, 1)
        first, last = soak.cycle_seconds[1 : few + 1], soak.cycle_seconds[-few:]
        print(
            f"a cycle       {np.median(first):.2f} s of processor at first, {np.median(last):.2f} s at last"
        )
        checks = examine_installation(settings)
        print(f"doctor        {'healthy' if is_healthy(checks) else 'NOT healthy'}")
        for check in checks:
            if not check.is_well:
                print("  ", check)


if __name__ == "__main__":
    main()
