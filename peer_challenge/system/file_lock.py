"""Locks that end with the process that holds them: a killed process leaves nothing to clear up."""

import contextlib
import fcntl
import os
import socket
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from peer_challenge.system.file_modes import (
    PRIVATE_FOLDER,
    ensure_private_folder,
    make_private_folder,
    open_private,
)

FOLDER_LOCK = ".lock"
_NOT_FOLLOWED = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def hold_lock(path: Path) -> BinaryIO | None:
    """Hold the lock of the file at `path` until what is returned is closed; None when another holds it.

    Who holds it is written in the file, for people, if there is room: the machine's name and the process's
    number. A link is not followed, and nothing is waited for. Raises OSError when there can be no such file.
    """
    make_private_folder(path.parent)
    handle = open_private(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK)
    file = os.fdopen(handle, "ab", buffering=0)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    except OSError:
        file.close()
        raise
    with contextlib.suppress(OSError):
        file.truncate(0)
        file.write(f"{socket.gethostname()} {os.getpid()}\n".encode())
    return file


@contextlib.contextmanager
def file_lock(path: Path) -> Iterator[bool]:
    """Hold the lock of the file at `path` (hold_lock); yields False when another process holds it."""
    file = hold_lock(path)
    if file is None:
        yield False
        return
    with file:
        yield True


def is_locked(path: Path) -> bool:
    """Whether a process holds the lock. Asking neither creates the file nor disturbs the holder."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | _NOT_FOLLOWED), "rb") as file:
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


@dataclass(slots=True)
class LockedFolder:
    """A folder that a process made for itself alone, and the lock that says that the process lives."""

    path: Path
    lock: BinaryIO

    def let_go(self) -> None:
        """Release the lock: nobody works in the folder any more."""
        self.lock.close()


def make_locked_folder(parent: Path) -> LockedFolder:
    """A new private folder in `parent`, held by this process. Raises OSError."""
    ensure_private_folder(parent)
    # it gets its name once it is locked, so that nobody takes it for one that was left
    unnamed = parent / f".{uuid.uuid4().hex}"
    unnamed.mkdir(mode=PRIVATE_FOLDER)
    lock = hold_lock(unnamed / FOLDER_LOCK)
    if lock is None:
        raise BlockingIOError(str(unnamed))
    named = unnamed.with_name(unnamed.name[1:])
    unnamed.rename(named)
    return LockedFolder(named, lock)


def locked_folders(parent: Path) -> list[Path]:
    """The folders in `parent` that processes made for themselves, held or not; the oldest name first."""
    return [path for path in sorted(parent.glob("[!.]*")) if path.is_dir()]
