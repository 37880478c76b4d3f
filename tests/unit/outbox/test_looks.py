"""An analysis pack goes once the office has looked at it: exactly the file that was looked at."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import WrongUse
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import DispatchKind, Kind, Stage
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.outbox.look_before_sending import read_file_to_look_at
from peer_challenge.partners import proposals
from peer_challenge.register import challenges, look_before_sending, outbox, submissions
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.register.records import Dispatch, DispatchState
from peer_challenge.settings import Settings, load_settings
from peer_challenge.steering.send_messages import mark_as_looked_at
from tests.factories import a_cycle, a_region, its_framework
from tests.fill_form import fill_form
from tests.migrated import make_installation

CYCLE = a_cycle(4)
CYCLE = CYCLE.model_copy(update={"rules": CYCLE.rules.model_copy(update={"look_before_sending": True})})
OPENS = datetime(2027, 1, 11, 9, tzinfo=UTC)
AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
Place = tuple[Register, Settings]


def _send_in(place: Place, author: str, at: datetime, *, other_words: bool = False) -> None:
    register, settings = place
    with register.reading() as connection:
        [form] = [
            one
            for one in outbox.list_issued(connection, CYCLE.id, [DispatchKind.SELF_ASSESSMENT_TEMPLATE])
            if one.recipient_id == author
        ]
    template = (settings.outbox_folder / str(form.path)).read_bytes()
    filled = a_region().fill(Kind.SELF_ASSESSMENT, template, author, round=1)
    if other_words:
        address = next(iter(its_framework(CYCLE).subheadings))
        filled = fill_form(filled, {(address, "strengths"): "The partners wrote this again after a review."})
    (settings.inbox_folder / f"{author} {other_words}.docx").write_bytes(filled)
    take_in_ready_documents(register, settings, at)


@pytest.fixture
def paired(tmp_path: Path) -> Iterator[Place]:
    """All areas are paired; their packs wait for a look."""
    settings = load_settings(tmp_path, {"PEER_CHALLENGE_SETTLE_SECONDS": "0"})
    make_installation(settings)
    register = open_register(settings)
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=OPENS, actor="office")
    advance_challenges(register, settings, OPENS)
    for author in CYCLE.authors:
        _send_in((register, settings), author.id, AT)
    proposals.propose_for(register, CYCLE, AT)
    with register.writing() as connection:
        proposals.approve_latest(connection, CYCLE, AT, reason="agreed", actor="office")
    advance_challenges(register, settings, AT)
    yield register, settings
    register.close()


def _waiting(register: Register) -> list[Dispatch]:
    with register.reading() as connection:
        return look_before_sending.list_to_look_at(connection)


def _packs_out(settings: Settings) -> list[bytes]:
    return [path.read_bytes() for path in settings.outbox_folder.rglob("*nalysis pack*.docx")]


def _look(register: Register, dispatch: Dispatch, at: datetime = AT) -> None:
    with register.writing() as connection:
        mark_as_looked_at(connection, dispatch.id, str(dispatch.sha256), at=at, actor="office")


def test_no_pack_is_in_anybodys_folder_before_a_look(paired: Place) -> None:
    register, settings = paired
    assert len(_waiting(register)) == 4
    assert _packs_out(settings) == []
    assert not any("raft" in path.name for path in settings.outbox_folder.rglob("*"))
    assert list(settings.outbox_folder.rglob("*Who challenges whom*")) != []
    for dispatch in _waiting(register):
        assert read_file_to_look_at(settings, dispatch) is not None
        kept = settings.looks_folder / str(dispatch.id)
        assert kept.stat().st_mode & 0o077 == 0
    with register.reading() as connection:
        assert challenges.count_stages(connection) == {Stage.PAIRED: 4}
    assert advance_challenges(register, settings, AT + timedelta(hours=1)).issued == []
    assert len(_waiting(register)) == 4


def test_what_was_looked_at_goes_byte_for_byte_and_the_clock_begins(paired: Place) -> None:
    register, settings = paired
    first = _waiting(register)[0]
    seen = read_file_to_look_at(settings, first)
    _look(register, first)
    later = AT + timedelta(days=2)
    [issued] = advance_challenges(register, settings, later).issued
    assert (settings.outbox_folder / issued.path).read_bytes() == seen
    assert not (settings.looks_folder / str(first.id)).exists()
    with register.reading() as connection:
        challenge = challenges.find_challenge(connection, str(first.challenge_id))
        sources = outbox.sources_of(connection, first.id)
        current = submissions.read_current_versions(connection, str(first.challenge_id))
    assert challenge is not None
    assert (challenge.stage, challenge.pack_issued_at) == (Stage.IN_ANALYSIS, later)
    assert sources == {Kind.SELF_ASSESSMENT: current[Kind.SELF_ASSESSMENT].id}
    assert len(_waiting(register)) == 3


def test_a_version_that_comes_before_the_look_is_the_one_that_is_looked_at(paired: Place) -> None:
    register, settings = paired
    first = _waiting(register)[0]
    author = str(first.challenge_id).partition("/")[2]
    _send_in(paired, author, AT + timedelta(hours=2), other_words=True)
    advance_challenges(register, settings, AT + timedelta(days=1))
    again = [one for one in _waiting(register) if one.challenge_id == first.challenge_id]
    assert [(one.id, one.sha256 != first.sha256) for one in again] == [(first.id, True)]
    with pytest.raises(WrongUse, match="not the document that waits"):
        _look(register, first)
    _look(register, again[0])
    assert len(advance_challenges(register, settings, AT + timedelta(days=1)).issued) == 1


def test_what_changed_between_look_and_going_is_held_for_another_look(paired: Place) -> None:
    register, settings = paired
    first = _waiting(register)[0]
    _look(register, first)
    author = str(first.challenge_id).partition("/")[2]
    _send_in(paired, author, AT + timedelta(hours=2), other_words=True)
    issued = advance_challenges(register, settings, AT + timedelta(days=1)).issued
    assert DispatchKind.ANALYSIS_PACK.value not in [one.kind for one in issued]
    [again] = [one for one in _waiting(register) if one.id == first.id]
    assert again.problem is not None and "changed since you looked at it" in again.problem
    assert _packs_out(settings) == []


def test_a_lost_file_is_made_again_and_waits_again(paired: Place) -> None:
    register, settings = paired
    first = _waiting(register)[0]
    (settings.looks_folder / str(first.id)).unlink()
    advance_challenges(register, settings, AT)
    again = next(one for one in _waiting(register) if one.id == first.id)
    assert again.sha256 == first.sha256
    data = read_file_to_look_at(settings, again)
    assert data is not None and sha256_of(data) == first.sha256


def test_a_cycle_that_asks_for_no_look_gets_none(paired: Place) -> None:
    register, settings = paired
    [first, *_] = _waiting(register)
    with register.writing() as connection:
        look_before_sending.make_again(
            connection, str(first.challenge_id), DispatchKind.ANALYSIS_PACK, to=first.recipient_id
        )
    alone = load_settings(settings.home, {"PEER_CHALLENGE_APPROVE_AUTOMATICALLY": "true"})
    [issued] = advance_challenges(register, alone, AT).issued
    assert issued.dispatch_id == first.id
    with register.reading() as connection:
        assert outbox.load_dispatch(connection, first.id).state is DispatchState.ISSUED


def test_a_file_that_nobody_looks_at_any_more_is_removed(paired: Place) -> None:
    register, settings = paired
    first, *others = _waiting(register)
    with register.writing() as connection:
        outbox.cancel_waiting(connection, str(first.challenge_id))
    (settings.looks_folder / ".99").write_bytes(b"what a killed run had begun")
    advance_challenges(register, settings, AT + timedelta(hours=1))
    assert {path.name for path in settings.looks_folder.iterdir()} == {str(one.id) for one in others}
