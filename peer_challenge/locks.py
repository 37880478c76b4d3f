"""Locks that go with the process that holds them: a killed holder leaves nothing to clear up."""

import contextlib
import fcntl
import os
import socket
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def file_lock(path: Path) -> Iterator[bool]:
    """Hold the lock that the file at `path` stands for; yields False when another process holds it.

    Who holds it is written in the file, for people: the machine's name and the process's number.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        file.truncate(0)
        file.write(f"{socket.gethostname()} {os.getpid()}\n")
        file.flush()
        yield True


def holder_of(path: Path) -> str:
    """The number of the process that holds the lock, or last held it; "" where that is not known."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return path.read_text().split()[-1]
    return ""
