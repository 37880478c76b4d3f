"""The alarms: what arrives is read, what is intended goes out, and a backup is made every week."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.intake.inbox import make_inbox_from_settings
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import DispatchKind, Role
from peer_challenge.operations.backups_folder import note_backup_checked
from peer_challenge.operations.doctor import Check, examine_installation
from peer_challenge.operations.doctor_check import (
    _TITLES,
    _TOPICS,
    Topic,
    group_by_topic,
    list_what_needs_action,
)
from peer_challenge.operations.write_backup import write_backup
from peer_challenge.paths import ROOT
from peer_challenge.register import outbox
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.settings import Settings
from tests.factories import a_cycle, its_framework
from tests.migrated import make_installation

NOW = datetime(2027, 3, 22, 10, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(home=tmp_path / "home")
    make_installation(made)
    return made


@pytest.fixture
def register(settings: Settings) -> Iterator[Register]:
    opened = open_register(settings)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation that has one original."""
    made = Settings(home=tmp_path_factory.mktemp("before") / "office", settle_seconds=0)
    make_installation(made)
    (made.inbox_folder / "a.docx").write_bytes(b"no form")
    opened = open_register(made)
    take_in_ready_documents(opened, made, NOW)
    opened.close()
    return made.home


def _check(settings: Settings, name: str, at: datetime = NOW) -> Check:
    return next(check for check in examine_installation(settings, at) if check.name == name)


@pytest.mark.parametrize(("minutes", "is_well"), [(29, True), (31, False)])
def test_a_file_that_nobody_reads_raises_the_alarm(settings: Settings, minutes: int, is_well: bool) -> None:
    path = settings.inbox_folder / "a.docx"
    path.write_bytes(b"x")
    now = datetime.now(UTC)  # a time in the future says nothing of a file
    then = (now - timedelta(minutes=minutes)).timestamp()
    os.utime(path, (then, then))
    found = _check(settings, "inbox is read", now)
    assert (found.is_well, found.is_fatal) == (is_well, True)
    assert found.saw.startswith("1 waiting")


def test_files_that_a_failed_intake_had_claimed_raise_the_alarm_and_those_being_read_do_not(
    settings: Settings,
) -> None:
    inbox = make_inbox_from_settings(settings)
    path = settings.inbox_folder / "a.docx"
    path.write_bytes(b"x")
    os.utime(path, (0, 0))
    with pytest.raises(ValueError, match="failed"), inbox.claim([path]):
        assert _check(settings, "inbox is read").is_well
        raise ValueError("failed")
    found = _check(settings, "inbox is read")
    assert not found.is_well
    assert found.saw.startswith("1 waiting")


def _spoil(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def _replace(path: Path) -> None:
    """A folder in the place of a file, or a file in that of a folder."""
    if path.is_dir():
        path.rename(path.with_name("aside"))
        path.write_bytes(b"")
    else:
        path.rename(path.with_name("aside"))
        path.mkdir()


@pytest.mark.parametrize(
    ("fault", "wrong"),
    [
        (lambda home: _spoil(home / "var/register.db", 0, b"no database" * 100), "register"),
        (lambda home: os.truncate(home / "var/register.db", 20_000), "register"),
        (lambda home: _spoil(home / "var/register.db", 4096, b"\xa5" * 200_000), "register"),
        (lambda home: _replace(home / "var/register.db"), "register"),
        (lambda home: _replace(home / "inbox"), "inbox folder"),
        (lambda home: _replace(home / "outbox"), "outbox folder"),
        (lambda home: _replace(next((home / "var/archive").glob("??/*"))), "archive"),
        (lambda home: _replace(home / "var/archive"), "register"),
    ],
)
def test_whatever_is_broken_is_told_and_ends_no_examination(
    before: Path, tmp_path: Path, fault: Callable[[Path], None], wrong: str
) -> None:
    home = Path(shutil.copytree(before, tmp_path / "office"))
    fault(home)
    found = [
        check
        for check in examine_installation(Settings(home=home), NOW)
        if not check.is_well and check.is_fatal
    ]
    assert any(check.name.startswith(wrong) for check in found)
    assert all(check.remedy for check in found)


@pytest.mark.parametrize(("minutes", "is_well"), [(29, True), (31, False)])
@pytest.mark.parametrize("state", [outbox.INTENDED, outbox.PLACING])
def test_a_dispatch_that_nobody_issues_raises_the_alarm(
    settings: Settings, register: Register, minutes: int, is_well: bool, state: str
) -> None:
    assert _check(settings, "dispatches go out").is_well
    cycle = a_cycle(3)
    with register.writing() as connection:
        store_cycle(connection, cycle, its_framework(cycle), at=NOW, actor="office")
        outbox.intend_dispatch(
            connection,
            DispatchKind.MONDAY_BRIEF,
            Role.OFFICE,
            outbox.OFFICE,
            at=NOW - timedelta(minutes=minutes),
            key="a brief",
            cycle_id=cycle.id,
        )
        connection.execute(sa.update(t.dispatches).values(state=state))
    assert _check(settings, "dispatches go out").is_well == is_well


def test_a_backup_is_asked_for_when_there_is_none_of_this_week(
    settings: Settings, register: Register, tmp_path: Path
) -> None:
    none = _check(settings, "last backup")
    assert none.saw == "No backup yet" and none.remedy.startswith("Make one now")
    write_backup(register, settings, tmp_path / "old.zip", NOW - timedelta(days=8))
    old = _check(settings, "last backup")
    assert (old.is_well, old.is_fatal, old.status) == (False, False, "Needs your attention")
    assert re.fullmatch(r"on Sunday 14 March 2027, \d\d:\d\d, \d+ files?, not checked", old.saw)
    write_backup(register, settings, tmp_path / "new.zip", NOW - timedelta(days=6))
    assert _check(settings, "last backup").is_well
    note_backup_checked(register, NOW - timedelta(days=8), NOW, actor="office")
    assert _check(settings, "last backup").saw.endswith("not checked"), "an older one was"
    note_backup_checked(register, NOW - timedelta(days=6), NOW, actor="office")
    assert _check(settings, "last backup").saw.endswith(", checked")


def test_what_needs_action_comes_first_and_every_check_is_under_its_topic(settings: Settings) -> None:
    checks = [
        Check("Prefect", False, "away", is_fatal=False),
        Check("disk space", False, "full"),
        Check("last backup", True, "made"),
    ]
    assert [one.status for one in list_what_needs_action(checks)] == [
        "Needs action now",
        "Needs your attention",
    ]
    topics = group_by_topic(checks)
    assert list(topics) == list(Topic)
    assert [[one.name for one in found] for found in topics.values() if found] == [
        ["last backup"],
        ["disk space"],
        ["Prefect"],
    ]


def test_no_topic_is_given_to_a_check_that_is_not_made() -> None:
    folder = ROOT / "peer_challenge" / "operations"
    made = "".join(path.read_text() for path in folder.glob("doctor*.py") if path.stem != "doctor_check")
    made = made.replace('f"{name} folder"', '"inbox folder" "outbox folder" "var folder"')
    assert [name for name in (*_TOPICS, *_TITLES) if f'"{name}"' not in made] == []
