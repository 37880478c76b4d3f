"""Whether a file in the inbox is ready to be taken in, or still on its way or being written.

It is on its way where it changes as we look, can't be opened, or lacks its end (file_ends.py). How long it
has been as it is, whatever clock its times come from: the clock of a sender or of a file server may be ahead
by a minute or by years. A time in the future says nothing: it neither makes a file wait nor hurries it on.
"""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from peer_challenge.intake import left_files
from peer_challenge.intake.file_ends import is_cut_short
from peer_challenge.intake.left_files import Left, name_as_text
from peer_challenge.intake.names_in_inbox import sent_name
from peer_challenge.system.folder_handles import NotAFile, open_file

_first_seen: dict[tuple[int, ...], float] = {}
_MOST_SEEN = 1_000
"""Then all are forgotten, and wait once more: else a watcher that runs for months would keep every state."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits in the inbox, and how it was when we looked."""

    path: Path
    parts: tuple[str, ...]
    status: os.stat_result

    @property
    def name(self) -> str:
        """What its sender called it."""
        return sent_name(self.path.name)

    @property
    def state(self) -> tuple[int, ...]:
        """What changes with its content."""
        return state_of(self.status)

    @property
    def saved_ns(self) -> int:
        """When it was last written, in nanoseconds: by its sender's clock, unless that is ahead of ours."""
        return saved_ns(self.status)

    @property
    def since(self) -> datetime:
        """When it was last written, as a moment."""
        return saved_at(self.status)


def find_hindrance(folder: int, file: Waiting, incomplete_seconds: float) -> Left | None:
    """Why a file of the open `folder` can't be read yet; None where it can.

    One that seems cut short is read as it is after `incomplete_seconds` without a change.
    """
    shown = name_as_text(file.name)
    try:
        handle = open_file(folder, file.path.name)
    except FileNotFoundError:
        return left_files.taken_away(shown)
    except NotAFile:
        return left_files.still_arriving(shown)  # it changed as we looked: the next look says what it is
    except OSError:
        return left_files.not_readable_yet(shown)
    try:
        is_whole = not is_cut_short(handle) or is_unchanged_for(file.status, incomplete_seconds)
    except OSError:
        is_whole = False
    finally:
        os.close(handle)
    return None if is_whole else left_files.still_arriving(shown)


def state_of(status: os.stat_result) -> tuple[int, ...]:
    """What changes with a file's content: the same twice means that nothing was written between."""
    return status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev


def saved_ns(status: os.stat_result) -> int:
    """When a file was last written, in nanoseconds: by its sender's clock unless that is in the future.

    Then it counts from when it came here; from now, where even the file server's clock is ahead.
    """
    now = time.time_ns()
    return next((told for told in (status.st_mtime_ns, status.st_ctime_ns) if told <= now), now)


def saved_at(status: os.stat_result) -> datetime:
    """`saved_ns` as a moment; a time before all calendars is the first that we know."""
    return datetime.fromtimestamp(max(saved_ns(status), 0) / 1e9, UTC)


def is_unchanged_for(status: os.stat_result, seconds: float) -> bool:
    """Whether a file has not changed for so many seconds: by its times, or by our own watch."""
    if time.time_ns() - saved_ns(status) >= seconds * 1e9:
        return True
    if len(_first_seen) >= _MOST_SEEN:
        _first_seen.clear()
    begun = _first_seen.setdefault(state_of(status), time.monotonic())
    return time.monotonic() - begun >= seconds


def has_been_here_for(status: os.stat_result, seconds: float) -> bool:
    """Whether a file was last changed here so many seconds ago (ctime, which no sender can set)."""
    return time.time_ns() - status.st_ctime_ns >= seconds * 1e9
