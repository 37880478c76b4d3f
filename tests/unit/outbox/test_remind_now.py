"""The office reminds now: those who keep a challenge waiting, once a day, beside the rules' own reminders."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.errors import WrongUse
from peer_challenge.outbox.do_what_is_due import advance_and_deliver
from peer_challenge.outbox.who_is_reminded import list_reminders, remind_now
from peer_challenge.register import messages
from peer_challenge.register import tables as t
from tests.unit.steering.test_accept_findings import REASON, WHICH, a_form, take_in
from tests.web.world import World, an_empty_world, day

AT = day(1, 20)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = an_empty_world(tmp_path / "home")
    advance_and_deliver(made.register, made.settings, day(1, 11))
    return made


def remind(world: World, at: datetime = AT) -> None:
    with world.register.writing() as connection:
        remind_now(connection, world.cycle, WHICH, at, actor="Office", reason=REASON)


def reminders(world: World) -> list[int]:
    with world.register.reading() as connection:
        query = sa.select(t.dispatches.c.id).where(t.dispatches.c.kind == "reminder")
        return list(connection.scalars(query))


def test_a_reminder_goes_to_those_who_have_to_act_once_a_day(world: World) -> None:
    remind(world)
    with pytest.raises(WrongUse, match="today"):
        remind(world)
    advance_and_deliver(world.register, world.settings, AT)
    (number,) = reminders(world)
    with world.register.reading() as connection:
        assert number in messages.find_sent_times(connection, [number])
        entries = [row.details for row in connection.execute(sa.select(t.journal)) if "reason" in row.details]
    assert entries[-1]["reason"] == REASON and entries[-1]["recipient"] == "ashcombe"
    remind(world, AT + timedelta(days=1))
    assert len(reminders(world)) == 2


def test_the_reminders_of_the_rules_go_out_as_if_it_had_not_been_sent(world: World) -> None:
    def ruled(at: datetime) -> list[str]:
        return [one.reminder.rule for one in list_reminders(world.register, at) if one.challenge_id == WHICH]

    at = next(AT + timedelta(days=n) for n in range(60) if ruled(AT + timedelta(days=n)))
    before = ruled(at)
    remind(world, at)
    assert ruled(at) == before


def test_nobody_is_reminded_of_what_has_come(world: World) -> None:
    take_in(world, a_form(), AT)
    with pytest.raises(WrongUse, match="Nobody keeps"):
        remind(world)
