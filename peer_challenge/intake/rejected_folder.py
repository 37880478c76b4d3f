"""The folder of documents that were not accepted, each with its reason. Only this account can enter it."""

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from peer_challenge.register.archive import sha256_of, sync_folder
from peer_challenge.system.file_modes import PRIVATE_FILE, ensure_private_folder
from peer_challenge.system.folder_handles import write_private
from peer_challenge.system.free_names import LONGEST_NAME, names_like

_REASON = ".reason.txt"
_DRAFT = ".unfinished-"


class RejectedFolder:
    """The folder of rejected documents. Its methods raise OSError where the folder cannot be used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, file: Path, name: str, reason: str | None = None) -> Path:
        """Move a file of ours here as `name`, or as "name (2)" where that name is taken. Returns its path.

        `reason`, plain English, is written beside it. When this runs twice with one document, it is here
        once.
        """
        ensure_private_folder(self.folder)
        place = self._take_free_name(file, name)
        if reason is not None:
            draft = self._choose_draft_path(reason_of(place))
            write_private(draft, reason.encode("utf-8"))
            draft.replace(reason_of(place))
        sync_folder(self.folder)
        file.unlink(missing_ok=True)
        return place

    def count(self) -> int:
        """How many files are here, reasons included."""
        try:
            return sum(not path.name.startswith(".") for path in self.folder.iterdir())
        except FileNotFoundError:
            return 0

    def copies_of(self, hashes: set[str]) -> Iterator[Path]:
        """The documents whose content has one of these hashes, each with the reason beside it."""
        if not hashes or not self.folder.is_dir():
            return
        for path in sorted(self.folder.iterdir()):
            if _is_regular_file(path) and sha256_of(path.read_bytes()) in hashes:
                yield path
                if _is_regular_file(reason_of(path)):
                    yield reason_of(path)

    def _choose_draft_path(self, place: Path) -> Path:
        """Where what is about to be at `place` is written; after a kill, it is written there again."""
        return self.folder / f"{_DRAFT}{sha256_of(os.fsencode(place.name))[:16]}"

    def _take_free_name(self, file: Path, name: str) -> Path:
        for free_name in names_like(name, LONGEST_NAME - len(_REASON)):
            place = self.folder / free_name
            if _is_same_content(file, place):  # a killed run had put it here
                break
            if os.path.lexists(reason_of(place)):  # a document may be called like another's reason
                continue
            with contextlib.suppress(FileExistsError):
                self._link_or_copy_file(file, place)
                break
        return place

    def _link_or_copy_file(self, file: Path, place: Path) -> None:
        """Give `file` the name `place`, never over another file. Raises FileExistsError."""
        try:
            os.link(file, place)
        except FileExistsError:
            raise
        except OSError:  # another file system, or one without hard links
            if os.path.lexists(place):
                raise FileExistsError(str(place)) from None
            draft = self._choose_draft_path(place)
            with file.open("rb") as source, draft.open("wb") as target:
                os.fchmod(target.fileno(), PRIVATE_FILE)
                shutil.copyfileobj(source, target)
                target.flush()
                os.fsync(target.fileno())
            draft.rename(place)


def reason_of(path: Path) -> Path:
    """The path of the file with the reason, beside the document `path`."""
    return path.with_name(path.name + _REASON)


def _is_regular_file(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return stat.S_ISREG(path.lstat().st_mode)
    return False


def _is_same_content(one: Path, other: Path) -> bool:
    """Whether `other` is a file, byte for byte `one`; a link or a pipe is never opened."""
    is_like = _is_regular_file(other) and other.lstat().st_size == one.stat().st_size
    return is_like and one.read_bytes() == other.read_bytes()
