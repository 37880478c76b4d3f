"""The alarms: what arrives is read, what is intended goes out, and a backup is made every week."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from peer_challenge.backup import back_up
from peer_challenge.doctor import Check, examine
from peer_challenge.register import outbox
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, migrate, open_register
from peer_challenge.settings import Settings
from peer_challenge.vocabulary import DispatchKind, Role
from tests.factories import a_cycle, its_framework

NOW = datetime(2027, 3, 22, 10, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(home=tmp_path / "home")
    migrate(made)
    return made


@pytest.fixture
def register(settings: Settings) -> Iterator[Register]:
    opened = open_register(settings)
    yield opened
    opened.close()


def _check(settings: Settings, name: str) -> Check:
    return next(check for check in examine(settings, NOW) if check.name == name)


@pytest.mark.parametrize(("minutes", "is_well"), [(29, True), (31, False)])
def test_a_file_that_nobody_reads_raises_the_alarm(settings: Settings, minutes: int, is_well: bool) -> None:
    path = settings.inbox_folder / "a.docx"
    path.write_bytes(b"x")
    then = (NOW - timedelta(minutes=minutes)).timestamp()
    os.utime(path, (then, then))
    found = _check(settings, "inbox is read")
    assert (found.is_well, found.is_fatal) == (is_well, True)
    assert found.saw.startswith("1 waiting")


@pytest.mark.parametrize(("minutes", "is_well"), [(29, True), (31, False)])
def test_a_dispatch_that_nobody_issues_raises_the_alarm(
    settings: Settings, register: Register, minutes: int, is_well: bool
) -> None:
    assert _check(settings, "dispatches go out").is_well
    cycle = a_cycle(3)
    with register.writing() as connection:
        store_cycle(connection, cycle, its_framework(cycle), at=NOW, actor="office")
        outbox.intend(
            connection,
            DispatchKind.MONDAY_BRIEF,
            Role.OFFICE,
            outbox.OFFICE,
            at=NOW - timedelta(minutes=minutes),
            key="a brief",
            cycle_id=cycle.id,
        )
    assert _check(settings, "dispatches go out").is_well == is_well


def test_a_backup_is_asked_for_when_there_is_none_of_this_week(
    settings: Settings, register: Register, tmp_path: Path
) -> None:
    assert _check(settings, "last backup").saw == "none was ever made"
    back_up(register, settings, tmp_path / "old.zip", NOW - timedelta(days=8))
    old = _check(settings, "last backup")
    assert (old.is_well, old.is_fatal, old.saw) == (False, False, "made on 14 March 2027")
    back_up(register, settings, tmp_path / "new.zip", NOW - timedelta(days=6))
    assert _check(settings, "last backup").is_well
