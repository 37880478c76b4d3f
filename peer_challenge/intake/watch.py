"""Watches the inbox: the file system reports changes, and we also look ourselves every minute."""

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
from peer_challenge.intake.inbox import is_dropping, make_inbox_from_settings
from peer_challenge.settings import Settings
from peer_challenge.system.logging_without_content import describe_error
from peer_challenge.system.program_names import is_owner_name, use_of_folder

log = logging.getLogger(__name__)

_QUIET_MS = 50
"""Arrivals that follow each other as fast are one, as of a folder that is copied; nobody notices the wait."""
_RETRY_SECONDS = 2.0
"""What waits is mostly still being written: soon enough for its sender, seldom enough for a network drive."""
_MOST_FOLDERS = 200  # the rest of them is looked at every minute


def watch_for_arrivals(
    settings: Settings, *, stop: Event | None = None, is_enough: Callable[[], bool] = lambda: False
) -> Iterator[None]:
    """Yield each time the inbox should be looked at: at once, on every arrival, and every minute.

    While files wait that could not be taken in yet, it yields every two seconds. Ends when `stop`
    is set or `is_enough()` returns True.
    """
    stop = stop or Event()
    yield
    last = time.monotonic()
    for has_arrived in _watch_until_stopped(settings, stop):
        if is_enough():
            return
        waited = time.monotonic() - last
        is_stale = waited >= settings.rescan_seconds or (
            waited >= _RETRY_SECONDS and _has_waiting_file(settings)
        )
        if has_arrived or is_stale:
            yield
            last = time.monotonic()


def _watch_until_stopped(settings: Settings, stop: Event) -> Iterator[bool]:
    """Whether something may have arrived, every second or two until `stop` is set.

    While the file system can't tell (the folder is away, a name in it is no text, it watches as much as it
    may already), something may have.
    """
    said = ""
    while not stop.is_set():
        try:
            yield from _watch_current_folders(settings, stop)
        except (OSError, RuntimeError) as error:  # watchfiles' own is a RuntimeError
            if describe_error(error) != said:
                said = describe_error(error)
                log.warning("the inbox can't be watched now; it is looked at all the same: %s", said)
            stop.wait(_RETRY_SECONDS)
            yield True


def _watch_current_folders(settings: Settings, stop: Event) -> Iterator[bool]:
    """Whether something may have arrived; ends when there is another folder to watch, to begin with all.

    The folders are named one by one and each is watched alone: told to watch all below a folder, the library
    would follow links in it, and anybody who may write there could send it through the whole machine.
    """
    folders = make_inbox_from_settings(settings).folders(_MOST_FOLDERS)
    for changes in watch_files(
        *folders,
        watch_filter=lambda change, path: _is_relevant_change(settings.inbox_folder, change, path),
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


def _is_relevant_change(folder: Path, change: Change, path: str) -> bool:
    """Whether a change may make a document ready: one that came, or was closed by who had it open."""
    *above, name = Path(path).relative_to(folder).parts or (".",)
    if any(is_dropping(part) or use_of_folder(part) for part in above):
        return False
    return is_owner_name(name) if change is Change.deleted else not is_dropping(name)


def _is_folder(path: str) -> bool:
    with contextlib.suppress(OSError):
        return stat.S_ISDIR(os.lstat(path).st_mode)
    return False


def _has_waiting_file(settings: Settings) -> bool:
    """Whether a file waits that may become ready; links and pipes never do."""
    with contextlib.suppress(PeerChallengeError):
        return bool(make_inbox_from_settings(settings).waiting())
    return False
