"""Backup, restore and export: everything comes back, nothing damaged is restored, nothing can run."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from peer_challenge.advance import advance
from peer_challenge.backup import BackupDamaged, back_up, restore
from peer_challenge.doctor import examine, is_healthy
from peer_challenge.errors import WrongUse
from peer_challenge.export import export
from peer_challenge.framework import shipped_frameworks
from peer_challenge.intake import take_in
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import migrate, open_register
from peer_challenge.settings import Settings, load_settings
from peer_challenge.vocabulary import Kind
from tests.factories import a_cycle, a_filled

AT = datetime(2027, 2, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One with an open cycle and a document taken in."""
    settings = load_settings(tmp_path_factory.mktemp("office"), {"PEER_CHALLENGE_SETTLE_SECONDS": "0"})
    migrate(settings)
    register, cycle = open_register(settings), a_cycle(4)
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=AT, actor="test")
    author = cycle.participants[0].id
    (settings.inbox_folder / "=cmd form.docx").write_bytes(
        a_filled(Kind.SELF_ASSESSMENT, author, areas=4, turn=1)
    )
    assert len(take_in(register, settings, AT).table) == 1
    advance(register, settings, AT)
    register.close()
    return settings


@pytest.fixture(scope="module")
def backup(installation: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("kept") / "backup.zip"
    register = open_register(installation)
    back_up(register, installation, file, AT)
    register.close()
    return file


def test_what_was_backed_up_comes_back_whole(installation: Settings, backup: Path, tmp_path: Path) -> None:
    place = load_settings(tmp_path / "new", {})
    restore(backup, place)
    assert is_healthy(examine(place))
    for folder in ("inbox", "outbox", "var/archive"):
        kept = {
            p.relative_to(installation.home): p.read_bytes()
            for p in (installation.home / folder).rglob("*.*")
            if p.is_file() and not p.name.startswith(".")
        }
        assert kept == {name: (place.home / name).read_bytes() for name in kept}


def test_nothing_is_restored_over_anything(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "precious.docx").write_bytes(b"real")
    with pytest.raises(WrongUse, match="not empty"):
        restore(backup, load_settings(tmp_path, {}))


def test_a_damaged_backup_is_refused_whole(backup: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.zip"
    with zipfile.ZipFile(backup) as good, zipfile.ZipFile(damaged, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, b"altered" if name == "var/register.db" else good.read(name))
    with pytest.raises(BackupDamaged):
        restore(damaged, load_settings(tmp_path / "new", {}))
    assert not (tmp_path / "new" / "var").exists()


def test_a_file_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.zip").write_bytes(b"not a zip")
    with pytest.raises(BackupDamaged):
        restore(tmp_path / "notes.zip", load_settings(tmp_path / "new", {}))


def test_a_backup_is_never_written_over_another(installation: Settings, backup: Path) -> None:
    register = open_register(installation)
    with pytest.raises(WrongUse, match="already"):
        back_up(register, installation, backup, AT)
    register.close()


def test_the_way_out_has_every_table_and_original_and_nothing_that_runs(
    installation: Settings, tmp_path: Path
) -> None:
    register = open_register(installation)
    export(register, installation, tmp_path / "out")
    register.close()
    originals = list((tmp_path / "out" / "originals").rglob("*.docx"))
    assert len(originals) == 1
    rows = pd.read_csv(tmp_path / "out" / "tables" / "self_assessment_rows.csv", encoding="utf-8-sig")
    assert len(rows) == 46
    sheet = pd.read_excel(tmp_path / "out" / "all-tables.xlsx", sheet_name="submissions")
    assert list(sheet["file_name"]) == ["'=cmd form.docx"]
    assert not list((tmp_path / "out" / "tables").glob("users*"))
