"""The archive of originals: every document that came in, byte for byte, named by its hash."""

import contextlib
import hashlib
import os
import stat
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from peer_challenge.errors import PeerChallengeError
from peer_challenge.system.file_modes import PRIVATE_FILE, PRIVATE_FOLDER, make_private_folder
from peer_challenge.system.folder_handles import NOT_THERE, open_file, open_folder, read_handle, write_file

ASIDE = ".not-an-original-"
"""What is in the place of an original or of a folder of them is called by this and letters by chance."""


class ArchiveDamaged(PeerChallengeError):
    """An original is missing or was altered."""

    exit_code = 5
    remedy = "Restore the archive from the last backup (docs/operations.md, Restore)."


def sync_folder(folder: Path) -> None:
    """Make sure that what was renamed or removed in `folder` survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_of(data: bytes) -> str:
    """The hash by which a document is known, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


class Archive:
    """The folder of originals. No link below it is followed, and nothing there is waited for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path_of(self, sha256: str) -> Path:
        """Where the original with this hash is kept."""
        return self._folder / sha256[:2] / sha256

    def put(self, data: bytes) -> str:
        """Keep `data`; returns its hash once it is on the disk. Keeping it again changes nothing.

        What else has its place, such as a folder, is moved aside. Raises OSError.
        """
        sha256 = sha256_of(data)
        if self.holds(sha256):
            return sha256
        make_private_folder(self._folder)
        with open_folder(self._folder) as top:
            _move_aside(top, sha256[:2], stat.S_ISDIR)
            with open_folder(self._folder, (sha256[:2],), mode=PRIVATE_FOLDER) as folder:
                _move_aside(folder, sha256, stat.S_ISREG)
                _write_original(folder, sha256, data)
            os.fsync(top)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The original with this hash. Raises ArchiveDamaged when it is missing, altered or not ours to read.

        Raises OSError too, for what may pass, such as too many open files.
        """
        try:
            with self._opened(sha256) as handle:
                data = read_handle(handle) if _has_hash(handle, sha256) else b""
        except NOT_THERE:
            raise ArchiveDamaged(f"The original {sha256[:12]} is missing from the archive.") from None
        except PermissionError:
            raise ArchiveDamaged(
                f"The original {sha256[:12]} in the archive can't be read.",
                remedy="Give the account that runs this program the right to read all of var/archive.",
            ) from None
        if sha256_of(data) != sha256:
            raise ArchiveDamaged(f"The original {sha256[:12]} in the archive has been altered.")
        return data

    def holds(self, sha256: str) -> bool:
        """Whether the original with this hash is there as it came. Raises OSError."""
        try:
            with self._opened(sha256) as handle:
                return _has_hash(handle, sha256)
        except NOT_THERE:
            return False

    def has_remains(self, sha256: str) -> bool:
        """Whether anything has the place of this original, altered or not: words may still be in it."""
        return os.path.lexists(self.path_of(sha256))

    def destroy(self, sha256: str) -> bool:
        """Remove the original with this hash, altered or not; returns whether it was there.

        Raises OSError.
        """
        try:
            with open_folder(self._folder, (sha256[:2],)) as folder:
                os.unlink(sha256, dir_fd=folder)
                os.fsync(folder)
        except (*NOT_THERE, IsADirectoryError):
            return False
        return True

    @contextlib.contextmanager
    def _opened(self, sha256: str) -> Iterator[int]:
        with open_folder(self._folder, (sha256[:2],)) as folder:
            handle = open_file(folder, sha256)
        try:
            yield handle
        finally:
            os.close(handle)

    def __iter__(self) -> Iterator[str]:
        """The hashes of all originals."""
        return (path.name for path in sorted(self._folder.glob("??/*")) if len(path.name) == 64)


def _has_hash(handle: int, sha256: str) -> bool:
    """Whether an open file has this hash, read piece by piece: what was put in its place may be endless."""
    with os.fdopen(os.dup(handle), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _write_original(folder: int, name: str, data: bytes) -> None:
    draft = f".{name}.{os.getpid()}"
    try:
        write_file(folder, draft, data, PRIVATE_FILE)
        os.rename(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(draft, dir_fd=folder)
    os.fsync(folder)


def _move_aside(folder: int, name: str, is_right_kind: Callable[[int], bool]) -> None:
    """Give what has `name` in `folder` another name, unless it is of the right kind: nothing is deleted."""
    with contextlib.suppress(FileNotFoundError):
        if not is_right_kind(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            os.rename(name, f"{ASIDE}{uuid.uuid4().hex}", src_dir_fd=folder, dst_dir_fd=folder)
