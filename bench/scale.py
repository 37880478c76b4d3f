"""How intake and advance grow: 15, 150 and 1,500 submissions, of 1, 10 and 100 open cycles of 15 areas.

`python -m bench.scale [CYCLES ...]`. Every document is a real filled-in Word form; what is timed
is one intake of them all, and the advance that answers them, in one process with its children.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from datetime import time as time_of_day
from pathlib import Path
from typing import TypeVar

import psutil

from peer_challenge.advance import advance
from peer_challenge.clock import LONDON
from peer_challenge.cycle import Cycle
from peer_challenge.framework import shipped_frameworks
from peer_challenge.intake import take_in, warm_up
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, migrate, open_register
from peer_challenge.register.standings import standings
from peer_challenge.rehearsal import Region, rehearsal_cycle
from peer_challenge.settings import Settings, load_settings
from peer_challenge.vocabulary import Kind

Answer = TypeVar("Answer")
AREAS = 15


def main() -> None:
    """Print a row a size: seconds a document for intake and advance, memory, and the board's time."""
    print(f"{'documents':>9} {'intake':>12} {'advance':>12} {'memory':>8} {'children':>9} {'board':>8}")
    for cycles in [int(given) for given in sys.argv[1:]] or [1, 10, 100]:
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder), cycles)


def _measure(home: Path, count: int) -> None:
    settings = load_settings(home, {"PEER_CHALLENGE_SETTLE_SECONDS": "0"})
    settings.make_folders()
    migrate(settings)
    register = open_register(settings)
    cycles = [_cycle(number) for number in range(count)]
    at = datetime.combine(cycles[0].dates.opens, time_of_day(9), LONDON).astimezone(UTC)
    _open(register, settings, cycles, at)
    warm_up(register, settings)
    documents = count * AREAS
    intake, _ = _timed(lambda: take_in(register, settings, at))
    answering, done = _timed(lambda: advance(register, settings, at))
    assert len(done.issued) >= documents, "every document is answered"
    with register.reading() as connection:
        board, _ = _timed(lambda: list(standings(connection, cycles[-1], at.date())))
    us = psutil.Process()
    children = sum(child.memory_info().rss for child in us.children(recursive=True)) / 1e6
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(
        f"{documents:>9} {intake / documents * 1e3:>9.1f} ms {answering / documents * 1e3:>9.1f} ms "
        f"{most:>5.0f} MB {children:>6.0f} MB {board * 1e3:>5.1f} ms",
        flush=True,
    )
    register.close()


def _cycle(number: int) -> Cycle:
    return rehearsal_cycle(AREAS).model_copy(update={"id": f"region-{number}", "name": f"Region {number}"})


def _open(register: Register, settings: Settings, cycles: list[Cycle], at: datetime) -> None:
    """Open the cycles, send the templates, and put every one of them into the inbox filled in."""
    framework = shipped_frameworks()[cycles[0].framework]
    with register.writing() as connection:
        for cycle in cycles:
            store_cycle(connection, cycle, framework, at=at, actor="bench")
    advance(register, settings, at)
    for cycle in cycles:
        region = Region(1, cycle, framework)
        for area in cycle.participants:
            [form] = (settings.outbox_folder / cycle.id / area.id).glob("Self assessment template*")
            data = region.fill(Kind.SELF_ASSESSMENT, form.read_bytes(), area.id, round=1)
            (settings.inbox_folder / f"{cycle.id} {area.id}.docx").write_bytes(data)


def _timed(call: Callable[[], Answer]) -> tuple[float, Answer]:
    begun = time.perf_counter()
    answer = call()
    return time.perf_counter() - begun, answer


if __name__ == "__main__":
    main()
