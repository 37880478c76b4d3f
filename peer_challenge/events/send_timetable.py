"""The region's timetable: when it goes out, and to whom."""

from datetime import datetime

from peer_challenge.clock import local_day
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import has_event
from peer_challenge.model.vocabulary import DispatchKind, Role, Stage
from peer_challenge.register import challenges, outbox
from peer_challenge.register.database import Transaction
from peer_challenge.register.events import events_of
from peer_challenge.register.records import Challenge

_FIRST = "before the first event"


def send_timetable(connection: Transaction, cycle: Cycle, at: datetime) -> int:
    """Once every challenge has its event, everybody gets the timetable; returns how many are new.

    A later call with other events sends a new one.
    """
    if not all(has_event(challenge.stage) for challenge in _list_taking_part(connection, cycle)):
        return 0
    events = events_of(connection, cycle)
    issue = f"{len(events)}-{sum(event.sequence for event in events)}"
    return _send_to_everybody(connection, cycle, issue, at)


def send_first_timetable(connection: Transaction, cycle: Cycle, at: datetime) -> int:
    """Send what is agreed so far, once, the cycle's working days before the first event; returns how many.

    Nothing goes out where every challenge has its event: then the whole timetable has gone. Nothing goes out
    after the day of the first event either, and none in a cycle that sets no days.
    """
    days, events = cycle.rules.timetable_working_days, events_of(connection, cycle)
    if not days or not events:
        return 0
    first_on, today = local_day(events[0].starts_at), local_day(at)
    from_day = WorkingDays(cycle.rules.extra_bank_holidays).add_working_days(first_on, -days)
    is_whole = all(has_event(challenge.stage) for challenge in _list_taking_part(connection, cycle))
    if is_whole or not from_day <= today <= first_on:
        return 0
    return _send_to_everybody(connection, cycle, _FIRST, at)


def _list_taking_part(connection: Transaction, cycle: Cycle) -> list[Challenge]:
    return [
        challenge
        for challenge in challenges.list_challenges_in_cycle(connection, cycle.id)
        if challenge.stage is not Stage.WITHDRAWN
    ]


def _send_to_everybody(connection: Transaction, cycle: Cycle, issue: str, at: datetime) -> int:
    """Intend the timetable for the office, the areas and the Chairs of events; returns how many are new."""
    people = {(Role.OFFICE, outbox.OFFICE)}
    for event in events_of(connection, cycle):
        people |= {(Role.AUTHOR, event.author.id), (Role.CHAIR, event.chair.id)}
        if not event.challenger.external:
            people.add((Role.AUTHOR, event.challenger.id))
    kind = DispatchKind.EVENT_TIMETABLE
    return sum(
        outbox.intend_dispatch(
            connection, kind, role, who, at=at, cycle_id=cycle.id, key=f"{kind.value}/{who}/{issue}"
        )
        for role, who in sorted(people)
    )
