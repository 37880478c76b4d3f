"""What a decision changed of a challenge is taken back, and nothing that came in meanwhile."""

from datetime import timedelta
from pathlib import Path

import pytest

from peer_challenge.model.vocabulary import Stage
from peer_challenge.register import challenges
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Challenge
from tests.web.world import World, an_empty_world, day

WHICH = "northern-2027/ashcombe"
AT = day(5, 5)
LATER = AT + timedelta(days=2)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return an_empty_world(tmp_path / "home")


def load_challenge(connection: Transaction) -> Challenge:
    found = challenges.find_challenge(connection, WHICH)
    assert found is not None
    return found


def test_only_what_the_decision_changed_and_nobody_since_is_as_it_was(world: World) -> None:
    cycle = world.cycle
    with world.register.writing() as connection:
        before = challenges.describe_state(load_challenge(connection))
        decided = {
            "stage": Stage.IN_FOLLOW_UP.value,
            "action_plan_received_at": AT,
            "corrections_received_at": AT,
        }
        challenges.note_dates(connection, cycle, WHICH, **decided)
        after = challenges.describe_state(load_challenge(connection))
        since = {"response_received_at": LATER, "last_review": 1, "corrections_received_at": LATER}
        challenges.note_dates(connection, cycle, WHICH, **since)
        challenges.undo_change_of_state(connection, cycle, load_challenge(connection), before, after)
        found = load_challenge(connection)
    assert found.stage is Stage.INVITED and found.action_plan_received_at is None
    assert (found.response_received_at, found.last_review) == (LATER, 1)
    assert found.corrections_received_at == LATER, "it was changed again"


def test_where_it_was_not_kept_what_a_decision_left_all_is_as_it_was(world: World) -> None:
    with world.register.writing() as connection:
        before = challenges.describe_state(load_challenge(connection))
        challenges.note_dates(connection, world.cycle, WHICH, response_received_at=AT)
        challenges.undo_change_of_state(connection, world.cycle, load_challenge(connection), before, None)
        assert challenges.describe_state(load_challenge(connection)) == before


def test_nothing_is_written_where_a_decision_changed_nothing(world: World) -> None:
    with world.register.writing() as connection:
        state = challenges.describe_state(load_challenge(connection))
        challenges.undo_change_of_state(connection, world.cycle, load_challenge(connection), state, state)
        assert challenges.describe_state(load_challenge(connection)) == state
