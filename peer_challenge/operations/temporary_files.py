"""Temporary files of an installation, in one private folder; the next start removes what a kill left.

They may hold what areas wrote. Each process has a folder of its own there, held by a lock that ends with
the process.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from peer_challenge.errors import PeerChallengeError
from peer_challenge.settings import Settings
from peer_challenge.system.file_lock import (
    FOLDER_LOCK,
    LockedFolder,
    is_locked,
    locked_folders,
    make_locked_folder,
)


class TemporaryFolderUnusable(PeerChallengeError):
    """There is no place for temporary files."""

    exit_code = 6
    remedy = "Free some space, or give the account that runs this program the right to write to that folder."


@contextlib.contextmanager
def own_temporary_folder(settings: Settings) -> Iterator[Path]:
    """A folder for the temporary files of this process and those it starts; removed at the end.

    Folders that killed processes left are removed first. Raises TemporaryFolderUnusable.
    """
    own = _make_own_folder(settings)
    before = os.environ.get("TMPDIR"), tempfile.tempdir
    try:
        _set_temporary_folder(own.path)
        yield own.path
    finally:
        os.environ.pop("TMPDIR")
        if before[0] is not None:
            os.environ["TMPDIR"] = before[0]
        tempfile.tempdir = before[1]
        shutil.rmtree(own.path, ignore_errors=True)
        own.let_go()


def keep_temporary_folder(settings: Settings) -> Path:
    """A temporary folder for the program that this process is about to become."""
    own = _make_own_folder(settings)
    own.lock.pass_on()
    _kept.append(own)
    _set_temporary_folder(own.path)
    return own.path


_kept: list[LockedFolder] = []


def _make_own_folder(settings: Settings) -> LockedFolder:
    try:
        own = make_locked_folder(settings.temporary_folder)
    except OSError as error:
        raise TemporaryFolderUnusable(
            f"The folder {settings.temporary_folder} can't be used ({os.strerror(error.errno or 0)})."
        ) from None
    remove_left_files(settings)
    return own


def _set_temporary_folder(folder: Path) -> None:
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)


def remove_left_files(settings: Settings) -> int:
    """Remove the temporary files of processes that were killed; returns how many processes left some."""
    left = [
        folder for folder in locked_folders(settings.temporary_folder) if not is_locked(folder / FOLDER_LOCK)
    ]
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return len(left)
