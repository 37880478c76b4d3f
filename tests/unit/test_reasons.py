"""Whatever the office decides has a reason, whichever way it is asked."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from peer_challenge.dates.deadlines import Adjustment
from peer_challenge.errors import WrongUse
from peer_challenge.events.move_events import move_event
from peer_challenge.model.challenge_ids import make_challenge_id
from peer_challenge.model.cycle import Cycle
from peer_challenge.partners import proposals
from peer_challenge.register import challenges
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, Transaction
from tests.factories import a_cycle, its_framework

AT = datetime(2027, 3, 22, 10, tzinfo=UTC)


def _which(cycle: Cycle) -> str:
    return make_challenge_id(cycle.id, cycle.authors[0].id)


def _approve(connection: Transaction, cycle: Cycle, reason: str) -> None:
    proposals.approve_latest(connection, cycle, AT, reason=reason, actor="office")


def _adjust(connection: Transaction, cycle: Cycle, reason: str) -> None:
    adjustment = Adjustment("extension", reason, 7, deadline="self_assessment_due")
    challenges.adjust_challenge_dates(connection, cycle, _which(cycle), adjustment, at=AT, actor="office")


def _withdraw(connection: Transaction, cycle: Cycle, reason: str) -> None:
    challenges.withdraw_challenge(connection, _which(cycle), reason, at=AT, actor="office")


def _move(connection: Transaction, cycle: Cycle, reason: str) -> None:
    move_event(
        connection, cycle, _which(cycle), AT, minutes=60, place="Online", reason=reason, actor="office", at=AT
    )


@pytest.mark.parametrize("decide", [_approve, _adjust, _withdraw, _move])
@pytest.mark.parametrize("reason", ["", "  ", "no", "\n a \n"])
def test_nothing_is_decided_without_a_reason(
    register: Register, decide: Callable[[Transaction, Cycle, str], None], reason: str
) -> None:
    cycle = a_cycle()
    with register.writing() as connection:
        store_cycle(connection, cycle, its_framework(cycle), at=AT, actor="office")
        before = challenges.list_challenges_in_cycle(connection, cycle.id)
        with pytest.raises(WrongUse, match="reason"):
            decide(connection, cycle, reason)
        assert challenges.list_challenges_in_cycle(connection, cycle.id) == before
