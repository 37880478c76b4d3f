"""The whole service, run for real: one to a home, told why it can't start, and gone when it is gone."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from peer_challenge.model.vocabulary import Kind
from peer_challenge.operations.doctor import examine_installation
from peer_challenge.operations.service_parts import PartState, read_parts
from peer_challenge.word.package import convert_with_libreoffice
from tests.factories import a_filled
from tests.faults import kills
from tests.faults.test_nothing_outlives import LONG, names_of
from tests.fill_form import fill_form
from tests.waiting import has_ended, wait_for_end, wait_until


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An installation whose cycle is open and whose inbox is full."""
    kills.make(tmp_path)
    return tmp_path


@pytest.fixture
def environment(home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    temporary = tmp_path_factory.mktemp("temporary")
    (temporary / "runner_storage").write_text("another account's, where a worker would have its own")
    ports = {"PORT": str(_free_port()), "PREFECT_PORT": str(_free_port())}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    ours = ports | {"SETTLE_SECONDS": "0", "PREFECT_HOST": "127.0.0.1"}
    return (
        kept | {"TMPDIR": str(temporary)} | {f"PEER_CHALLENGE_{name}": value for name, value in ours.items()}
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve(home: Path, environment: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "cli", "serve", "--home", str(home)],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


@pytest.fixture
def service(home: Path, environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    running = _serve(home, environment)
    try:
        wait_until(lambda: _answers(environment), "the dashboard answers", running.pid)
        yield running
    finally:
        running.kill()
        running.communicate()


def _answers(environment: dict[str, str]) -> bool:
    try:
        url = f"http://127.0.0.1:{environment['PEER_CHALLENGE_PORT']}/health/live"
        return httpx.get(url, timeout=10).is_success
    except httpx.HTTPError:
        return False


def _said_by(process: "subprocess.Popen[str]") -> str:
    said, _ = wait_for_end(process)
    return re.sub(r"\s+", " ", said)


def _prefect_answers(environment: dict[str, str]) -> bool:
    try:
        url = f"http://127.0.0.1:{environment['PEER_CHALLENGE_PREFECT_PORT']}/api/health"
        return httpx.get(url, timeout=10).is_success
    except httpx.HTTPError:
        return False


def _answered(home: Path) -> int:
    names = [Path(path).name for path in kills.outbox_of(home)]
    return sum(" Receipt " in name or " Questions " in name for name in names)


def _all_run(home: Path) -> bool:
    """Whether server, worker, watcher and dashboard run, and the deployments have been told."""
    states = [part.state for part in read_parts(kills.settings_of(home))]
    return sorted(states) == [PartState.DONE, *[PartState.RUNS] * 4]


def _drop_a_later_version(home: Path) -> None:
    said = {("leadership/equal-duty", "strengths"): "The three partners now chair in turn."}
    draft = home / "inbox" / ".arriving.tmp"
    draft.write_bytes(fill_form(a_filled(Kind.SELF_ASSESSMENT, areas=4), said))
    draft.rename(home / "inbox" / "later.docx")


def test_what_arrives_while_prefect_is_down_is_answered_and_prefect_comes_back(
    home: Path, environment: dict[str, str], service: "subprocess.Popen[str]"
) -> None:
    wait_until(lambda: _answered(home) >= 4, "what lay in the inbox is answered", service.pid)
    wait_until(lambda: _all_run(home), "every part runs", service.pid)
    us = psutil.Process(service.pid)
    [server] = [child for child in us.children() if "cli.prefect_app:create_app" in child.cmdline()]
    server.kill()
    server.wait()
    before = _answered(home)
    _drop_a_later_version(home)
    wait_until(lambda: _answered(home) > before, "what arrived meanwhile is answered", service.pid)
    wait_until(lambda: _prefect_answers(environment), "Prefect's server is back", service.pid)
    service.send_signal(signal.SIGTERM)
    said = _said_by(service)
    assert "Prefect server ended (-9); it is started again in 1 s." in said
    ours = f"Dashboard http://127.0.0.1:{environment['PEER_CHALLENGE_PORT']}/"
    assert said.count(ours) == 1
    assert said.index("Prefect page") < said.index(ours) < said.index("Everything runs.")
    assert "Prefect's server is starting: the steps run without it" in said
    assert "worker ended" not in said
    assert [path.name for path in Path(environment["TMPDIR"]).iterdir()] == ["runner_storage"]
    assert service.returncode == 130
    settings = kills.settings_of(home)
    assert [
        check.saw for check in examine_installation(settings) if check.is_fatal and not check.is_well
    ] == []
    assert _answered(home) == before + 1, "and once"


def test_the_inbox_is_read_and_the_page_answers_though_prefect_never_starts(
    home: Path, environment: dict[str, str]
) -> None:
    """Its database is not there: it ends each time that it is started, and is started again."""
    nowhere = {"PEER_CHALLENGE_PREFECT_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    service = _serve(home, environment | nowhere)
    try:
        wait_until(lambda: _answered(home) >= 4, "what lay in the inbox is answered", service.pid)
        wait_until(lambda: _answers(environment), "the dashboard answers", service.pid)
        for count in (1, 2, 3):
            wait_until(
                lambda count=count: _failures_of(home, "Prefect server") >= count, f"try {count}", service.pid
            )
        before = _answered(home)
        _drop_a_later_version(home)
        wait_until(lambda: _answered(home) > before, "what arrived meanwhile is answered", service.pid)
        wait_until(lambda: _says_prefect_is_down(home), "doctor says that it is down", service.pid)
        assert service.poll() is None
    finally:
        service.terminate()
        said = _said_by(service)
    assert "it is started again in 2 s." in said
    assert "the steps run without it" in said


def _says_prefect_is_down(home: Path) -> bool:
    """Whether `doctor` says so: between two of its starts, that is, as each time it runs for a moment."""
    checks = examine_installation(kills.settings_of(home))
    [check] = [one for one in checks if one.name == "parts of the service"]
    return "Prefect server is down (it ended" in check.saw and check.is_fatal and not check.is_well


def _failures_of(home: Path, name: str) -> int:
    return sum(part.failures for part in read_parts(kills.settings_of(home)) if part.name == name)


def test_a_second_service_of_a_home_is_refused_and_nothing_outlives_the_first(
    home: Path, environment: dict[str, str], service: "subprocess.Popen[str]"
) -> None:
    us = psutil.Process(service.pid)
    wait_until(lambda: _all_run(home), "every part runs", service.pid)
    others = us.children(recursive=True)

    second = _serve(home, environment)
    said = _said_by(second)
    assert second.returncode == 8
    assert f"is served already, by process {service.pid}" in said
    assert f"http://127.0.0.1:{environment['PEER_CHALLENGE_PORT']}/" in said
    assert _answers(environment), "the first goes on"

    if convert_with_libreoffice.find_libreoffice():
        (home / "inbox" / "long.rtf").write_bytes(LONG)
        wait_until(lambda: "soffice.bin" in names_of(us), "LibreOffice is at work", service.pid)
        others = us.children(recursive=True)
    service.send_signal(signal.SIGKILL)
    service.wait()
    wait_until(lambda: all(map(has_ended, others)), "what it had started has ended")

    third = _serve(home, environment)  # nothing is in its way: no lock, no port, no stale process
    try:
        wait_until(lambda: _answers(environment), "the next one answers", third.pid)
        others = psutil.Process(third.pid).children(recursive=True)
        third.send_signal(signal.SIGTERM)
        said = _said_by(third)
        assert third.returncode == 130
        assert "Stopped." in said
        wait_until(lambda: all(map(has_ended, others)), "and has left nothing behind")
    finally:
        third.kill()
        third.communicate()


@pytest.mark.parametrize(
    ("setting", "who"), [("PORT", "The dashboard"), ("PREFECT_PORT", "Prefect's server")]
)
def test_a_port_in_use_is_told_before_anything_starts(
    setting: str, who: str, home: Path, environment: dict[str, str]
) -> None:
    port = int(environment[f"PEER_CHALLENGE_{setting}"])
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        service = _serve(home, environment)
        said = _said_by(service)
    assert service.returncode == 8
    assert f"{who} can't listen at 127.0.0.1:{port}: another program uses it." in said
    assert f"PEER_CHALLENGE_{setting}" in said
    assert not (home / "var" / "prefect" / "prefect.db").exists()
