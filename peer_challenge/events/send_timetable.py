"""The region's timetable: when it goes out, and to whom."""

from datetime import datetime

from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import has_event
from peer_challenge.model.vocabulary import DispatchKind, Role, Stage
from peer_challenge.register import challenges, outbox
from peer_challenge.register.database import Transaction
from peer_challenge.register.events import events_of


def send_timetable(connection: Transaction, cycle: Cycle, at: datetime) -> None:
    """Once every challenge has its event, everybody gets the timetable; a later change sends a new one."""
    standing = [
        c for c in challenges.list_challenges_in_cycle(connection, cycle.id) if c.stage is not Stage.WITHDRAWN
    ]
    if not all(has_event(challenge.stage) for challenge in standing):
        return
    events: list[EventFacts] = events_of(connection, cycle)
    issue = f"{len(events)}-{sum(event.sequence for event in events)}"
    people = {(Role.OFFICE, outbox.OFFICE)}
    people |= {(Role.AUTHOR, challenge.author_id) for challenge in standing}
    people |= {(Role.CHAIR, event.chair.id) for event in events}
    for role, who in sorted(people):
        outbox.intend_dispatch(
            connection,
            DispatchKind.EVENT_TIMETABLE,
            role,
            who,
            at=at,
            cycle_id=cycle.id,
            key=f"{DispatchKind.EVENT_TIMETABLE.value}/{who}/{issue}",
        )
