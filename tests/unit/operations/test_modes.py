"""What the service makes is for its own account; in a shared folder, for the folder's group as well."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from cli.prefect_home import prepare_prefect
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import Kind
from peer_challenge.operations.doctor import examine_installation
from peer_challenge.operations.doctor_check import Check
from peer_challenge.operations.home_modes import find_open_files, tighten_home
from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.paths import ROOT
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.settings import Settings, load_settings
from tests import waiting
from tests.factories import a_cycle, a_filled

AT = datetime(2027, 2, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    """As carelessly as an account may be set up: a mode that nobody names is open to everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _open(folder: Path, bits: int = 0o077) -> list[str]:
    """What below a folder, and it too, has any of these bits."""
    return [f"{path} {_mode(path):o}" for path in (folder, *folder.rglob("*")) if _mode(path) & bits]


def _work(settings: Settings) -> Register:
    """A cycle opens, a document is taken in, and what is due goes out."""
    migrate_installation(settings)
    register, cycle = open_register(settings), a_cycle(4)
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=AT, actor="test")
    form = a_filled(Kind.SELF_ASSESSMENT, cycle.participants[0].id, areas=4, turn=1)
    (settings.inbox_folder / "form.docx").write_bytes(form)
    take_in_ready_documents(register, settings, AT)
    advance_challenges(register, settings, AT)
    return register


def _settings(home: Path) -> Settings:
    return load_settings(home, {"PEER_CHALLENGE_SETTLE_SECONDS": "0"})


@pytest.mark.threat("machine-account")
def test_whatever_the_umask_only_its_account_may_read_what_an_installation_makes(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "a" / "home")
    register = _work(settings)
    try:
        assert (settings.var / "register.db-wal").exists()
        assert _open(settings.home / "var") == []
        assert _open(settings.outbox_folder) == []
        assert _mode(settings.inbox_folder) == 0o700
        assert _mode(settings.home) == _mode(settings.home.parent) == 0o700
        assert len(list(settings.outbox_folder.rglob("*.docx"))) > 4
    finally:
        register.close()


def test_a_shared_outbox_is_readable_by_its_group_and_by_nobody_else(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "home")
    settings.outbox_folder.mkdir(parents=True)
    settings.outbox_folder.chmod(0o2770)
    _work(settings).close()
    made = list(settings.outbox_folder.rglob("*"))
    assert {_mode(path) for path in made if path.is_file()} == {0o660}
    assert {_mode(path) for path in made if path.is_dir()} == {0o2770}


@pytest.mark.parametrize(
    ("shared", "file"), [(0o750, 0o640), (0o700, 0o600), (0o755, 0o640), (0o2750, 0o640)]
)
def test_a_file_of_the_outbox_allows_what_its_folder_allows(shared: int, file: int, tmp_path: Path) -> None:
    settings = _settings(tmp_path / "home")
    settings.outbox_folder.mkdir(parents=True)
    settings.outbox_folder.chmod(shared)
    _work(settings).close()
    assert {_mode(path) for path in settings.outbox_folder.rglob("*.docx")} == {file}


def test_commands_and_what_they_start_make_nothing_that_others_may_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for command in (["migrate"], ["backup", tmp_path / "kept.zip"], ["export", tmp_path / "out"]):
        waiting.run([sys.executable, "-m", "cli", *command, "--home", home], cwd=ROOT, check=True)
    assert _open(home) == [] and _open(tmp_path / "out") == [] and _mode(tmp_path / "kept.zip") == 0o600


def test_the_dashboard_begins_with_the_same(tmp_path: Path) -> None:
    """As a web server starts it, without the command line."""
    home = tmp_path / "home"
    migrate_installation(_settings(home))
    code = "import os; from dashboard.asgi import application; application(); print(oct(os.umask(0)))"
    environment = {**os.environ, "PEER_CHALLENGE_HOME": str(home)}
    done = waiting.run([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, env=environment, check=True)
    assert done.stdout.split() == ["0o77"]


def test_the_folder_of_prefect_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    prepare_prefect(_settings(tmp_path / "home"))
    assert _open(tmp_path / "home") == []


def _privacy(settings: Settings) -> Check:
    return next(
        check for check in examine_installation(settings, AT) if check.name == "folders are closed to others"
    )


def _old(tmp_path: Path) -> Settings:
    """An installation as an earlier version left it."""
    settings = _settings(tmp_path / "home")
    _work(settings).close()
    (settings.home / "settings.toml").write_text("rescan_seconds = 30\n")
    for path in (settings.home, *settings.home.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return settings


def test_an_old_home_is_told_by_doctor_and_closed_by_the_command_that_it_says(tmp_path: Path) -> None:
    settings = _old(tmp_path)
    told = _privacy(settings)
    assert not told.is_well and f"chmod -R go-rwx {settings.var}" in told.remedy
    for command in told.remedy.removeprefix("Close them: ").split("; "):
        subprocess.run(command.split(), check=True)
    assert _privacy(settings).is_well


def test_migrate_closes_an_old_home_and_leaves_what_a_group_may_do(tmp_path: Path) -> None:
    settings = _old(tmp_path)
    migrate_installation(settings)
    assert find_open_files(settings) == []
    assert _open(settings.var) == []
    assert _open(settings.outbox_folder, 0o007) == []
    assert _mode(settings.outbox_folder) == 0o750 and _mode(settings.home / "settings.toml") == 0o640
    assert tighten_home(settings) == 0, "there is nothing left to close"


def test_what_an_administrator_opened_to_everybody_stays_and_is_told(tmp_path: Path) -> None:
    settings = _old(tmp_path)
    for folder in (settings.home, *settings.home.parents):
        if folder.is_relative_to(tmp_path.parent.parent):
            folder.chmod(folder.stat().st_mode | 0o011)
    settings.inbox_folder.chmod(0o1777)
    migrate_installation(settings)
    assert _mode(settings.inbox_folder) == 0o1777
    is_reached = all(parent.stat().st_mode & 0o001 for parent in settings.inbox_folder.parents)
    assert _privacy(settings).is_well is not is_reached


def test_a_link_that_lies_in_an_old_home_closes_nothing_elsewhere(tmp_path: Path) -> None:
    settings, elsewhere = _old(tmp_path), tmp_path / "elsewhere"
    elsewhere.mkdir()
    elsewhere.chmod(0o755)
    (elsewhere / "file").write_text("others' own")
    for place in (settings.var, settings.outbox_folder):
        (place / "link").symlink_to(elsewhere)
        (place / "file-link").symlink_to(elsewhere / "file")
    migrate_installation(settings)
    assert _mode(elsewhere) == 0o755 and _mode(elsewhere / "file") == 0o666


@pytest.mark.threat("outbox-writer")
def test_a_link_where_a_document_is_about_to_be_written_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"others' own")
    settings = _settings(tmp_path / "home")
    register = _work(settings)
    with register.reading() as connection:
        last = connection.scalar(sa.select(sa.func.max(t.dispatches.c.id))) or 0
    cycle = a_cycle(4)
    for number in range(1, 40):
        (settings.outbox_folder / cycle.id / f".draft-{last + number}").symlink_to(precious)
    form = a_filled(Kind.SELF_ASSESSMENT, cycle.participants[1].id, areas=4, turn=1)
    (settings.inbox_folder / "form.docx").write_bytes(form)
    take_in_ready_documents(register, settings, AT)
    assert advance_challenges(register, settings, AT).issued
    register.close()
    assert precious.read_bytes() == b"others' own"
