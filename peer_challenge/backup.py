"""Backing an installation up while it runs, and restoring it into an empty place.

A backup is one ZIP: what is in inbox and outbox, the register (a consistent copy), every original the
copy names, the office's own settings and templates, and a manifest of hashes.
"""

import contextlib
import hashlib
import json
import logging
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from peer_challenge import __version__
from peer_challenge.errors import PeerChallengeError, WrongUse
from peer_challenge.inbox import is_dropping
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
_PIECE = 1 << 20
_MOST_FILES = 200_000
_MOST_PER_FILE = 1_000  # bytes that a file takes in the manifest: its name and its hash
_MOST_EXPANSION = 300  # what shrinks further is stored as it is: see _compression_of
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
                backup.add_moving("inbox", settings.inbox_folder, is_whole=False)
                with tempfile.TemporaryDirectory() as scratch:
                    name, copy = _copy_of_register(register, settings, Path(scratch))
                    backup.add(name, copy.read_bytes())
                backup.add_moving("outbox", settings.outbox_folder)
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
        self.kept.writestr(_member(name), data, _compression_of(data))
        self.manifest[name] = sha256_of(data)

    def add_moving(self, name: str, folder: Path, *, is_whole: bool = True) -> None:
        """Add a folder whose files may move meanwhile, looking again until nothing has.

        Unless it has to be whole, what can't be read is left out: in the inbox, others' files may lie.
        """
        for _ in range(_LOOKS):
            found = [self._add_new(place, path, is_whole) for place, path in _under(name, folder)]
            if not any(found):
                return

    def _add_new(self, name: str, path: Path, is_needed: bool) -> bool:
        """Add a file that is not in it yet; returns whether to look again."""
        if name in self.manifest:
            return False
        try:
            self.add(name, path.read_bytes())
        except FileNotFoundError:  # by now it has another place
            return True
        except PermissionError:
            if is_needed:
                raise
            log.warning("a file in the inbox can't be read; it is not in the backup")
            return False
        return True


def _compression_of(data: bytes) -> int:
    """How a file is kept: what would shrink as a bomb does is not compressed, or it could not be restored."""
    is_like_a_bomb = len(data) > _PIECE and len(data) > _MOST_EXPANSION / 3 * len(zlib.compress(data, 1))
    return zipfile.ZIP_STORED if is_like_a_bomb else zipfile.ZIP_DEFLATED


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
    yield from _under("templates", settings.home / "templates")
    yield from _under("frameworks", settings.own_frameworks)
    if (settings.home / FILE_NAME).exists():
        yield FILE_NAME, settings.home / FILE_NAME


def _under(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file in a folder; of those with a passing name only drafts, which may be about to be placed."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        is_kept = path.name.startswith(DRAFT) or not is_dropping(path.name)
        if is_kept and path.is_file() and not path.is_symlink():
            yield f"{name}/{path.relative_to(folder).as_posix()}", path


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
                place = _place(settings, name)
                place.parent.mkdir(parents=True, exist_ok=True)
                with kept.open(_member(name)) as packed, place.open("xb") as file:
                    shutil.copyfileobj(packed, file, _PIECE)
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
    _check_sizes(kept, _free_bytes(settings.home))
    told = json.loads(kept.read(MANIFEST))
    files = told.get("files") if isinstance(told, dict) else None
    if not isinstance(files, dict):
        raise BackupDamaged("The backup does not say which files it holds.")
    for name, sha256 in files.items():
        if not _is_inside(settings, name):
            raise BackupDamaged("The backup holds a file that would lie outside the installation.")
        if _sha256_in(kept, _member(name)) != sha256:
            raise BackupDamaged("A file in the backup is not what it was when the backup was made.")
    return list(files)


def _check_sizes(kept: zipfile.ZipFile, room: int) -> None:
    """Refuse what would fill memory or the disk, by what the backup says: it is unpacked no further."""
    entries = kept.infolist()
    if len(entries) > _MOST_FILES or len({entry.filename for entry in entries}) != len(entries):
        raise BackupDamaged("The backup holds more files than an installation has, or one of them twice.")
    if kept.getinfo(MANIFEST).file_size > _MOST_PER_FILE * len(entries):
        raise BackupDamaged("The backup's list of files is far larger than one of ours.")
    for entry in entries:
        if entry.file_size > _PIECE and entry.file_size > _MOST_EXPANSION * max(entry.compress_size, 1):
            raise BackupDamaged("A file in the backup unpacks to far more than one of ours would.")
    if sum(entry.file_size for entry in entries) > room:
        raise WrongUse(
            "There is not enough free space for what is in the backup.",
            remedy="Restore on a disk with more free space.",
        )


def _free_bytes(folder: Path) -> int:
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    return shutil.disk_usage(there).free


def _sha256_in(kept: zipfile.ZipFile, name: str) -> str:
    """The SHA-256 of a file in a backup, a piece at a time."""
    with kept.open(name) as packed:
        digest = hashlib.sha256()
        while piece := packed.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _is_inside(settings: Settings, name: str) -> bool:
    """Whether a name is one below the installation's folder, or below its inbox or outbox."""
    first, _, rest = name.partition("/")
    below = rest if first in ("inbox", "outbox") else name
    return bool(below) and not Path(below).is_absolute() and not {"..", ".", ""} & set(below.split("/"))


def _place(settings: Settings, name: str) -> Path:
    first, _, rest = name.partition("/")
    folders = {"inbox": settings.inbox_folder, "outbox": settings.outbox_folder}
    return folders[first] / rest if first in folders else settings.home / name
