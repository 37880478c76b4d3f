"""Backing up an installation while it runs, and restoring it into an empty place.

A backup is one ZIP: what is in inbox and outbox, the register (a consistent copy), every original the
copy names, the office's own settings and templates, a manifest of hashes, and the seal of the manifest
(backup_seal.py). It may be encrypted as a whole.
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
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from peer_challenge import __version__
from peer_challenge.errors import WrongUse
from peer_challenge.intake.inbox import is_dropping, make_inbox_from_settings
from peer_challenge.operations.backup_seal import (
    SEAL,
    BackupDamaged,
    BackupKey,
    BackupKeyMissing,
    check_seal,
    ensure_backup_key,
    find_backup_key,
    is_age_file,
    store_backup_key,
)
from peer_challenge.outbox.issue import DRAFT
from peer_challenge.register import journal
from peer_challenge.register.archive import sha256_of, sync_folder
from peer_challenge.register.database import Register, RegisterUnavailable, postgresql_address
from peer_challenge.settings import FILE_NAME, Settings
from peer_challenge.system.file_modes import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    file_mode_in,
    folder_mode_in,
    make_private_folder,
    open_private,
)
from peer_challenge.system.folder_handles import NOT_THERE, files_below, open_folder, read_file, write_stream
from peer_challenge.system.zip_errors import BROKEN_ZIP

log = logging.getLogger(__name__)
MANIFEST = "manifest.json"
REGISTER = "var/register.db"
DUMP = "var/register.pgdump"
SETTINGS_ASIDE = "settings-from-backup.toml"
"""What the settings of a backup are called until somebody has looked at them."""

_LOOKS = 20  # folders in which files never rest must not keep a backup from its end
_PIECE = 1 << 20  # a megabyte in memory at a time; what unpacks to less than that does no harm
_MOST_FILES = 50_000  # a forged list of millions would fill memory before any of it is checked
_MOST_PER_FILE = 400  # bytes that a file takes in the manifest on average: its name and its hash
_LONGEST_NAME = 255  # bytes of a file's or a folder's name, which no usual disk exceeds
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may claim any memory before the first byte
_MOST_EXPANSION = 300  # what shrinks further is stored as it is: see _compression_of
PLACES = ("inbox/", "outbox/", "rejected/", "var/archive/", "var/intake/", "templates/", "frameworks/")
"""The folders of an installation that are in a backup, as they are named there."""
_FILES = (REGISTER, DUMP, FILE_NAME)
_WHERE_THINGS_MAY_BE_HIDDEN = (
    "inbox/",
    "outbox/",
    "rejected/",
    "var/intake/",
)  # claims and drafts have names that begin with a dot


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
                for name, path in _list_fixed_files(settings):
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
    if files + 2 > _MOST_FILES or size_of_manifest > _MOST_PER_FILE * files + _PIECE:
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
        self.kept.writestr(_make_member_name(name), data, _compression_of(data))
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
                        most=_most_bytes_shared(settings),
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
        folder, most = settings.outbox_folder, _most_bytes_shared(settings)
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
    is_like_a_bomb = len(data) > _PIECE and len(data) > _MOST_EXPANSION / 3 * len(zlib.compress(data, 1))
    return zipfile.ZIP_STORED if is_like_a_bomb else zipfile.ZIP_DEFLATED


def _make_member_name(name: str) -> str:
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
    address, environment = _address_for_programs(settings.register_url)
    done = subprocess.run(
        ["pg_dump", "--format=custom", "--file", str(copy), address], check=False, env=environment
    )
    if done.returncode:
        raise RegisterUnavailable("pg_dump could not copy the register, as it says above.")
    return DUMP, copy


def _address_for_programs(url: str) -> tuple[str, dict[str, str]]:
    """The address of a database for PostgreSQL's programs, and their environment.

    The password is in the environment, which other accounts can't list as they can a command.
    """
    address, secret = postgresql_address(url)
    return address, {**os.environ, **({} if secret is None else {"PGPASSWORD": secret})}


def load_dump(dump: Path, url: str) -> None:
    """Load the register of a backup, a PostgreSQL dump, into an empty database. Raises WrongUse."""
    if shutil.which("pg_restore") is None:
        raise WrongUse(
            "The register in this backup is from PostgreSQL, and pg_restore is not installed here.",
            remedy="Ask the person who looks after this machine to install PostgreSQL's client programs. "
            "Then restore again. Nothing was changed.",
        )
    address, environment = _address_for_programs(url)
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    done = subprocess.run(
        ["pg_restore", *options, "--dbname", address, str(dump)],
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


def _list_fixed_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Every file that stays where it is, with its name in the backup."""
    folders = {"var/archive": settings.archive_folder, "frameworks": settings.own_frameworks}
    folders |= {"templates": settings.home / "templates", "rejected": settings.rejected_folder}
    for place, folder in folders.items():
        yield from (found for found in _list_files_under(place, folder) if _belongs_in_a_backup(found[0]))
    if (settings.home / FILE_NAME).exists():
        yield FILE_NAME, settings.home / FILE_NAME


def _most_bytes_shared(settings: Settings) -> int:
    """How large a file of a shared folder is kept: as large as one of the inbox that is opened."""
    return 4 * settings.max_bytes


def _list_files_under(name: str, folder: Path, *, is_shared: bool = False) -> Iterator[tuple[str, Path]]:
    """Every file in a folder but those with a passing name."""
    for path in files_below(folder, is_shared=is_shared):
        if not is_dropping(path.name):
            yield f"{name}/{path}", folder / path


def list_held_files(settings: Settings) -> list[str]:
    """The names of the files of an installation that a backup of it would hold, without the register."""
    named = (
        *_list_fixed_files(settings),
        *_list_files_under("inbox", settings.inbox_folder, is_shared=True),
        *_list_files_under("outbox", settings.outbox_folder, is_shared=True),
    )
    return [name for name, _ in named]


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
    if list_held_files(settings) or (settings.var.exists() and any(settings.var.rglob("*.db"))):
        raise WrongUse(f"{settings.home} is not empty.", remedy="Restore into a new folder: --home DIR.")
    key = key or find_backup_key(settings)
    try:
        with _open_decrypted_backup(backup, key, settings) as file, zipfile.ZipFile(file) as kept:
            files = _check_and_list_files(kept, settings, key, is_seal_needed)
            settings.make_folders()
            for name in files:
                with kept.open(_make_member_name(name)) as packed:
                    write_restored_file(settings, name, packed, uses_settings)
    except BROKEN_ZIP as error:
        raise BackupDamaged(f"{backup.name} is not a whole backup ({type(error).__name__}).") from None
    if key is not None:
        store_backup_key(settings, key)
    aside = settings.home / SETTINGS_ASIDE
    if DUMP in files:
        raise RegisterIsDump(
            "The files are restored; the register is a PostgreSQL dump.",
            remedy=f"Load it: pg_restore --dbname URL {locate_restored_file(settings, DUMP)}"
            + (f"\nThe backup's settings are not in force; look at {aside}." if aside.exists() else ""),
        )
    return Restored(len(files), aside if aside.exists() else None)


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
        if not _belongs_in_a_backup(name):
            raise BackupDamaged("The backup holds a file that no backup holds.")
    if not _can_all_be_written(files):
        raise BackupDamaged("The backup holds a file under a name that no file can have.")
    if sorted(members) != sorted({MANIFEST, *map(_make_member_name, files)} | ({SEAL} & set(members))):
        raise BackupDamaged("The backup holds other files than those it was made with.")
    for name, sha256 in files.items():
        if _sha256_in(kept, _make_member_name(name)) != sha256:
            raise BackupDamaged("A file in the backup is not what it was when the backup was made.")
    return list(files)


def _check_sizes(kept: zipfile.ZipFile, room: int) -> None:
    """Refuse what would fill memory or the disk, by what the backup says: it is unpacked no further."""
    entries = kept.infolist()
    if len(entries) > _MOST_FILES or len({entry.filename for entry in entries}) != len(entries):
        raise BackupDamaged("The backup holds more files than an installation has, or one of them twice.")
    if any(entry.compress_type not in _METHODS for entry in entries):
        raise BackupDamaged("A file in the backup is packed in another way than we pack.")
    if kept.getinfo(MANIFEST).file_size > _MOST_PER_FILE * len(entries) + _PIECE:
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


def _belongs_in_a_backup(name: str) -> bool:
    """Whether a file of this name is of a kind that `write_backup` puts into a backup."""
    is_hidden = any(part.startswith(".") for part in name.split("/"))
    is_ours = name in _FILES or name.startswith(PLACES)
    return is_ours and (not is_hidden or name.startswith(_WHERE_THINGS_MAY_BE_HIDDEN))


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
