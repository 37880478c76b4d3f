"""Reading documents in a child process that can be killed: bounded time and memory, in order, none lost."""

import contextlib
import hashlib
import math
import os
import pickle
import select
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from peer_challenge.cycle import Rules
from peer_challenge.findings import Finding
from peer_challenge.word import worker
from peer_challenge.word.codes import Unreadable, finding
from peer_challenge.word.convert import converted
from peer_challenge.word.file_kinds import CONVERTIBLE, kind_of_file
from peer_challenge.word.lore import Known
from peer_challenge.word.package import DEFAULT_LIMITS, Limits
from peer_challenge.word.reading import Reading
from peer_challenge.word.worker import LENGTH, PIPE, reading_of, send

_START_SECONDS = 60.0
_BUSY = 10
_ASK_AGAIN_SECONDS = 0.2
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True, eq=False)
class _Asked:
    """A document asked about: as it came and as a .docx, why it is refused already, and who has it."""

    name: str
    data: bytes
    docx: bytes
    kind: str | None = None
    refused: Reading | None = None
    child: "subprocess.Popen[bytes] | None" = None
    is_ahead: bool = False

    def send_to(self, child: "subprocess.Popen[bytes]") -> None:
        """Send it; that a child is no more is noticed when its answer is waited for."""
        self.child = child
        assert child.stdin
        with contextlib.suppress(BrokenPipeError):
            send(child.stdin, self.name.encode("utf-8", "replace"))
            send(child.stdin, self.docx)


class Readers:
    """A child process that reads documents, started again when one had to be killed.

    `with Readers(known) as readers: readers.read(data, name="...")`.
    """

    def __init__(self, known: Known, *, limits: Limits = DEFAULT_LIMITS, rules: Rules | None = None) -> None:
        self._job = pickle.dumps((dict(known.frameworks), dict(known.cycles), limits, rules))
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None
        self._room = 0

    def __enter__(self) -> "Readers":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child."""
        if self._child is None:
            return
        self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        self._child.wait()
        self._child = None

    def read(self, data: bytes, *, name: str = "") -> Reading:
        """The Reading of one document. Never raises because of the document."""
        [reading] = self.read_each([(name, data)])
        return reading

    def read_each(self, documents: Iterable[tuple[str, bytes]]) -> Iterator[Reading]:
        """The Reading of each document, by name and bytes, in order. Never raises because of a document.

        While the child reads one, the next is on its way to it.
        """
        asked: deque[_Asked] = deque()
        try:
            for name, data in documents:
                asked.append(self._prepared(name, data))
                if len(asked) == 2:
                    self._send_both(*asked)
                    yield self._answer(asked)
            while asked:
                yield self._answer(asked)
        finally:
            if any(one.child is not None for one in asked):  # whose answers nobody will hear
                self.close()

    def _prepared(self, name: str, data: bytes) -> "_Asked":
        try:
            docx, kind = self._as_docx(data)
        except Unreadable as why:
            return _Asked(name, data, b"", refused=_refused(data, why.finding()))
        return _Asked(name, data, docx, kind)

    def _send_both(self, first: "_Asked", second: "_Asked") -> None:
        if first.refused or second.refused:
            return
        self._send_alone(first)
        assert first.child is not None
        if len(second.docx) <= self._room:
            second.send_to(first.child)
            second.is_ahead = True

    def _send_alone(self, one: "_Asked") -> None:
        """Send the child a document, unless it is with it; one that went to a child that died goes again."""
        if one.child is None or one.child is not self._child:
            one.send_to(self._running())
            one.is_ahead = False

    def _answer(self, asked: "deque[_Asked]") -> Reading:
        """The answer about the first document asked about, which is then no longer asked about."""
        one = asked[0]
        reading = one.refused or self._hear(one)
        asked.popleft()
        if one.kind and not one.refused:
            reading.sha256, reading.size = hashlib.sha256(one.data).hexdigest(), len(one.data)
            reading.findings.insert(0, finding("open.converted", what=CONVERTIBLE[one.kind]))
        return reading

    def _hear(self, one: "_Asked") -> Reading:
        self._send_alone(one)
        child = one.child
        assert child is not None and child.stdout
        try:
            return reading_of(_receive(child.stdout, _Patience(child.pid, self._limits.seconds)))
        except TimeoutError:
            self.close()
            return _refused(one.docx, finding("open.too_slow"))
        except (EOFError, ValueError):
            self.close()
            if one.is_ahead:  # it may have died of something else than this document
                return self._hear(one)
            return _refused(one.docx, finding("open.too_large"))

    def _as_docx(self, data: bytes) -> tuple[bytes, str | None]:
        if len(data) > self._limits.max_bytes:
            raise Unreadable("open.file_too_large", megabytes=round(self._limits.max_bytes / 1_000_000))
        kind = kind_of_file(data)
        return (converted(data, kind), kind) if kind in CONVERTIBLE else (data, None)

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._child is not None and self._child.poll() is None:
            return self._child
        self.close()
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        self._child = subprocess.Popen(
            [sys.executable, "-m", worker.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        )
        assert self._child.stdin and self._child.stdout
        self._room = _room_in(self._child.stdin)
        send(self._child.stdin, self._job)
        _receive(self._child.stdout, _Patience(self._child.pid, _START_SECONDS))  # it says when it is ready
        return self._child


def read_files(
    paths: Iterable[Path], known: Known, *, limits: Limits = DEFAULT_LIMITS, rules: Rules | None = None
) -> Iterator[Reading]:
    """The Reading of each file, in order, read in one child process.

    Raises OSError where a file can't be opened.
    """
    with Readers(known, limits=limits, rules=rules) as readers:
        yield from readers.read_each((Path(path).name, Path(path).read_bytes()) for path in paths)


def _refused(data: bytes, why: Finding) -> Reading:
    return Reading(hashlib.sha256(data).hexdigest(), len(data), findings=[why])


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


class _Patience:
    """How long a child is waited for: so many seconds of its own work, however busy the machine is.

    A child that neither works nor answers is waited for ten times as long, where its work can be
    told (Linux); elsewhere the seconds are the clock's.
    """

    def __init__(self, process: int, seconds: float) -> None:
        self._stat = Path(f"/proc/{process}/stat")
        self._begun, self._worked, self._seconds = time.monotonic(), self._work(), seconds

    def wait(self) -> float:
        """How long to wait before asking again; 0 when it was long enough."""
        by_clock = time.monotonic() - self._begun
        if by_clock < self._seconds:
            return self._seconds - by_clock
        is_busy = self._work() - self._worked < self._seconds  # not so where it can't be told
        return _ASK_AGAIN_SECONDS if is_busy and by_clock < self._seconds * _BUSY else 0.0

    def _work(self) -> float:
        """The processor time that the child has had; without end where it can't be told."""
        try:
            fields = self._stat.read_text().rpartition(")")[2].split()
        except OSError:
            return math.inf
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _receive(pipe: IO[bytes], patience: _Patience) -> bytes:
    return _exactly(pipe, LENGTH.unpack(_exactly(pipe, LENGTH.size, patience))[0], patience)


def _exactly(pipe: IO[bytes], count: int, patience: _Patience) -> bytes:
    """So many bytes. Raises TimeoutError when they don't come in time, EOFError when they never will."""
    got = bytearray()
    while len(got) < count:
        wait = patience.wait()
        if not select.select([pipe], [], [], wait)[0]:
            if wait:
                continue
            raise TimeoutError
        piece = os.read(pipe.fileno(), min(count - len(got), 1 << 20))
        if not piece:
            raise EOFError
        got += piece
    return bytes(got)
