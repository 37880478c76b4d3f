"""What a backup holds: which files of an installation, under which names, and how much it can be.

A backup is one ZIP: what is in inbox and outbox, the register (a consistent copy), every original the
copy names, the office's own settings and templates, a manifest of hashes, and the seal of the manifest
(backup_seal.py). It may be encrypted as a whole. write_backup.py makes one, restore_backup.py restores it.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from peer_challenge.intake.inbox import is_dropping
from peer_challenge.register.archive import sha256_of
from peer_challenge.settings import FILE_NAME, Settings
from peer_challenge.system.folder_handles import files_below

MANIFEST = "manifest.json"
REGISTER = "var/register.db"
DUMP = "var/register.pgdump"
PIECE = 1 << 20  # a megabyte in memory at a time; what unpacks to less than that does no harm
MOST_FILES = 50_000  # a forged list of millions would fill memory before any of it is checked
MOST_PER_FILE = 400  # bytes that a file takes in the manifest on average: its name and its hash
MOST_EXPANSION = 300  # what shrinks further is stored as it is: see write_backup.py
PLACES = ("inbox/", "outbox/", "rejected/", "var/archive/", "var/intake/", "templates/", "frameworks/")
"""The folders of an installation that are in a backup, as they are named there."""
_FILES = (REGISTER, DUMP, FILE_NAME)
_WHERE_THINGS_MAY_BE_HIDDEN = (
    "inbox/",
    "outbox/",
    "rejected/",
    "var/intake/",
)  # claims and drafts have names that begin with a dot


def make_member_name(name: str) -> str:
    """What a file is called inside the ZIP, whose names are text: another name where it is none."""
    with contextlib.suppress(UnicodeEncodeError):
        name.encode("utf-8")
        return name
    return f"unnamed/{sha256_of(os.fsencode(name))}"


def list_fixed_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Every file that stays where it is, with its name in the backup."""
    folders = {"var/archive": settings.archive_folder, "frameworks": settings.own_frameworks}
    folders |= {"templates": settings.home / "templates", "rejected": settings.rejected_folder}
    for place, folder in folders.items():
        yield from (found for found in _list_files_under(place, folder) if belongs_in_a_backup(found[0]))
    if (settings.home / FILE_NAME).exists():
        yield FILE_NAME, settings.home / FILE_NAME


def most_bytes_shared(settings: Settings) -> int:
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
        *list_fixed_files(settings),
        *_list_files_under("inbox", settings.inbox_folder, is_shared=True),
        *_list_files_under("outbox", settings.outbox_folder, is_shared=True),
    )
    return [name for name, _ in named]


def belongs_in_a_backup(name: str) -> bool:
    """Whether a file of this name is of a kind that `write_backup` puts into a backup."""
    is_hidden = any(part.startswith(".") for part in name.split("/"))
    is_ours = name in _FILES or name.startswith(PLACES)
    return is_ours and (not is_hidden or name.startswith(_WHERE_THINGS_MAY_BE_HIDDEN))
