"""Cycle files, tables, backups and templates that would take all memory are refused in words."""

import io
import json
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from peer_challenge.cycle_file.load_cycle import load_cycle
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.cycle_file.uploaded_files import (
    MOST_AREAS,
    read_uploaded_cycle,
    read_uploaded_indicators,
    read_uploaded_table,
)
from peer_challenge.dispatches.samples.check_office_templates import check_templates
from peer_challenge.errors import CycleFileError, WrongUse
from peer_challenge.frameworks.outline import UnreadableFile
from peer_challenge.frameworks.read_uploaded import read_uploaded_framework
from peer_challenge.operations.backup_seal import BackupDamaged
from peer_challenge.operations.restore_backup import restore_backup
from peer_challenge.settings import Settings, load_settings
from peer_challenge.word.form.printed_text import SHIPPED
from tests.factories import a_cycle

DEEP = {
    "brackets": "id: " + "[" * 100_000,
    "braces": "id: " + "{a: " * 100_000,
    "lists in lists": "- " * 100_000,
    "indentation": "\n".join(" " * n + "a:" for n in range(900)),
    "aliases": "a: &a [x, x]\n" + "\n".join(f"b{n}: &b{n} [*a, *a]" for n in range(200)),
    "as many mistakes as lines": "a: 1\n" * 50_000,
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_a_cycle_file_that_never_ends_is_refused_in_words(text: str, tmp_path: Path) -> None:
    path = tmp_path / "cycle.yaml"
    path.write_text(text)
    with pytest.raises(CycleFileError) as refused:
        load_cycle(path, shipped_frameworks())
    assert 0 < len(refused.value.problems) < 300


@pytest.mark.threat("office-upload")
@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_an_uploaded_cycle_file_that_never_ends_is_refused_in_words(text: str) -> None:
    read = read_uploaded_cycle("cycle.yaml", text.encode())
    assert 0 < len(read.problems) < 300


def test_an_uploaded_file_with_more_areas_than_any_cycle_has_is_refused() -> None:
    table = "Area\n" + "\n".join(f"Area {n}" for n in range(MOST_AREAS + 1))
    assert "at most 200" in read_uploaded_table("areas.csv", table.encode()).problems[0][1]
    file = "participants:\n" + "".join(f"  - name: Area {n}\n" for n in range(MOST_AREAS + 1))
    assert read_uploaded_cycle("cycle.yaml", file.encode()).entries is None


def with_entity(entity: bytes) -> bytes:
    """A workbook whose cell is an entity that its own parts declare."""
    book, made, told = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    for row in (["Area", "Police"], ["CELL", "Force"]):
        book.active.append(row)
    book.save(made)
    with zipfile.ZipFile(made) as whole, zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in whole.namelist():
            part = whole.read(name)
            if name.startswith(("xl/sharedStrings", "xl/worksheets/")):
                part = b"<!DOCTYPE x [" + entity + b"]>" + part.partition(b"?>")[2].replace(b"CELL", b"&z;")
            changed.writestr(name, part)
    return told.getvalue()


@pytest.mark.threat("office-upload")
@pytest.mark.parametrize(
    "entity",
    [
        b'<!ENTITY z SYSTEM "file:///etc/passwd">',
        b'<!ENTITY z "' + b"A" * 100_000 + b'">',
    ],
    ids=["a file outside", "a long text"],
)
def test_nothing_that_an_uploaded_workbook_declares_is_read_in(entity: bytes) -> None:
    data = with_entity(entity)
    areas = tuple(a_cycle(4).participants)
    assert "can't be opened" in read_uploaded_table("areas.xlsx", data).problems[0][1]
    assert "can't be opened" in read_uploaded_indicators("figures.xlsx", data, areas).problems[0][1]
    with pytest.raises(UnreadableFile, match="can't be opened"):
        read_uploaded_framework("framework.xlsx", data)


def test_a_cycle_file_far_longer_than_any_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "cycle.yaml"
    path.write_text("participants:\n" + "  - {name: A}\n" * 100_000)
    with pytest.raises(CycleFileError) as refused:
        load_cycle(path, shipped_frameworks())
    assert "too large" in refused.value.problems[0]


def test_a_workbook_that_unpacks_to_far_more_than_a_table_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Name"])
    book.save(tmp_path / "small.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "small.xlsx") as small,
        zipfile.ZipFile(tmp_path / "areas.xlsx", "w", zipfile.ZIP_DEFLATED) as large,
    ):
        for part in small.namelist():
            large.writestr(part, small.read(part))
        large.writestr("xl/sharedStrings.xml", b"<sst>" + b"<si/>" * 10_000_000 + b"</sst>")
    (tmp_path / "cycle.yaml").write_text("id: a\nparticipants: areas.xlsx\n")
    with pytest.raises(CycleFileError) as refused:
        load_cycle(tmp_path / "cycle.yaml", shipped_frameworks())
    assert any("far more than one table" in problem for problem in refused.value.problems)


def test_a_table_of_a_million_columns_is_read_no_further_than_its_own(tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_text("Name" + ",x" * 900_000 + "\nA\n")
    (tmp_path / "cycle.yaml").write_text("id: a\nparticipants: areas.csv\n")
    with pytest.raises(CycleFileError) as refused:
        load_cycle(tmp_path / "cycle.yaml", shipped_frameworks())
    assert len(refused.value.problems) < 100


@pytest.mark.parametrize("text", ["a = " + "[" * 50_000, "# " + "x" * 200_000], ids=["deep", "long"])
def test_settings_that_never_end_are_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(WrongUse):
        load_settings(tmp_path, {})


def test_a_backup_that_unpacks_to_far_more_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    bomb = tmp_path / "backup.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        with packed.open("inbox/form.docx", "w", force_zip64=True) as file:
            for _ in range(400):
                file.write(bytes(1_000_000))
        packed.writestr("manifest.json", json.dumps({"files": {"inbox/form.docx": "0" * 64}}))
    home = tmp_path / "home"
    with pytest.raises(BackupDamaged):
        restore_backup(bomb, Settings(home=home))
    assert not home.exists() or not any(home.rglob("*.docx"))


def test_a_backup_whose_list_is_far_too_long_is_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "backup.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("manifest.json", '{"files": {' + '"a": 0,' * 1_000_000 + '"b": 0}}')
    with pytest.raises(BackupDamaged):
        restore_backup(bomb, Settings(home=tmp_path / "home"))


HUNGRY = {
    "a text times a number": "{{ 'a' * 900000000 }}",
    "a wide text": "{{ 'a'.center(900000000) }}",
    "loops in loops": "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
    "a loop that calls itself": "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
}


@pytest.mark.parametrize("tag", HUNGRY.values(), ids=HUNGRY)
def test_a_template_that_exhausts_its_bounds_is_refused_in_words(tag: str, tmp_path: Path) -> None:
    document = docx.Document(str(SHIPPED / "reminder.docx"))
    next(p for p in document.paragraphs if p.text == "{{ subtitle }}").text = tag
    document.save(str(tmp_path / "reminder.docx"))
    [problem] = check_templates(tmp_path)
    assert "far more work or memory" in problem.what
    assert problem.remedy


def test_a_template_with_a_picture_of_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    packed = io.BytesIO((SHIPPED / "reminder.docx").read_bytes())
    with (
        zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as template,
        template.open("word/media/image9.bmp", "w") as picture,
    ):
        for _ in range(100):
            picture.write(bytes(1_000_000))
    (tmp_path / "reminder.docx").write_bytes(packed.getvalue())
    [problem] = check_templates(tmp_path)
    assert "unpacks to more than" in problem.what
