"""Restoring a backup into the installation that runs, while nothing has been opened in it.

The backup is checked, unpacked and brought to this version in a folder of its own first; a register from
PostgreSQL in a database of its own. Then its files go to their places, then the rows of its register, in one
transaction, and at last what waited in its inbox, for the watcher to take in. That is put beside the register
before, so that the next start can finish a restore that was killed.
"""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr

from peer_challenge.errors import WrongUse
from peer_challenge.operations.backup_seal import BackupKey, find_backup_key, store_backup_key
from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.operations.restore_backup import (
    SETTINGS_ASIDE,
    BackupContents,
    RegisterIsDump,
    examine_backup,
    load_dump,
    locate_restored_file,
    restore_backup,
    write_restored_file,
)
from peer_challenge.operations.what_a_backup_holds import DUMP, PLACES, REGISTER, list_held_files
from peer_challenge.register import cycles, journal, people, submission_counts
from peer_challenge.register.copying import replace_register
from peer_challenge.register.database import Register, Transaction, open_register
from peer_challenge.register.passing_database import make_passing_database, remove_passing_database
from peer_challenge.register.records import CycleState
from peer_challenge.settings import FILE_NAME, Settings
from peer_challenge.system.file_modes import open_private
from peer_challenge.system.folder_handles import files_below

_ARRIVALS = ("inbox/", "var/intake/")
_ELSEWHERE = "Ask the person who looks after this machine (docs/operations.md, Restore)."


@dataclass(frozen=True, slots=True)
class RestoredHere:
    """What was restored: how many files, of when; and the number there of the person who did it."""

    files: int
    made_at: datetime
    user_id: int
    has_settings_aside: bool


def check_can_restore_here(register: Register, settings: Settings) -> None:
    """Raise WrongUse unless a backup can be restored here: nothing was opened, taken in or made yet."""
    with register.reading() as connection:
        _check_nothing_was_opened(connection)
    unfinished = _list_unfinished(settings)
    held = [name for name in list_held_files(settings) if name != FILE_NAME and name not in unfinished]
    if held:
        raise WrongUse(
            f"There are {len(held)} files of yours here already, so nothing was restored.",
            remedy="Move what is in the inbox away, and remove templates and frameworks of your own. "
            "Then restore again.",
        )


def _check_nothing_was_opened(connection: Transaction) -> None:
    if _is_used(connection):
        raise WrongUse(
            "A cycle has been opened or a document taken in here, so nothing was restored.",
            remedy="A backup is restored only where nothing can be lost. The page Backups says how to "
            "restore it into a new folder.",
        )


def _is_used(connection: Transaction) -> bool:
    """Whether a cycle was opened or a document taken in."""
    has_cycle = bool(cycles.cycle_ids(connection, states=tuple(CycleState)))
    return has_cycle or bool(submission_counts.count_outcomes(connection))


def restore_backup_here(
    register: Register,
    settings: Settings,
    backup: Path,
    *,
    key: BackupKey | None,
    user_id: int,
    at: datetime,
    actor: str,
) -> RestoredHere:
    """Restore a backup into this installation. `user_id` is who does it, and signs in afterwards as before.

    The settings in force stay, and those of the backup are put aside; the key of this installation stays its
    own where it has one. Raises WrongUse as `check_can_restore_here` does, and whatever `restore_backup`
    raises; then nothing has changed. Files that a killed restore left here are removed by the next.
    """
    with register.exclusive("restore") as is_ours:
        if not is_ours:
            raise WrongUse("A backup is being restored already.", remedy="Wait until that has ended.")
        check_can_restore_here(register, settings)
        key = key or find_backup_key(settings)
        contents = examine_backup(backup, settings, key=key)
        with contextlib.ExitStack() as passing:
            scratch = Path(passing.enter_context(tempfile.TemporaryDirectory()))
            fresh = Settings(home=scratch / "home")
            names, source = _unpack_backup(backup, fresh, key, register, passing)
            arrivals = [name for name in names if name.startswith(_ARRIVALS)]
            with _removed_on_failure(settings, [name for name in names if name not in arrivals]) as others:
                _put_in_place(settings, fresh, others)
                _put_in_place(_locate_waiting(settings), fresh, arrivals)
                number = _replace_register(register, source, user_id, contents, len(names), at, actor)
            _hand_in_waiting(settings)
        if key is not None:
            store_backup_key(settings, key)
    return RestoredHere(len(names), contents.made_at, number, (settings.home / SETTINGS_ASIDE).exists())


def finish_killed_restore(register: Register, settings: Settings) -> int:
    """Put what waited in the inbox of a backup into ours, where its restore was killed; returns how many.

    For a process that starts. Where it was killed before its register was in place, nothing is put there: the
    office restores again. The database in which one from PostgreSQL was unpacked is removed.
    """
    waiting = _locate_waiting(settings)
    with register.exclusive("restore") as is_ours:
        if not is_ours:
            return 0
        remove_passing_database(register)
        if not waiting.home.exists():
            return 0
        with register.reading() as connection:
            is_in_place = _is_used(connection)
        if _locate_unfinished(settings).exists() and not is_in_place:
            shutil.rmtree(waiting.home)
            return 0
        _locate_unfinished(settings).unlink(missing_ok=True)  # what it names belongs to the register now
        return _hand_in_waiting(settings)


def _locate_waiting(settings: Settings) -> Settings:
    """Where files that waited in the inbox of a backup are until its register is in place."""
    return Settings(home=settings.var / "restoring")


def _hand_in_waiting(settings: Settings) -> int:
    waiting = _locate_waiting(settings)
    names = [f"{place}{path}" for place in _ARRIVALS for path in files_below(waiting.home / place)]
    for name in names:
        _put_in_place(settings, waiting, [name])
        (waiting.home / name).unlink()
    shutil.rmtree(waiting.home, ignore_errors=True)
    return len(names)


def _unpack_backup(
    backup: Path, fresh: Settings, key: BackupKey | None, register: Register, passing: contextlib.ExitStack
) -> tuple[list[str], Register]:
    """Restore a backup into a new folder and bring it to this version.

    Returns the names of its files without the register, and that register, open until `passing` ends.
    """
    there = fresh
    try:
        restore_backup(backup, fresh, key=key)
    except RegisterIsDump:
        if register.is_sqlite:
            raise WrongUse(
                "The register in this backup is from PostgreSQL, which this installation does not use.",
                remedy=_ELSEWHERE,
            ) from None
        url = passing.enter_context(make_passing_database(register))
        load_dump(fresh.home / DUMP, url)
        there = fresh.model_copy(update={"database_url": SecretStr(url)})
    if there is fresh and not (fresh.home / REGISTER).exists():
        raise WrongUse("There is no register in this backup, so nothing was restored.", remedy=_ELSEWHERE)
    migrate_installation(there)
    source = open_register(there)
    passing.callback(source.close)
    names = [f"{place}{path}" for place in PLACES for path in files_below(fresh.home / place)]
    aside = [FILE_NAME] if (fresh.home / SETTINGS_ASIDE).exists() else []
    return names + aside, source


def _put_in_place(settings: Settings, fresh: Settings, names: Sequence[str]) -> None:
    for name in names:
        with (fresh.home / (SETTINGS_ASIDE if name == FILE_NAME else name)).open("rb") as file:
            write_restored_file(settings, name, file, uses_settings=False)


@contextlib.contextmanager
def _removed_on_failure(settings: Settings, names: list[str]) -> Iterator[list[str]]:
    """Files that are put into place: their names are noted first, and they are removed if that fails."""
    _remove_files(settings, _list_unfinished(settings))
    with os.fdopen(open_private(_locate_unfinished(settings)), "w", encoding="utf-8") as noted:
        json.dump(names, noted)
    try:
        yield names
    except BaseException:
        _remove_files(settings, names)
        shutil.rmtree(_locate_waiting(settings).home, ignore_errors=True)
        raise
    finally:
        _locate_unfinished(settings).unlink(missing_ok=True)


def _locate_unfinished(settings: Settings) -> Path:
    return settings.var / "restoring.json"


def _list_unfinished(settings: Settings) -> list[str]:
    """The names of files that a killed restore may have left here."""
    with contextlib.suppress(OSError, ValueError):
        return list(json.loads(_locate_unfinished(settings).read_text(encoding="utf-8")))
    return []


def _remove_files(settings: Settings, names: Sequence[str]) -> None:
    for name in names:
        if name != FILE_NAME:
            locate_restored_file(settings, name).unlink(missing_ok=True)


def _replace_register(
    register: Register,
    source: Register,
    user_id: int,
    contents: BackupContents,
    files: int,
    at: datetime,
    actor: str,
) -> int:
    """Put the restored rows in the place of ours, at once; returns the number of the person there."""
    with register.writing() as connection:
        _check_nothing_was_opened(connection)  # unpacking took a while
        way_in = people.read_way_in(connection, user_id)
        replace_register(source, connection)
        number = people.keep_way_in(connection, way_in, at)
        journal.append_entry(
            connection,
            "restored from a backup",
            at=at,
            actor=actor,
            made_at=contents.made_at.isoformat(),
            version=contents.version,
            key=contents.key,
            files=files,
            user=number,
        )
    return number
