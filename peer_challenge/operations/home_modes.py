"""What of an installation others on the machine may read: finding it, and closing it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from peer_challenge.settings import FILE_NAME, Settings
from peer_challenge.system.file_modes import GROUP_AND_OTHERS

_OTHERS = 0o007


def find_open_files(settings: Settings) -> list[Path]:
    """The files and folders that others may read or change.

    In `var` nobody but its account may; of the inbox, the outbox and the settings, their group may too.
    """
    found = [path for path in _with_all_below(settings.var) if _mode_of(path) & GROUP_AND_OTHERS]
    shared = (settings.inbox_folder, settings.outbox_folder, settings.home / FILE_NAME)
    return found + [path for path in shared if _mode_of(path) & _OTHERS and _is_reached(path)]


def tighten_home(settings: Settings) -> int:
    """Close what an earlier version left open; returns how many files and folders were closed.

    What an administrator opened on purpose stays open: an inbox or an outbox in another place, one that
    everybody may write to, and what a group may do.
    """
    closed = [_close(path, GROUP_AND_OTHERS) for path in _with_all_below(settings.var)]
    inbox, outbox = settings.home / "inbox", settings.home / "outbox"
    if not _mode_of(inbox) & stat.S_IWOTH:
        closed.append(_close(inbox, _OTHERS))
    if not settings.outbox and not _mode_of(outbox) & stat.S_IWOTH:
        closed += [_close(path, _OTHERS) for path in _with_all_below(outbox)]
    return sum((*closed, _close(settings.home / FILE_NAME, _OTHERS)))


def _with_all_below(folder: Path) -> Iterator[Path]:
    """A folder with every file and folder below it; no link is followed."""
    yield folder
    for place, folders, files in os.walk(folder):
        yield from (Path(place, name) for name in (*folders, *files))


def _mode_of(path: Path) -> int:
    """The mode of a file or folder; 0 for anything else: what a link's own mode says opens nothing."""
    try:
        found = path.lstat().st_mode
    except OSError:  # gone meanwhile
        return 0
    return stat.S_IMODE(found) if stat.S_ISREG(found) or stat.S_ISDIR(found) else 0


def _close(path: Path, bits: int) -> bool:
    """Take these bits from a file or folder; whether it had any. What is another account's is left."""
    mode = _mode_of(path)
    if not mode & bits:
        return False
    try:
        path.chmod(mode & ~bits)
    except OSError:
        return False
    return True


def _is_reached(path: Path) -> bool:
    """Whether everybody may come as far as `path`."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents)
