"""Files in folders that others may change, reached through open handles only.

Between a look at a name and its use, others who may write to a folder can make the name a link, a pipe or
another folder. So each level of a path is opened from the handle of the one above, links are never followed,
nothing is waited for (a pipe without a writer, a file under a lease), and what was opened is looked at, not
its name.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath, PurePosixPath

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_NOT_FOLLOWED = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_PIECE = 1 << 20
_DEEPEST = 40
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


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
            if mode is not None:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, mode, dir_fd=handle)
            above, handle = handle, open_subfolder(handle, part)
            os.close(above)
        yield handle
    finally:
        os.close(handle)


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
        handle = open_file(folder, name)
    try:
        return read_handle(handle, most)
    finally:
        os.close(handle)


def write_file(folder: int, name: str, data: bytes, mode: int) -> None:
    """Write a new file and wait until it is on the disk; what had the name before is removed first.

    Raises OSError.
    """
    with contextlib.suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)
    handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOT_FOLLOWED, mode, dir_fd=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def files_below(top: Path) -> list[PurePosixPath]:
    """The path, relative to `top`, of every file below it, in order; none where there is no such folder.

    Folders more than 40 deep are not looked into. Raises OSError where a folder can't be read.
    """
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
        except NOT_THERE:
            continue
    return sorted(found)


def make_private_folder(folder: Path) -> None:
    """Make a folder that only this account may enter, or close one of ours to others. Raises OSError."""
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    if stat.S_IMODE(status.st_mode) != PRIVATE_FOLDER and status.st_uid == os.geteuid():
        folder.chmod(PRIVATE_FOLDER)


def write_private(path: Path, data: bytes) -> None:
    """Write a file of a folder that is ours alone, readable for this account only, and wait for the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _NOT_FOLLOWED, PRIVATE_FILE)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
