"""The reading child processes that a long-lived process keeps, so that no batch waits for one to start."""

import atexit
import threading
from collections.abc import Iterable

from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.package.reading_limits import Limits
from peer_challenge.word.process.reader_pool import Readers

_lock = threading.Lock()
_kept: list[tuple[Known, Limits, Readers]] = []


def read_all_documents(documents: Iterable[tuple[str, bytes]], known: Known, limits: Limits) -> list[Reading]:
    """The Reading of each document, by its file's name and bytes, in order."""
    with _lock:
        return list(_get_matching_pool(known, limits).read_each(documents))


def read_documents_soon(
    documents: Iterable[tuple[str, bytes]], known: Known, limits: Limits, *, wait_seconds: float
) -> list[Reading] | None:
    """The Reading of each of a few documents, by its file's name and bytes, in order.

    Returns None when the children are still reading other documents after `wait_seconds`.
    """
    if not _lock.acquire(timeout=wait_seconds):
        return None
    try:
        return list(_get_matching_pool(known, limits).read_each(documents))
    finally:
        _lock.release()


def start_reading_child(known: Known, limits: Limits, children: int = 1) -> None:
    """Start so many children now, where they do not run, so that the first batch does not wait either."""
    with _lock:
        _get_matching_pool(known, limits).begin(children)


def _get_matching_pool(known: Known, limits: Limits) -> Readers:
    """The pool for these frameworks, cycles and limits; a pool for any others is closed first."""
    for knew, within, readers in _kept:
        if (knew, within) == (known, limits):
            return readers
    _close_all_pools()
    _kept.append((known, limits, Readers(known, limits=limits)))
    return _kept[0][2]


@atexit.register
def _close_all_pools() -> None:
    while _kept:
        _kept.pop()[2].close()
