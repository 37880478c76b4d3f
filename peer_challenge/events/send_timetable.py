"""The region's timetable: when it goes out, and to whom."""

from collections import defaultdict
from datetime import datetime

from peer_challenge.clock import local_day
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.events.notice import list_waiting_challenges
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import has_event
from peer_challenge.model.vocabulary import DispatchKind, Role, Stage
from peer_challenge.register import challenges, outbox
from peer_challenge.register.database import Transaction
from peer_challenge.register.events import events_of
from peer_challenge.register.records import Challenge, DispatchState

_FIRST = "before the first event"
_EVENTS = "events"
_CALLED_BACK = DispatchState.CANCELLED
_LAST_WORKING_DAYS = 2
"""How near the first event is when the timetable waits no longer for events that are not agreed yet."""


def send_timetable(connection: Transaction, cycle: Cycle, at: datetime) -> int:
    """Once every challenge has its event, the timetable goes out; returns how many are new.

    It goes to everybody for whom it says something new. A later call with other events sends a new one. One
    that has what was agreed before, and still waits to go out, is called back.
    """
    if not _is_whole(connection, cycle):
        return 0
    events = events_of(connection, cycle)
    issue = f"{len(events)}-{sum(event.sequence for event in events)}"
    known = outbox.list_of_cycle(connection, cycle.id, DispatchKind.EVENT_TIMETABLE)
    outbox.cancel_dispatches(connection, [one.id for one in known if one.key.endswith(f"/{_FIRST}")])
    return _send_to_everybody(connection, cycle, issue, at)


def send_first_timetable(connection: Transaction, cycle: Cycle, at: datetime) -> int:
    """Send what is agreed so far, once, the cycle's working days before the first event; returns how many.

    While an analysis is in and its event is not agreed, this waits until two working days before the first
    event. Nothing goes out after the day of the first event, and none in a cycle that sets no days. Where
    every challenge has its event the whole timetable goes, unless it has gone: the last one without an event
    may have been withdrawn.
    """
    if _is_whole(connection, cycle):
        return _send_missing_whole(connection, cycle, at)
    days = cycle.rules.timetable_working_days
    events = events_of(connection, cycle) if days else []
    if not days or not events:
        return 0
    first_on, today = local_day(events[0].starts_at), local_day(at)
    if list_waiting_challenges(connection, cycle):
        days = min(days, _LAST_WORKING_DAYS)
    from_day = WorkingDays(cycle.rules.extra_bank_holidays).add_working_days(first_on, -days)
    if not from_day <= today <= first_on:
        return 0
    return _send_to_everybody(connection, cycle, _FIRST, at)


def _send_missing_whole(connection: Transaction, cycle: Cycle, at: datetime) -> int:
    known = outbox.list_of_cycle(connection, cycle.id, DispatchKind.EVENT_TIMETABLE)
    if any(not one.key.endswith(f"/{_FIRST}") for one in known):
        return 0
    is_ahead = any(local_day(event.starts_at) >= local_day(at) for event in events_of(connection, cycle))
    return send_timetable(connection, cycle, at) if is_ahead else 0


def _is_whole(connection: Transaction, cycle: Cycle) -> bool:
    """Whether every challenge that takes part has its event, and there is one."""
    stages = [one.stage for one in _list_taking_part(connection, cycle)]
    return bool(stages) and all(map(has_event, stages))


def _list_taking_part(connection: Transaction, cycle: Cycle) -> list[Challenge]:
    return [
        challenge
        for challenge in challenges.list_challenges_in_cycle(connection, cycle.id)
        if challenge.stage is not Stage.WITHDRAWN
    ]


def _send_to_everybody(connection: Transaction, cycle: Cycle, issue: str, at: datetime) -> int:
    """Intend the timetable for the office, the areas and the Chairs of events; returns how many are new.

    Each has its own events in it, the office all. Who has been given the same ones before gets none. An area
    gets one alone: it has two events at most, and of what is agreed or changed later its invitations tell.
    """
    known = outbox.list_of_cycle(connection, cycle.id, DispatchKind.EVENT_TIMETABLE)
    given = {one.recipient_id: one.parameters.get(_EVENTS) for one in known if one.state is not _CALLED_BACK}
    return sum(
        _send_new(connection, cycle, role, who, own, issue, at)
        for (role, who), own in sorted(_list_own_events(connection, cycle).items())
        if (who not in given if role is Role.AUTHOR else given.get(who) != own)
    )


def _list_own_events(connection: Transaction, cycle: Cycle) -> dict[tuple[Role, str], list[str]]:
    """The events that the timetable of each recipient has, each with how often it was changed."""
    found = defaultdict[tuple[Role, str], list[str]](list)
    for event in events_of(connection, cycle):
        people = {(Role.OFFICE, outbox.OFFICE), (Role.AUTHOR, event.author.id), (Role.CHAIR, event.chair.id)}
        if not event.challenger.external:
            people.add((Role.AUTHOR, event.challenger.id))
        for who in people:
            found[who].append(f"{event.challenge}/{event.sequence}")
    return found


def _send_new(
    connection: Transaction, cycle: Cycle, role: Role, who: str, own: list[str], issue: str, at: datetime
) -> bool:
    kind = DispatchKind.EVENT_TIMETABLE
    return outbox.intend_dispatch(
        connection,
        kind,
        role,
        who,
        at=at,
        cycle_id=cycle.id,
        key=f"{kind.value}/{who}/{issue}",
        parameters={_EVENTS: own},
    )
