"""A document that exhausts its bounds is refused through the whole intake; the one behind it is taken in."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.intake.check_command import check_files
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import Kind
from peer_challenge.paths import ROOT
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.settings import Settings, load_settings
from peer_challenge.submissions import checking_process
from peer_challenge.system.bounded_work import BoundedWorker, Bounds
from tests.factories import a_cycle, a_filled
from tests.fill_form import fill_form
from tests.migrated import make_installation
from tests.unit.submissions.endless import ENDLESS

AT = datetime(2027, 2, 1, 9, tzinfo=UTC)
CYCLE = a_cycle(4)
ROW = ("leadership/equal-duty", "strengths")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[tuple[Register, Settings]]:
    settings = load_settings(tmp_path, {"PEER_CHALLENGE_SETTLE_SECONDS": "0"})
    settings.make_folders()
    make_installation(settings)
    register = open_register(settings)
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=AT, actor="test")
    yield register, settings
    register.close()


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> Iterator[BoundedWorker]:
    """The checking process with two seconds for a batch, in which ENDLESS is never done."""
    worker = BoundedWorker("tests.unit.submissions.endless", "examine_or_work_on", Bounds(2, 900))
    monkeypatch.setattr(checking_process, "_worker", worker)
    yield worker
    worker.end()


def _put(settings: Settings, said: str) -> list[Path]:
    """Two forms in the inbox: the first area's says this in a cell, the second's is an honest one."""
    first, second = (area.id for area in CYCLE.participants[:2])
    files = [settings.inbox_folder / "1.docx", settings.inbox_folder / "2.docx"]
    files[0].write_bytes(fill_form(a_filled(Kind.SELF_ASSESSMENT, first), {ROW: said}))
    files[1].write_bytes(a_filled(Kind.SELF_ASSESSMENT, second))
    return files


def test_sixty_thousand_births_hold_nobody_up(office: tuple[Register, Settings]) -> None:
    _put(office[1], "Born on 1/1/20 " * 60_000)
    taken = take_in_ready_documents(*office, AT).table
    assert taken["outcome"].tolist()[0] == "rejected"
    assert taken["outcome"].tolist()[1] != "rejected"
    assert len(list((office[1].rejected_folder).glob("*.docx"))) == 1


def test_what_exhausts_examining_is_refused_and_the_next_taken_in(
    office: tuple[Register, Settings], narrow: BoundedWorker
) -> None:
    files = _put(office[1], ENDLESS)
    told = list(check_files(files, office[1]))
    assert "open.too_much_work" in [found["code"] for found in told[0]["findings"]]
    taken = take_in_ready_documents(*office, AT).table
    assert taken["outcome"].tolist()[0] == "rejected"
    assert taken["outcome"].tolist()[1] != "rejected"
    [reason] = (office[1].rejected_folder).glob("*.txt")
    assert "far more work than a form does" in reason.read_text()


def test_an_intake_that_was_killed_while_it_examined_is_finished_by_the_next(
    office: tuple[Register, Settings], narrow: BoundedWorker
) -> None:
    _put(office[1], ENDLESS)
    command = [sys.executable, "-m", "tests.unit.bounds.endless_intake", str(office[1].home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None and child.stdout.readline() == "examining\n"
        child.kill()
    assert child.returncode == -signal.SIGKILL
    taken = take_in_ready_documents(*office, AT).table
    assert len(taken) == 2
    assert sorted(one == "rejected" for one in taken["outcome"]) == [False, True]
