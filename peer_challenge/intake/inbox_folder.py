"""The shared folder in which documents arrive: what is in it, what is left and why, and taking a file out.

Others may do there what they like. We follow no links and wait for nothing (folder_handles.py). We create
nothing in it except, for a moment, another name for a file that is being taken out.
"""

import contextlib
import os
import stat
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePath

from peer_challenge.intake import left_files
from peer_challenge.intake.folder_walk import Entry, Walk, folders_below
from peer_challenge.intake.left_files import Left, name_as_text
from peer_challenge.intake.names_in_inbox import name_aside, sent_name
from peer_challenge.intake.still_arriving import Waiting, find_hindrance, state_of
from peer_challenge.system.file_modes import PRIVATE_FILE
from peer_challenge.system.folder_handles import open_file, open_folder, read_file, write_file
from peer_challenge.system.free_names import names_like

_TIMES_TOO_LARGE = 4  # a document a little too large is refused with a letter; a larger file is not even read
_PIECE = 1 << 20
"""A megabyte: a large file is copied without being in memory as a whole, in few calls."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What lies in the inbox: what waits to be read, oldest first; what is left; and the folders of programs
    (recycle bins, indexes, earlier versions) in which nothing is read, each with how many files it holds."""

    waiting: tuple[Waiting, ...]
    left: tuple[Left, ...]
    ignored: tuple[Left, ...] = ()


@dataclass(slots=True)
class Copied:
    """A file of the inbox whose content was copied: its open handle, and its status at that time."""

    parts: tuple[str, ...]
    handle: int
    status: os.stat_result

    def close(self) -> None:
        """Close the handle."""
        os.close(self.handle)


class InboxFolder:
    """The shared folder. `max_bytes` is the largest document that is opened."""

    def __init__(self, folder: Path, *, max_bytes: int, incomplete_seconds: float = 10) -> None:
        self.folder = folder
        self._most = max_bytes * _TIMES_TOO_LARGE
        self._max_megabytes = max_bytes / 1_000_000
        self._incomplete_seconds = incomplete_seconds

    def look(self) -> Contents:
        """What is in the folder now. No file is opened.

        If the folder itself cannot be read, that is among the entries that are left.
        """
        return self._collect_contents(lambda folder, file: None)

    def look_again(self, before: Contents) -> Contents:
        """What waits and has not changed since `before`.

        Files that have changed, or cannot be read, are among those that are left.
        """
        states = {file.path: file.state for file in before.waiting}

        def check(folder: int, file: Waiting) -> Left | None:
            if states.get(file.path) != file.state:
                return left_files.still_arriving(name_as_text(file.name))
            return find_hindrance(folder, file, self._incomplete_seconds)

        return self._collect_contents(check)

    def folders(self, most: int) -> list[Path]:
        """The folder itself and people's folders in it, none of them a link below it: `most` at most."""
        return [self.folder, *islice(folders_below(self.folder), most - 1)]

    def files_below(self, name: str) -> list[tuple[str, ...]]:
        """The parts of the path of every file below the folder `name`, in order. Raises OSError."""
        found = Walk(self.folder).entries((name,))
        return sorted(entry.parts for entry in found if stat.S_ISREG(entry.status.st_mode))

    # Looking

    def _collect_contents(self, check: Callable[[int, Waiting], Left | None]) -> Contents:
        waiting, left = list[Waiting](), list[Left]()
        walk = Walk(self.folder)
        try:
            for entry in walk.entries():
                told = self._classify_entry(entry, check)
                if isinstance(told, Waiting):
                    waiting.append(told)
                else:
                    left.append(told)
        except OSError:
            name = name_as_text(self.folder.name)
            left.append(left_files.unopened_file(name, "can't be opened: it is the inbox itself"))
        # the oldest first: a form is taken in before the one that corrects it, which is the later version
        waiting.sort(key=lambda file: (file.saved_ns, file.path.name))
        left = sorted((*left, *walk.left), key=lambda file: file.name)
        return Contents(tuple(waiting), tuple(left), tuple(walk.ignored))

    def _classify_entry(self, entry: Entry, check: Callable[[int, Waiting], Left | None]) -> Waiting | Left:
        status, shown = entry.status, name_as_text(sent_name(entry.parts[-1]))
        if not stat.S_ISREG(status.st_mode):
            return left_files.no_file(shown, status)
        if status.st_size > self._most:
            return left_files.far_too_large(shown, self._max_megabytes)
        if entry.is_open:
            return left_files.open_in_editor(shown)
        file = Waiting(self.folder.joinpath(*entry.parts), entry.parts, status)
        return check(entry.folder, file) or file

    def has_content(self, file: Waiting, data: bytes) -> bool:
        """Whether a waiting file holds these very bytes; no for one that can't be read now."""
        if file.status.st_size != len(data):
            return False
        try:
            return read_file(self.folder, PurePath(*file.parts), most=len(data)) == data
        except OSError:
            return False

    # Putting a file in

    def put_file(self, name: str, data: bytes) -> Path:
        """Put a complete new file into the inbox as `name`, or a similar free name. Returns its path.

        Nobody who looks ever sees half of it, and it replaces no other file. Raises OSError.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = f".{uuid.uuid4().hex}.tmp"
        with open_folder(self.folder) as folder:
            try:
                write_file(folder, draft, data, PRIVATE_FILE)
                place = _give_free_name(folder, draft, name)
            finally:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(draft, dir_fd=folder)
            os.fsync(folder)
        return self.folder / place

    # Taking a file out

    def copy_file(self, file: Path, into: Path) -> Copied | Left:
        """Copy a file of the inbox to the new file `into` and wait until the copy is on the disk.

        The copy is made from an open handle that was found to be a file. Returns what `remove_file` needs, or
        why the file is left. Raises OSError where `into` cannot be written.
        """
        parts = file.relative_to(self.folder).parts
        shown = name_as_text(sent_name(parts[-1]))
        try:
            with open_folder(self.folder, parts[:-1]) as folder:
                handle = open_file(folder, parts[-1])
        except OSError:  # gone, made something else, or open in a way that forbids it: the next look tells
            return left_files.still_arriving(shown)
        copied = Copied(parts, handle, os.fstat(handle))
        is_copied = False
        try:
            size = _copy_file_to_disk(handle, into, self._most)
            is_copied = size == copied.status.st_size and state_of(os.fstat(handle)) == state_of(
                copied.status
            )
        except _ReadingFailed:
            return left_files.not_readable_yet(shown)
        finally:
            if not is_copied:
                copied.close()
        return copied if is_copied else left_files.still_arriving(shown)

    def remove_file(self, copied: Copied) -> Left | None:
        """Take out a file that was copied. Returns why it is left, if it has changed or been replaced since.

        The file first gets a name of our own. So we look at and remove what the sender saved before, and
        never what is saved under the old name at this moment. When two intakes try at once, only one can
        give it that name and remove it.
        """
        *above, name = copied.parts
        shown = name_as_text(sent_name(name))
        try:
            with open_folder(self.folder, above) as folder:
                aside = name_aside(name)
                os.rename(name, aside, src_dir_fd=folder, dst_dir_fd=folder)
                try:
                    now = os.stat(aside, dir_fd=folder, follow_symlinks=False)
                    if os.path.samestat(now, os.fstat(copied.handle)) and state_of(now) == state_of(
                        copied.status
                    ):
                        os.unlink(aside, dir_fd=folder)
                        return None
                except FileNotFoundError:  # another intake has it now
                    return left_files.still_arriving(shown)
                _give_name_back(folder, aside, sent_name(name))
        except FileNotFoundError:
            return left_files.still_arriving(shown)
        except OSError:
            return left_files.not_removable(shown)
        return left_files.still_arriving(shown)

    def return_file(self, parts: tuple[str, ...]) -> None:
        """Move a file from a folder in the inbox into the inbox itself, without replacing another.

        Raises OSError.
        """
        *above, name = parts
        with open_folder(self.folder) as top, open_folder(self.folder, above) as folder:
            aside = name_aside(name)
            os.rename(name, aside, src_dir_fd=folder, dst_dir_fd=top)
            _give_name_back(top, aside, sent_name(name))


def _give_free_name(folder: int, draft: str, name: str) -> str:
    """Give a file of the open folder a name that nothing has there: `name`, or one like it; returns which."""
    for place in names_like(name):
        try:
            os.link(draft, place, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
            break
        except FileExistsError:
            pass
        except OSError:  # no hard links here, as on some network drives: the name is taken first
            with contextlib.suppress(FileExistsError):
                os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE, dir_fd=folder))
                os.rename(draft, place, src_dir_fd=folder, dst_dir_fd=folder)
                break
    return place


def _copy_file_to_disk(handle: int, into: Path, most: int) -> int:
    """Copy an open file of at most `most` bytes to a new one of ours, and to the disk; returns how many.

    Raises _ReadingFailed, and OSError where the new one can't be written.
    """
    count = 0
    target = os.open(into, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE)
    with os.fdopen(target, "wb") as file:
        while count <= most and (piece := _read_piece(handle, count)):
            file.write(piece)
            count += len(piece)
        file.flush()
        os.fsync(file.fileno())
    return count


class _ReadingFailed(Exception):
    """A file of the inbox can't be read to its end: a part of it may be locked, or its disk be damaged."""


def _read_piece(handle: int, start: int) -> bytes:
    try:
        return os.pread(handle, _PIECE, start)
    except OSError:  # told apart from a full disk of ours, for which all the others have to wait as well
        raise _ReadingFailed from None


def _give_name_back(folder: int, aside: str, name: str) -> None:
    """Give what we named aside its name again, over no other; where that can't be, the next look finds it."""
    with contextlib.suppress(OSError):
        if stat.S_ISDIR(os.stat(aside, dir_fd=folder, follow_symlinks=False).st_mode):
            os.rename(aside, name, src_dir_fd=folder, dst_dir_fd=folder)  # over a file: refused
        else:
            os.link(aside, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
            os.unlink(aside, dir_fd=folder)
