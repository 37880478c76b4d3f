"""How long a file has been as it is, whatever clock its times come from.

The clock of a sender or of a file server may be ahead by a minute or by years. A time in the future says
nothing: it neither makes a file wait nor hurries it on.
"""

import os
import time
from datetime import UTC, datetime

_first_seen: dict[tuple[int, ...], float] = {}
_MOST_SEEN = 1_000
"""Then all are forgotten, and wait once more: else a watcher that runs for months would keep every state."""


def state_of(status: os.stat_result) -> tuple[int, ...]:
    """What changes with a file's content: the same twice means that nothing was written between."""
    return status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev


def saved_ns(status: os.stat_result) -> int:
    """When a file was last written, in nanoseconds: by its sender's clock unless that is in the future.

    Then it counts from when it came here; from now, where even the file server's clock is ahead.
    """
    now = time.time_ns()
    return next((told for told in (status.st_mtime_ns, status.st_ctime_ns) if told <= now), now)


def saved_at(status: os.stat_result) -> datetime:
    """`saved_ns` as a moment; a time before all calendars is the first that we know."""
    return datetime.fromtimestamp(max(saved_ns(status), 0) / 1e9, UTC)


def is_unchanged_for(status: os.stat_result, seconds: float) -> bool:
    """Whether a file has not changed for so many seconds: by its times, or by our own watch."""
    if time.time_ns() - saved_ns(status) >= seconds * 1e9:
        return True
    if len(_first_seen) >= _MOST_SEEN:
        _first_seen.clear()
    begun = _first_seen.setdefault(state_of(status), time.monotonic())
    return time.monotonic() - begun >= seconds


def has_been_here_for(status: os.stat_result, seconds: float) -> bool:
    """Whether a file was last changed here so many seconds ago (ctime, which no sender can set)."""
    return time.time_ns() - status.st_ctime_ns >= seconds * 1e9
