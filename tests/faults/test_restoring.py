"""A backup is restored into an installation that runs, on SQLite and PostgreSQL. Killed, nothing is lost."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from peer_challenge.errors import WrongUse
from peer_challenge.model.access import Access
from peer_challenge.operations.backup_seal import BackupKey, find_backup_key
from peer_challenge.operations.doctor import examine_installation, is_healthy
from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.operations.restore_backup import RegisterIsDump, restore_backup
from peer_challenge.operations.restore_here import (
    check_can_restore_here,
    finish_killed_restore,
    restore_backup_here,
)
from peer_challenge.operations.write_backup import write_backup
from peer_challenge.register import people
from peer_challenge.register import tables as t
from peer_challenge.register.database import open_register
from peer_challenge.settings import Settings
from peer_challenge.system.folder_handles import files_below
from tests.faults import kills, postgresql

OFFICE = "office@example.org"
LATER = kills.AT + timedelta(days=1)
FOLDERS = ("inbox", "outbox", "rejected", "var/archive")


@pytest.fixture(scope="module", autouse=True)
def _its_programs(server: Any) -> Iterator[None]:
    """pg_dump and pg_restore of the version of the server, as of which they have to be."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(server.bin_path), prepend=os.pathsep)
        yield


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def backed_up(request: pytest.FixtureRequest, server: Any, before: Path, tmp_path_factory: Any) -> Path:
    """An installation in the middle of its work, with a backup `kept.zip` and its key beside it."""
    home: Path = tmp_path_factory.mktemp("backed up") / "office"
    if request.param == "sqlite":
        shutil.copytree(before, home)
    else:
        postgresql.installation(server, home)
    kills.run(home)
    (home / "inbox" / "waits.docx").write_bytes(b"still to be read")
    settings = kills.settings_of(home)
    register = open_register(settings)
    write_backup(register, settings, home.parent / "kept.zip", kills.AT)
    register.close()
    return home


def _make_new(server: Any, home: Path, *, is_sqlite: bool = False, role: str = "") -> Path:
    """An installation in which nothing was opened; somebody of the office has an account."""
    home.mkdir()
    if not is_sqlite:
        postgresql.connect(server, home, "template0")
        if role:
            lines = home / "settings.toml"
            url = sa.make_url(kills.settings_of(home).register_url)
            server.psql(f"CREATE ROLE {role} LOGIN; ALTER DATABASE {url.database} OWNER TO {role};")
            lines.write_text(lines.read_text().replace(f"//{url.username}:", f"//{role}:"))
    settings = kills.settings_of(home)
    migrate_installation(settings)
    register = open_register(settings)
    with register.writing() as connection:
        people.add_person(connection, OFFICE, "Programme office", Access.OFFICE, at=LATER, actor="test")
    register.close()
    return home


def _restore_from(home: Path) -> Callable[[Path], None]:
    """Restores the backup of the installation at `home`, as the page does."""
    key = find_backup_key(kills.settings_of(home))
    assert key is not None
    text = key.text

    def restore(new: Path) -> None:
        settings = kills.settings_of(new)
        with contextlib.closing(open_register(settings)) as register:
            with register.reading() as connection:
                user = people.find_user_by_email(connection, OFFICE)
            assert user is not None
            how = {"key": BackupKey(text), "user_id": user.id, "at": LATER, "actor": "office"}
            restore_backup_here(register, settings, home.parent / "kept.zip", **how)  # type: ignore[arg-type]

    return restore


def _wrongs(new: Path, home: Path) -> list[str]:
    """What is not there as it was: files, rows, and the way in of who restored it."""
    found = [
        folder
        for folder in FOLDERS
        if set(map(str, files_below(new / folder))) != set(map(str, files_below(home / folder)))
    ]
    here, there = (open_register(kills.settings_of(one)) for one in (new, home))
    with here.reading() as ours, there.reading() as theirs:
        kept = (table for table in t.metadata.sorted_tables if table.name not in ("users", "journal"))
        for table in kept:
            query = sa.select(table)
            if sorted(map(str, ours.execute(query))) != sorted(map(str, theirs.execute(query))):
                found.append(table.name)
        if people.find_user_by_email(ours, OFFICE) is None:
            found.append("the way in")
    if not is_healthy(examine_installation(kills.settings_of(new))):
        found.append("the doctor")
    here.close()
    there.close()
    return found


def _databases(server: Any) -> int:
    told = server.psql("SELECT 'being restored' FROM pg_database WHERE datname LIKE '%being_restored';")
    return int(told.count("being restored"))


def test_a_backup_is_restored_where_the_register_is_in_postgresql(
    server: Any, backed_up: Path, tmp_path: Path
) -> None:
    new = _make_new(server, tmp_path / "new")
    _restore_from(backed_up)(new)
    assert _wrongs(new, backed_up) == []
    assert _databases(server) == 0
    register = open_register(kills.settings_of(new))
    with register.writing() as connection:  # its counters go on behind what was restored
        people.add_person(connection, "more@example.org", "More", Access.OFFICE, at=LATER, actor="test")
    with pytest.raises(WrongUse, match="has been opened"):
        check_can_restore_here(register, kills.settings_of(new))
    register.close()


def test_a_restore_that_is_killed_anywhere_is_finished_or_undone_by_the_next_start(
    server: Any, backed_up: Path, tmp_path: Path
) -> None:
    restore, is_sqlite = _restore_from(backed_up), "database_url" not in _lines(backed_up)
    whole = _make_new(server, tmp_path / "whole", is_sqlite=is_sqlite)
    _, steps = kills.run_in_child(whole, run=restore)
    assert steps > 20
    for kill_at in sorted({round(steps * part / 6) for part in range(1, 7)}):
        new = _make_new(server, tmp_path / f"killed at {kill_at}", is_sqlite=is_sqlite)
        was_killed, _ = kills.run_in_child(new, kill_at, run=restore)
        assert was_killed, kill_at
        settings = kills.settings_of(new)
        register = open_register(settings)
        finish_killed_restore(register, settings)
        with register.reading() as connection:
            is_restored = connection.scalar(sa.select(sa.func.count()).select_from(t.cycles)) == 1
        register.close()
        assert _databases(server) == 0
        if not is_restored:
            assert list((new / "inbox").iterdir()) == [], kill_at
            restore(new)
        assert _wrongs(new, backed_up) == [], kill_at


def _lines(home: Path) -> str:
    file = home / "settings.toml"
    return file.read_text() if file.exists() else ""


def test_who_may_make_no_database_is_told_what_to_ask_for(
    server: Any, backed_up: Path, tmp_path: Path
) -> None:
    if "database_url" not in _lines(backed_up):
        pytest.skip("a register from SQLite needs no database of its own")
    new = _make_new(server, tmp_path / "new", role=f"office_{os.urandom(4).hex()}")
    with pytest.raises(WrongUse, match="may make none") as refused:
        _restore_from(backed_up)(new)
    assert "CREATEDB" in refused.value.remedy
    register = open_register(kills.settings_of(new))
    check_can_restore_here(register, kills.settings_of(new))  # nothing was changed
    register.close()
    assert not any(list(files_below(new / folder)) for folder in FOLDERS)


def test_a_backup_is_restored_by_hand_into_an_empty_database_alone(
    server: Any, backed_up: Path, tmp_path: Path
) -> None:
    key, backup = find_backup_key(kills.settings_of(backed_up)), backed_up.parent / "kept.zip"
    home = tmp_path / "new"
    home.mkdir()
    postgresql.connect(server, home, "template0")
    url = kills.settings_of(home).database_url
    (home / "settings.toml").unlink()
    settings = Settings(home=home, database_url=url)
    is_dump = kills.settings_of(backed_up).database_url is not None
    with pytest.raises(RegisterIsDump if is_dump else WrongUse) as told:
        restore_backup(backup, settings, key=key)
    assert ("--single-transaction" if is_dump else "copy-register") in str(told.value.remedy)
    assert bool(files_below(home / "var" / "archive")) is is_dump
    migrate_installation(settings)
    other = tmp_path / "other"
    with pytest.raises(WrongUse, match="holds a register already"):
        restore_backup(backup, Settings(home=other, database_url=url), key=key)
    assert not list(files_below(other))
