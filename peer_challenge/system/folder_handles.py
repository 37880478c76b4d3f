"""Files in folders that others may change, reached through open handles only.

Between a look at a name and its use, others who may write to a folder can make the name a link, a pipe or
another folder. So each level of a path is opened from the handle of the one above, links are never followed,
nothing is waited for (a pipe without a writer, a file under a lease), and what was opened is looked at, not
its name.
"""

import contextlib
import errno
import io
import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath, PurePosixPath
from typing import IO

from peer_challenge.system.file_modes import PRIVATE_FILE, PRIVATE_FOLDER, open_flags, open_private

_FOLDER = os.O_RDONLY | open_flags("O_DIRECTORY", "O_CLOEXEC")
_NOT_FOLLOWED = open_flags("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY")
_PIECE = 1 << 20
"""A megabyte: a large file is copied without being in memory as a whole, in few calls."""
_DEEPEST = 40
"""Each is opened from the top down: a chain of thousands, which anybody can make, would take for ever."""


class NotAFile(OSError):
    """What has the name is a link, a pipe, a device or a folder."""


class TooLarge(OSError):
    """The file is larger than it may be."""


NOT_THERE = (FileNotFoundError, NotADirectoryError, NotAFile)
"""What is raised where a path has no file: nothing is there, something else, or a link on the way to it."""


@contextlib.contextmanager
def open_folder(top: Path, parts: Sequence[str] = (), *, mode: int | None = None) -> Iterator[int]:
    """The handle of the folder `parts` below `top`, for as long as the block runs.

    `top` may be a link, as the administrator's own choice; nothing below it may. With `mode`, folders that
    are missing below `top` are made. Raises OSError.
    """
    handle = os.open(top, _FOLDER)
    try:
        for part in parts:
            is_new = mode is not None and _make_subfolder(handle, part)
            above, handle = handle, open_subfolder(handle, part)
            os.close(above)
            if mode is not None and is_new:
                os.fchmod(handle, mode)  # the umask has no say
        yield handle
    finally:
        os.close(handle)


def _make_subfolder(folder: int, name: str) -> bool:
    """Make the folder `name` for this account only; False where the name is taken."""
    try:
        os.mkdir(name, PRIVATE_FOLDER, dir_fd=folder)
    except FileExistsError:
        return False
    return True


def open_subfolder(folder: int, name: str) -> int:
    """A new handle of the folder `name` in `folder`. Raises NotADirectoryError for a link, and OSError."""
    try:
        return os.open(name, _FOLDER | _NOT_FOLLOWED, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), name) from None
        raise


def open_file(folder: int, name: str) -> int:
    """A new handle to read the file `name` in `folder`. Raises NotAFile, and OSError."""
    if not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        raise NotAFile(name)  # a device is not even opened
    try:
        handle = os.open(name, os.O_RDONLY | _NOT_FOLLOWED, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP:  # made a link meanwhile
            raise NotAFile(name) from None
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotAFile(name)
    return handle


def read_handle(handle: int, most: int | None = None) -> bytes:
    """What is in an open file, from its beginning. Raises TooLarge where that is more than `most` bytes."""
    os.lseek(handle, 0, os.SEEK_SET)
    if most is not None and os.fstat(handle).st_size > most:
        raise TooLarge
    found = bytearray()
    while piece := os.read(handle, _PIECE):
        found += piece
        if most is not None and len(found) > most:  # it grew meanwhile
            raise TooLarge
    return bytes(found)


def read_file(top: Path, relative: str | PurePath, *, most: int | None = None) -> bytes:
    """What is in the file at `relative` below `top`. Raises NotAFile, TooLarge, and OSError."""
    *above, name = PurePath(relative).parts
    with open_folder(top, above) as folder:
        return read_file_in(folder, name, most=most)


def read_file_in(folder: int, name: str, *, most: int | None = None) -> bytes:
    """What is in the file `name` in an open folder. Raises NotAFile, TooLarge, and OSError."""
    handle = open_file(folder, name)
    try:
        return read_handle(handle, most)
    finally:
        os.close(handle)


def remove_file(top: Path, relative: str | PurePath) -> bool:
    """Remove a file below the folder `top`, if it is there; returns whether it was. No link is followed."""
    *above, name = PurePath(relative).parts
    try:
        with open_folder(top, above) as folder:
            os.close(open_file(folder, name))
            os.unlink(name, dir_fd=folder)
    except NOT_THERE:
        return False
    return True


def write_file(folder: int, name: str, data: bytes, mode: int) -> None:
    """Write a new file and wait until it is on the disk; what had the name before is removed first.

    Raises OSError.
    """
    write_stream(folder, name, io.BytesIO(data), mode)


def write_stream(folder: int, name: str, source: IO[bytes], mode: int) -> None:
    """Write a new file piece by piece from an open file, and wait until it is on the disk.

    A file that had the name before is removed first. Raises OSError.
    """
    with contextlib.suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOT_FOLLOWED
    with os.fdopen(os.open(name, flags, PRIVATE_FILE, dir_fd=folder), "wb") as file:
        os.fchmod(file.fileno(), mode)  # the umask has no say
        shutil.copyfileobj(source, file, _PIECE)
        file.flush()
        os.fsync(file.fileno())


def files_below(top: Path, *, is_shared: bool = False) -> list[PurePosixPath]:
    """The path, relative to `top`, of every file below it, in order; none where there is no such folder.

    Folders more than 40 deep are not looked into, nor in what `is_shared` with others those that are not ours
    to read. Raises OSError where a folder can't be read.
    """
    passed_over = (*NOT_THERE, PermissionError) if is_shared else NOT_THERE
    found = list[PurePosixPath]()
    near: list[tuple[str, ...]] = [()]
    while near:
        parts = near.pop()
        try:
            with open_folder(top, parts) as folder, os.scandir(folder) as entries:
                for entry in entries:
                    path = (*parts, entry.name)
                    if entry.is_file(follow_symlinks=False):
                        found.append(PurePosixPath(*path))
                    elif entry.is_dir(follow_symlinks=False) and len(path) <= _DEEPEST:
                        near.append(path)
        except passed_over:
            continue
    return sorted(found)


def replace_private(path: Path, data: bytes) -> None:
    """Put data in place of a file of a folder that is ours alone, at once: nobody ever reads half of it.

    Raises OSError; the file is as it was then.
    """
    aside = path.with_name(f".{path.name}.new")
    try:
        write_private(aside, data)
        aside.replace(path)
    finally:
        with contextlib.suppress(OSError):  # it is gone already where it took the file's place
            aside.unlink()
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Wait until a new name is on the disk; not on a system that opens no folders, as Windows."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_private(path: Path, data: bytes) -> None:
    """Write a file of a folder that is ours alone, readable for this account only, and wait for the disk."""
    with os.fdopen(open_private(path), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
