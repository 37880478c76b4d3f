"""The command line as people meet it: names with odd letters, the wrong folder, Ctrl-C."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import BaseModel, field_serializer

from cli.keep_running import Announcer
from cli.main import main
from cli.rehearse_cycle import _where_to_look
from cli.serve import _make_first_link
from peer_challenge.clock import local_day
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.access import Access
from peer_challenge.model.messages import Delivery, MessageState
from peer_challenge.paths import ROOT
from peer_challenge.post.say_what_goes_out import say_what_left
from peer_challenge.register import assignments, one_time_links, people
from peer_challenge.register import tables as t
from peer_challenge.register.database import open_register
from peer_challenge.rehearsal import rehearsal_cycle
from peer_challenge.settings import Settings, load_settings
from tests.fill_form import fill_form

EXAMPLE = ROOT / "docs" / "example-cycle.yaml"
_SOLVED = {
    "partners": "from peer_challenge.partners.solver import propose_partners\n"
    "from tests.unit.partners.instances import a_problem\npropose_partners(a_problem(5, 7))",
    "a timetable": "from ortools.sat.python import cp_model\n"
    "from peer_challenge.events.cp_sat_model import run_cp_sat_solver\nrun_cp_sat_solver(cp_model.CpModel())",
}


def _ends(*arguments: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit code of the command with these arguments."""
    monkeypatch.setattr(sys, "argv", ["peer-challenge", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_brackets_in_a_name_are_shown_as_they_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = EXAMPLE.read_text().replace("name: Example peer challenge 2027", 'name: "Ours [/b] 2027"')
    (tmp_path / "cycle.yaml").write_text(text.replace("name: Ashcombe", 'name: "Ashcombe [red]"'))
    home = ("--home", str(tmp_path))
    assert _ends("open", str(tmp_path / "cycle.yaml"), *home, monkeypatch=monkeypatch) == 0
    assert "Ours [/b] 2027 is open" in capsys.readouterr().out
    assert _ends("status", *home, monkeypatch=monkeypatch) == 0
    said = capsys.readouterr().out
    assert "Ours [/b] 2027 (example-2027, open)" in said and "[red]" in said
    template = next((tmp_path / "outbox" / "example-2027" / "ashcombe").glob("*.docx"))
    (tmp_path / "form [").mkdir()
    shutil.copy(template, tmp_path / "form [" / "b].docx")
    assert _ends("check", str(tmp_path / "form [" / "b].docx"), *home, monkeypatch=monkeypatch) == 2
    assert "b].docx: rejected" in capsys.readouterr().out.replace("\n", "")


def test_status_cuts_nothing_off_and_speaks_in_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ("--home", str(tmp_path))
    _ends("open", str(EXAMPLE), "--today", "2027-01-11", *home, monkeypatch=monkeypatch)
    capsys.readouterr()
    assert _ends("status", "--today", "2027-03-01", *home, monkeypatch=monkeypatch) == 0
    said = capsys.readouterr().out
    assert said.count("2027-02-26") == 6
    assert "…" not in said and "kestrel-riding" not in said and "Self-" in said


@pytest.mark.parametrize("command", ["status", "intake", "advance", "assign", "remind"])
def test_in_the_wrong_folder_nothing_is_made_and_the_folder_is_named(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "elsewhere"
    assert _ends(command, "--home", str(home), monkeypatch=monkeypatch) == 3
    said = capsys.readouterr().err
    assert str(home) in said and "--home" in said and "peer-challenge open" in said
    assert not home.exists()


def test_what_nobody_foresaw_is_told_without_what_it_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("cli.options.find_settings", lambda home: int("what an area wrote"))
    assert _ends("status", "--home", str(tmp_path), monkeypatch=monkeypatch) == 1
    said = capsys.readouterr().err
    assert "ValueError at" in said and "doctor" in said
    assert "what an area wrote" not in said


class _Serialized(BaseModel):
    value: int = 1

    @field_serializer("value")
    def stopped(self, value: int) -> int:
        raise KeyboardInterrupt


@pytest.mark.parametrize("stopped", [_Serialized().model_dump, lambda: signal.raise_signal(signal.SIGINT)])
def test_ctrl_c_ends_in_words_wherever_it_comes(
    stopped: Callable[[], object], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("cli.options.find_settings", lambda home: stopped())
    assert _ends("status", monkeypatch=monkeypatch) == 130
    assert capsys.readouterr().err.startswith("Stopped.")


def test_ctrl_c_ends_in_words_while_the_command_is_still_being_imported() -> None:
    code = "import signal, sys\nfrom cli.__main__ import main\n"
    code += "class Stopped:\n    def find_spec(self, name, path, target=None):\n"
    code += "        if name == 'typer':\n            signal.raise_signal(signal.SIGINT)\n"
    code += "sys.meta_path.insert(0, Stopped())\nmain()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()[0]) == (130, "Stopped."), done.stderr


@pytest.mark.parametrize("what", _SOLVED)
def test_ctrl_c_is_heard_once_the_solver_has_worked_out(what: str) -> None:
    code = f"{_SOLVED[what]}\nimport signal\ntry:\n    signal.raise_signal(signal.SIGINT)\n"
    code += "except KeyboardInterrupt:\n    print('heard')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "heard"), done.stderr


def test_ctrl_c_of_the_terminal_reaches_no_child() -> None:
    from peer_challenge.system.child_process import start_child

    child = start_child("time", "sleep")
    try:
        assert os.getpgid(child.process.pid) == child.process.pid
    finally:
        child.end()
    assert child.process.returncode == -signal.SIGKILL


def test_the_command_that_approves_is_told_with_the_cycle_that_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ("--home", str(tmp_path))
    _ends("open", str(EXAMPLE), "--today", "2027-01-11", *home, monkeypatch=monkeypatch)
    _ends("assign", "example-2027", *home, monkeypatch=monkeypatch)
    told = " ".join(capsys.readouterr().out.split())
    assert "`peer-challenge assign example-2027 --approve --reason WHY`" in told


def test_partners_are_approved_as_on_the_day_that_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home, today = ("--home", str(tmp_path)), ("--today", "2027-03-01")
    _ends("open", str(EXAMPLE), "--today", "2027-01-11", *home, monkeypatch=monkeypatch)
    _ends("assign", *today, *home, monkeypatch=monkeypatch)
    assert _ends("assign", "--approve", *today, *home, monkeypatch=monkeypatch) == 64
    assert "There is no reason given." in capsys.readouterr().err
    why = ("--reason", "the directors agreed")
    assert _ends("assign", "--approve", *why, *today, *home, monkeypatch=monkeypatch) == 0
    settings = load_settings(tmp_path)
    register = open_register(settings)
    with register.reading() as connection:
        approved = connection.scalars(
            sa.select(t.journal.c.at).where(t.journal.c.event == "partners approved")
        )
        assert [local_day(at) for at in approved] == [date(2027, 3, 1)]
        before = assignments.load_standing(connection, "example-2027")
    capsys.readouterr()
    assert _ends("assign", *today, *home, monkeypatch=monkeypatch) == 0
    assert "These partners are approved." in " ".join(capsys.readouterr().out.split())
    with register.reading() as connection:
        assert assignments.load_standing(connection, "example-2027") == before
    register.close()


def test_why_takes_an_area_by_name_and_lists_its_dates_where_the_day_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ("--home", str(tmp_path))
    _ends("open", str(EXAMPLE), "--today", "2027-01-11", *home, monkeypatch=monkeypatch)
    assert _ends("why", "Kestrel Riding", "2027-02-26", *home, monkeypatch=monkeypatch) == 0
    assert _ends("why", "ashcombe", "2027-02-27", *home, monkeypatch=monkeypatch) == 64
    assert "Its dates are 2027-02-26." in capsys.readouterr().err


def test_a_rehearsal_ends_with_lines_that_can_be_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [".venv/bin/peer-challenge"])
    monkeypatch.setenv("PATH", str(tmp_path))
    home = tmp_path / ("a-long-name-" * 9)
    _where_to_look(load_settings(home), rehearsal_cycle(4))
    assert f".venv/bin/peer-challenge status --home {home}\n" in capsys.readouterr().out


def test_the_pages_addresses_are_said_once_they_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    with HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as server:
        settings = load_settings(tmp_path).model_copy(update={"port": server.server_port})
        announcer = Announcer(settings, [])
        announcer.look_round()
        assert not capsys.readouterr().out
        (tmp_path / "health").mkdir()
        (tmp_path / "health" / "live").touch()
        monkeypatch.chdir(tmp_path)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        announcer.look_round()
        announcer.look_round()
        announcer.look_round()
        server.shutdown()
    said = capsys.readouterr().out
    address = f"Dashboard     http://127.0.0.1:{settings.port}/\n"
    assert said.count(address) == 1 and said.endswith(f"{address}Everything runs.\n"), "once, at the end"
    assert f"peer-challenge prefect-password --home {tmp_path}\n" in said, "in one line, to be copied"


@pytest.mark.parametrize("way", ["password", "provider"])
def test_each_start_prints_another_first_link_until_somebody_has_signed_in(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    at, settings = datetime.now(UTC), load_settings(tmp_path)
    _ends("migrate", "--home", str(tmp_path), monkeypatch=monkeypatch)
    capsys.readouterr()
    lost, link = (_make_first_link(settings) for _ in range(2))
    said = capsys.readouterr().out
    assert lost != link and lost in said and link in said and "For another, start the service again." in said
    register = open_register(settings)
    with pytest.raises(one_time_links.LinkEnded) as ended:
        people.use_one_time_link(register, lost.rpartition("=")[2], "four unrelated words", at)
    assert "Start the service again" in ended.value.in_full
    if way == "password":
        assert people.use_one_time_link(register, link.rpartition("=")[2], "four unrelated words", at)
    else:
        with register.writing() as connection:
            assert people.sign_in_vouched(connection, "office@localhost", at)
    assert _make_first_link(settings) == capsys.readouterr().out == ""


def test_a_lost_password_is_replaced_on_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home, at = ("--home", str(tmp_path)), datetime.now(UTC)
    _ends("migrate", *home, monkeypatch=monkeypatch)
    register = open_register(load_settings(tmp_path))
    with register.writing() as connection:
        lost = people.add_person(connection, "office@localhost", "Office", Access.OFFICE, at=at, actor="test")
    assert _ends("new-password", "nobody@localhost", *home, monkeypatch=monkeypatch) == 64
    capsys.readouterr()
    assert _ends("new-password", "office@localhost", *home, monkeypatch=monkeypatch) == 0
    link = capsys.readouterr().out.splitlines()[1]
    assert link.startswith("http://127.0.0.1:8080/first-sign-in?token=")
    with pytest.raises(one_time_links.LinkEnded):
        people.use_one_time_link(register, lost, "four unrelated words", at)
    assert people.use_one_time_link(register, link.rpartition("=")[2], "four unrelated words", at)
    assert people.sign_in_with_password(
        register, "office@localhost", "four unrelated words", network="here", at=at
    )
    register.close()


def test_check_says_the_version_that_a_document_is_or_would_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ("--home", str(tmp_path))
    monkeypatch.setenv("PEER_CHALLENGE_SETTLE_SECONDS", "0")
    _ends("open", str(EXAMPLE), "--today", "2027-01-11", *home, monkeypatch=monkeypatch)
    template = next((tmp_path / "outbox" / "example-2027" / "ashcombe").glob("*Fill in*.docx"))
    address = next(iter(shipped_frameworks()["working-together-2026"]))
    for number in (1, 2):
        form = tmp_path / f"{number}.docx"
        form.write_bytes(fill_form(template.read_bytes(), {(address, "strengths"): f"Number {number}."}))
    shutil.copy(tmp_path / "1.docx", tmp_path / "inbox")
    _ends("intake", *home, monkeypatch=monkeypatch)
    capsys.readouterr()
    _ends(
        "check", str(tmp_path / "1.docx"), str(tmp_path / "2.docx"), "--json", *home, monkeypatch=monkeypatch
    )
    assert [json.loads(line)["version"] for line in capsys.readouterr().out.splitlines()] == [1, 2]


def test_check_counts_what_was_filled_in_and_speaks_in_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ("--home", str(tmp_path))
    _ends("open", str(EXAMPLE), "--today", "2027-01-11", *home, monkeypatch=monkeypatch)
    blank = next((tmp_path / "outbox" / "example-2027" / "ashcombe").glob("*Fill in*.docx"))
    address, *_ = shipped_frameworks()["working-together-2026"]
    begun = tmp_path / "begun.docx"
    begun.write_bytes(fill_form(blank.read_bytes(), {(address, "strengths"): "We meet."}))
    capsys.readouterr()
    _ends("check", str(blank), *home, monkeypatch=monkeypatch)
    said = " ".join(capsys.readouterr().out.split())
    assert "0 rows filled in, 0 texts outside the form" in said
    assert "(self-assessment · " in said
    assert " · Ashcombe)" in said and "self_assessment" not in said and "example-2027)" not in said
    _ends("check", str(begun), *home, monkeypatch=monkeypatch)
    said = " ".join(capsys.readouterr().out.split())
    assert "1 row filled in" in said
    assert "Lead safeguarding partners" in said and address not in said and "RAG rating: " in said


@pytest.mark.parametrize(
    ("today", "note"),
    [
        ("2026-11-28", "opens on Monday 11 January 2027. The templates go out today."),
        ("2027-01-11", ""),
        ("2027-03-01", "Self-assessments were due on Friday 26 February 2027."),
    ],
)
def test_opening_on_another_day_than_the_file_says_is_told(
    today: str,
    note: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _ends("open", str(EXAMPLE), "--today", today, "--home", str(tmp_path), monkeypatch=monkeypatch)
    shown = capsys.readouterr()
    said = " ".join((shown.out + shown.err).split())
    assert note in said
    assert ("templates go out" in said or "templates that are made" in said) == bool(note)


def test_opening_can_be_tried_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ("--today", "2027-01-11", "--home", str(tmp_path))
    assert _ends("open", str(EXAMPLE), "--dry-run", *home, monkeypatch=monkeypatch) == 0
    said = capsys.readouterr().out
    assert "can be opened. Nothing was changed." in said and "launch letter" in said
    assert list(tmp_path.iterdir()) == []
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(EXAMPLE.read_text().replace("name: Ashcombe", "nme: Ashcombe", 1))
    assert _ends("open", str(wrong), "--dry-run", *home, monkeypatch=monkeypatch) == 64
    assert "line" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [wrong]
    _ends("open", str(EXAMPLE), *home, monkeypatch=monkeypatch)
    assert "Send each area its launch letter" in capsys.readouterr().out
    assert _ends("open", str(EXAMPLE), "--dry-run", *home, monkeypatch=monkeypatch) == 64
    assert "is open already" in capsys.readouterr().err


def test_opening_says_what_became_of_the_first_messages(tmp_path: Path) -> None:
    states = {MessageState.SENT: 3, MessageState.ON_HOLD: 1}
    told = say_what_left(Settings(home=tmp_path, delivery=Delivery.SEND), states)
    assert told == "3 messages left by email. 1 message did not: see To send."
    drafts = Settings(home=tmp_path, delivery=Delivery.DRAFTS)
    assert "from your mail program" in say_what_left(drafts, states)
