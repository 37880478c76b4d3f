"""Restoring a backup into an empty place: examining it, checking every file of it, and writing them.

What a backup may hold is in what_a_backup_holds.py. restore_here.py restores one into the installation that
runs.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import tomllib
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from peer_challenge.errors import WrongUse
from peer_challenge.operations.backup_seal import (
    SEAL,
    BackupDamaged,
    BackupKey,
    BackupKeyMissing,
    check_seal,
    find_backup_key,
    is_age_file,
    store_backup_key,
)
from peer_challenge.operations.what_a_backup_holds import (
    DUMP,
    MANIFEST,
    MOST_EXPANSION,
    MOST_FILES,
    MOST_PER_FILE,
    PIECE,
    REGISTER,
    belongs_in_a_backup,
    list_held_files,
    make_member_name,
)
from peer_challenge.register.database import address_for_programs, is_database_taken
from peer_challenge.settings import FILE_NAME, Settings
from peer_challenge.system.file_modes import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    file_mode_in,
    folder_mode_in,
    make_private_folder,
)
from peer_challenge.system.folder_handles import open_folder, write_stream
from peer_challenge.system.zip_errors import BROKEN_ZIP

SETTINGS_ASIDE = "settings-from-backup.toml"
"""What the settings of a backup are called until somebody has looked at them."""

_ALL_OR_NOTHING = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
"""Of pg_restore: a database that is not empty stays as it was."""
_LONGEST_NAME = 255  # bytes of a file's or a folder's name, which no usual disk exceeds
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may claim any memory before the first byte


def list_settings(aside: Path) -> list[str]:
    """The names of the settings in a settings file, in its order; empty if it can't be read."""
    with contextlib.suppress(OSError, ValueError):
        return list(tomllib.loads(aside.read_text(encoding="utf-8-sig")))
    return []


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: how many files, and the settings file that is not in force, if there is one."""

    files: int
    settings_aside: Path | None


def load_dump(dump: Path, url: str) -> None:
    """Load the register of a backup, a PostgreSQL dump, into an empty database. Raises WrongUse."""
    if shutil.which("pg_restore") is None:
        raise WrongUse(
            "The register in this backup is from PostgreSQL, and pg_restore is not installed here.",
            remedy="Ask the person who looks after this machine to install PostgreSQL's client programs. "
            "Then restore again. Nothing was changed.",
        )
    address, environment = address_for_programs(url)
    done = subprocess.run(
        ["pg_restore", *_ALL_OR_NOTHING, "--dbname", address, str(dump)],
        check=False,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # it repeats the row at which it stopped, with what an area wrote
    )
    if done.returncode:
        raise WrongUse(
            f"pg_restore could not load the register of this backup (code {done.returncode}).",
            remedy="Its version has to be that of the database that made the backup, or a later one. Ask the "
            "person who looks after this machine. Nothing was changed.",
        )


class RegisterIsDump(WrongUse):
    """The register of a backup is a PostgreSQL dump: the files are restored, the register is not."""


def restore_backup(
    backup: Path,
    settings: Settings,
    *,
    key: BackupKey | None = None,
    is_seal_needed: bool = True,
    uses_settings: bool = False,
) -> Restored:
    """Restore a backup into an installation that holds nothing yet.

    `key` is that of the installation which made it; without it, the one in var/backup-key is used.
    The restored installation keeps it as its own. Seal and hashes are checked before anything is written. The
    settings of the backup are put aside unless `uses_settings`: they may name the folders, the database and
    the mail server of the installation that runs.
    Raises BackupKeyMissing; BackupUnsealed when there is no seal, unless `is_seal_needed` is False;
    BackupDamaged; RegisterIsDump when the register belongs in PostgreSQL; and WrongUse when the place is not
    empty.
    """
    _check_place_is_empty(settings)
    key = key or find_backup_key(settings)
    try:
        with _open_decrypted_backup(backup, key, settings) as file, zipfile.ZipFile(file) as kept:
            files = _check_and_list_files(kept, settings, key, is_seal_needed)
            _check_register_is_used(settings, files)
            settings.make_folders()
            for name in files:
                with kept.open(make_member_name(name)) as packed:
                    write_restored_file(settings, name, packed, uses_settings)
    except BROKEN_ZIP as error:
        raise BackupDamaged(f"{backup.name} is not a whole backup ({type(error).__name__}).") from None
    if key is not None:
        store_backup_key(settings, key)
    aside = settings.home / SETTINGS_ASIDE
    if DUMP in files:
        raise RegisterIsDump(
            "The files are restored; the register is a PostgreSQL dump.",
            remedy=f"Load it into an empty database: pg_restore {' '.join(_ALL_OR_NOTHING)} --dbname URL "
            f"{locate_restored_file(settings, DUMP)}"
            + (f"\nThe backup's settings are not in force; look at {aside}." if aside.exists() else ""),
        )
    return Restored(len(files), aside if aside.exists() else None)


def _check_place_is_empty(settings: Settings) -> None:
    """Raise WrongUse where files or a register would be mixed with those of the backup."""
    if list_held_files(settings) or (settings.var.exists() and any(settings.var.rglob("*.db"))):
        raise WrongUse(
            f"{settings.home} is not empty.",
            remedy="Nothing was changed. Back this installation up if you need it. Then restore into a new "
            "folder: --home DIR.",
        )
    if is_database_taken(settings):
        raise WrongUse(
            "The PostgreSQL database that the settings name holds a register already.",
            remedy="Nothing was changed. Name an empty database in the settings, or none.",
        )


def _check_register_is_used(settings: Settings, files: Collection[str]) -> None:
    """Raise WrongUse where the register of a backup would lie beside a database that is used instead."""
    if settings.database_url is not None and REGISTER in files:
        raise WrongUse(
            "The register in this backup is a file, and the settings name a PostgreSQL database.",
            remedy="Nothing was changed. Restore without that setting, then move the register: "
            "`peer-challenge copy-register`.",
        )


@dataclass(frozen=True, slots=True)
class BackupContents:
    """What is in a backup that is whole: when it was made, by which version, and how many files of what.

    `counts` has a number for each of: originals, documents that went out, files in the inbox, templates.
    """

    made_at: datetime
    version: str
    counts: dict[str, int]
    key: str


_SORTS = {
    "originals of documents that came in": ("var/archive/",),
    "documents that went out": ("outbox/",),
    "files still in the inbox": ("inbox/", "var/intake/"),
    "rejected documents": ("rejected/",),
    "templates and frameworks": ("templates/", "frameworks/"),
}


def examine_backup(backup: Path, settings: Settings, *, key: BackupKey | None = None) -> BackupContents:
    """Check the seal and every file of a backup, and say what is in it; nothing is restored.

    Without `key` the installation's own is used. Raises BackupKeyMissing, BackupUnsealed and BackupDamaged.
    """
    key = key or find_backup_key(settings)
    try:
        with _open_decrypted_backup(backup, key, settings) as file, zipfile.ZipFile(file) as kept:
            files = _check_and_list_files(kept, settings, key, is_seal_needed=True)
            told = json.loads(kept.read(MANIFEST))
            made_at = datetime.fromisoformat(str(told["made_at"]))
    except BROKEN_ZIP as error:
        raise BackupDamaged(f"{backup.name} is not a whole backup ({type(error).__name__}).") from None
    except (KeyError, ValueError):
        raise BackupDamaged(f"{backup.name} does not say when it was made.") from None
    counts = {sort: sum(name.startswith(places) for name in files) for sort, places in _SORTS.items()}
    return BackupContents(made_at, str(told.get("version", "")), counts, key.name if key else "")


def is_key_needed(backup: Path) -> bool:
    """Whether a backup is encrypted or sealed, so that it can be restored only with a key.

    False for a file that is not a backup: `restore_backup` says what is wrong with it.
    """
    if is_encrypted(backup):
        return True
    try:
        with zipfile.ZipFile(backup) as kept:
            return SEAL in kept.namelist()
    except BROKEN_ZIP:
        return False


def is_encrypted(backup: Path) -> bool:
    """Whether a backup is an age file."""
    with backup.open("rb") as file:
        return is_age_file(file)


@contextlib.contextmanager
def _open_decrypted_backup(backup: Path, key: BackupKey | None, settings: Settings) -> Iterator[BinaryIO]:
    """A backup to be read as a ZIP, decrypted first if it has to be.

    Raises BackupKeyMissing and BackupDamaged.
    """
    with backup.open("rb") as file:
        if not is_age_file(file):
            yield file
            return
        if key is None:
            raise BackupKeyMissing("The backup is encrypted, and the key that opens it is not here.")
        place = next(folder for folder in (settings.home, *settings.home.parents) if folder.is_dir())
        with tempfile.TemporaryFile(dir=place) as plain:
            key.decrypt(file, plain)
            plain.seek(0)
            yield plain


def _check_and_list_files(
    kept: zipfile.ZipFile, settings: Settings, key: BackupKey | None, is_seal_needed: bool
) -> list[str]:
    """The names of all files in a backup, each of which is what it was and belongs into the installation."""
    _check_sizes(kept, _free_bytes(settings.home))
    members = kept.namelist()
    manifest = kept.read(MANIFEST)
    if is_seal_needed or key is not None:
        seal = kept.read(SEAL) if SEAL in members else None
        if seal is not None or is_seal_needed:
            check_seal(seal, manifest, key)
    told = json.loads(manifest)
    files = told.get("files") if isinstance(told, dict) else None
    if not isinstance(files, dict):
        raise BackupDamaged("The backup does not say which files it holds.")
    for name in files:
        if not _is_inside(settings, name):
            raise BackupDamaged("The backup holds a file that would lie outside the installation.")
        if not belongs_in_a_backup(name):
            raise BackupDamaged("The backup holds a file that no backup holds.")
    if not _can_all_be_written(files):
        raise BackupDamaged("The backup holds a file under a name that no file can have.")
    if sorted(members) != sorted({MANIFEST, *map(make_member_name, files)} | ({SEAL} & set(members))):
        raise BackupDamaged("The backup holds other files than those it was made with.")
    for name, sha256 in files.items():
        if _sha256_in(kept, make_member_name(name)) != sha256:
            raise BackupDamaged("A file in the backup is not what it was when the backup was made.")
    return list(files)


def _check_sizes(kept: zipfile.ZipFile, room: int) -> None:
    """Refuse what would fill memory or the disk, by what the backup says: it is unpacked no further."""
    entries = kept.infolist()
    if len(entries) > MOST_FILES or len({entry.filename for entry in entries}) != len(entries):
        raise BackupDamaged("The backup holds more files than an installation has, or one of them twice.")
    if any(entry.compress_type not in _METHODS for entry in entries):
        raise BackupDamaged("A file in the backup is packed in another way than we pack.")
    if kept.getinfo(MANIFEST).file_size > MOST_PER_FILE * len(entries) + PIECE:
        raise BackupDamaged("The backup's list of files is far larger than one of ours.")
    for entry in entries:
        if entry.file_size > PIECE and entry.file_size > MOST_EXPANSION * max(entry.compress_size, 1):
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
        while piece := packed.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


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


def _can_all_be_written(names: Collection[str]) -> bool:
    """Whether each name is short enough, and none is a file as well as a folder."""
    folders = {str(above) for name in names for above in PurePosixPath(name).parents}
    pieces = {piece for name in names for piece in name.split("/")}
    return folders.isdisjoint(names) and all(
        "\0" not in piece and len(os.fsencode(piece)) <= _LONGEST_NAME for piece in pieces
    )


def locate_restored_file(settings: Settings, name: str) -> Path:
    """Where a file of this name in a backup is restored to."""
    top, below = _find_folder_and_path(settings, name)
    return top / below


def _find_folder_and_path(settings: Settings, name: str) -> tuple[Path, str]:
    """The folder that the settings name, and the path below it, of a file of this name in a backup."""
    first, _, rest = name.partition("/")
    return (_FOLDERS[first](settings), rest) if first in _FOLDERS else (settings.home, name)


def write_restored_file(settings: Settings, name: str, packed: IO[bytes], uses_settings: bool) -> None:
    """Write one file of a backup; inbox and outbox may be shared, so that no link there is followed.

    Files of the outbox are for its group as well, where it has one.
    """
    top, below = _find_folder_and_path(
        settings, SETTINGS_ASIDE if name == FILE_NAME and not uses_settings else name
    )
    make_private_folder(top)
    *above, last = PurePosixPath(below).parts
    is_outbox = name.startswith("outbox/")
    with open_folder(top, above, mode=folder_mode_in(top) if is_outbox else PRIVATE_FOLDER) as folder:
        write_stream(folder, last, packed, file_mode_in(top) if is_outbox else PRIVATE_FILE)
