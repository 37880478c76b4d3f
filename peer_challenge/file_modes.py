"""Who may read what the service makes: its account alone, and in folders that are shared, their group.

The command line and the dashboard begin with `close_to_others`. The functions here name the mode as well, so
that what holds an area's words is closed from its first byte in any process.
"""

import os
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
GROUP_AND_OTHERS = 0o077


def close_to_others() -> None:
    """Have this process, and those that it starts, make files and folders for its own account only."""
    os.umask(GROUP_AND_OTHERS)


def open_private(path: Path, flags: int = os.O_WRONLY | os.O_CREAT | os.O_TRUNC) -> int:
    """A handle of a file; a new one is for its own account only. No link is followed."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE)


def make_private_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, each for its own account only.

    Raises FileExistsError when a file is where a folder should be.
    """
    missing = [place for place in (folder, *folder.parents) if not place.is_dir()]
    for place in reversed(missing):
        place.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


def make_folder_in(root: Path, folder: Path) -> None:
    """Make `folder`, below `root`; its group may do there what it may in `root`, others nothing."""
    mode = root.stat().st_mode & 0o2770
    missing = [place for place in (folder, *folder.parents) if place.is_relative_to(root) and place != root]
    for place in reversed(missing):
        if not place.is_dir():
            place.mkdir(mode=PRIVATE_FOLDER)
            place.chmod(mode)


def mode_in(folder: Path) -> int:
    """The mode of a file that goes into `folder`: its group may do with it what it may do with the folder."""
    return PRIVATE_FILE | (folder.stat().st_mode & 0o060)
