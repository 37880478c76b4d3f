"""The regional report on demand: what an office gets, what its cells can't do, and how it is marked."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from docx import Document

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import WrongUse
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import Kind
from peer_challenge.outbox.report_on_demand import write_regional_report
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from tests.factories import a_cycle, a_filled

CYCLE = a_cycle(4)
NOW = datetime(2027, 2, 20, 10, tzinfo=UTC)


@pytest.fixture
def office(settings: Settings, register: Register) -> Register:
    """One self-assessment is in, with a formula for a strength."""
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=NOW, actor="office")
    settings.inbox_folder.mkdir(parents=True, exist_ok=True)
    form = a_filled(Kind.SELF_ASSESSMENT, CYCLE.participants[0].id, areas=4, turn=1)
    (settings.inbox_folder / "ours.docx").write_bytes(form)
    take_in_ready_documents(register, settings, NOW)
    with register.writing() as connection:
        connection.execute(t.self_assessment_rows.update().values(strengths="=HYPERLINK(1)"))
    return register


def written(office: Register, settings: Settings, into: Path) -> list[Path]:
    return write_regional_report(office, settings, CYCLE.id, into, NOW, actor="office")


def test_an_office_gets_word_excel_and_csv_of_which_no_cell_runs(
    office: Register, settings: Settings, tmp_path: Path
) -> None:
    files = written(office, settings, tmp_path / "out")
    assert all(file.stat().st_size for file in files)
    assert [file.suffix for file in files[:3]] == [".docx", ".docx", ".xlsx"]
    tables = [file for file in files if file.suffix == ".csv"]
    assert len(tables) == len(files) - 3 > 3
    cells = []
    for table in tables:
        with table.open(encoding="utf-8-sig", newline="") as text:
            cells += [cell for row in csv.reader(text) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert not [
        cell for cell in cells if cell[:1] in tuple("=+@\t\r") or (cell[:1] == "-" and cell[1:2].isalpha())
    ]


def test_nothing_that_is_there_is_written_over(office: Register, settings: Settings, tmp_path: Path) -> None:
    written(office, settings, tmp_path)
    with pytest.raises(WrongUse, match="already"):
        written(office, settings, tmp_path)


def test_the_highest_marking_of_what_came_in_governs_the_overview(
    office: Register, settings: Settings, tmp_path: Path
) -> None:
    with office.writing() as connection:
        connection.execute(t.submissions.update().values(marking="SECRET"))
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.submissions)) == 1
    overview = Document(str(written(office, settings, tmp_path)[0]))
    (section, *_) = overview.sections
    assert "SECRET" in [p.text.strip() for p in section.header.paragraphs]
