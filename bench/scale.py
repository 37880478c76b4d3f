"""How intake and advance grow: 15, 150 and 1,500 submissions, of 1, 10 and 100 open cycles of 15 areas.

`python -m bench.scale [CYCLES ...] [--plot FILE]`. Every document is a real filled-in Word form; what is
timed is one intake of them all, and the advance that answers them, in one process with its children.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import time as time_of_day
from pathlib import Path
from typing import TypeVar

import psutil

from bench.outbox_files import read_blank_form
from peer_challenge.clock import LONDON
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.intake.take_in import start_worker_processes, take_in_ready_documents
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.vocabulary import Kind
from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.register.standings import list_challenge_standings
from peer_challenge.rehearsal import Region, rehearsal_cycle
from peer_challenge.settings import Settings, load_settings
from peer_challenge.submissions import checking_process

Answer = TypeVar("Answer")
AREAS = 15


def main() -> None:
    """Print a row a size: seconds a document for intake and advance, memory, and the board's time."""
    print(f"{'documents':>9} {'intake':>12} {'advance':>12} {'memory':>8} {'children':>9} {'board':>8}")
    given = sys.argv[1:]
    picture = Path(given.pop()) if "--plot" in given[-2:-1] else None
    found = []
    for cycles in [int(one) for one in given if one.isdigit()] or [1, 10, 100]:
        with tempfile.TemporaryDirectory() as folder:
            found.append(_measure(Path(folder), cycles))
            print(found[-1], flush=True)
    if picture is not None:
        _plot(found, picture)


@dataclass(frozen=True, slots=True)
class _Grown:
    """What one size cost: milliseconds a document, megabytes, and the milliseconds of the board."""

    documents: int
    intake: float
    answering: float
    memory: float
    children: float
    board: float

    def __str__(self) -> str:
        return (
            f"{self.documents:>9} {self.intake:>9.1f} ms {self.answering:>9.1f} ms "
            f"{self.memory:>5.0f} MB {self.children:>6.0f} MB {self.board:>5.1f} ms"
        )


def _plot(found: list[_Grown], picture: Path) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "scale"
    from matplotlib import pyplot

    sizes = [str(one.documents) for one in found]
    figure, (times, memory) = pyplot.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
    times.plot(sizes, [one.intake for one in found], "o-", label="intake")
    times.plot(sizes, [one.answering for one in found], "s-", label="answering")
    times.plot(sizes, [one.board for one in found], "^-", label="the board, once")
    times.set(title="Milliseconds a document", xlabel="submissions at once", ylim=(0, None))
    memory.plot(sizes, [one.memory for one in found], "o-", label="the process")
    memory.plot(sizes, [one.children for one in found], "s-", label="its children")
    memory.set(title="Memory, MB", xlabel="submissions at once", ylim=(0, None))
    for panel in (times, memory):
        panel.legend(frameon=False)
        panel.grid(alpha=0.3)
    figure.savefig(picture, metadata={"Date": None})


def _measure(home: Path, count: int) -> _Grown:
    settings = load_settings(home, {"PEER_CHALLENGE_SETTLE_SECONDS": "0"})
    settings.make_folders()
    migrate_installation(settings)
    register = open_register(settings)
    cycles = [_cycle(number) for number in range(count)]
    at = datetime.combine(cycles[0].dates.opens, time_of_day(9), LONDON).astimezone(UTC)
    _open(register, settings, cycles, at)
    start_worker_processes(register, settings)
    checking_process.wait_until_loaded()
    documents = count * AREAS
    intake, _ = _timed(lambda: take_in_ready_documents(register, settings, at))
    answering, done = _timed(lambda: advance_challenges(register, settings, at))
    assert len(done.issued) >= documents, "every document is answered"
    with register.reading() as connection:
        board, _ = _timed(lambda: list(list_challenge_standings(connection, cycles[-1], at.date())))
    us = psutil.Process()
    children = sum(child.memory_info().rss for child in us.children(recursive=True)) / 1e6
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    register.close()
    return _Grown(
        documents, intake / documents * 1e3, answering / documents * 1e3, most, children, board * 1e3
    )


def _cycle(number: int) -> Cycle:
    return rehearsal_cycle(AREAS).model_copy(update={"id": f"region-{number}", "name": f"Region {number}"})


def _open(register: Register, settings: Settings, cycles: list[Cycle], at: datetime) -> None:
    """Open the cycles, send the templates, and put every one of them into the inbox filled in."""
    framework = shipped_frameworks()[cycles[0].framework]
    with register.writing() as connection:
        for cycle in cycles:
            store_cycle(connection, cycle, framework, at=at, actor="bench")
    advance_challenges(register, settings, at)
    for cycle in cycles:
        region = Region(1, cycle, framework)
        for area in cycle.participants:
            form = read_blank_form(settings.outbox_folder / cycle.id / area.id)
            data = region.fill(Kind.SELF_ASSESSMENT, form, area.id, round=1)
            (settings.inbox_folder / f"{cycle.id} {area.id}.docx").write_bytes(data)


def _timed(call: Callable[[], Answer]) -> tuple[float, Answer]:
    begun = time.perf_counter()
    answer = call()
    return time.perf_counter() - begun, answer


if __name__ == "__main__":
    main()
