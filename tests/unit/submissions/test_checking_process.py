"""What is examined beside us is what would be found here, within bounds, whatever becomes of the process."""

import os
import signal
from collections.abc import Iterator

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind
from peer_challenge.submissions import checking_process
from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.submissions.run_checks import run_suites
from peer_challenge.system.bounded_work import BoundedWorker, Bounds, WorkFailed
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.known_before_reading import Known
from tests.factories import a_cycle, a_filled, its_framework
from tests.fill_form import fill_form
from tests.unit.submissions.endless import ENDLESS

CYCLE = a_cycle(4)
KNOWN = Known(shipped_frameworks(), {CYCLE.id: CYCLE})


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    """Of one area two kinds with a fault in each, so that there is something to find."""
    faulty = {("leadership/equal-duty", "rating"): ""}
    return {
        kind.value: read_document(fill_form(a_filled(kind), faulty), KNOWN)
        for kind in (Kind.SELF_ASSESSMENT, Kind.ANALYSIS)
    }


@pytest.fixture(scope="module")
def here(readings: dict[str, Reading]) -> dict[str, list[Finding]]:
    return run_suites(readings, _contexts(readings))


@pytest.fixture
def begun() -> Iterator[None]:
    checking_process.start_checking_process()
    yield
    checking_process.end_checking_process()


def _contexts(readings: dict[str, Reading]) -> dict[str, SubmissionContext]:
    return dict.fromkeys(readings, SubmissionContext(cycle=CYCLE, framework=its_framework(CYCLE)))


def test_it_finds_what_is_found_here(begun: None, readings: dict[str, Reading], here: object) -> None:
    assert checking_process.run_suites(readings, _contexts(readings)) == here


def test_when_it_is_killed_another_examines(begun: None, readings: dict[str, Reading], here: object) -> None:
    checking_process.wait_until_loaded()
    assert checking_process._worker.pid is not None
    os.kill(checking_process._worker.pid, signal.SIGKILL)
    assert checking_process.run_suites(readings, _contexts(readings)) == here


def test_what_fails_is_told_without_what_it_said(begun: None) -> None:
    nonsense: dict[str, Reading] = {
        "a": Reading("", kind=Kind.ACTION_PLAN, attachments=7, unmapped=["Tilly"])
    }  # type: ignore[arg-type]
    with pytest.raises(WorkFailed) as failed:
        checking_process.run_suites(nonsense, {})
    assert "TypeError at" in str(failed.value)
    assert "Tilly" not in str(failed.value)
    assert checking_process._worker.is_running, "it goes on"


def test_there_is_only_ever_one(begun: None) -> None:
    pid = checking_process._worker.pid
    checking_process.start_checking_process()
    assert checking_process._worker.pid == pid


def test_an_answer_that_nobody_heard_is_not_taken_for_another(
    begun: None, readings: dict[str, Reading], here: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(type(checking_process._worker.pipe), "recv_bytes", interrupted)
        with pytest.raises(KeyboardInterrupt):
            checking_process.run_suites({"other": next(iter(readings.values()))}, {})
    assert checking_process.run_suites(readings, _contexts(readings)) == here


def test_of_a_batch_only_the_document_that_exhausts_the_bounds_is_refused(
    readings: dict[str, Reading], here: dict[str, list[Finding]], monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow = BoundedWorker("tests.unit.submissions.endless", "examine_or_work_on", Bounds(1.5, 900))
    monkeypatch.setattr(checking_process, "_worker", narrow)
    endless = Reading("endless", kind=Kind.SELF_ASSESSMENT, rows=[{"subheading": "a", "strengths": ENDLESS}])
    both = {"endless": endless, **readings}
    found = checking_process.run_suites(both, _contexts(both))
    narrow.end()
    assert [finding.code for finding in found.pop("endless")] == ["open.too_much_work"]
    assert found == here


def test_a_document_that_says_far_more_than_a_form_is_not_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its length, so that it is refused on any machine."""
    monkeypatch.setattr(checking_process, "_worker", None)
    for unmapped in (["a " * checking_process.MOST_CHARACTERS], ["a"] * (checking_process.MOST_TEXTS + 1)):
        long = Reading("long", kind=Kind.SELF_ASSESSMENT, unmapped=unmapped)
        found = checking_process.run_suites({"long": long}, {})
        assert [finding.code for finding in found["long"]] == ["open.too_much_work"]
