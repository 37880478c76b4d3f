"""The backups in the installation's own folder: those that the office made on its page, or put there."""

import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from peer_challenge.clock import LONDON, local_day
from peer_challenge.errors import WrongUse
from peer_challenge.model.days_in_words import time_of_day, weekday_in_words
from peer_challenge.model.sentences import say_how_many
from peer_challenge.operations.backup_seal import BackupKey, ensure_backup_key
from peer_challenge.operations.restore_backup import is_encrypted
from peer_challenge.operations.write_backup import write_backup
from peer_challenge.register import journal, listings
from peer_challenge.register.database import Register, Transaction
from peer_challenge.settings import Settings
from peer_challenge.system.file_modes import make_private_folder, open_private
from peer_challenge.system.free_names import names_like

_CHECKED = "backup checked"
_ENDINGS = (".zip", ".age")
MOST_BYTES = 4_000_000_000
"""The largest backup that can be sent to the page; a larger one is put into the folder."""


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A file in the folder of backups; `is_encrypted` says whether only the key opens it.

    Of a file that the service may not read, `is_readable` is False and `is_encrypted` unknown.
    """

    name: str
    size: int
    changed_at: datetime
    is_encrypted: bool
    is_readable: bool = True


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The newest backup, wherever its file is now: when and by whom it was made, and with how many files.

    `is_checked`: somebody has since looked at its seal and at every file in it.
    """

    made_at: datetime
    made_by: str
    files: int
    is_checked: bool

    @property
    def in_words(self) -> str:
        """It in a line: "on Sunday 14 March 2027, 09:00, 12 files, not checked"."""
        day, time = weekday_in_words(local_day(self.made_at)), time_of_day(self.made_at)
        checked = "checked" if self.is_checked else "not checked"
        return f"on {day}, {time}, {say_how_many(self.files, 'file')}, {checked}"


def find_last_backup(connection: Transaction) -> LastBackup | None:
    """The newest backup, as the journal has it; None where none was ever made."""
    made = listings.list_journal_entries(connection, 1, event=journal.BACKED_UP, size=1).rows
    if not made:
        return None
    checks = listings.list_journal_entries(connection, 1, event=_CHECKED, text=_name_moment(made[0].at)).rows
    return LastBackup(made[0].at, made[0].actor, int(str(made[0].details.get("files", 0))), bool(checks))


def note_backup_checked(register: Register, made_at: datetime, at: datetime, *, actor: str) -> None:
    """Record in the journal that somebody has checked the backup that was made at `made_at`: it is whole."""
    with register.writing() as connection:
        journal.append_entry(connection, _CHECKED, at=at, actor=actor, made_at=_name_moment(made_at))


def _name_moment(at: datetime) -> str:
    """A moment as the journal has it in details."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def locate_backups(settings: Settings) -> Path:
    """The folder of the installation in which its backups are."""
    return settings.home / "backups"


def list_backups(settings: Settings) -> list[KeptBackup]:
    """The files in the folder of backups, newest first; links and hidden files are left out."""
    folder = locate_backups(settings)
    found = [path for path in (folder.iterdir() if folder.is_dir() else ()) if _is_backup(path)]
    kept = [one for path in found if (one := _describe_backup(path)) is not None]
    return sorted(kept, key=lambda one: (one.changed_at, one.name), reverse=True)


def _is_backup(path: Path) -> bool:
    is_named = path.suffix in _ENDINGS and not path.name.startswith(".")
    return is_named and path.is_file() and not path.is_symlink()


def _describe_backup(path: Path) -> KeptBackup | None:
    """A backup as it is listed; None where its file went away meanwhile."""
    try:
        status = path.stat()
    except OSError:
        return None
    changed_at = datetime.fromtimestamp(status.st_mtime, UTC)
    try:
        return KeptBackup(path.name, status.st_size, changed_at, is_encrypted(path))
    except OSError:
        return KeptBackup(path.name, status.st_size, changed_at, is_encrypted=False, is_readable=False)


def find_backup(settings: Settings, name: str) -> Path | None:
    """The file of a backup in that folder by its name; None where there is none that can be read."""
    is_there = any(one.name == name and one.is_readable for one in list_backups(settings))
    return locate_backups(settings) / name if is_there else None


def make_backup(
    register: Register, settings: Settings, at: datetime, *, encrypts: bool, actor: str
) -> tuple[Path, int]:
    """Make a backup in that folder; returns the file and how many files it holds. Raises as write_backup."""
    folder = locate_backups(settings)
    make_private_folder(folder)
    name = f"peer-challenge {at.astimezone(LONDON):%Y-%m-%d %H.%M.%S}.zip{'.age' if encrypts else ''}"
    path = folder / name
    return path, write_backup(register, settings, path, at, encrypts=encrypts, actor=actor)


def show_backup_key(register: Register, settings: Settings, at: datetime, *, actor: str) -> BackupKey:
    """The key that opens the installation's backups; the journal says who was shown it."""
    key = ensure_backup_key(settings)
    with register.writing() as connection:
        journal.append_entry(connection, journal.BACKUP_KEY_SHOWN, at=at, actor=actor, key=key.name)
    return key


def note_backup_taken(register: Register, name: str, at: datetime, *, actor: str) -> None:
    """Record in the journal that somebody has downloaded a backup."""
    with register.writing() as connection:
        journal.append_entry(connection, "backup downloaded", at=at, actor=actor, file=name)


def keep_uploaded_backup(
    register: Register, settings: Settings, name: str, file: BinaryIO, at: datetime, *, actor: str
) -> str:
    """Put a backup that somebody sent into the folder; returns its name there, which no other has.

    `name` is safe to use as a file's name. Raises WrongUse where its ending is not a backup's, and OSError.
    """
    if not name.endswith(_ENDINGS):
        raise WrongUse(
            "This is not a backup: the name of a backup ends in .zip or .age.", remedy="Choose the backup."
        )
    folder = locate_backups(settings)
    make_private_folder(folder)
    draft = folder / f".{secrets.token_hex(8)}.part"
    try:
        with os.fdopen(open_private(draft), "wb") as kept:
            shutil.copyfileobj(file, kept)
        path = next(folder / free for free in names_like(name) if not (folder / free).exists())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    with register.writing() as connection:
        journal.append_entry(connection, "backup uploaded", at=at, actor=actor, size=path.stat().st_size)
    return path.name
