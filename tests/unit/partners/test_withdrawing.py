"""An area leaves: those who know are told, its event leaves their diaries, and nobody loses a challenger."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.dispatches.gather_facts import gather_dispatch_facts
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.errors import WrongUse
from peer_challenge.model.journey import Trigger
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.model.vocabulary import Role, Stage
from peer_challenge.outbox.do_what_is_due import move_all_challenges
from peer_challenge.partners import changes, proposals
from peer_challenge.partners.withdraw_area import withdraw_area
from peer_challenge.partners.withdraw_challenge import find_told, withdraw_challenge
from peer_challenge.register import challenges, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.archive import Archive
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register
from peer_challenge.register.records import Dispatch
from peer_challenge.settings import Settings
from peer_challenge.word.write.render_template import WordTemplates
from tests.factories import a_cycle
from tests.unit.dispatches.test_properties import unpacked

CYCLE = a_cycle(6)
AUTHOR = CYCLE.authors[0].id
WHICH = f"{CYCLE.id}/{AUTHOR}"
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
EVENT = datetime(2027, 4, 20, 10, tzinfo=UTC)
HOLDERS = [Role.AUTHOR, Role.CHALLENGER, Role.CHAIR]


def set_state(connection: sa.Connection, state: str) -> None:
    connection.execute(t.dispatches.update().values(state=state, issued_at=NOW))


@pytest.fixture
def paired(register: Register) -> Register:
    """All areas are paired, and everything has gone out."""
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=NOW, actor="office")
        for row in challenges.list_challenges_in_cycle(connection, CYCLE.id):
            challenges.move_challenge_on(connection, row.id, Trigger.SELF_ASSESSMENT_ACCEPTED, CYCLE, at=NOW)
    proposals.propose_for(register, CYCLE, NOW)
    with register.writing() as connection:
        proposals.approve_latest(connection, CYCLE, NOW, reason="agreed", actor="office")
        set_state(connection, outbox.ISSUED)
        for row in challenges.list_challenges_in_cycle(connection, CYCLE.id):
            challenges.move_challenge_on(
                connection, row.id, Trigger.PACK_ISSUED, CYCLE, at=NOW, pack_issued_at=NOW
            )
    return register


@pytest.fixture
def event_set(paired: Register) -> Register:
    """The first area's analysis is in, and it is invited to its event."""
    with paired.writing() as connection:
        challenges.move_challenge_on(
            connection, WHICH, Trigger.ANALYSIS_ACCEPTED, CYCLE, at=NOW, analysis_completed_at=NOW
        )
        connection.execute(
            t.events.insert().values(
                challenge_id=WHICH,
                chair_id=CYCLE.chairs[0].id,
                starts_at=EVENT,
                ends_at=EVENT + timedelta(hours=3),
                place="Online",
                sequence=2,
            )
        )
        challenges.move_challenge_on(
            connection, WHICH, Trigger.EVENT_AGREED, CYCLE, at=NOW, event_on=EVENT.date()
        )
        set_state(connection, outbox.ISSUED)
    return paired


def waiting(register: Register, *kinds: D) -> list[Dispatch]:
    with register.reading() as connection:
        return [row for row in outbox.list_waiting_dispatches(connection) if row.kind in kinds]


def withdraw(register: Register, at: datetime = NOW) -> None:
    with register.writing() as connection:
        withdraw_challenge(connection, WHICH, "it merges with its neighbour", at=at, actor="office")


def made(register: Register, settings: Settings, dispatch: Dispatch) -> bytes:
    with register.reading() as connection:
        return render_dispatch_file(
            gather_dispatch_facts(connection, dispatch, Archive(settings.archive_folder)), WordTemplates()
        )


def test_author_challenger_and_chair_get_a_letter_and_a_calendar_file_that_takes_the_event_out(
    event_set: Register, settings: Settings
) -> None:
    withdraw(event_set)
    letters = waiting(event_set, D.WITHDRAWAL_NOTICE)
    files = waiting(event_set, D.EVENT_CANCELLATION)
    assert [row.role for row in letters] == [row.role for row in files] == HOLDERS
    for row in files:
        calendar = Calendar.from_ical(made(event_set, settings, row))
        (entry,) = calendar.walk("VEVENT")
        assert calendar["method"] == "CANCEL" and entry["status"] == "CANCELLED" and entry["sequence"] == 3
    for row in letters:
        said = unpacked(made(event_set, settings, row))["word/document.xml"]
        assert "Tuesday 20 April 2027 at 11:00 will not take place" in said
        assert "merges" not in said  # the reason stays with the office


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.AUTHOR, "You do not need to send us anything else"),
        (Role.CHALLENGER, "If you have begun to write your questions, you can stop"),
    ],
)
def test_before_an_event_the_area_and_its_challenger_are_told(
    paired: Register, settings: Settings, role: Role, words: str
) -> None:
    withdraw(paired)
    letters = waiting(paired, D.WITHDRAWAL_NOTICE)
    assert [row.role for row in letters] == HOLDERS[:2] and not waiting(paired, D.EVENT_CANCELLATION)
    said = unpacked(made(paired, settings, letters[HOLDERS.index(role)]))["word/document.xml"]
    assert words in said and "will not take place" not in said


def test_who_has_heard_of_nothing_is_told_nothing(paired: Register) -> None:
    with paired.writing() as connection:
        set_state(connection, outbox.INTENDED)
    withdraw(paired)
    with paired.reading() as connection:
        assert [row for row in outbox.list_waiting_dispatches(connection) if row.challenge_id == WHICH] == []


def test_what_is_just_going_out_is_taken_back_as_well(event_set: Register) -> None:
    with event_set.writing() as connection:
        set_state(connection, outbox.PLACING)
        assert find_told(connection, CYCLE.id, AUTHOR, NOW).of_cancelled_event == tuple(HOLDERS)


def test_an_event_that_was_held_is_cancelled_in_no_diary(event_set: Register, settings: Settings) -> None:
    withdraw(event_set, EVENT + timedelta(days=2))
    assert not waiting(event_set, D.EVENT_CANCELLATION)
    for row in waiting(event_set, D.WITHDRAWAL_NOTICE):
        assert "will not take place" not in unpacked(made(event_set, settings, row))["word/document.xml"]


def _orphans_of(register: Register) -> list[str]:
    with register.reading() as connection:
        return [
            c.author_id
            for c in challenges.list_challenges_in_cycle(connection, CYCLE.id)
            if c.challenger_id == AUTHOR
        ]


def test_withdrawing_an_area_proposes_another_challenger_for_those_it_was_to_challenge(
    paired: Register, settings: Settings
) -> None:
    orphans = _orphans_of(paired)
    assert orphans
    assert withdraw_area(paired, CYCLE, AUTHOR, "it merges", at=NOW, actor="office")
    move_all_challenges(paired, settings, NOW)  # what was approved before pairs nobody with who has left
    assert _orphans_of(paired) == []
    with paired.writing() as connection:
        standing = {c.author_id: c for c in challenges.list_challenges_in_cycle(connection, CYCLE.id)}
        assert standing[AUTHOR].stage is Stage.WITHDRAWN
        assert {standing[one].stage for one in orphans} == {Stage.SELF_ASSESSED}
        proposals.approve_latest(connection, CYCLE, NOW, reason="agreed", actor="office")
        paired_again = {c.author_id: c for c in challenges.list_challenges_in_cycle(connection, CYCLE.id)}
    assert {paired_again[one].stage for one in orphans} == {Stage.PAIRED}
    assert {paired_again[one].challenger_id for one in orphans}.isdisjoint({AUTHOR, None})
    others = set(standing) - {AUTHOR, *orphans}
    assert all(paired_again[one].challenger_id == standing[one].challenger_id for one in others)


def test_both_ways_of_withdrawing_tell_the_same_people_and_leave_the_same_pairs(
    event_set: Register,
) -> None:
    trial = changes.try_without(event_set, CYCLE, AUTHOR)
    with event_set.writing() as connection:
        changes.keep_trial(connection, CYCLE, trial, at=NOW, actor="office", reason="it merges")
        proposals.approve_latest(connection, CYCLE, NOW, reason="it merges", actor="office")
    told = [(row.kind, row.role) for row in waiting(event_set, D.WITHDRAWAL_NOTICE, D.EVENT_CANCELLATION)]
    expected = [(kind, role) for kind in (D.WITHDRAWAL_NOTICE, D.EVENT_CANCELLATION) for role in HOLDERS]
    assert told == expected


def test_the_reason_of_a_withdrawal_is_why_it_was_tried_and_not_why_the_pairs_were_approved(
    paired: Register,
) -> None:
    trial = changes.try_without(paired, CYCLE, AUTHOR)
    with paired.writing() as connection:
        changes.keep_trial(connection, CYCLE, trial, at=NOW, actor="office", reason="it merges with another")
        proposals.approve_latest(connection, CYCLE, NOW, reason="the board agreed", actor="office")
        withdrawn = challenges.find_challenge(connection, f"{CYCLE.id}/{AUTHOR}")
    assert withdrawn is not None and withdrawn.stage is Stage.WITHDRAWN
    assert withdrawn.withdrawn_reason == "it merges with another"


def test_an_area_withdraws_once_and_with_a_reason(paired: Register) -> None:
    with pytest.raises(WrongUse, match="reason"):
        withdraw_area(paired, CYCLE, AUTHOR, " ", at=NOW, actor="office")
    withdraw_area(paired, CYCLE, AUTHOR, "it merges", at=NOW, actor="office")
    with pytest.raises(WrongUse, match="can't be withdrawn"):
        withdraw_area(paired, CYCLE, AUTHOR, "again", at=NOW, actor="office")


def test_an_area_left_without_a_challenger_is_seen(paired: Register) -> None:
    orphans = _orphans_of(paired)
    with paired.writing() as connection:
        withdraw_challenge(connection, WHICH, "it merges", at=NOW, actor="office")
        for row in challenges.list_challenges_in_cycle(connection, CYCLE.id):
            if row.author_id in orphans:
                proposals.take_back_pairing(
                    connection, CYCLE, row, at=NOW, actor="office", reason="it merges"
                )
        assert proposals.list_waiting_for_challenger(connection, CYCLE.id) == orphans
