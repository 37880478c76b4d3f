"""Watching the inbox: told by the file system, and looking for itself every minute all the same."""

import contextlib
import logging
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

from watchfiles import Change
from watchfiles import watch as watch_files

from peer_challenge.errors import PeerChallengeError
from peer_challenge.intake.inbox import inbox_of, is_dropping
from peer_challenge.settings import Settings
from peer_challenge.system.logging_without_content import told

log = logging.getLogger(__name__)

_QUIET_MS = 50
_RETRY_SECONDS = 2.0
_MOST_FOLDERS = 200  # the rest of them is looked at every minute


def watch(
    settings: Settings, *, stop: Event | None = None, is_enough: Callable[[], bool] = lambda: False
) -> Iterator[None]:
    """Yield each time the inbox should be looked at: at once, on every arrival, and every minute.

    While files wait that could not be taken yet it looks again every two seconds. Ends when `stop`
    is set or `is_enough()` says so.
    """
    stop = stop or Event()
    yield
    last = time.monotonic()
    for has_arrived in _arrivals(settings, stop):
        if is_enough():
            return
        waited = time.monotonic() - last
        is_stale = waited >= settings.rescan_seconds or (waited >= _RETRY_SECONDS and _waits(settings))
        if has_arrived or is_stale:
            yield
            last = time.monotonic()


def _arrivals(settings: Settings, stop: Event) -> Iterator[bool]:
    """Whether something may have arrived, every second or two until `stop` is set.

    While the file system can't tell (the folder is away, a name in it is no text, it watches as much as it
    may already), something may have.
    """
    said = ""
    while not stop.is_set():
        try:
            yield from _changes(settings, stop)
        except (OSError, RuntimeError) as error:  # watchfiles' own is a RuntimeError
            if told(error) != said:
                said = told(error)
                log.warning("the inbox can't be watched now; it is looked at all the same: %s", said)
            stop.wait(_RETRY_SECONDS)
            yield True


def _changes(settings: Settings, stop: Event) -> Iterator[bool]:
    """Whether something may have arrived; ends when there is another folder to watch, to begin with all.

    The folders are named one by one and each is watched alone: told to watch all below a folder, the library
    would follow links in it, and whoever may write there could send it through the whole machine.
    """
    folders = inbox_of(settings).folders(_MOST_FOLDERS)
    for changes in watch_files(
        *folders,
        watch_filter=lambda change, path: _matters(settings.inbox_folder, change, path),
        debounce=200,
        step=_QUIET_MS,
        rust_timeout=1000,
        yield_on_timeout=True,
        stop_event=stop,
        force_polling=settings.poll or None,
        raise_interrupt=True,
        recursive=False,
    ):
        yield bool(changes)
        if any(_is_folder(path) for _, path in changes):
            yield True
            return


def _matters(folder: Path, change: Change, path: str) -> bool:
    parts = Path(path).relative_to(folder).parts
    return change is not Change.deleted and not any(map(is_dropping, parts))


def _is_folder(path: str) -> bool:
    with contextlib.suppress(OSError):
        return stat.S_ISDIR(os.lstat(path).st_mode)
    return False


def _waits(settings: Settings) -> bool:
    """Whether a file waits that may become ready; links and pipes never do."""
    with contextlib.suppress(PeerChallengeError):
        return bool(inbox_of(settings).waiting())
    return False
