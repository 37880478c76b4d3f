"""`peer-challenge amend`: an edited file changes the open cycle, once it is confirmed with a reason."""

import json
from pathlib import Path

import pytest

from peer_challenge.register import cycles
from peer_challenge.register.database import open_register
from peer_challenge.settings import load_settings
from tests.unit.cli.test_command_line import EXAMPLE, _ends

WHICH = "example-2027"


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example cycle is open; its file with a new address and a later day."""
    path = tmp_path / "cycle.yaml"
    path.write_text(EXAMPLE.read_text())
    assert amend(tmp_path, monkeypatch, command="open") == 0
    text = path.read_text().replace("partnership@ashcombe.example}", "new@ashcombe.example}")
    path.write_text(text.replace("self_assessment_due: 2027-02-26", "self_assessment_due: 2027-03-05"))
    return path


def amend(folder: Path, monkeypatch: pytest.MonkeyPatch, *more: str, command: str = "amend") -> int:
    where = ("--home", str(folder / "home"), "--today", "2027-01-20")
    return _ends(command, str(folder / "cycle.yaml"), *where, *more, monkeypatch=monkeypatch)


def count_versions(folder: Path) -> int:
    register = open_register(load_settings(folder / "home"))
    with register.reading() as connection:
        found = cycles.count_earlier_versions(connection, WHICH)
    register.close()
    return found


def test_it_says_what_changes_and_follows_and_waits_to_be_told_so(
    changed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert amend(changed.parent, monkeypatch) == 64
    said = capsys.readouterr()
    assert "26 February 2027 becomes 5 March 2027" in said.out and "new@ashcombe.example" in said.out
    assert "--yes and --reason" in said.err
    assert amend(changed.parent, monkeypatch, "--dry-run") == 0
    assert amend(changed.parent, monkeypatch, "--yes") == 64  # without a reason
    assert count_versions(changed.parent) == 0


def test_confirmed_it_is_changed_once_and_letters_go_out(
    changed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert amend(changed.parent, monkeypatch, "--yes", "--reason", "they asked") == 0
    assert "6 documents went out" in capsys.readouterr().out
    assert amend(changed.parent, monkeypatch, "--yes", "--reason", "they asked") == 0
    assert "Nothing is different" in capsys.readouterr().out
    assert count_versions(changed.parent) == 1
    letters = (changed.parent / "home" / "outbox" / WHICH).rglob("*New dates*.docx")
    assert len(list(letters)) == 6


def test_everything_that_can_not_be_changed_is_told_at_once_and_as_json(
    changed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = changed.read_text().replace("opens: 2027-01-11", "opens: 2027-01-12")
    changed.write_text(text.replace("self_assessment_due: 2027-03-05", "self_assessment_due: 2027-01-15"))
    capsys.readouterr()
    assert amend(changed.parent, monkeypatch, "--json") == 64
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert [one["place"] for one in told["refusals"]] == ["dates/opens"]
    assert all(one["why"] and one["remedy"] for one in told["refusals"])
    assert "Nothing was changed" in said.err
    changed.write_text(changed.read_text().replace("opens: 2027-01-12", "opens: 2027-01-11"))
    assert amend(changed.parent, monkeypatch, "--json") == 64
    told = json.loads(capsys.readouterr().out)
    assert len(told["refusals"]) == 6 and "which is past" in told["refusals"][0]["why"]


def test_a_mistake_in_the_file_changes_nothing_and_has_its_line(
    changed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changed.write_text(changed.read_text().replace("new@ashcombe.example}", "nobody}"))
    capsys.readouterr()
    assert amend(changed.parent, monkeypatch, "--yes", "--reason", "they asked") == 64
    said = capsys.readouterr().err
    assert "isn't an email address" in said and "line " in said and "Nothing was changed." in said
