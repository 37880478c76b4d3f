"""The shared folder in which documents arrive: what is in it, what is left and why, and taking a file out.

Others may do there what they like. We follow no links and wait for nothing (folder_handles.py). We create
nothing in it except, for a moment, another name for a file that is being taken out.
"""

import contextlib
import os
import re
import stat
import time
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from peer_challenge.system.file_modes import PRIVATE_FILE
from peer_challenge.system.folder_handles import NotAFile, open_file, open_folder, open_subfolder, write_file
from peer_challenge.system.free_names import LONGEST_NAME, cut_file_name, names_like

_DEEPEST = 40  # folders in folders: each costs a handle while it is looked through
_TIMES_TOO_LARGE = 4  # a document a little too large is refused with a letter; a larger file is not even read
_PIECE = 1 << 20
_END_OF_PACKAGE = 66_000  # bytes: a ZIP's last record, with the longest comment
_LAST_MOMENT = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
_TAKEN = ".taken-"
_TAKEN_NAME = re.compile(rf"{re.escape(_TAKEN)}[0-9a-f]{{12}}-(?=.)", re.DOTALL)
_DROPPINGS = re.compile(
    r"^(~\$|\.|~)|\.(tmp|temp|part|partial|crdownload|download|lock|swp)$|^(thumbs\.db|desktop\.ini|icon\r?)$",
    re.IGNORECASE,
)
_MAY_BE_A_DOCUMENT = re.compile(
    r"^~|\.(tmp|temp|part|partial|crdownload|download|lock|swp)$|^\.(?!_).*\.(docx?|docm|odt|rtf|pdf|eml|msg)$",
    re.IGNORECASE,
)
"""Droppings that somebody may wait for; what systems keep in a folder for ever (.DS_Store, ._x) is none."""
_DROPPING_SECONDS = 24 * 3600.0  # no editor or sync program needs its own file for longer
_DOCUMENT_ENDING = re.compile(r"\.(docx?|docm|dotx?|odt|rtf|pdf|eml|msg|zip|xlsx?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Left:
    """A file or folder that is left where it is: why, and what to do.

    `is_arriving` says that it may still be on its way.
    """

    name: str
    why: str
    remedy: str = ""
    is_arriving: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits in the inbox.

    `state` changes when its content changes. `since` is when it was last written, by its sender's clock.
    """

    path: Path
    parts: tuple[str, ...]
    state: tuple[int, ...]
    modified_ns: int
    since: datetime

    @property
    def name(self) -> str:
        """What its sender called it."""
        return sent_name(self.path.name)


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in the inbox: the files that wait to be read, oldest first, and what is left."""

    waiting: tuple[Waiting, ...]
    left: tuple[Left, ...]


@dataclass(slots=True)
class Copied:
    """A file of the inbox whose content was copied: its open handle, and its status at that time."""

    parts: tuple[str, ...]
    handle: int
    status: os.stat_result

    def close(self) -> None:
        """Close the handle."""
        os.close(self.handle)


def is_dropping(name: str) -> bool:
    """Whether a name is that of a file that an editor or sync client made for itself; such files are ignored.

    A file that an intake was taking out is judged by its sender's name. We never take out a file with an
    ignored name ("." and ".." included), so such a file was not renamed by us.
    """
    return bool(_DROPPINGS.search(sent_name(name)))


def sent_name(name: str) -> str:
    """The name that the sender gave a file, also where an intake was killed while it took the file out."""
    return _TAKEN_NAME.sub("", name, count=1)


def name_as_text(name: str) -> str:
    """A file's name in a form that can be kept and shown.

    Bytes that are no text become "?". Characters that turn or hide letters are left out.
    """
    text = name.encode("utf-8", "replace").decode()
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf"))


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
        return self._collect_contents(lambda folder, name, status: None)

    def look_again(self, before: Contents) -> Contents:
        """What waits and has not changed since `before`.

        Files that have changed, or cannot be read, are among those that are left.
        """
        states = {file.path: file.state for file in before.waiting}

        def check(folder: int, file: Waiting, status: os.stat_result) -> Left | None:
            if states.get(file.path) != file.state:
                return self._report_arriving(file.name)
            return self._explain_unreadable(folder, file, status)

        return self._collect_contents(check)

    def folders(self, most: int) -> list[Path]:
        """The folder itself and the folders below it, `most` at most. Links are not followed."""
        found = [self.folder]
        for path, _ in self._entries_of_folders():
            if len(found) >= most:
                break
            found.append(path)
        return found

    def files_below(self, name: str) -> list[tuple[str, ...]]:
        """The parts of the path of every file below the folder `name`, in order. Raises OSError."""
        with open_folder(self.folder, (name,)) as folder:
            found = list(self._walk_below(folder, (name,), []))
        return sorted(parts for _, parts, status in found if stat.S_ISREG(status.st_mode))

    # Looking

    def _collect_contents(self, check: Callable[[int, Waiting, os.stat_result], Left | None]) -> Contents:
        waiting, left = list[Waiting](), list[Left]()
        try:
            for folder, parts, status in self._walk_entries(left):
                told = self._classify_entry(folder, parts, status, check)
                if isinstance(told, Waiting):
                    waiting.append(told)
                else:
                    left.append(told)
        except OSError:
            left.append(
                _report_unopened(name_as_text(self.folder.name), "can't be opened: it is the inbox itself")
            )
        waiting.sort(key=lambda file: (file.modified_ns, file.path.name))
        left.sort(key=lambda file: file.name)
        return Contents(tuple(waiting), tuple(left))

    def _classify_entry(
        self,
        folder: int,
        parts: tuple[str, ...],
        status: os.stat_result,
        check: Callable[[int, Waiting, os.stat_result], Left | None],
    ) -> Waiting | Left:
        shown = name_as_text(sent_name(parts[-1]))
        if not stat.S_ISREG(status.st_mode):
            return _report_not_a_file(shown, status)
        if status.st_size > self._most:
            return Left(
                shown,
                f"is far larger than {self._max_megabytes:.0f} MB, the most that is read",
                "Ask its sender for one with smaller pictures, and take this one out of the inbox.",
            )
        file = Waiting(
            self.folder.joinpath(*parts),
            parts,
            _read_file_state(status),
            status.st_mtime_ns,
            _read_modified_time(status),
        )
        return check(folder, file, status) or file

    def _walk_entries(self, left: list[Left]) -> Iterator[tuple[int, tuple[str, ...], os.stat_result]]:
        """Every entry that is no folder: the handle of its folder, its path's parts, and how it is."""
        with open_folder(self.folder) as top:
            yield from self._walk_below(top, (), left)

    def _walk_below(
        self, folder: int, above: tuple[str, ...], left: list[Left]
    ) -> Iterator[tuple[int, tuple[str, ...], os.stat_result]]:
        folders = []
        with os.scandir(folder) as entries:
            for entry in entries:
                if is_dropping(entry.name) and not _MAY_BE_A_DOCUMENT.search(entry.name):
                    continue
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:  # taken away meanwhile
                    continue
                except OSError:
                    left.append(_report_unopened(name_as_text(entry.name)))
                    continue
                if is_dropping(entry.name):
                    left += _report_old_dropping(entry.name, status)
                elif stat.S_ISDIR(status.st_mode):
                    folders.append(entry.name)
                else:
                    yield folder, (*above, entry.name), status
        for name in sorted(folders):
            yield from self._walk_into(folder, name, above, left)

    def _walk_into(
        self, folder: int, name: str, above: tuple[str, ...], left: list[Left]
    ) -> Iterator[tuple[int, tuple[str, ...], os.stat_result]]:
        shown = name_as_text(sent_name(name))
        if _DOCUMENT_ENDING.search(name):
            left.append(
                Left(
                    shown,
                    "is a folder with the name of a document",
                    "What is in it is read. If you expected a document, ask its sender for it.",
                )
            )
        if len(above) >= _DEEPEST:
            left.append(
                Left(
                    shown,
                    f"lies more than {_DEEPEST} folders deep and is not looked into",
                    "Move its documents further up, into the inbox itself.",
                )
            )
            return
        try:
            handle = open_subfolder(folder, name)
        except FileNotFoundError:
            return
        except OSError:
            left.append(_report_unopened(shown, "is a folder that can't be opened"))
            return
        try:
            yield from self._walk_below(handle, (*above, name), left)
        except OSError:
            left.append(_report_unopened(shown, "is a folder that can't be read"))
        finally:
            os.close(handle)

    def _entries_of_folders(self) -> Iterator[tuple[Path, int]]:
        """Every real folder below the inbox, nearest first, and how deep it lies."""
        near: list[tuple[str, ...]] = [()]
        while near:
            above = near.pop(0)
            with contextlib.suppress(OSError), open_folder(self.folder, above) as folder:
                with os.scandir(folder) as entries:
                    names = sorted(
                        e.name for e in entries if not is_dropping(e.name) and e.is_dir(follow_symlinks=False)
                    )
                for name in names:
                    yield self.folder.joinpath(*above, name), len(above)
                    if len(above) < _DEEPEST:
                        near.append((*above, name))

    # Whether a file is ready

    @staticmethod
    def _report_arriving(shown: str) -> Left:
        return Left(shown, "is still arriving", "It is read as soon as it is whole.", is_arriving=True)

    def _explain_unreadable(self, folder: int, file: Waiting, status: os.stat_result) -> Left | None:
        """Why a file can't be read yet; None where it can."""
        shown = name_as_text(file.name)
        try:
            handle = open_file(folder, file.path.name)
        except FileNotFoundError:
            return Left(shown, "was taken away", "You do not need to do anything.", is_arriving=True)
        except NotAFile:
            return self._report_arriving(shown)  # it changed as we looked: the next look says what it is
        except OSError:
            return _report_not_readable(shown)
        try:
            is_whole = not _is_incomplete(handle) or _is_unchanged_for(file, status, self._incomplete_seconds)
        except OSError:
            is_whole = False
        finally:
            os.close(handle)
        return None if is_whole else self._report_arriving(shown)

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
            return self._report_arriving(shown)
        copied = Copied(parts, handle, os.fstat(handle))
        is_copied = False
        try:
            size = _copy_file_to_disk(handle, into, self._most)
            is_copied = size == copied.status.st_size and _read_file_state(
                os.fstat(handle)
            ) == _read_file_state(copied.status)
        except _ReadingFailed:
            return _report_not_readable(shown)
        finally:
            if not is_copied:
                copied.close()
        return copied if is_copied else self._report_arriving(shown)

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
                aside = _make_aside_name(name)
                os.rename(name, aside, src_dir_fd=folder, dst_dir_fd=folder)
                try:
                    now = os.stat(aside, dir_fd=folder, follow_symlinks=False)
                    if os.path.samestat(now, os.fstat(copied.handle)) and _read_file_state(
                        now
                    ) == _read_file_state(copied.status):
                        os.unlink(aside, dir_fd=folder)
                        return None
                except FileNotFoundError:  # another intake has it now
                    return self._report_arriving(shown)
                _give_name_back(folder, aside, sent_name(name))
        except FileNotFoundError:
            return self._report_arriving(shown)
        except OSError:
            return Left(
                shown,
                "can't be taken out of its folder",
                "Give the account that runs this program the right to write to that folder "
                "(docs/operations.md, Folders and rights), or move the file into the inbox itself.",
            )
        return self._report_arriving(shown)

    def return_file(self, parts: tuple[str, ...]) -> None:
        """Move a file from a folder in the inbox into the inbox itself, without replacing another.

        Raises OSError.
        """
        *above, name = parts
        with open_folder(self.folder) as top, open_folder(self.folder, above) as folder:
            aside = _make_aside_name(name)
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


def _read_file_state(status: os.stat_result) -> tuple[int, ...]:
    return status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev


def _read_modified_time(status: os.stat_result) -> datetime:
    """When a file was last written, by its sender's clock; a time that no calendar has is the nearest."""
    return datetime.fromtimestamp(min(max(status.st_mtime, 0), _LAST_MOMENT), UTC)


def _report_not_a_file(shown: str, status: os.stat_result) -> Left:
    what = "a link" if stat.S_ISLNK(status.st_mode) else "a pipe or a device"
    return Left(
        shown,
        f"is {what}, not a file",
        "Copy the document itself into the inbox, and remove this.",
    )


def _report_old_dropping(name: str, status: os.stat_result) -> list[Left]:
    """That a file or folder is ignored for its name, once it has been like this for a day.

    By when it was last changed here (ctime): its sender's clock, or a sender, may set the other times.
    """
    if time.time() - status.st_ctime < _DROPPING_SECONDS:
        return []
    return [
        Left(
            name_as_text(name),
            "is ignored: it has a name that Word and sync programs give to files of their own",
            "If it is a document, give it a name that ends in .docx and begins with a letter. "
            "If nobody needs it, remove it.",
        )
    ]


def _report_unopened(shown: str, why: str = "can't be looked at") -> Left:
    return Left(
        shown,
        why,
        "Give the account that runs this program the right to read and write there "
        "(docs/operations.md, Folders and rights), or move its documents into the inbox itself.",
    )


def _report_not_readable(shown: str) -> Left:
    return Left(
        shown,
        "can't be read yet: it may be open in Word, or its permissions are wrong",
        "Close it in Word. If that does not help, save it under another name into the inbox.",
    )


def _is_incomplete(handle: int) -> bool:
    """Whether a file is empty or a package without its end, as a half-copied one is."""
    size = os.fstat(handle).st_size
    start = os.pread(handle, 4, 0)
    if start[:2] != b"PK":
        return not start
    return b"PK\x05\x06" not in os.pread(handle, _END_OF_PACKAGE, max(0, size - _END_OF_PACKAGE))


_first_seen: dict[tuple[int, ...], float] = {}
_MOST_SEEN = 1_000


def _is_unchanged_for(file: Waiting, status: os.stat_result, seconds: float) -> bool:
    """Whether a file has not changed for so many seconds: by its times, or by our own watch.

    A sender's or a file server's clock may be ahead by a minute or by years. A time in the future says
    nothing; then we go by how long we have seen it like this.
    """
    now = time.time()
    times = [told for told in (status.st_mtime, status.st_ctime) if told <= now]
    if times and now - times[0] >= seconds:
        return True
    if len(_first_seen) >= _MOST_SEEN:
        _first_seen.clear()
    begun = _first_seen.setdefault(file.state, time.monotonic())
    return time.monotonic() - begun >= seconds


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


def _make_aside_name(name: str) -> str:
    mark = f"{_TAKEN}{uuid.uuid4().hex[:12]}-"
    return mark + cut_file_name(sent_name(name), longest=LONGEST_NAME - len(mark))


def _give_name_back(folder: int, aside: str, name: str) -> None:
    """Give what we named aside its name again, over no other; where that can't be, the next look finds it."""
    with contextlib.suppress(OSError):
        if stat.S_ISDIR(os.stat(aside, dir_fd=folder, follow_symlinks=False).st_mode):
            os.rename(aside, name, src_dir_fd=folder, dst_dir_fd=folder)  # over a file: refused
        else:
            os.link(aside, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
            os.unlink(aside, dir_fd=folder)
