"""The clock of a service under test: on `PYTHONPATH` of its processes, Python imports this as it starts.

The time is the one in the file that MOVED_CLOCK names, and goes on from when the file was written. What is
not of ours goes on as it is: Python's clock, the disk's and Prefect's.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from peer_challenge import clock


def _read_moved_clock() -> datetime:
    file = Path(os.environ["MOVED_CLOCK"])
    since = datetime.now(UTC).timestamp() - file.stat().st_mtime
    return datetime.fromisoformat(file.read_text()) + timedelta(seconds=since)


if "MOVED_CLOCK" in os.environ:
    assert clock.read_clock.__module__ == clock.__name__
    clock.read_clock = _read_moved_clock
