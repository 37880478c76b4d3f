"""Backup, restore and export: everything comes back, nothing damaged is restored, nothing can run."""

import contextlib
import errno
import json
import os
import random
import shutil
import stat
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import WrongUse
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.house_style import HouseStyle
from peer_challenge.model.vocabulary import Kind
from peer_challenge.operations import write_backup as backup_module
from peer_challenge.operations.backup_seal import BackupDamaged, find_backup_key
from peer_challenge.operations.doctor import examine_installation, is_healthy
from peer_challenge.operations.export import export_installation
from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.operations.restore_backup import restore_backup
from peer_challenge.operations.what_a_backup_holds import MANIFEST
from peer_challenge.operations.write_backup import write_backup
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import open_register
from peer_challenge.settings import Settings, load_settings
from peer_challenge.steering.change_house_style import save_style
from tests.factories import a_cycle, a_filled, its_framework

AT = datetime(2027, 2, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One with an open cycle and a document taken in."""
    settings = load_settings(tmp_path_factory.mktemp("office"), {"PEER_CHALLENGE_SETTLE_SECONDS": "0"})
    migrate_installation(settings)
    register, cycle = open_register(settings), a_cycle(4)
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=AT, actor="test")
    author = cycle.participants[0].id
    (settings.inbox_folder / "=cmd form.docx").write_bytes(
        a_filled(Kind.SELF_ASSESSMENT, author, areas=4, turn=1)
    )
    assert len(take_in_ready_documents(register, settings, AT).table) == 1
    advance_challenges(register, settings, AT)
    register.close()
    return settings


@pytest.fixture(scope="module")
def backup(installation: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("kept") / "backup.zip"
    register = open_register(installation)
    write_backup(register, installation, file, AT)
    register.close()
    return file


def test_what_was_backed_up_comes_back_whole(installation: Settings, backup: Path, tmp_path: Path) -> None:
    place = load_settings(tmp_path / "new", {})
    restore_backup(backup, place, key=find_backup_key(installation))
    assert is_healthy(examine_installation(place))
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
        restore_backup(backup, load_settings(tmp_path, {}))


def test_a_damaged_backup_is_refused_whole(installation: Settings, backup: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.zip"
    with zipfile.ZipFile(backup) as good, zipfile.ZipFile(damaged, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, b"altered" if name == "var/register.db" else good.read(name))
    with pytest.raises(BackupDamaged):
        restore_backup(damaged, load_settings(tmp_path / "new", {}), key=find_backup_key(installation))
    assert not (tmp_path / "new" / "var").exists()


def _made(path: Path, names: Sequence[str], manifest: object = None) -> Path:
    """A backup that somebody made by hand."""
    told = {"files": {name: sha256_of(b"x") for name in names}} if manifest is None else manifest
    with zipfile.ZipFile(path, "w") as made:
        for name in names:
            made.writestr(name, b"x")
        made.writestr("manifest.json", json.dumps(told))
    return path


@pytest.mark.parametrize(
    "name", ["../out", "inbox/../../out", "inbox/{out}", "{out}", "outbox//out", "var/./out", "inbox/"]
)
def test_no_file_of_a_backup_lands_outside(tmp_path: Path, name: str) -> None:
    name = name.format(out=tmp_path / "out")
    with pytest.raises(BackupDamaged, match="outside"):
        restore_backup(
            _made(tmp_path / "made.zip", [name]), load_settings(tmp_path / "new", {}), is_seal_needed=False
        )
    assert [path.name for path in tmp_path.rglob("*")] == ["made.zip"]


@pytest.mark.parametrize("manifest", [[], "", 3, {}, {"files": []}, {"files": None}, {"files": {"var/a": 3}}])
def test_a_manifest_that_is_none_is_told(tmp_path: Path, manifest: object) -> None:
    with pytest.raises(BackupDamaged):
        made = _made(tmp_path / "made.zip", ["var/a"], manifest)
        restore_backup(made, load_settings(tmp_path / "new", {}), is_seal_needed=False)


@pytest.mark.threat("backup-forger")
@pytest.mark.parametrize(
    "names",
    [
        ["var/archive/a", f"var/archive/{'b' * 256}"],
        ["var/archive/a", f"var/archive/{'é' * 128}/b"],
        ["var/archive/a", "var/archive/a/b"],
        ["var/archive/a/b/c", "var/archive/a"],
    ],
)
def test_names_that_no_disk_can_hold_are_told_before_anything_is_written(
    tmp_path: Path, names: list[str]
) -> None:
    made, place = _made(tmp_path / "made.zip", names), load_settings(tmp_path / "new", {})
    with pytest.raises(BackupDamaged, match="name that no file can have"):
        restore_backup(made, place, is_seal_needed=False)
    assert not place.home.exists()


@pytest.mark.threat("backup-forger")
@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_file_packed_in_another_way_than_ours_is_not_unpacked(tmp_path: Path, method: int) -> None:
    """LZMA names the memory that unpacking takes, up to 4 GB, in its first bytes."""
    made, place = tmp_path / "made.zip", load_settings(tmp_path / "new", {})
    with zipfile.ZipFile(made, "w", method) as kept:
        kept.writestr("var/archive/a", b"x")
        kept.writestr(MANIFEST, json.dumps({"files": {"var/archive/a": sha256_of(b"x")}}))
    with pytest.raises(BackupDamaged, match="another way"):
        restore_backup(made, place, is_seal_needed=False)
    assert not place.home.exists()


@pytest.mark.threat("backup-forger")
def test_a_long_list_of_files_is_not_read(tmp_path: Path) -> None:
    made, place = tmp_path / "made.zip", load_settings(tmp_path / "new", {})
    named = {f"var/archive/{number:0900}": "a" for number in range(3_000)}
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as kept:
        kept.writestr(MANIFEST, json.dumps({"files": named}))
        for number in range(3_000):
            kept.writestr(f"var/archive/{number}", b"")
    with pytest.raises(BackupDamaged, match="list of files"):
        restore_backup(made, place, is_seal_needed=False)


def test_no_backup_is_made_that_could_not_be_restored(
    installation: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("peer_challenge.operations.write_backup.MOST_FILES", 3)
    register = open_register(installation)
    with pytest.raises(WrongUse, match="more than a backup can hold"):
        write_backup(register, installation, tmp_path / "backup.zip", AT)
    register.close()
    assert list(tmp_path.iterdir()) == []


def test_a_backup_with_altered_bytes_is_told_and_nothing_restored(
    installation: Settings, backup: Path, tmp_path: Path
) -> None:
    data, dice = backup.read_bytes(), random.Random(7)
    for number in range(60):
        altered = bytearray(data)
        for _ in range(dice.choice([1, 3, 30])):
            altered[dice.randrange(len(data) - 2_000)] ^= dice.randrange(1, 256)
        damaged = tmp_path / "damaged.zip"
        damaged.write_bytes(altered if number % 3 else data[: dice.randrange(len(data))])
        with contextlib.suppress(BackupDamaged):  # what was altered may be a date that nobody reads
            restore_backup(
                damaged, load_settings(tmp_path / f"new-{number}", {}), key=find_backup_key(installation)
            )
            continue
        assert not (tmp_path / f"new-{number}").exists()


def test_a_file_whose_name_is_no_text_is_backed_up(installation: Settings, tmp_path: Path) -> None:
    here = tmp_path / "here"
    shutil.copytree(installation.home, here)
    name = Path(os.fsdecode(b"rejected/caf\xe9 \n.docx"))
    (here / name).parent.mkdir()
    (here / name).write_bytes(b"rejected")
    settings, place = load_settings(here, {}), load_settings(tmp_path / "new", {})
    register = open_register(settings)
    write_backup(register, settings, tmp_path / "kept.zip", AT)
    register.close()
    assert (tmp_path / "kept.zip").stat().st_mode & stat.S_IRWXO == 0
    restore_backup(tmp_path / "kept.zip", place, key=find_backup_key(settings))
    assert (place.home / name).read_bytes() == b"rejected"


def test_what_moves_meanwhile_is_in_the_backup(
    installation: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document is claimed and recorded, and its answer goes out, while all is being copied."""
    here = tmp_path / "here"
    shutil.copytree(installation.home, here)
    settings, place = load_settings(here, {"PEER_CHALLENGE_SETTLE_SECONDS": "0"}), tmp_path / "new"
    author = a_cycle(4).participants[1].id
    data = a_filled(Kind.SELF_ASSESSMENT, author, areas=4, turn=1)
    (settings.inbox_folder / "form.docx").write_bytes(data)
    register = open_register(settings)
    claimed = settings.intake_folder / "claim" / "00000" / "form.docx"
    copy, read = backup_module._copy_of_register, backup_module.read_file

    def claims(top: Path, relative: Path, **bounds: int) -> bytes:
        if top / relative == settings.inbox_folder / "form.docx":
            claimed.parent.mkdir(parents=True)
            (top / relative).rename(claimed)
        return read(top, relative, **bounds)

    def copies(*given: Any) -> Any:
        copied = copy(*given)
        take_in_ready_documents(register, settings, AT)
        advance_challenges(register, settings, AT)
        return copied

    with monkeypatch.context() as patched:
        patched.setattr(backup_module, "read_file", claims)
        patched.setattr(backup_module, "_copy_of_register", copies)
        write_backup(register, settings, tmp_path / "kept.zip", AT)
    register.close()
    restored = load_settings(place, {"PEER_CHALLENGE_SETTLE_SECONDS": "0"})
    restore_backup(tmp_path / "kept.zip", restored, key=find_backup_key(settings))
    register = open_register(restored)
    assert len(take_in_ready_documents(register, restored, AT).table) == 1
    advance_challenges(register, restored, AT)
    register.close()
    assert is_healthy(examine_installation(restored))
    there = {path.relative_to(place) for path in (place / "outbox").rglob("*.*")}
    assert there == {path.relative_to(here) for path in (here / "outbox").rglob("*.*")}, "each once"


def test_a_backup_that_fails_leaves_nothing_half_made(
    installation: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(backup_module, "_copy_of_register", full)
    register = open_register(installation)
    with pytest.raises(OSError, match="no room"):
        write_backup(register, installation, tmp_path / "kept.zip", AT)
    register.close()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.zip").write_bytes(b"not a zip")
    with pytest.raises(BackupDamaged):
        restore_backup(tmp_path / "notes.zip", load_settings(tmp_path / "new", {}))


def test_a_backup_is_never_written_over_another(installation: Settings, backup: Path) -> None:
    register = open_register(installation)
    with pytest.raises(WrongUse, match="already"):
        write_backup(register, installation, backup, AT)
    register.close()


def test_two_backups_of_one_name_are_not_written_into_one_file(
    installation: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, seen = backup_module._copy_of_register, []

    def begin_another(*given: Any) -> Any:
        with pytest.raises(WrongUse, match="is being written") as refused:
            write_backup(register, installation, tmp_path / "kept.zip", AT)
        seen.append(refused.value.remedy)
        return copy(*given)

    monkeypatch.setattr(backup_module, "_copy_of_register", begin_another)
    register = open_register(installation)
    files = write_backup(register, installation, tmp_path / "kept.zip", AT)
    register.close()
    assert seen and [path.name for path in tmp_path.iterdir()] == ["kept.zip"]
    assert len(zipfile.ZipFile(tmp_path / "kept.zip").namelist()) == files + 2


def test_the_way_out_has_every_table_and_original_and_nothing_that_runs(
    installation: Settings, tmp_path: Path
) -> None:
    register = open_register(installation)
    export_installation(register, installation, tmp_path / "out")
    register.close()
    originals = list((tmp_path / "out" / "originals").rglob("*.docx"))
    assert len(originals) == 1
    rows = pd.read_csv(tmp_path / "out" / "tables" / "self_assessment_rows.csv", encoding="utf-8-sig")
    assert len(rows) == len(its_framework(a_cycle()).subheadings)
    sheet = pd.read_excel(tmp_path / "out" / "all-tables.xlsx", sheet_name="submissions")
    assert list(sheet["file_name"]) == ["'=cmd form.docx"]
    assert not list((tmp_path / "out" / "tables").glob("users*"))


def test_the_logo_of_a_house_style_goes_out_as_a_picture(installation: Settings, tmp_path: Path) -> None:
    logo = b"\x89PNG\r\n\x1a\n of the office"
    register = open_register(installation)
    with register.writing() as connection:
        number = save_style(connection, HouseStyle(logo=logo), at=AT, actor="test")
    files = export_installation(register, installation, tmp_path / "out")
    register.close()
    table = pd.read_csv(tmp_path / "out" / "tables" / "house_styles.csv", encoding="utf-8-sig")
    assert list(table["logo"]) == [f"logos/house style {number}.png"]
    assert (tmp_path / "out" / "logos" / f"house style {number}.png").read_bytes() == logo
    assert files == len([path for path in (tmp_path / "out").rglob("*") if path.is_file()])
