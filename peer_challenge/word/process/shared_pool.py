"""The reading child processes that a long-lived process keeps, so that no batch waits for one to start."""

import atexit
import threading
from collections.abc import Iterable
from pathlib import Path

from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.known import Known
from peer_challenge.word.package.open_package import Limits
from peer_challenge.word.process.reader_pool import Readers

_lock = threading.Lock()
_kept: list[tuple[Known, Limits, Readers]] = []


def read_all(paths: Iterable[Path], known: Known, limits: Limits) -> list[Reading]:
    """The Reading of each file, in order. Raises OSError where a file can't be opened."""
    with _lock:
        readers = _readers(known, limits)
        return list(readers.read_each((path.name, path.read_bytes()) for path in paths))


def read_one(name: str, data: bytes, known: Known, limits: Limits, *, wait_seconds: float) -> Reading | None:
    """The Reading of one document by its file's name and bytes; None where others are read for so long."""
    if not _lock.acquire(timeout=wait_seconds):
        return None
    try:
        return _readers(known, limits).read(data, name=name)
    finally:
        _lock.release()


def begin(known: Known, limits: Limits) -> None:
    """Start a child now, so that the first batch does not wait either."""
    with _lock:
        _readers(known, limits).begin()


def _readers(known: Known, limits: Limits) -> Readers:
    """The children that know this much; those that knew something else end."""
    for knew, within, readers in _kept:
        if (knew.frameworks, knew.cycles, within) == (known.frameworks, known.cycles, limits):
            return readers
    _end()
    _kept.append((known, limits, Readers(known, limits=limits)))
    return _kept[0][2]


@atexit.register
def _end() -> None:
    while _kept:
        _kept.pop()[2].close()
