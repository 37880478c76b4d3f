"""Backing up an installation while it runs: what moves meanwhile is looked for again until nothing has."""

import contextlib
import json
import logging
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from peer_challenge import __version__
from peer_challenge.errors import WrongUse
from peer_challenge.intake.inbox import is_dropping, make_inbox_from_settings
from peer_challenge.operations.backup_seal import SEAL, BackupKey, ensure_backup_key
from peer_challenge.operations.what_a_backup_holds import (
    DUMP,
    MANIFEST,
    MOST_EXPANSION,
    MOST_FILES,
    MOST_PER_FILE,
    PIECE,
    REGISTER,
    list_fixed_files,
    make_member_name,
    most_bytes_shared,
)
from peer_challenge.outbox.issue import DRAFT
from peer_challenge.register import journal
from peer_challenge.register.archive import sha256_of, sync_folder
from peer_challenge.register.database import Register, RegisterUnavailable, address_for_programs
from peer_challenge.settings import Settings
from peer_challenge.system.file_modes import open_private
from peer_challenge.system.folder_handles import NOT_THERE, files_below, read_file

log = logging.getLogger(__name__)
_LOOKS = 20  # folders in which files never rest must not keep a backup from its end


def write_backup(
    register: Register,
    settings: Settings,
    into: Path,
    at: datetime,
    *,
    encrypts: bool = False,
    actor: str = journal.SYSTEM,
) -> int:
    """Write a backup, sealed with the installation's key, to `into`; returns how many files it holds.

    With `encrypts` it becomes an age file, which that key opens. The inbox is copied first, then the
    register, then the rest. No document can be missed: it stays in the inbox until it is registered, and
    its original is archived before that. Raises WrongUse when `into` is there already or being written,
    RegisterUnavailable, and OSError; after an error there is no backup, and no part of one.
    """
    key = ensure_backup_key(settings)
    draft = into.with_name(f".{into.name}.part")
    handle = _open_draft(draft)
    try:
        with os.fdopen(handle, "wb") as file:
            _check_is_new(into)
            with (
                _encrypt_when_closed(file, key, settings)
                if encrypts
                else contextlib.nullcontext(file) as out,
                zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept,
            ):
                backup = _Backup(kept)
                backup.add_arrivals(settings)
                with tempfile.TemporaryDirectory() as scratch:
                    name, copy = _copy_of_register(register, settings, Path(scratch))
                    backup.add(name, copy.read_bytes())
                backup.add_outbox(settings)
                for name, path in list_fixed_files(settings):
                    backup.add(name, path.read_bytes())
                told = {"made_at": at.isoformat(), "version": __version__, "files": backup.manifest}
                manifest = json.dumps(told, indent=1).encode()
                _check_count(len(backup.manifest), len(manifest))
                kept.writestr(MANIFEST, manifest)
                kept.writestr(SEAL, key.seal(manifest))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(into)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(into.parent)
    with register.writing() as connection:
        journal.append_entry(
            connection,
            journal.BACKED_UP,
            at=at,
            actor=actor,
            files=len(backup.manifest),
            size=into.stat().st_size,
        )
    return len(backup.manifest)


def _open_draft(draft: Path) -> int:
    """A handle of a new file. Raises WrongUse where it is there already, OSError."""
    try:
        return open_private(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    except FileExistsError:
        raise WrongUse(
            "Another backup of this name is being written.",
            remedy=f"Try again in a moment, or name another file. If no backup is running, delete {draft}.",
        ) from None


def _check_is_new(into: Path) -> None:
    if into.exists():
        raise WrongUse(f"{into} is there already.", remedy="Name a file that is not there yet.")


def _check_count(files: int, size_of_manifest: int) -> None:
    """Make no backup that `restore_backup` would refuse."""
    if files + 2 > MOST_FILES or size_of_manifest > MOST_PER_FILE * files + PIECE:
        raise WrongUse(
            f"There are {files} files to back up: more than a backup can hold.",
            remedy="Look into the inbox and the outbox: files that are not the office's may lie there. "
            "Move them away.",
        )


@contextlib.contextmanager
def _encrypt_when_closed(file: BinaryIO, key: BackupKey, settings: Settings) -> Iterator[BinaryIO]:
    """A file to write to; at the end its content is encrypted into `file`.

    It has no name and lies on the disk of the originals, so nothing readable gets onto the backup's disk.
    """
    with tempfile.TemporaryFile(dir=settings.var) as plain:
        yield plain
        plain.seek(0)
        key.encrypt(plain, file)


@dataclass(slots=True)
class _Backup:
    """A backup that is being written."""

    kept: zipfile.ZipFile
    manifest: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, data: bytes) -> None:
        self.kept.writestr(make_member_name(name), data, _compression_of(data))
        self.manifest[name] = sha256_of(data)

    def add_arrivals(self, settings: Settings) -> None:
        """Add what is in the inbox, and what intakes have claimed from it: files may move there meanwhile."""
        inbox = make_inbox_from_settings(settings)

        def add_all() -> list[bool]:
            shared = [
                self._add_new(
                    f"inbox/{PurePosixPath(*file.parts)}",
                    partial(
                        read_file,
                        settings.inbox_folder,
                        PurePosixPath(*file.parts),
                        most=most_bytes_shared(settings),
                    ),
                    is_needed=False,
                )
                for file in inbox.look().waiting
            ]
            return shared + [
                self._add_new(f"var/{path.relative_to(settings.var).as_posix()}", path.read_bytes)
                for path in inbox.claimed()
            ]

        self._add_moving(add_all)

    def add_outbox(self, settings: Settings) -> None:
        """Add what is in the outbox; of files with a passing name only drafts, which may be about to go."""
        folder, most = settings.outbox_folder, most_bytes_shared(settings)
        self._add_moving(
            lambda: [
                self._add_new(f"outbox/{path}", partial(read_file, folder, path, most=most), is_needed=False)
                for path in files_below(folder, is_shared=True)
                if path.name.startswith(DRAFT) or not is_dropping(path.name)
            ]
        )

    @staticmethod
    def _add_moving(add_all: Callable[[], list[bool]]) -> None:
        """Add files that may move meanwhile, looking again until nothing has."""
        for _ in range(_LOOKS):
            if not any(add_all()):
                return

    def _add_new(self, name: str, read: Callable[[], bytes], *, is_needed: bool = True) -> bool:
        """Add a file that is not in it yet; returns whether to look again.

        What can't be read is left out where it need not be in it: in a shared folder, others' files may lie.
        """
        if name in self.manifest:
            return False
        try:
            self.add(name, read())
        except NOT_THERE:  # by now it has another place, or is something else
            return True
        except OSError:
            if is_needed:
                raise
            log.warning("a file in the inbox or the outbox can't be read; it is not in the backup")
            return False
        return True


def _compression_of(data: bytes) -> int:
    """How a file is kept: what would shrink as a bomb does is not compressed, or it could not be restored."""
    is_like_a_bomb = len(data) > PIECE and len(data) > MOST_EXPANSION / 3 * len(zlib.compress(data, 1))
    return zipfile.ZIP_STORED if is_like_a_bomb else zipfile.ZIP_DEFLATED


def _copy_of_register(register: Register, settings: Settings, scratch: Path) -> tuple[str, Path]:
    copy = scratch / "register"
    if register.is_sqlite:
        source = sqlite3.connect(settings.var / "register.db")
        target = sqlite3.connect(copy)
        with source, target:
            source.backup(target)
        source.close()
        target.close()
        return REGISTER, copy
    if shutil.which("pg_dump") is None:
        raise WrongUse(
            "The register is in PostgreSQL, and pg_dump is not installed here.",
            remedy="Install PostgreSQL's client programs, or back up where they are.",
        )
    address, environment = address_for_programs(settings.register_url)
    done = subprocess.run(
        ["pg_dump", "--format=custom", "--file", str(copy), address], check=False, env=environment
    )
    if done.returncode:
        raise RegisterUnavailable("pg_dump could not copy the register, as it says above.")
    return DUMP, copy
