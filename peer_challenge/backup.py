"""Backing an installation up while it runs, and restoring it into an empty place.

A backup is one ZIP: the register (a consistent copy), every original the copy names, what is in inbox
and outbox, the office's own settings and templates, and a manifest of hashes.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from peer_challenge import __version__
from peer_challenge.errors import PeerChallengeError, WrongUse
from peer_challenge.inbox import is_dropping
from peer_challenge.register import journal
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.database import Register
from peer_challenge.settings import FILE_NAME, Settings

MANIFEST = "manifest.json"
REGISTER = "var/register.db"
DUMP = "var/register.pgdump"


class BackupDamaged(PeerChallengeError):
    """A backup is not what it was when it was made."""

    exit_code = 9
    remedy = "Nothing was restored. Use another backup."


def back_up(register: Register, settings: Settings, into: Path, at: datetime) -> int:
    """Write a backup to the file `into`; returns how many files are in it.

    The register is copied first: an original is archived before it is registered, so none that the
    copy names can be missing. Raises WrongUse when `into` is there already.
    """
    if into.exists():
        raise WrongUse(f"{into} is there already.", remedy="Name a file that is not there yet.")
    draft = into.with_name(f".{into.name}.part")
    manifest: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as kept:
        name, copy = _copy_of_register(register, settings, Path(scratch))
        _add(kept, manifest, name, copy.read_bytes())
        for name, path in _files(settings):
            _add(kept, manifest, name, path.read_bytes())
        told = {"made_at": at.isoformat(), "version": __version__, "files": manifest}
        kept.writestr(MANIFEST, json.dumps(told, indent=1))
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.rename(into)
    with register.writing() as connection:
        journal.append(
            connection,
            journal.BACKED_UP,
            at=at,
            actor=journal.SYSTEM,
            files=len(manifest),
            size=into.stat().st_size,
        )
    return len(manifest)


def _add(kept: zipfile.ZipFile, manifest: dict[str, str], name: str, data: bytes) -> None:
    kept.writestr(name, data)
    manifest[name] = sha256_of(data)


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
    subprocess.run(["pg_dump", "--format=custom", "--file", str(copy), settings.register_url], check=True)
    return DUMP, copy


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Every file beside the register, with its name in the backup."""
    folders = (
        ("var/archive", settings.archive_folder),
        ("inbox", settings.inbox_folder),
        ("outbox", settings.outbox_folder),
        ("templates", settings.home / "templates"),
        ("frameworks", settings.own_frameworks),
    )
    for name, folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and not path.is_symlink() and not is_dropping(path.name):
                yield f"{name}/{path.relative_to(folder).as_posix()}", path
    if (settings.home / FILE_NAME).exists():
        yield FILE_NAME, settings.home / FILE_NAME


def restore(backup: Path, settings: Settings) -> int:
    """Restore a backup into an installation that holds nothing yet; returns how many files.

    Everything is checked against the manifest before anything is written. Raises BackupDamaged, and
    WrongUse when the place is not empty or the register belongs in PostgreSQL.
    """
    if (settings.var.exists() and any(settings.var.rglob("*.db"))) or any(_files(settings)):
        raise WrongUse(f"{settings.home} is not empty.", remedy="Restore into a new folder: --home DIR.")
    try:
        with zipfile.ZipFile(backup) as kept:
            files = json.loads(kept.read(MANIFEST))["files"]
            _check(kept, files)
            for name in files:
                place = _place(settings, name)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(kept.read(name))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BackupDamaged(f"{backup.name} is not a whole backup ({type(error).__name__}).") from None
    if DUMP in files:
        raise WrongUse(
            "The files are restored; the register is a PostgreSQL dump.",
            remedy=f"Load it: pg_restore --dbname URL {_place(settings, DUMP)}",
        )
    settings.make_folders()
    return len(files)


def _check(kept: zipfile.ZipFile, files: dict[str, str]) -> None:
    for name, sha256 in files.items():
        if ".." in Path(name).parts or Path(name).is_absolute():
            raise BackupDamaged("The backup holds a file that would lie outside the installation.")
        if sha256_of(kept.read(name)) != sha256:
            raise BackupDamaged("A file in the backup is not what it was when the backup was made.")


def _place(settings: Settings, name: str) -> Path:
    first, _, rest = name.partition("/")
    folders = {"inbox": settings.inbox_folder, "outbox": settings.outbox_folder}
    return folders[first] / rest if first in folders else settings.home / name
