"""How long processes have been still, measured so that the work of other processes does not count.

On a busy machine a process may need ten times as long by the clock. A process is still when it does not
run, does not wait for a processor, and does not wait for a disk. Only Linux tells this: elsewhere all time
counts.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

_PROCESSES = Path("/proc")
_UNWATCHED_SECONDS = 1.0
"""Nearly every answer has come by then: a look at a process costs as much as some answers do."""


class Patience:
    """How long a process is waited for: its seconds are over once it was still for so many."""

    def __init__(self, pid: int, seconds: float) -> None:
        self._pid, self._seconds = pid, seconds
        self._begun = time.monotonic()
        self._stillness: Stillness | None = None

    def measure_wait(self) -> float:
        """The seconds to wait before this is asked again; 0 when all are over."""
        passed = time.monotonic() - self._begun
        if passed < (unwatched := min(_UNWATCHED_SECONDS, self._seconds)):
            return unwatched - passed
        if self._stillness is None:
            self._stillness = Stillness(self._pid)
        return max(self._seconds - unwatched - self._stillness.look(), 0.0)


class Stillness:
    """Measures for how long some processes, with all that they started, have been still."""

    def __init__(self, *watched: int) -> None:
        self._watched = watched or (os.getpid(),)
        self._at = time.monotonic()
        self._seen = self._busy_seconds()
        self.seconds = 0.0

    def look(self) -> float:
        """Measure now; returns the seconds of stillness so far."""
        now, seen = time.monotonic(), self._busy_seconds()
        busy = sum(max(0.0, value - self._seen.get(task, 0.0)) for task, value in seen.items())
        if not any(map(_waits_for_disk, seen)):
            self.seconds += max(0.0, now - self._at - busy)
        self._at, self._seen = now, seen
        return self.seconds

    def _busy_seconds(self) -> dict[Path, float]:
        """By thread, the seconds in which it ran or was ready to run and had no processor."""
        found = {}
        for pid in _with_children(self._watched):
            for task in _list_tasks(pid):
                with suppress(OSError, ValueError):
                    running, waiting, *_ = (task / "schedstat").read_text().split()
                    found[task] = (int(running) + int(waiting)) / 1e9
        return found


def _with_children(pids: tuple[int, ...]) -> set[int]:
    """These processes, with all that they started and what those started."""
    found: set[int] = set()
    left = list(pids)
    while left:
        pid = left.pop()
        if pid in found:
            continue
        found.add(pid)
        for task in _list_tasks(pid):
            with suppress(OSError, ValueError):
                left += map(int, (task / "children").read_text().split())
    return found


def _list_tasks(pid: int) -> list[Path]:
    """The threads of a process as the system shows them; none of one that has ended, even just now."""
    try:
        return list((_PROCESSES / str(pid) / "task").iterdir())
    except OSError:
        return []


def _waits_for_disk(task: Path) -> bool:
    with suppress(OSError, IndexError):
        return (task / "stat").read_text().rpartition(")")[2].split()[0] == "D"
    return False
