"""Work within limits, in child processes that the system ends when they take too much work or memory.

Reading, checking and writing documents, trying templates and opening tables from outside all run this way. A
limit on work counts seconds of processor time, not of the clock: a busy machine refuses nothing.
"""

import contextlib
import gc
import importlib
import os
import pickle
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from peer_challenge.errors import PeerChallengeError
from peer_challenge.system.child_process import Child, open_pipe, start_child
from peer_challenge.system.end_with_parent import end_with_parent
from peer_challenge.system.logging_without_content import describe_error
from peer_challenge.system.process_stillness import Patience

WORK_IS_BOUNDED = hasattr(signal, "setitimer")
"""Whether the system ends a process that works too long: not on Windows, where the clock alone counts."""
START_SECONDS = 60.0
"""A child starts in half a second (decision 0014): one that was still for so long does not start at all."""
STILL_FOR_WORK = 10
"""How many times its seconds of work a child may be still, as where it waits for a disk (decision 0011)."""
ENDING_SECONDS = 1.0
"""The pipe closes a moment before the system can say what ended the process."""

PlainValue: TypeAlias = Any
"""What a child answers: numbers, texts, bytes, tuples, lists and dicts, as its function says."""


class TooMuchWork(PeerChallengeError):
    """Something took more work or memory than it may."""

    exit_code = 65
    remedy = "Make it smaller or simpler, then try again."


class WorkFailed(PeerChallengeError):
    """Something failed unexpectedly in a child process. The message leaves out the error's own words."""

    exit_code = 10


class ChildLost(PeerChallengeError):
    """A child process ended for a reason other than its limits, twice."""

    exit_code = 10
    remedy = "The machine may be short of memory: end other programs or start it again, then try again."


_of_parents: list[Child] = []
"""Children of a process that we are a fork of: not ours to use or to end."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one piece of work may take: seconds of a processor, and megabytes that the process may hold."""

    seconds: float
    memory_mb: int


class BoundedWorker:
    """A child process that calls one function again and again, each time within bounds.

    It is started when it is needed, and started again after it had to be ended. An answer may hold plain
    values only (None, numbers, texts, bytes, tuples, lists, dicts), so that nothing from the child can run
    here.
    """

    def __init__(self, module: str, function: str, bounds: Bounds) -> None:
        self._target, self._bounds = (module, function), bounds
        self._child: Child | None = None
        self._owner = 0
        self._patience: Patience | None = None

    def begin(self) -> None:
        """Start the process if there is none, so that the first call does not wait for it."""
        if self._child is not None and self._owner != os.getpid():  # we are a fork: it is our parent's
            _of_parents.append(self._child)
            self._child = None
        if self._child is not None and self._child.process.poll() is not None:
            self.end()
        if self._child is None:
            self._child, self._owner = start_child(__name__, "serve_parent_calls"), os.getpid()
            with contextlib.suppress(OSError):  # it is no more, as we shall hear
                self._child.pipe.send((*self._target, self._bounds))

    def end(self) -> None:
        """End the process, whatever it is doing."""
        if self._child is not None:
            child, self._child = self._child, None
            if self._owner == os.getpid():
                child.end()

    @property
    def is_running(self) -> bool:
        """Whether the process is running."""
        return self._child is not None and self._child.process.poll() is None

    @property
    def is_overdue(self) -> bool:
        """Whether the time in which the process had to answer is over: that in which it was still."""
        return self._patience is None or not self._patience.measure_wait()

    @property
    def pid(self) -> int | None:
        """The process's number, None when there is none."""
        return self._child.process.pid if self._child else None

    @property
    def pipe(self) -> Connection:
        """The connection that becomes readable when the process answers or ends.

        Raises RuntimeError when there is no process.
        """
        if self._child is None:
            raise RuntimeError("The process was not begun.")
        return self._child.pipe

    def call(self, *given: object) -> PlainValue:
        """The function's answer to `given`.

        Raises TooMuchWork when the call exceeds its bounds, WorkFailed when it fails otherwise, ChildLost
        when the process ends for another reason twice: a good document must not be refused for the first
        time.
        """
        for is_last in (False, True):
            try:
                self.ask(*given)
                return self.answer()
            except ChildLost:
                if is_last:
                    raise
        raise AssertionError("a call ends in the loop")

    def ask(self, *given: object) -> None:
        """Send `given` to the process to work on; `answer` returns the result."""
        self.begin()
        assert self.pid is not None
        self._patience = Patience(self.pid, self._bounds.seconds * STILL_FOR_WORK + START_SECONDS)
        try:
            self.pipe.send(given)
        except OSError:
            self._report_lost_child()
        except BaseException:
            self.end()
            raise

    def answer(self) -> PlainValue:
        """The answer to what was asked last.

        Raises TooMuchWork when the work exceeds its bounds, WorkFailed when it fails otherwise, and
        ChildLost as soon as the process ends for another reason.
        """
        try:
            assert self._patience is not None
            while not self.pipe.poll(left := self._patience.measure_wait()):
                if not left:
                    self.end()
                    raise TooMuchWork("It was waited for too long.")
            what, answer = _unpickle_answer(self.pipe.recv_bytes())
        except (EOFError, OSError):
            self._report_lost_child()
        except BaseException:  # interrupted: nobody may take the answer for that to another question
            self.end()
            raise
        if what == "exhausted":
            raise TooMuchWork("It needs more memory than it may have.")
        if what == "failed":
            raise WorkFailed(answer)
        return answer

    def _report_lost_child(self) -> NoReturn:
        """Report a process that has ended, and start another.

        Raises TooMuchWork when it had worked too long, else ChildLost.
        """
        assert self._child is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.process.wait(ENDING_SECONDS)
        ended_by = self._child.process.returncode
        self.end()
        self.begin()  # the next one is not to wait
        if WORK_IS_BOUNDED and ended_by == -signal.SIGPROF:
            raise TooMuchWork("It takes more work than it may.")
        raise ChildLost("The process that worked on it has ended.")


def call_once(module: str, function: str, bounds: Bounds, *given: object) -> PlainValue:
    """A function's answer to `given`, from a process that is started for this call alone.

    Raises TooMuchWork, WorkFailed and ChildLost as BoundedWorker.call does.
    """
    worker = BoundedWorker(module, function, bounds)
    try:
        return worker.call(*given)
    finally:
        worker.end()


# In the child


def serve_parent_calls(handle: int) -> None:
    """Run in the child process: receive work, send answers back, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever interrupts the parent has interrupted enough
    end_with_parent(handle)
    pipe = open_pipe(handle)
    try:
        module, function, bounds = pipe.recv()
        try:
            work = _load_function(module, function)
        except Exception as error:  # a fault of ours, which each call is told: no document is to blame
            work = _make_failing(error)
        bound_memory(bounds.memory_mb)
        while True:
            given = pipe.recv()
            bound_work(bounds.seconds)
            pipe.send_bytes(_compute_answer(work, given))
            bound_work(0)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _load_function(module: str, function: str) -> Callable[..., object]:
    """The function, with all that its module imports: loaded before anything is bounded.

    To collect garbage meanwhile takes a sixth of that time, and there is none.
    """
    gc.disable()
    work: Callable[..., object] = getattr(importlib.import_module(module), function)
    gc.freeze()
    gc.enable()
    return work


def _make_failing(error: Exception) -> Callable[..., object]:
    def fail(*_given: object) -> object:
        raise error

    return fail


def _compute_answer(work: Callable[..., object], given: tuple[object, ...]) -> bytes:
    try:
        return pickle.dumps(("done", work(*given)))
    except (MemoryError, RecursionError):
        pass
    except Exception as error:
        return pickle.dumps(("failed", describe_error(error)))
    return pickle.dumps(("exhausted", None))


def bound_work(seconds: float) -> None:
    """Have the system end this process after so many seconds of work, wherever it is; 0 removes the limit."""
    if WORK_IS_BOUNDED:
        signal.setitimer(signal.ITIMER_PROF, seconds)


def bound_memory(megabytes: int) -> None:
    """Limit the memory of this process to so many megabytes.

    A program that it starts may be given more: only the soft limit is set.
    """
    try:
        import resource
    except ImportError:  # not on Windows: there the time-out alone holds
        return
    with Path("/proc/self/statm").open() as statm:
        pages = [int(number) for number in statm.read().split()]
    size = resource.getpagesize()
    grown = max(megabytes * 1_000_000 - pages[1] * size, 64_000_000)
    bound = pages[0] * size + grown
    resource.setrlimit(resource.RLIMIT_AS, (bound, resource.getrlimit(resource.RLIMIT_AS)[1]))


class _Interrupted(BaseException):
    """The soft limit of `interrupt_after` was reached.

    It is no Exception, because libraries suppress those.
    """


@contextlib.contextmanager
def interrupt_after(seconds: float) -> Iterator[None]:
    """Interrupt the block after so many seconds of work in Python. Raises TooMuchWork then.

    For work that has something to fall back on. It works only in a process's main thread. Elsewhere, and for
    work that never comes back to Python, only the process's own limits apply.
    """
    if not WORK_IS_BOUNDED or threading.current_thread() is not threading.main_thread():
        try:
            yield
        except (MemoryError, RecursionError):
            raise TooMuchWork("It takes more memory than it may.") from None
        return

    def interrupt(_signal: int, _frame: object) -> None:
        raise _Interrupted

    before = signal.signal(signal.SIGVTALRM, interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 1.0)  # again and again, where it was suppressed
    try:
        yield
    except (_Interrupted, MemoryError, RecursionError):
        raise TooMuchWork("It takes more work than it may.") from None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, _module: str, name: str) -> NoReturn:
        raise pickle.UnpicklingError(f"{name} is no plain value")


def _unpickle_answer(said: bytes) -> tuple[str, PlainValue]:
    """A child's answer, which may hold plain values only. Raises EOFError for anything else."""
    try:
        what, answer = _PlainUnpickler(BytesIO(said)).load()
    except Exception:
        raise EOFError from None
    return what, answer
