"""One child process that reads documents: what is with it, and how long it is waited for."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from peer_challenge.system.bounded_work import WORK_IS_BOUNDED
from peer_challenge.system.child_process import environment
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.package.open_package import Limits
from peer_challenge.word.process import reader_main
from peer_challenge.word.process.reader_main import LENGTH, PIPE, reading_of, send

_START_SECONDS = 60.0
_BUSY = 10
_ENDING_SECONDS = 1.0


@dataclass(slots=True, eq=False)
class Asked:
    """A document asked about: as it came and as a .docx, what it was converted from, and the answer.

    `is_tried` says that a child died with it.
    """

    name: str
    data: bytes
    docx: bytes
    kind: str | None = None
    reading: Reading | None = None
    is_tried: bool = False


class ReadingChild:
    """A child process. `asked` are the documents with it: one that it reads, one that waits in the pipe."""

    def __init__(self, job: bytes, limits: Limits) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", reader_main.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment(), "PYTHONIOENCODING": "utf-8"},
        )
        assert self.process.stdin and self.process.stdout
        self._in, self.out = self.process.stdin, self.process.stdout
        self._room = _room_in(self._in)
        self._longest = limits.seconds * (_BUSY if WORK_IS_BOUNDED else 1)
        self._until: float | None = None
        self.is_ready = False
        self.asked: deque[Asked] = deque()
        self._send(job)

    @property
    def is_awaited(self) -> bool:
        """Whether it is going to say something."""
        return bool(self.asked) or not self.is_ready

    def is_idle_but_dead(self) -> bool:
        """Whether it ended while nobody waited for it."""
        return not self.is_awaited and self.process.poll() is not None

    def can_take(self, one: Asked) -> bool:
        """Whether a document may go to it now."""
        if not self.asked:
            return self.is_ready
        return len(self.asked) < 2 and len(one.docx) <= self._room

    def ask(self, one: Asked) -> None:
        """Send it a document; that it is no more is noticed when its answer is waited for."""
        self.asked.append(one)
        self._send(one.name.encode("utf-8", "replace"))
        self._send(one.docx)

    def _send(self, message: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):
            send(self._in, message)

    def patience(self) -> float:
        """How many seconds it is still waited for, since somebody began to wait; 0 when it was long enough.

        It bounds its own work. What gets no processor has more time by the clock, but not for ever; where a
        child can't bound its work, the clock alone does.
        """
        if self._until is None:
            self._until = time.monotonic() + (self._longest if self.is_ready else _START_SECONDS)
        return max(self._until - time.monotonic(), 0.0)

    def hear(self) -> None:
        """Take what it says, where it says something.

        Raises TimeoutError when it has worked, or was waited for, long enough; EOFError or ValueError when
        it is no more for another reason.
        """
        if not select.select([self.out], [], [], 0)[0]:
            if not self.patience():
                raise TimeoutError
            return
        self._until = None  # one that speaks has read: it is heard out, however long nobody listened
        try:
            said = _receive(self.out, self.patience)
        except EOFError:
            if self._worked_too_long():
                raise TimeoutError from None
            raise
        if self.is_ready:
            self.asked[0].reading = reading_of(said)
            self.asked.popleft()
        self.is_ready, self._until = True, None

    def _worked_too_long(self) -> bool:
        """Whether it ended because a document took more work than it may."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return WORK_IS_BOUNDED and self.process.wait(_ENDING_SECONDS) == -signal.SIGPROF
        return False

    def close(self) -> None:
        """End it."""
        self.process.kill()
        for pipe in (self._in, self.out):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        self.process.wait()


def _room_in(pipe: IO[bytes]) -> int:
    """How long a document may be that waits in the pipe while the child is busy; 0 where that can't be told.

    With a longer one we would still be writing while the child waits for us to read its answer.
    """
    try:
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE)
        return fcntl.fcntl(pipe.fileno(), fcntl.F_GETPIPE_SZ) // 2
    except (ImportError, AttributeError, OSError):
        return 0


def _receive(pipe: IO[bytes], patience: Callable[[], float]) -> bytes:
    return _exactly(pipe, LENGTH.unpack(_exactly(pipe, LENGTH.size, patience))[0], patience)


def _exactly(pipe: IO[bytes], count: int, patience: Callable[[], float]) -> bytes:
    """So many bytes. Raises TimeoutError when they don't come in time, EOFError when they never will."""
    got = bytearray()
    while len(got) < count:
        if not select.select([pipe], [], [], patience())[0]:
            raise TimeoutError
        piece = os.read(pipe.fileno(), min(count - len(got), 1 << 20))
        if not piece:
            raise EOFError
        got += piece
    return bytes(got)
