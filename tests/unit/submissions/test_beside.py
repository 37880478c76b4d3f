"""What is examined beside us is what would be found here, whatever becomes of the process that does it."""

from collections.abc import Iterator

import pytest

from peer_challenge.findings import Finding
from peer_challenge.framework import shipped_frameworks
from peer_challenge.submissions import SubmissionContext, beside, examine_readings
from peer_challenge.vocabulary import Kind
from peer_challenge.word.filling import fill_form
from peer_challenge.word.reader import Known, read_document
from peer_challenge.word.reading import Reading
from tests.factories import a_cycle, a_filled, its_framework

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
    return examine_readings(readings, _contexts(readings))


@pytest.fixture
def begun() -> Iterator[None]:
    beside.begin()
    yield
    beside._end()


def _contexts(readings: dict[str, Reading]) -> dict[str, SubmissionContext]:
    return dict.fromkeys(readings, SubmissionContext(cycle=CYCLE, framework=its_framework(CYCLE)))


def test_it_finds_what_is_found_here(begun: None, readings: dict[str, Reading], here: object) -> None:
    assert beside.examine_readings(readings, _contexts(readings)) == here
    assert beside._kept, "it was found there"


def test_when_it_is_killed_the_documents_are_examined_here(
    begun: None, readings: dict[str, Reading], here: object
) -> None:
    [child] = beside._kept
    child.process.kill()
    child.process.wait()
    assert beside.examine_readings(readings, _contexts(readings)) == here
    assert not beside._kept, "and nobody waits for it again"


def test_what_cannot_be_examined_is_told_here(begun: None) -> None:
    nonsense: dict[str, Reading] = {"a": None}  # type: ignore[dict-item]
    with pytest.raises(AttributeError):
        beside.examine_readings(nonsense, {})
    assert beside._kept, "it goes on"


def test_there_is_only_ever_one(begun: None) -> None:
    beside.begin()
    assert len(beside._kept) == 1


def test_an_answer_that_nobody_heard_is_not_taken_for_another(
    begun: None, readings: dict[str, Reading], here: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    [child] = beside._kept

    def interrupted() -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(type(child.pipe), "recv", lambda _self: interrupted())
        with pytest.raises(KeyboardInterrupt):
            beside.examine_readings({"other": next(iter(readings.values()))}, {})
    assert beside.examine_readings(readings, _contexts(readings)) == here
