"""Backing an installation up while it runs, and restoring it into an empty place.

A backup is one ZIP: what is in inbox and outbox, the register (a consistent copy), every original the
copy names, the office's own settings and templates, and a manifest of hashes.
"""

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

import sqlalchemy as sa

from peer_challenge import __version__
from peer_challenge.errors import PeerChallengeError, WrongUse
from peer_challenge.folder_handles import (
    NOT_THERE,
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    files_below,
    open_folder,
    read_file,
    write_file,
)
from peer_challenge.inbox import inbox_of, is_dropping
from peer_challenge.issuing import DRAFT
from peer_challenge.register import journal
from peer_challenge.register.archive import sha256_of, sync_folder
from peer_challenge.register.database import Register, RegisterUnavailable
from peer_challenge.settings import FILE_NAME, Settings

log = logging.getLogger(__name__)
MANIFEST = "manifest.json"
REGISTER = "var/register.db"
DUMP = "var/register.pgdump"
_LOOKS = 20
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, KeyError, ValueError)


class BackupDamaged(PeerChallengeError):
    """A backup is not what it was when it was made."""

    exit_code = 9
    remedy = "Nothing was restored. Use another backup."


def back_up(register: Register, settings: Settings, into: Path, at: datetime) -> int:
    """Write a backup to the file `into`; returns how many files are in it.

    The inbox is copied first, then the register, then the rest: a document is in the inbox until it is
    registered, and an original archived before, so that none can be missing. Raises WrongUse when `into` is
    there already, RegisterUnavailable, and OSError; then there is no backup, nor a part of one.
    """
    if into.exists():
        raise WrongUse(f"{into} is there already.", remedy="Name a file that is not there yet.")
    draft = into.with_name(f".{into.name}.part")
    try:
        with os.fdopen(_closed_to_others(draft), "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as kept:
                backup = _Backup(kept)
                backup.add_arrivals(settings)
                with tempfile.TemporaryDirectory() as scratch:
                    name, copy = _copy_of_register(register, settings, Path(scratch))
                    backup.add(name, copy.read_bytes())
                backup.add_outbox(settings.outbox_folder)
                for name, path in _resting(settings):
                    backup.add(name, path.read_bytes())
                told = {"made_at": at.isoformat(), "version": __version__, "files": backup.manifest}
                kept.writestr(MANIFEST, json.dumps(told, indent=1))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(into)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(into.parent)
    with register.writing() as connection:
        journal.append(
            connection,
            journal.BACKED_UP,
            at=at,
            actor=journal.SYSTEM,
            files=len(backup.manifest),
            size=into.stat().st_size,
        )
    return len(backup.manifest)


def _closed_to_others(path: Path) -> int:
    """A handle of a new file that only its account and group may read."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)


@dataclass(slots=True)
class _Backup:
    """A backup that is being written."""

    kept: zipfile.ZipFile
    manifest: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, data: bytes) -> None:
        self.kept.writestr(_member(name), data)
        self.manifest[name] = sha256_of(data)

    def add_arrivals(self, settings: Settings) -> None:
        """Add what is in the inbox, and in the claims of intakes, to which files move meanwhile."""
        inbox = inbox_of(settings)
        most = 4 * int(settings.max_megabytes * 1_000_000)

        def add_all() -> list[bool]:
            shared = [
                self._add_new(
                    f"inbox/{PurePosixPath(*file.parts)}",
                    partial(read_file, settings.inbox_folder, PurePosixPath(*file.parts), most=most),
                    is_needed=False,
                )
                for file in inbox.look().waiting
            ]
            return shared + [
                self._add_new(f"var/{path.relative_to(settings.var).as_posix()}", path.read_bytes)
                for path in inbox.claimed()
            ]

        self._add_moving(add_all)

    def add_outbox(self, folder: Path) -> None:
        """Add what is in the outbox; of files with a passing name only drafts, which may be about to go."""
        self._add_moving(
            lambda: [
                self._add_new(f"outbox/{path}", partial(read_file, folder, path))
                for path in files_below(folder)
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

        What can't be read is left out where it need not be in it: in the inbox, others' files may lie.
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
            log.warning("a file in the inbox can't be read; it is not in the backup")
            return False
        return True


def _member(name: str) -> str:
    """What a file is called inside the ZIP, whose names are text: another name where it is none."""
    with contextlib.suppress(UnicodeEncodeError):
        name.encode("utf-8")
        return name
    return f"unnamed/{sha256_of(os.fsencode(name))}"


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
    url = sa.make_url(settings.register_url)
    # the password by the environment, which other accounts can't list as they can a command
    password = {} if url.password is None else {"PGPASSWORD": str(url.password)}
    address = sa.URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    ).render_as_string()
    done = subprocess.run(
        ["pg_dump", "--format=custom", "--file", str(copy), address],
        check=False,
        env={**os.environ, **password},
    )
    if done.returncode:
        raise RegisterUnavailable("pg_dump could not copy the register, as it says above.")
    return DUMP, copy


def _resting(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Every file that stays where it is, with its name in the backup."""
    yield from _under("var/archive", settings.archive_folder)
    yield from _under("rejected", settings.rejected_folder)
    yield from _under("templates", settings.home / "templates")
    yield from _under("frameworks", settings.own_frameworks)
    if (settings.home / FILE_NAME).exists():
        yield FILE_NAME, settings.home / FILE_NAME


def _under(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file in a folder but those with a passing name."""
    for path in files_below(folder):
        if not is_dropping(path.name):
            yield f"{name}/{path}", folder / path


def restore(backup: Path, settings: Settings) -> int:
    """Restore a backup into an installation that holds nothing yet; returns how many files.

    Everything is checked against the manifest before anything is written. Raises BackupDamaged, and
    WrongUse when the place is not empty or the register belongs in PostgreSQL.
    """
    held = (*_resting(settings), *_under("", settings.inbox_folder), *_under("", settings.outbox_folder))
    if held or (settings.var.exists() and any(settings.var.rglob("*.db"))):
        raise WrongUse(f"{settings.home} is not empty.", remedy="Restore into a new folder: --home DIR.")
    try:
        with zipfile.ZipFile(backup) as kept:
            files = _checked(kept, settings)
            for name in files:
                _write(settings, name, kept.read(_member(name)))
    except _UNREADABLE as error:
        raise BackupDamaged(f"{backup.name} is not a whole backup ({type(error).__name__}).") from None
    if DUMP in files:
        raise WrongUse(
            "The files are restored; the register is a PostgreSQL dump.",
            remedy=f"Load it: pg_restore --dbname URL {_place(settings, DUMP)}",
        )
    settings.make_folders()
    return len(files)


def _checked(kept: zipfile.ZipFile, settings: Settings) -> list[str]:
    """The names of all files in a backup, each of which is what it was and belongs into the installation."""
    told = json.loads(kept.read(MANIFEST))
    files = told.get("files") if isinstance(told, dict) else None
    if not isinstance(files, dict):
        raise BackupDamaged("The backup does not say which files it holds.")
    for name, sha256 in files.items():
        if not _is_inside(settings, name):
            raise BackupDamaged("The backup holds a file that would lie outside the installation.")
        if sha256_of(kept.read(_member(name))) != sha256:
            raise BackupDamaged("A file in the backup is not what it was when the backup was made.")
    return list(files)


_FOLDERS = {
    "inbox": lambda settings: settings.inbox_folder,
    "outbox": lambda settings: settings.outbox_folder,
    "rejected": lambda settings: settings.rejected_folder,
}
"""Folders that the settings may put anywhere, by their names in a backup."""


def _is_inside(settings: Settings, name: str) -> bool:
    """Whether a name is one below the installation's folder, or below its inbox, outbox or the rejected."""
    first, _, rest = name.partition("/")
    below = rest if first in _FOLDERS else name
    return bool(below) and not Path(below).is_absolute() and not {"..", ".", ""} & set(below.split("/"))


def _place(settings: Settings, name: str) -> Path:
    first, _, rest = name.partition("/")
    return _FOLDERS[first](settings) / rest if first in _FOLDERS else settings.home / name


def _write(settings: Settings, name: str, data: bytes) -> None:
    """Write one file of a backup; inbox and outbox may be shared, so that no link there is followed."""
    first, _, rest = name.partition("/")
    top, below = (_FOLDERS[first](settings), rest) if first in _FOLDERS else (settings.home, name)
    top.mkdir(parents=True, exist_ok=True)
    *above, last = PurePosixPath(below).parts
    is_private = first == "rejected" or name.startswith("var/intake/")
    with open_folder(top, above, mode=PRIVATE_FOLDER if is_private else 0o777) as folder:
        write_file(folder, last, data, PRIVATE_FILE if is_private else 0o666)
