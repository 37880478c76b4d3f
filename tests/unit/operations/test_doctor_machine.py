"""What doctor says of the machine: the clock, who may read, Prefect and its runs."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from dashboard.health import last_runs
from peer_challenge.operations.doctor import examine_installation, is_healthy
from peer_challenge.operations.doctor_check import Check
from peer_challenge.operations.prefect_access import find_prefect_api_url
from peer_challenge.register import journal
from peer_challenge.register.database import open_register
from peer_challenge.settings import Settings
from tests.migrated import make_installation

NOW = datetime(2027, 3, 22, 10, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(home=tmp_path / "home", prefect_port=1)
    make_installation(made)
    return made


def _checks(settings: Settings) -> dict[str, Check]:
    return {check.name: check for check in examine_installation(settings, NOW)}


@pytest.mark.parametrize(("ahead", "is_well"), [(4, True), (6, False)])
def test_a_clock_that_was_set_back_is_told(settings: Settings, ahead: int, is_well: bool) -> None:
    register = open_register(settings)
    with register.writing() as connection:
        journal.append_entry(connection, "cycle opened", at=NOW + timedelta(minutes=ahead))
    register.close()
    assert _checks(settings)["clock"].is_well is is_well


def test_prefect_that_does_not_answer_is_told_and_is_no_illness(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    checks = _checks(settings)
    assert not checks["Prefect"].is_well and "peer-challenge serve" in checks["Prefect"].remedy
    assert is_healthy(list(checks.values()))


class _Prefect(BaseHTTPRequestHandler):
    """Answers as Prefect's server does about its runs, to whoever brings the password."""

    runs: list[dict[str, Any]] = []  # noqa: RUF012
    is_open = False

    def do_GET(self) -> None:
        is_token = self.path.startswith("/api/csrf-token") and self._is_known()
        self.send_response(200 if is_token or self.is_open else 401)
        self.end_headers()
        self.wfile.write(json.dumps({"token": "t"}).encode())

    def _is_known(self) -> bool:
        return self.headers.get("authorization") == "Basic b2ZmaWNlOmhlcm9u"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        is_known = self._is_known() and self.headers.get("prefect-csrf-token") == "t"
        self.send_response(200 if is_known else 401)
        self.end_headers()
        self.wfile.write(json.dumps(self.runs if is_known else {}).encode())

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def prefect(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Prefect]]:
    server = HTTPServer(("127.0.0.1", 0), _Prefect)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{server.server_port}/api")
    yield _Prefect
    server.shutdown()
    server.server_close()
    thread.join()


def _run(state: str, *, begun: int | None, expected: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    start = (now - timedelta(minutes=begun)).isoformat() if begun is not None else None
    return {
        "state_type": state,
        "start_time": start,
        "expected_start_time": (now - timedelta(minutes=expected)).isoformat(),
    }


@pytest.mark.parametrize(
    ("state", "begun", "expected", "is_well"),
    [
        ("RUNNING", 14, 14, True),
        ("RUNNING", 16, 16, False),
        ("SCHEDULED", None, 19, True),
        ("SCHEDULED", None, 21, False),
        ("SCHEDULED", None, -60, True),
        ("PENDING", None, 21, False),
    ],
)
def test_a_run_that_hangs_or_never_begins_raises_the_alarm(
    state: str, begun: int | None, expected: int, is_well: bool, prefect: type[_Prefect], settings: Settings
) -> None:
    prefect.runs = [_run(state, begun=begun, expected=expected)]  # made now, not when tests are collected
    settings = Settings(**{**settings.model_dump(exclude_none=True), "prefect_auth": "office:heron"})
    checks = _checks(settings)
    assert checks["Prefect"].is_well
    assert checks["runs"].is_well is is_well
    assert is_healthy(list(checks.values())) is is_well


@pytest.mark.parametrize(
    ("states", "is_well"),
    [
        (["COMPLETED"], True),
        (["FAILED"], False),
        (["CRASHED", "COMPLETED"], False),
        (["COMPLETED", "FAILED"], True),
    ],
)
def test_a_run_that_failed_raises_the_alarm_until_a_later_one_has_done_its_work(
    states: list[str], is_well: bool, prefect: type[_Prefect], settings: Settings
) -> None:
    """Newest first, all of one flow; another flow's success makes nothing good."""
    ended = [_run(state, begun=minutes, expected=minutes) for minutes, state in enumerate(states)]
    prefect.runs = [{**_run("COMPLETED", begun=0, expected=0), "flow_id": "another"}, *ended]
    settings = Settings(**{**settings.model_dump(exclude_none=True), "prefect_auth": "office:heron"})
    assert _checks(settings)["runs"].is_well is is_well


@pytest.mark.parametrize(("begun", "is_stuck"), [(14, False), (16, True)])
def test_the_page_and_the_doctor_call_the_same_run_stuck(
    begun: int, is_stuck: bool, prefect: type[_Prefect], settings: Settings
) -> None:
    prefect.runs = [_run("RUNNING", begun=begun, expected=begun)]
    settings = Settings(**{**settings.model_dump(exclude_none=True), "prefect_auth": "office:heron"})
    (run,) = last_runs(settings) or []
    assert run.is_stuck is is_stuck
    assert _checks(settings)["runs"].is_well is not is_stuck


def test_a_prefect_that_answers_without_a_password_raises_the_alarm(
    prefect: type[_Prefect], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "Prefect asks for a password"
    assert name not in _checks(settings)
    monkeypatch.setattr(prefect, "is_open", True)
    assert not _checks(settings)[name].is_well and not is_healthy(list(_checks(settings).values()))


def test_a_prefect_of_others_is_told_as_one_that_does_not_answer(
    prefect: type[_Prefect], settings: Settings
) -> None:
    assert "HTTPStatusError" in _checks(settings)["Prefect"].saw


def test_folders_that_everybody_may_enter_are_told(settings: Settings) -> None:
    assert _checks(settings)["folders are closed to others"].is_well
    settings.var.chmod(0o750)
    found = _checks(settings)["folders are closed to others"]
    assert not found.is_well and str(settings.var) in found.saw + found.remedy
    settings.var.chmod(0o700)
    for folder in (settings.home, settings.inbox_folder, settings.outbox_folder):
        folder.chmod(0o755)
    is_reached = all(parent.stat().st_mode & 0o001 for parent in settings.var.parents)
    assert _checks(settings)["folders are closed to others"].is_well is not is_reached
    for folder in (settings.inbox_folder, settings.outbox_folder):
        folder.chmod(0o750)
    assert _checks(settings)["folders are closed to others"].is_well


@pytest.mark.parametrize(
    ("host", "asked"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("10.1.2.3", "10.1.2.3")],
)
def test_prefect_is_asked_where_its_server_listens(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, host: str, asked: str
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    told = settings.model_copy(update={"prefect_host": host, "prefect_port": 4201})
    assert find_prefect_api_url(told) == f"http://{asked}:4201/api"
