"""Everybody who comes to an event is reminded of it once, the day before; a week before come its papers."""

from datetime import timedelta
from pathlib import Path

from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.model.cycle import Receives
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind
from peer_challenge.outbox.who_is_reminded import intend_reminders, list_reminders
from peer_challenge.register.events import events_of
from tests.web.world import a_world

EVENT_ON = DeadlineName.EVENT_ON


def test_everybody_is_reminded_of_an_event_once(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    with world.register.reading() as connection:
        (event,) = events_of(connection, world.cycle)
    told: dict[str, int] = {}
    for before in range(16, -1, -1):
        at = event.starts_at.replace(hour=9) - timedelta(days=before)
        due = [one for one in list_reminders(world.register, at) if one.reminder.what is EVENT_ON]
        assert not told.keys() & {one.recipient_id for one in due}
        told |= {one.recipient_id: before for one in due}
        intend_reminders(world.register, at)
    world.register.close()
    assert len(told) == 3 and set(told.values()) <= {1, 2, 3}  # the last working day before


def test_all_who_come_to_lead_the_conversation_get_the_answers() -> None:
    assert KINDS[DispatchKind.CHALLENGER_BRIEFING].topic is Receives.EVENT
