"""Locks that go with the process that holds them: a killed holder leaves nothing to clear up."""

import contextlib
import fcntl
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from peer_challenge.file_modes import make_private_folder, open_private


@contextlib.contextmanager
def file_lock(path: Path) -> Iterator[bool]:
    """Hold the lock that the file at `path` stands for; yields False when another process holds it.

    Who holds it is written in the file, for people, if there is room: the machine's name and the process's
    number. Raises OSError when there can be no such file.
    """
    make_private_folder(path.parent)
    with os.fdopen(open_private(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), "ab", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        with contextlib.suppress(OSError):
            file.truncate(0)
            file.write(f"{socket.gethostname()} {os.getpid()}\n".encode())
        yield True


def is_locked(path: Path) -> bool:
    """Whether a process holds the lock; it is not made, and whoever holds it is not disturbed."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
    except BlockingIOError:
        return True
    except OSError:
        return False


def holder_of(path: Path) -> str:
    """The number of the process that holds the lock, or last held it; "" where that is not known."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return path.read_text().split()[-1]
    return ""
