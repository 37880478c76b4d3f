"""The inbox folder: which files are ready, claiming them, and putting each where it belongs.

A file is claimed by renaming it into `.taking/<claim>/`, so that two intakes never hold the same
one and a sender's later file of the same name is another file. A claim is held by a lock that
goes with its process: what a killed intake had claimed, the next one adopts.
"""

import contextlib
import os
import re
import stat
import time
import unicodedata
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from peer_challenge.errors import PeerChallengeError
from peer_challenge.locks import file_lock, is_locked
from peer_challenge.register.archive import sync_folder, write_synced

REJECTED = "rejected"
TAKING = ".taking"
_REASON = ".reason.txt"
_DRAFT = ".reason-"
_LONGEST_NAME = 255  # bytes, as file systems allow
_DROPPINGS = re.compile(
    r"^(~\$|\.|~)|\.(tmp|temp|part|partial|crdownload|download|lock|swp)$|^(thumbs\.db|desktop\.ini|icon\r?)$",
    re.IGNORECASE,
)


class InboxUnusable(PeerChallengeError):
    """Files can't be moved out of the inbox, or back into it; what is in it stays there."""

    exit_code = 6
    remedy = "Free some space or correct the folders' permissions, then run `peer-challenge intake` again."


@contextlib.contextmanager
def in_words() -> Iterator[None]:
    """What the system refuses, in our words. Raises InboxUnusable."""
    try:
        yield
    except OSError as error:
        raise InboxUnusable(f"The inbox can't be used ({os.strerror(error.errno or 0)}).") from None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A claimed file: `path` is where it is now, `name` what its sender called it."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Left:
    """A file that was left where it is, and why."""

    name: str
    why: str


def is_dropping(name: str) -> bool:
    """Whether a name is that of an editor's or a sync client's own file, to be ignored."""
    return bool(_DROPPINGS.search(name))


def name_as_text(name: str) -> str:
    """A file's name to keep and show: bytes that are no text as "?", nothing that turns or hides letters."""
    text = name.encode("utf-8", "replace").decode()
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf"))


class Inbox:
    """The folder in which documents arrive."""

    def __init__(self, folder: Path, *, settle_seconds: float = 0.4, incomplete_seconds: float = 10) -> None:
        self.folder = folder
        self._settle_seconds, self._incomplete_seconds = settle_seconds, incomplete_seconds

    def waiting(self) -> list[Path]:
        """Every file that is waiting, oldest first; droppings and what was rejected left out."""
        return sorted(self._scan(), key=lambda path: (self._scan_time(path), path.name))

    def unsettled(self) -> list[Path]:
        """Every file that an intake claimed which ended before it had settled it: the next one adopts it."""
        return [
            path
            for claim in sorted((self.folder / TAKING).glob("[!.]*"))
            if not is_locked(claim / ".lock")
            for path in sorted(claim.glob("*/*"))
        ]

    def ready(self) -> tuple[list[Path], list[Left]]:
        """The files that have stopped changing, oldest first, and those left, with why."""
        before = self._scan()
        if before and self._settle_seconds:
            time.sleep(self._settle_seconds)
        ready, left = [], []
        for path, seen in before.items():
            why = self._why_not(path, seen)
            if why:
                left.append(Left(name_as_text(path.name), why))
            else:
                ready.append((seen[1], path.name, path))
        return [path for _, _, path in sorted(ready)], left

    def _scan(self) -> dict[Path, tuple[int, int]]:
        found = {}
        for root, folders, names in os.walk(self.folder, followlinks=False):
            is_top = Path(root) == self.folder
            folders[:] = sorted(f for f in folders if not is_dropping(f) and not (is_top and f == REJECTED))
            for name in names:
                path = Path(root) / name
                with contextlib.suppress(OSError):  # gone, or in a folder that can't be read yet
                    if not is_dropping(name):
                        found[path] = self._look(path)
        return found

    @staticmethod
    def _look(path: Path) -> tuple[int, int]:
        status = path.lstat()
        return status.st_size, status.st_mtime_ns

    @staticmethod
    def _scan_time(path: Path) -> int:
        with contextlib.suppress(OSError):
            return path.lstat().st_mtime_ns
        return 0

    def _why_not(self, path: Path, seen: tuple[int, int]) -> str | None:
        try:
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode):
                return "is a link or a device, not a file: copy the file itself into the inbox"
            if (status.st_size, status.st_mtime_ns) != seen:
                return "is still arriving"
            if _is_incomplete(path) and time.time() - status.st_mtime < self._incomplete_seconds:
                return "is still arriving"
        except FileNotFoundError:
            return "was taken away"
        except OSError:
            return "can't be read yet: it may be open in Word, or its permissions are wrong"
        return None

    @contextlib.contextmanager
    def claim(self, paths: list[Path]) -> Iterator[list[Arrival]]:
        """Claim `paths`, and whatever a killed intake had claimed; what is not settled goes back.

        Raises InboxUnusable, as all do that move files.
        """
        taking = self.folder / TAKING
        # it gets its name once it is locked, so that nobody adopts it in between
        unnamed = taking / f".{uuid.uuid4().hex}"
        mine = unnamed.with_name(unnamed.name[1:])
        with contextlib.ExitStack() as holding:
            with in_words():
                taking.mkdir(parents=True, exist_ok=True)
                holding.enter_context(_held(unnamed))
                unnamed.rename(mine)
                arrivals = [
                    a
                    for claim in sorted(taking.glob("[!.]*"))
                    if claim != mine
                    for a in self._adopt(claim, mine)
                ]
                arrivals += [
                    a
                    for number, path in enumerate(paths)
                    if self._is_inside(path) and (a := _take(path, mine / f"{number:05d}"))
                ]
            yield arrivals
            for path in sorted(mine.glob("*/*")):
                self.give_back(Arrival(path, path.name))
        _clear(mine)

    def _is_inside(self, path: Path) -> bool:
        """Whether no folder on the way was made a link meanwhile: what lies elsewhere is not ours to move."""
        return path.parent.resolve() == self.folder.resolve() / path.parent.relative_to(self.folder)

    def _adopt(self, claim: Path, mine: Path) -> list[Arrival]:
        if not claim.is_dir():
            return []
        with _held(claim) as is_ours:
            if not is_ours:
                return []
            found = [
                _take(path, mine / f"{claim.name[:8]}-{path.parent.name}")
                for path in sorted(claim.glob("*/*"))
            ]
        _clear(claim)
        return [arrival for arrival in found if arrival]

    @in_words()
    def give_back(self, arrival: Arrival) -> None:
        """Put a claimed file back into the inbox, to be tried again."""
        _name(arrival.path, self.folder, arrival.name)
        arrival.path.unlink(missing_ok=True)

    @in_words()
    def finish(self, arrival: Arrival) -> None:
        """Take a file that has been recorded out of the inbox."""
        arrival.path.unlink(missing_ok=True)

    @in_words()
    def reject(self, arrival: Arrival, reason: str) -> Path:
        """Move a file to `rejected/` with `reason`, plain English, beside it; returns where it is."""
        place = _name(arrival.path, self.folder / REJECTED, arrival.name, _LONGEST_NAME - len(_REASON))
        draft = arrival.path.parent.parent / f"{_DRAFT}{arrival.path.parent.name}"
        _write_over(place.with_name(place.name + _REASON), reason.encode("utf-8"), draft)
        arrival.path.unlink(missing_ok=True)
        return place


def _is_incomplete(path: Path) -> bool:
    """Whether a file is empty or a package without its end, as a half-copied one is."""
    with path.open("rb") as file:
        start = file.read(4)
        if start[:2] != b"PK":
            return not start
        file.seek(max(0, path.stat().st_size - 66_000))
        return b"PK\x05\x06" not in file.read()


@contextlib.contextmanager
def _held(claim: Path) -> Iterator[bool]:
    claim.mkdir(exist_ok=True)
    with file_lock(claim / ".lock") as is_held:
        yield is_held


def _take(path: Path, place: Path) -> Arrival | None:
    place.mkdir(parents=True, exist_ok=True)
    try:
        path.rename(place / path.name)
    except OSError:  # gone, or open in a way that forbids it: the next scan will see
        return None
    taken = place / path.name
    if not stat.S_ISREG(taken.lstat().st_mode):  # made a link or a pipe since we looked: never followed
        with contextlib.suppress(OSError):  # never over what has come since
            _link(taken, path)
            taken.unlink(missing_ok=True)
        return None
    return Arrival(taken, path.name)


def _name(path: Path, folder: Path, name: str, longest: int = _LONGEST_NAME) -> Path:
    """Give `path` a name in `folder` as well: `name`, or "name (2)" when another file has that one.

    A name of more than `longest` bytes is cut. Returns the file's place there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for place in _free_names(folder / name, longest):
        try:
            _link(path, place)
        except FileExistsError:
            if not _same(path, place):
                continue
        break
    return place


def _write_over(place: Path, data: bytes, draft: Path) -> None:
    """Write a file in the place of whatever has its name: a link there is replaced, never followed."""
    write_synced(draft, data)
    draft.replace(place)
    sync_folder(place.parent)


def _link(path: Path, place: Path) -> None:
    """Give `path` the name `place`, never over another file. Raises FileExistsError."""
    try:
        os.link(path, place)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links, as on some network drives
        if place.exists():
            raise FileExistsError(str(place)) from None
        path.rename(place)


def _free_names(place: Path, longest: int) -> Iterator[Path]:
    yield place.with_name(_cut(place, "", longest))
    number = 2
    while True:
        yield place.with_name(_cut(place, f" ({number})", longest))
        number += 1


def _cut(place: Path, addition: str, longest: int) -> str:
    """The name of `place` with `addition` before its ending, the stem cut so that all of it has room."""
    stem, suffix = (place.stem, place.suffix) if len(place.suffix) < 20 else (place.name, "")
    ending = addition + suffix
    while len(os.fsencode(stem + ending)) > longest:
        stem = stem[:-1]
    return stem + ending


def _same(one: Path, other: Path) -> bool:
    """Whether `other` is a file, byte for byte `one`; a link or a pipe is never opened."""
    status = other.lstat()
    is_like = stat.S_ISREG(status.st_mode) and status.st_size == one.stat().st_size
    return is_like and one.read_bytes() == other.read_bytes()


def _clear(claim: Path) -> None:
    with contextlib.suppress(OSError):
        for part in claim.iterdir():
            if part.is_dir():
                part.rmdir()
            elif part.name.startswith(_DRAFT):  # of a reason, left by a killed intake
                part.unlink()
        (claim / ".lock").unlink()
        claim.rmdir()
