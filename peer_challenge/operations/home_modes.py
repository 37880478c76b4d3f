"""Finds and closes files of an installation that other people on the machine may read."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from peer_challenge.settings import FILE_NAME, Settings
from peer_challenge.system.file_modes import GROUP_AND_OTHERS

_OTHERS = 0o007
"""The last three bits of a POSIX mode: everybody but the owner and the group."""


def find_open_files(settings: Settings) -> list[Path]:
    """The files and folders that others on the machine may read or change.

    Only the installation's account may use `var`. The inbox, the outbox and the settings may be open to
    their group, but to nobody else.
    """
    found = [path for path in _with_all_below(settings.var) if _read_file_mode(path) & GROUP_AND_OTHERS]
    shared = (settings.inbox_folder, settings.outbox_folder, settings.home / FILE_NAME)
    return found + [path for path in shared if _read_file_mode(path) & _OTHERS and _is_reached(path)]


def tighten_home(settings: Settings) -> int:
    """Close what an earlier version left open; returns how many files and folders were closed.

    An administrator's own choices are kept: an inbox or an outbox in another place, one that everybody may
    write to, and what a group may do.
    """
    closed = [_remove_mode_bits(path, GROUP_AND_OTHERS) for path in _with_all_below(settings.var)]
    inbox, outbox = settings.home / "inbox", settings.home / "outbox"
    if not _read_file_mode(inbox) & stat.S_IWOTH:
        closed.append(_remove_mode_bits(inbox, _OTHERS))
    if not settings.outbox and not _read_file_mode(outbox) & stat.S_IWOTH:
        closed += [_remove_mode_bits(path, _OTHERS) for path in _with_all_below(outbox)]
    return sum((*closed, _remove_mode_bits(settings.home / FILE_NAME, _OTHERS)))


def _with_all_below(folder: Path) -> Iterator[Path]:
    """A folder with every file and folder below it; no link is followed."""
    yield folder
    for place, folders, files in os.walk(folder):
        yield from (Path(place, name) for name in (*folders, *files))


def _read_file_mode(path: Path) -> int:
    """The mode of a file or folder; 0 for anything else: what a link's own mode says opens nothing."""
    try:
        found = path.lstat().st_mode
    except OSError:  # gone meanwhile
        return 0
    return stat.S_IMODE(found) if stat.S_ISREG(found) or stat.S_ISDIR(found) else 0


def _remove_mode_bits(path: Path, bits: int) -> bool:
    """Take these bits from a file or folder; returns whether that changed it. Other accounts' files stay."""
    mode = _read_file_mode(path)
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
