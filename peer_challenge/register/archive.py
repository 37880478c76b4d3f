"""The archive of originals: every document that came in, byte for byte, named by its hash."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from peer_challenge.errors import PeerChallengeError
from peer_challenge.system.file_modes import PRIVATE_FILE, make_private_folder, open_private


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


def write_synced(path: Path, data: bytes, mode: int = PRIVATE_FILE) -> None:
    """Write `data` to `path` with this mode, and wait until it is on the disk."""
    with os.fdopen(open_private(path), "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sha256_of(data: bytes) -> str:
    """The hash by which a document is known, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


class Archive:
    """The folder of originals."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path_of(self, sha256: str) -> Path:
        """Where the original with this hash is kept."""
        return self._folder / sha256[:2] / sha256

    def put(self, data: bytes) -> str:
        """Keep `data`; returns its hash once it is on the disk. Keeping it again changes nothing."""
        sha256 = sha256_of(data)
        path = self.path_of(sha256)
        if path.exists() and sha256_of(path.read_bytes()) == sha256:
            return sha256
        make_private_folder(path.parent)
        draft = path.with_name(f".{sha256}.{os.getpid()}")
        try:
            write_synced(draft, data)
            draft.replace(path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                draft.unlink()
        sync_folder(path.parent)
        sync_folder(self._folder)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The original with this hash. Raises ArchiveDamaged when it is missing or altered."""
        path = self.path_of(sha256)
        if not path.exists():
            raise ArchiveDamaged(f"The original {sha256[:12]} is missing from the archive.")
        data = path.read_bytes()
        if sha256_of(data) != sha256:
            raise ArchiveDamaged(f"The original {sha256[:12]} in the archive has been altered.")
        return data

    def destroy(self, sha256: str) -> bool:
        """Remove the original with this hash; returns whether it was there."""
        path = self.path_of(sha256)
        if not path.exists():
            return False
        path.unlink()
        sync_folder(path.parent)
        return True

    def __iter__(self) -> Iterator[str]:
        """The hashes of all originals."""
        return (path.name for path in sorted(self._folder.glob("??/*")) if len(path.name) == 64)
