"""Who may read what the service makes: its account alone, and in folders that are shared, their group.

The command line and the dashboard begin with `close_to_others`. The functions here name the mode as well, so
that what holds an area's words is closed from its first byte in any process.
"""

import errno
import os
import stat
from pathlib import Path

PRIVATE_FILE = 0o600  # what an area wrote may be in it: the account reads and writes, nobody else
PRIVATE_FOLDER = 0o700  # the bit more lets the account enter it: without that no file in it can be opened
GROUP_AND_OTHERS = 0o077  # taken by the umask from what a library makes without naming a mode


def open_flags(*names: str) -> int:
    """The flags of os.open of these names, such as "O_NOFOLLOW", those that this system has."""
    return sum(getattr(os, name, 0) for name in names)


def close_to_others() -> None:
    """Have this process, and those that it starts, make files and folders for its own account only."""
    os.umask(GROUP_AND_OTHERS)


def open_private(path: Path, flags: int = os.O_WRONLY | os.O_CREAT | os.O_TRUNC) -> int:
    """A handle of a file; a new one is for its own account only. No link is followed."""
    return os.open(path, flags | open_flags("O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"), PRIVATE_FILE)


def make_private_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, each for its own account only.

    Raises FileExistsError when a file is where a folder should be.
    """
    missing = [place for place in (folder, *folder.parents) if not place.is_dir()]
    for place in reversed(missing):
        place.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


def ensure_private_folder(folder: Path) -> None:
    """Make a folder that only this account may enter, or close one of ours to others. Raises OSError."""
    make_private_folder(folder)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    if stat.S_IMODE(status.st_mode) != PRIVATE_FOLDER and _is_ours(status):
        folder.chmod(PRIVATE_FOLDER)


def folder_mode_in(root: Path) -> int:
    """The mode of a folder below `root`: its group may do there what it may in `root`, others nothing."""
    return PRIVATE_FOLDER | (root.stat().st_mode & 0o2070)


def file_mode_in(folder: Path) -> int:
    """The mode of a file that goes into `folder`: its group may do with it what it may do with the folder."""
    return PRIVATE_FILE | (folder.stat().st_mode & 0o060)


def _is_ours(status: os.stat_result) -> bool:
    """Whether this account owns it; on a system that has no such numbers, it does."""
    return not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
