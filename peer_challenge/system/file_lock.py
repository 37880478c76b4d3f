"""Locks that go with the process that holds them: a killed holder leaves nothing to clear up.

The library filelock holds them, on any system. Here is what the product adds: nobody waits, the file stays
and says who holds it, and it is for this account only.
"""

import contextlib
import os
import shutil
import socket
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from peer_challenge.system.file_modes import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    ensure_private_folder,
    make_private_folder,
)

FOLDER_LOCK = ".lock"
_UNNAMED = ".making-"
"""What begins the name of a folder that is not locked yet."""
_MOST_TRIES = 200
"""A fifth of a second in all: those who look may follow one another, and nobody is to wait for long."""
_MAKING_SECONDS = 30
"""Far longer than a folder takes to make, on a busy machine too."""
_LOOK_SECONDS = 0.001
"""A look takes some microseconds: who wants to hold the lock waits for that at most, and for no holder."""


@dataclass(slots=True)
class HeldLock:
    """A lock that this process holds, until it is closed or the process ends."""

    _lock: FileLock
    _handle: int

    @property
    def handle(self) -> int:
        """What a child process is given so that it holds the lock too, until it ends."""
        return self._handle

    def pass_on(self) -> None:
        """Let the program that this process is about to become hold it too."""
        os.set_inheritable(self._handle, True)

    def close(self) -> None:
        """Let it go."""
        self._lock.release()

    def __enter__(self) -> "HeldLock":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def hold_lock(path: Path) -> HeldLock | None:
    """Hold the lock of the file at `path` until what is returned is closed; None when another holds it.

    Who holds it is written in the file, for people, if there is room: the machine's name and the process's
    number. A link is not followed, and nothing is waited for. Raises OSError when there can be no such file.
    """
    make_private_folder(path.parent)
    for _ in range(_MOST_TRIES):
        held = _try_lock(path)
        if held is not None or is_locked(path):
            return held
        time.sleep(_LOOK_SECONDS)  # nobody holds it: somebody looked at it just then
    return None


def _try_lock(path: Path) -> HeldLock | None:
    handles: list[int] = []

    def keep(handle: int) -> None:
        handles.append(handle)
        _write_holder(handle)

    lock = FileLock(
        path,
        blocking=False,
        mode=PRIVATE_FILE,
        thread_local=False,  # whoever holds it may let it go in another thread
        preserve_lock_file=True,
        on_acquired=keep,
    )
    try:
        lock.acquire()
    except Timeout:
        return None
    return HeldLock(lock, handles[-1])


def _write_holder(handle: int) -> None:
    with contextlib.suppress(OSError):
        os.ftruncate(handle, 0)
        os.write(handle, f"{socket.gethostname()} {os.getpid()}\n".encode())


@contextlib.contextmanager
def file_lock(path: Path) -> Iterator[bool]:
    """Hold the lock of the file at `path` (hold_lock); yields False when another process holds it."""
    held = hold_lock(path)
    if held is None:
        yield False
        return
    with held:
        yield True


def is_locked(path: Path) -> bool:
    """Whether a process holds the lock. Where there is no such file none is made.

    Any number may look at once, and anybody who wants to hold it still gets it.
    """
    if not path.is_file():
        return False
    try:
        return _is_held_alone(path)
    except OSError:
        return False


def _is_held_alone(path: Path) -> bool:
    """Whether the lock is refused to us, who would share it with others that look. Raises OSError."""
    try:
        import fcntl
    except ImportError:  # on Windows no lock is shared: one of two who look may take the other for a holder
        return _is_refused(path)
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        fcntl.flock(handle, fcntl.LOCK_UN)  # at once, though a fork may have the handle too
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _is_refused(path: Path) -> bool:
    lock = FileLock(path, blocking=False, mode=PRIVATE_FILE, preserve_lock_file=True)
    try:
        lock.acquire()
    except Timeout:
        return True
    lock.release()
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
    lock: HeldLock

    def let_go(self) -> None:
        """Release the lock: nobody works in the folder any more."""
        self.lock.close()


def make_locked_folder(parent: Path) -> LockedFolder:
    """A new private folder in `parent`, held by this process. Raises OSError.

    It gets its name once it is locked, so that nobody takes it for one that was left. One process makes one
    at a time: what has no name then was left by one that was killed, and goes.
    """
    ensure_private_folder(parent)
    making = parent.with_name("locks") / f"{parent.name}.lock"
    make_private_folder(making.parent)
    try:
        with FileLock(making, timeout=_MAKING_SECONDS, mode=PRIVATE_FILE, preserve_lock_file=True):
            for left in parent.glob(f"{_UNNAMED}*"):
                shutil.rmtree(left)
            unnamed = parent / f"{_UNNAMED}{uuid.uuid4().hex}"
            unnamed.mkdir(mode=PRIVATE_FOLDER)
            lock = hold_lock(unnamed / FOLDER_LOCK)
            if lock is None:
                raise BlockingIOError(str(unnamed))
            named = unnamed.with_name(unnamed.name.removeprefix(_UNNAMED))
            unnamed.rename(named)
    except Timeout:
        raise BlockingIOError(str(making)) from None
    return LockedFolder(named, lock)


def locked_folders(parent: Path) -> list[Path]:
    """The folders in `parent` that processes made for themselves, held or not; the oldest name first."""
    return [path for path in sorted(parent.glob("[!.]*")) if path.is_dir()]
