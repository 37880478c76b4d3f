"""Rendering in processes beside the one that issues: it gathers and places while they write.

They are started when a batch is worth it and kept; each ends with the process that began it,
however that ends.
"""

import atexit
import multiprocessing
import os
import signal
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from multiprocessing.process import BaseProcess
from pathlib import Path

from peer_challenge.dispatches import registry
from peer_challenge.dispatches.facts import Facts
from peer_challenge.word.rendering import WordTemplates

WORTH_IT = 6


@lru_cache(maxsize=4)
def word_templates(own: Path) -> WordTemplates:
    """The shipped Word templates, with the office's own in front; compiled once in a process."""
    return WordTemplates.of_installation(own)


def render(facts: Facts, own: Path) -> bytes:
    """The file of a dispatch, with the office's own templates from the folder `own`."""
    return registry.render(facts, word_templates(own))


class Renderer:
    """Renders here, or beside when told how many there are to be."""

    def __init__(self, own: Path, count: int) -> None:
        self._own = own
        self._pool = _pool() if count >= WORTH_IT else None

    def begin(self, facts: Facts) -> "Future[bytes]":
        """Begin to render; the future has the bytes, or what went wrong."""
        if self._pool is not None:
            try:
                return self._pool.submit(render, facts, self._own)
            except RuntimeError:  # broken, or this process is ending
                self._pool = None
                _pool.cache_clear()
        return self._here(facts)

    def finish(self, begun: "Future[bytes]", facts: Facts) -> bytes:
        """The bytes. Whatever ended a process beside, it is rendered here then."""
        try:
            return begun.result()
        except BrokenProcessPool:
            self._pool = None
            _pool.cache_clear()
            return self._here(facts).result()

    def _here(self, facts: Facts) -> "Future[bytes]":
        done: Future[bytes] = Future()
        try:
            done.set_result(render(facts, self._own))
        except Exception as error:
            done.set_exception(error)
        return done


@lru_cache(maxsize=1)
def _pool() -> ProcessPoolExecutor:
    made = ProcessPoolExecutor(
        max(1, (os.cpu_count() or 2) - 1),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_end_with_parent,
    )
    atexit.register(made.shutdown, wait=False, cancel_futures=True)
    return made


def warm_up() -> None:
    """Start a process beside now, so that the first batch does not wait for it."""
    _pool().submit(os.getpid)


def _end_with_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that issues
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(0)
