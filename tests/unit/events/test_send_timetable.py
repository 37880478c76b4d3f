"""When the timetable goes out: once every challenge has its event, also where the last one is withdrawn."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.events.propose_or_set_events import ONLINE, store_agreed_event
from peer_challenge.events.send_timetable import send_first_timetable, send_timetable
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.vocabulary import DispatchKind, Stage
from peer_challenge.partners.withdraw_challenge import withdraw_challenge
from peer_challenge.register import outbox
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.records import DispatchState, Event
from tests.factories import a_challenger, a_cycle

CYCLE = a_cycle(4)
AREAS = [area.id for area in CYCLE.authors]
LAST = f"{CYCLE.id}/{AREAS[-1]}"
AT = datetime(2027, 4, 1, 9, tzinfo=UTC)
FIRST_ON = datetime(2027, 4, 12, 9, tzinfo=UTC)


@pytest.fixture
def returned(register: Register) -> Register:
    """A cycle of which every analysis is in, and all challenges but the last have their event."""
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=AT, actor="test")
        for area in AREAS:
            connection.execute(
                t.challenges.update()
                .where(t.challenges.c.author_id == area)
                .values(stage=Stage.RETURNED.value, challenger_id=a_challenger(CYCLE, area))
            )
        for number, area in enumerate(AREAS[:-1]):
            agree(connection, f"{CYCLE.id}/{area}", number)
    return register


def agree(connection: Transaction, challenge_id: str, number: int) -> None:
    starts_at = FIRST_ON + timedelta(days=number)
    event = Event(challenge_id, CYCLE.chairs[0].id, starts_at, starts_at + timedelta(hours=2), ONLINE, 0)
    store_agreed_event(connection, CYCLE, event, AT)


def days_before(number: int) -> Cycle:
    """The cycle whose timetable goes so many working days before the first event."""
    return CYCLE.model_copy(
        update={"rules": CYCLE.rules.model_copy(update={"timetable_working_days": number})}
    )


def states(register: Register) -> Counter[tuple[str, DispatchState]]:
    """How many timetables are in each state: the first one, or the whole one."""
    with register.reading() as connection:
        found = outbox.list_of_cycle(connection, CYCLE.id, DispatchKind.EVENT_TIMETABLE)
    return Counter(("first" if one.key.endswith("event") else "whole", one.state) for one in found)


def test_the_timetable_goes_when_the_last_challenge_without_an_event_is_withdrawn(returned: Register) -> None:
    with returned.writing() as connection:
        assert send_first_timetable(connection, CYCLE, AT) == 0
        withdraw_challenge(connection, LAST, "They left", at=AT, actor="Jo")
        assert send_first_timetable(connection, CYCLE, AT) > 0
        assert send_first_timetable(connection, CYCLE, AT) == 0
    assert {kind for kind, _ in states(returned)} == {"whole"}


def test_no_timetable_goes_of_events_that_are_all_over(returned: Register) -> None:
    with returned.writing() as connection:
        withdraw_challenge(connection, LAST, "They left", at=AT, actor="Jo")
        assert send_first_timetable(connection, CYCLE, FIRST_ON + timedelta(days=9)) == 0


def test_a_first_timetable_that_waits_is_called_back_when_the_last_event_is_agreed(
    returned: Register,
) -> None:
    with returned.writing() as connection:
        assert send_first_timetable(connection, days_before(5), FIRST_ON) > 0
        agree(connection, LAST, 9)
        send_timetable(connection, CYCLE, FIRST_ON)
    assert set(states(returned)) == {("first", DispatchState.CANCELLED), ("whole", DispatchState.INTENDED)}


def test_the_first_timetable_waits_for_what_the_office_can_agree(returned: Register) -> None:
    cycle = days_before(5)
    with returned.writing() as connection:
        for early in (5, 4, 3):  # 12 April is a Monday
            assert send_first_timetable(connection, cycle, FIRST_ON - timedelta(days=early + 2)) == 0
        assert send_first_timetable(connection, cycle, FIRST_ON - timedelta(days=4)) > 0
    assert set(states(returned)) == {("first", DispatchState.INTENDED)}


def test_a_challenge_whose_analysis_is_not_in_keeps_no_timetable_waiting(returned: Register) -> None:
    with returned.writing() as connection:
        connection.execute(
            t.challenges.update().where(t.challenges.c.id == LAST).values(stage=Stage.IN_ANALYSIS.value)
        )
        assert send_first_timetable(connection, days_before(5), FIRST_ON - timedelta(days=8)) == 0
        assert send_first_timetable(connection, days_before(5), FIRST_ON - timedelta(days=7)) > 0
    assert set(states(returned)) == {("first", DispatchState.INTENDED)}


def test_few_days_before_the_first_event_are_few_however_much_is_to_be_agreed(returned: Register) -> None:
    with returned.writing() as connection:
        assert send_first_timetable(connection, days_before(1), FIRST_ON - timedelta(days=4)) == 0
        assert send_first_timetable(connection, days_before(1), FIRST_ON - timedelta(days=3)) > 0


def test_a_timetable_goes_again_only_to_those_for_whom_it_has_changed(returned: Register) -> None:
    with returned.writing() as connection:
        connection.execute(
            t.challenges.update().where(t.challenges.c.id == LAST).values(stage=Stage.IN_ANALYSIS.value)
        )
        send_first_timetable(connection, days_before(5), FIRST_ON)
        first = outbox.list_of_cycle(connection, CYCLE.id, DispatchKind.EVENT_TIMETABLE)
        outbox.mark_issued(connection, first, FIRST_ON)
        connection.execute(
            t.challenges.update().where(t.challenges.c.id == LAST).values(stage=Stage.RETURNED.value)
        )
        agree(connection, LAST, 9)
        send_timetable(connection, CYCLE, FIRST_ON)
        found = outbox.list_of_cycle(connection, CYCLE.id, DispatchKind.EVENT_TIMETABLE)
    again = {one.recipient_id for one in found[len(first) :]}
    assert again == {"office", CYCLE.chairs[0].id, AREAS[-1]}  # its challenger has one, and an invitation
    assert len(first) > len(again), "others keep theirs"
