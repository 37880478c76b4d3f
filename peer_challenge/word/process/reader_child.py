"""One child process that reads documents: which documents it has, and how long we wait for it."""

import contextlib
import signal
import subprocess
from collections import deque
from dataclasses import dataclass

from peer_challenge.system.bounded_work import ENDING_SECONDS, START_SECONDS, STILL_FOR_WORK, WORK_IS_BOUNDED
from peer_challenge.system.child_process import room_in_pipe, start_child
from peer_challenge.system.process_stillness import Patience
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.package.reading_limits import Limits
from peer_challenge.word.process import reader_main
from peer_challenge.word.process.reader_main import reading_of


@dataclass(slots=True, eq=False)
class Asked:
    """A document given to a child process: its original bytes, its .docx, and its Reading once that is known.

    `kind` is the kind of file it was converted from; None when it was not converted. `is_tried` says that
    a child process died while it read this document.
    """

    name: str
    data: bytes
    docx: bytes
    kind: str | None = None
    reading: Reading | None = None
    is_tried: bool = False


class ReadingChild:
    """A child process that reads documents.

    `asked` holds at most two documents: the one it reads, and one that waits in the pipe.
    """

    def __init__(self, job: bytes, limits: Limits) -> None:
        self._child = start_child(reader_main.__name__, reader_main.serve_readings.__name__, is_silent=True)
        self.process, self.pipe = self._child.process, self._child.pipe
        self._room = room_in_pipe(self.pipe)
        self._longest = limits.seconds * (STILL_FOR_WORK if WORK_IS_BOUNDED else 1)
        self._patience: Patience | None = None
        self.is_ready = False
        self.asked: deque[Asked] = deque()
        self._send_message(job)

    @property
    def is_awaited(self) -> bool:
        """Whether the child still has to send a message: an answer, or that it is ready."""
        return bool(self.asked) or not self.is_ready

    def is_idle_but_dead(self) -> bool:
        """Whether the child's process has ended while no message was expected from it."""
        return not self.is_awaited and self.process.poll() is not None

    def can_take(self, one: Asked) -> bool:
        """Whether the child can be given this document now."""
        if not self.asked:
            return self.is_ready
        return len(self.asked) < 2 and len(one.docx) <= self._room

    def ask(self, one: Asked) -> None:
        """Send the child a document.

        If the child has died, that is noticed only when we wait for its answer.
        """
        self.asked.append(one)
        self._send_message(one.name.encode("utf-8", "replace"))
        self._send_message(one.docx)

    def _send_message(self, message: bytes) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.pipe.send_bytes(message)

    def patience(self) -> float:
        """The seconds that we wait for the child before we ask again; 0 when its time is over.

        The child bounds its own work, so only the time counts in which it was still: one that gets little of
        the processor is waited for. Where a system does not tell this, all time counts.
        """
        if self._patience is None:
            longest = self._longest if self.is_ready else START_SECONDS
            self._patience = Patience(self.process.pid, longest)
        return self._patience.measure_wait()

    def hear(self) -> None:
        """Read the child's next message, if it has sent one.

        Raises TimeoutError when the child has worked, or we have waited, for too long; EOFError or ValueError
        when the child has ended for another reason.
        """
        if not self.pipe.poll(0):
            if not self.patience():
                raise TimeoutError
            return
        try:
            said = self.pipe.recv_bytes()
        except (EOFError, ConnectionResetError):
            if self._worked_too_long():
                raise TimeoutError from None
            raise EOFError from None
        if self.is_ready:
            self.asked[0].reading = reading_of(said)
            self.asked.popleft()
        self.is_ready, self._patience = True, None

    def _worked_too_long(self) -> bool:
        """Whether it ended because a document took more work than it may."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return WORK_IS_BOUNDED and self.process.wait(ENDING_SECONDS) == -signal.SIGPROF
        return False

    def close(self) -> None:
        """Kill the child process and close its pipes."""
        self._child.end()
