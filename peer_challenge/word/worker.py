"""Reading in a child process that can be killed: bounded time and memory for files nobody vouches for.

The child gets what is known once, then one document after another. It answers in JSON, so that
nothing it says can run here.
"""

import contextlib
import gc
import hashlib
import json
import math
import os
import pickle
import select
import struct
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import IO, Any

from peer_challenge.cycle import Rules
from peer_challenge.findings import Finding
from peer_challenge.vocabulary import Kind, Severity
from peer_challenge.word.codes import Unreadable, finding
from peer_challenge.word.convert import converted
from peer_challenge.word.file_kinds import CONVERTIBLE, kind_of_file
from peer_challenge.word.lore import Known
from peer_challenge.word.package import DEFAULT_LIMITS, Limits
from peer_challenge.word.reading import Reading

_LENGTH = struct.Struct("<Q")
_START_SECONDS = 60.0
_BUSY = 10
_ASK_AGAIN_SECONDS = 0.2
_ROOT = Path(__file__).resolve().parents[2]


class Readers:
    """A child process that reads documents, started again when one had to be killed.

    `with Readers(known) as readers: readers.read(data, name="...")`.
    """

    def __init__(self, known: Known, *, limits: Limits = DEFAULT_LIMITS, rules: Rules | None = None) -> None:
        self._job = pickle.dumps((dict(known.frameworks), dict(known.cycles), limits, rules))
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None

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
        converted_from: str | None = None
        original = data
        try:
            data, converted_from = self._as_docx(data)
        except Unreadable as why:
            return _refused(original, why.finding())
        reading = self._ask(data, name)
        if converted_from:
            reading.sha256, reading.size = hashlib.sha256(original).hexdigest(), len(original)
            reading.findings.insert(0, finding("open.converted", what=CONVERTIBLE[converted_from]))
        return reading

    def _as_docx(self, data: bytes) -> tuple[bytes, str | None]:
        if len(data) > self._limits.max_bytes:
            raise Unreadable("open.file_too_large", megabytes=round(self._limits.max_bytes / 1_000_000))
        kind = kind_of_file(data)
        return (converted(data, kind), kind) if kind in CONVERTIBLE else (data, None)

    def _ask(self, data: bytes, name: str) -> Reading:
        child = self._running()
        assert child.stdin and child.stdout
        patience = _Patience(child.pid, self._limits.seconds)
        try:
            _send(child.stdin, name.encode("utf-8", "replace"))
            _send(child.stdin, data)
            answer = _receive(child.stdout, patience)
        except TimeoutError:
            self.close()
            return _refused(data, finding("open.too_slow"))
        except (EOFError, BrokenPipeError, ValueError):
            self.close()
            return _refused(data, finding("open.too_large"))
        return _reading_of(answer)

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._child is not None and self._child.poll() is None:
            return self._child
        self.close()
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        self._child = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        )
        assert self._child.stdin and self._child.stdout
        _send(self._child.stdin, self._job)
        _receive(self._child.stdout, _Patience(self._child.pid, _START_SECONDS))  # it says when it is ready
        return self._child


def read_files(
    paths: Iterable[Path], known: Known, *, limits: Limits = DEFAULT_LIMITS, rules: Rules | None = None
) -> Iterator[Reading]:
    """The Reading of each file, in order, read in one child process.

    Raises OSError where a file can't be opened.
    """
    with Readers(known, limits=limits, rules=rules) as readers:
        for path in paths:
            yield readers.read(Path(path).read_bytes(), name=Path(path).name)


def _refused(data: bytes, why: Finding) -> Reading:
    return Reading(hashlib.sha256(data).hexdigest(), len(data), findings=[why])


def _send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(_LENGTH.pack(len(message)))
    pipe.write(message)
    pipe.flush()


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
    return _exactly(pipe, _LENGTH.unpack(_exactly(pipe, _LENGTH.size, patience))[0], patience)


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


def _answer_of(reading: Reading) -> bytes:
    """The answer that `_reading_of` reads; asdict would copy every text."""
    said = {part.name: getattr(reading, part.name) for part in fields(reading)}
    return json.dumps(said, default=asdict).encode("utf-8")


def _reading_of(answer: bytes) -> Reading:
    said: Mapping[str, Any] = json.loads(answer)
    held = dict(said)
    held["kind"] = Kind(said["kind"]) if said["kind"] else None
    held["findings"] = [Finding(**{**f, "severity": Severity(f["severity"])}) for f in said["findings"]]
    return Reading(**held)


def main() -> None:
    """The child's loop: what is known first, then documents until the pipe closes."""
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints can't disturb the answers
    from peer_challenge.word.reader import read_document

    frameworks, cycles, limits, rules = pickle.loads(_next(source))  # noqa: S301 - from our own parent
    known = Known(frameworks, cycles)
    _warm(known, limits)
    _bound_memory(limits.memory_mb)
    gc.freeze()
    gc.disable()
    _send(sink, b"ready")
    while True:
        try:
            name, data = _next(source).decode(), _next(source)
        except EOFError:
            return
        reading = read_document(data, known, name=name, limits=limits, rules=rules)
        del data
        _send(sink, _answer_of(reading))
        del reading
        gc.collect()  # while nobody waits


def _next(source: IO[bytes]) -> bytes:
    length = source.read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        raise EOFError
    return source.read(_LENGTH.unpack(length)[0])


def _warm(known: Known, limits: Limits) -> None:
    """Make what every document needs before the first one, so that its time is its own."""
    assert known.addresses is not None and known.own is not None and limits.seconds > 0


def _bound_memory(megabytes: int) -> None:
    """Let this process grow to so many megabytes and no further."""
    try:
        import resource
    except ImportError:  # not on Windows: there the time-out alone holds
        return
    with Path("/proc/self/statm").open() as statm:
        pages = [int(number) for number in statm.read().split()]
    size = resource.getpagesize()
    grown = max(megabytes * 1_000_000 - pages[1] * size, 64_000_000)
    bound = pages[0] * size + grown
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


if __name__ == "__main__":
    main()
