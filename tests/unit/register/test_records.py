"""What the register hands out says all that its tables hold: a column that is added is in its record."""

from dataclasses import fields
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.vocabulary import DispatchKind, Role, Stage
from peer_challenge.register import challenges, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import load_state, store_cycle
from peer_challenge.register.database import Register
from peer_challenge.register.events import load_event, store_event
from peer_challenge.register.records import (
    Assignment,
    Challenge,
    CycleState,
    Dispatch,
    DispatchState,
    Event,
    Message,
    Submission,
)
from tests.factories import a_cycle

CYCLE = a_cycle(4)
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("record", "table", "beside"),
    [
        (Assignment, t.assignments, set()),
        (Challenge, t.challenges, {"event"}),
        (Dispatch, t.dispatches, set()),
        (Event, t.events, set()),
        (Message, t.messages, set()),
        (Submission, t.submissions, set()),
    ],
)
def test_a_record_has_every_column_of_its_table(record: type, table: sa.Table, beside: set[str]) -> None:
    assert {field.name for field in fields(record)} == set(table.c.keys()) | beside


def test_what_is_written_is_handed_out_with_stages_kinds_and_states_as_enums(register: Register) -> None:
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=NOW, actor="office")
        author = CYCLE.authors[0].id
        written = Event(f"{CYCLE.id}/{author}", CYCLE.chairs[0].id, NOW, NOW, "Online", 0)
        store_event(connection, written)
    with register.reading() as connection:
        challenge = challenges.find_challenge(connection, f"{CYCLE.id}/{author}")
        (dispatch, *_) = outbox.list_waiting_dispatches(connection)
        assert load_event(connection, f"{CYCLE.id}/{author}") == written
        assert load_state(connection, CYCLE.id) is CycleState.OPEN
        assert load_state(connection, "another") is None
    assert challenge is not None
    assert challenge.stage is Stage.INVITED and challenge.event == written
    assert (dispatch.kind, dispatch.role) == (DispatchKind.SELF_ASSESSMENT_TEMPLATE, Role.AUTHOR)
    assert dispatch.kind is DispatchKind.SELF_ASSESSMENT_TEMPLATE
    assert dispatch.state is DispatchState.INTENDED


def test_every_challenge_of_a_cycle_is_handed_out_whether_it_has_an_event_or_not(register: Register) -> None:
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=NOW, actor="office")
        which = f"{CYCLE.id}/{CYCLE.authors[0].id}"
        store_event(connection, Event(which, CYCLE.chairs[0].id, NOW, NOW, "Online", 0))
        found = challenges.list_challenges_in_cycle(connection, CYCLE.id)
    assert [challenge.author_id for challenge in found] == sorted(area.id for area in CYCLE.authors)
    assert [challenge.id for challenge in found if challenge.event] == [which]
