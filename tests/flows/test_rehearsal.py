"""The rehearsal through the real flows and a real Prefect: interrupted, and gone on with to the same end."""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import docx
import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.dispatches.last_time import LAST_TIME
from peer_challenge.paths import ROOT
from peer_challenge.rehearsal.fictional import make_next_cycle
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.form.known_before_reading import Known
from tests import waiting
from tests.factories import a_cycle

_ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "PEER_"))}


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "cli", *arguments]


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return waiting.run(_command(*arguments), cwd=ROOT, env=_ENVIRONMENT | environment)


def _count(home: Path, query: str) -> int:
    register = home / "var" / "register.db"
    if not register.exists():
        return 0
    try:
        with sqlite3.connect(f"file:{register}?mode=ro", uri=True) as connection:
            return int(connection.execute(query).fetchone()[0])
    except sqlite3.OperationalError:  # not there yet
        return 0


def _outbox(home: Path) -> dict[str, bytes]:
    folder = home / "outbox"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rehearsal that nothing interrupted."""
    home = tmp_path_factory.mktemp("whole") / "rehearsal"
    done = _run("rehearse", "--into", str(home), "--areas", "4", "--seed", "7")
    assert done.returncode == 0, done.stderr
    return home


def test_every_challenge_closes_and_the_installation_is_healthy(whole: Path) -> None:
    told = json.loads(_run("status", "--json", "--home", str(whole)).stdout)
    assert [challenge["stage"] for challenge in told["cycles"][0]["challenges"]] == ["closed"] * 4
    assert json.loads(_run("doctor", "--json", "--home", str(whole)).stdout)["is_healthy"]


def test_each_area_gets_each_document_once(whole: Path) -> None:
    names = [name.partition("/")[2] for name in _outbox(whole) if name.startswith(f"{a_cycle().id}/")]
    for area in {name.partition("/")[0] for name in names} - {"office"}:
        if area.startswith("independent-chair"):
            continue
        own = [name for name in names if name.startswith(f"{area}/")]
        for label in (
            "Fill in - Self-assessment",
            "Read - Peer analysis",
            "Fill in - Response",
            "Fill in - Action plan",
            "Fill in - Analysis pack",
            "Fill in - Progress report 1",
            "Fill in - Progress report 2",
            "Read - Progress report 1",
            "Read - Progress report 2",
        ):
            assert sum(f" {label} - " in name for name in own) == 1, (area, label)
        slides = sum(" Check - Presentation - " in name for name in own)
        versions = sum(" - response to the challenge v" in name and "Marked copy" not in name for name in own)
        assert 1 <= slides <= versions, (area, "new slides come with another version of the response alone")
        assert sum(" Read - Chair summary - " in name for name in own) == 2, (
            "its own, as author and challenger"
        )


def test_the_next_cycle_begins_with_what_each_area_said_in_the_first(whole: Path) -> None:
    following = make_next_cycle(a_cycle())
    forms = {
        name.split("/")[1]: data
        for name, data in _outbox(whole).items()
        if name.startswith(f"{following.id}/") and "Fill in - Self-assessment" in name
    }
    assert set(forms) == {area.id for area in following.authors}
    known = Known(shipped_frameworks(), {following.id: following})
    rated = {
        (area, row): rating
        for area, row, rating in _rows(
            whole,
            "SELECT s.writer_id, r.subheading, r.rating FROM self_assessment_rows r"
            " JOIN submissions s ON s.id = r.submission_id WHERE s.is_current",
        )
    }
    for area, form in forms.items():
        printed = [line for table in docx.Document(io.BytesIO(form)).tables for line in _list_lines(table)]
        shown = [line for line in printed if line.startswith(f"{LAST_TIME}: ")]
        assert sorted(shown) == sorted(
            f"{LAST_TIME}: {'not applicable' if rating == 'NOT_APPLICABLE' else rating}."
            for (who, _), rating in rated.items()
            if who == area
        )
        assert any("(Your latest report says:" in line for line in printed)
        reading = read_document(form, known)
        assert [finding.code for finding in reading.findings] == ["form.blank"]
        assert (reading.participant, reading.unmapped) == (area, [])


def _list_lines(table: Any) -> list[str]:
    return [p.text for row in table.rows for p in row.cells[0].paragraphs]


def _rows(home: Path, query: str) -> list[tuple[str, ...]]:
    with sqlite3.connect(f"file:{home / 'var' / 'register.db'}?mode=ro", uri=True) as connection:
        return connection.execute(query).fetchall()


def test_killed_on_its_way_it_goes_on_to_the_same_end(whole: Path, tmp_path: Path) -> None:
    home = tmp_path / "rehearsal"
    arguments = ("rehearse", "--into", str(home), "--areas", "4", "--seed", "7")
    running = subprocess.Popen(
        _command(*arguments),
        cwd=ROOT,
        env=_ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    waiting.wait_until(
        lambda: _count(home, "SELECT COUNT(*) FROM submissions") >= 6, "six documents are in", running.pid
    )
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert _count(home, "SELECT COUNT(*) FROM submissions") >= 6
    assert json.loads(_run("doctor", "--json", "--home", str(home)).stdout)["is_healthy"]
    done = _run(*arguments)
    assert done.returncode == 0, done.stderr
    assert json.loads(_run("doctor", "--json", "--home", str(home)).stdout)["is_healthy"]
    assert _count(home, "SELECT COUNT(*) FROM challenges WHERE stage = 'closed'") == 4
    assert _outbox(home) == _outbox(whole)


def test_it_never_touches_a_folder_that_is_not_a_rehearsals(tmp_path: Path) -> None:
    (tmp_path / "precious.docx").write_bytes(b"real")
    refused = _run("rehearse", "--into", str(tmp_path))
    assert refused.returncode == 64
    assert [path.name for path in tmp_path.iterdir()] == ["precious.docx"]
