"""Challenge events in the register: set inside their windows, kept when others are added."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.clock import local_day
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.events.timetable import EventRequest, Slot, timetable
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import TRANSITIONS, Trigger, has_event
from peer_challenge.model.vocabulary import DispatchKind, Role, Stage
from peer_challenge.register import challenges, journal, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import cycle_ids, load_stored
from peer_challenge.register.events import events_of

_NOTICE_WORKING_DAYS = 10


def set_events(connection: Connection, cycle: Cycle, at: datetime) -> int:
    """Give every returned challenge an event, where one can be found; returns how many were set."""
    waiting = [c for c in challenges.of_cycle(connection, cycle.id) if c.stage == Stage.RETURNED.value]
    if not waiting or not cycle.chairs:
        return 0
    requests = []
    first = WorkingDays(cycle.rules.extra_bank_holidays).add_working_days(local_day(at), _NOTICE_WORKING_DAYS)
    for challenge in waiting:
        last = challenges.due_dates(connection, challenge.id).get("event_by")
        if last is not None and challenge.challenger_id:
            requests.append(
                EventRequest(
                    challenge=challenge.id,
                    author=challenge.author_id,
                    challenger=challenge.challenger_id,
                    first=min(first, last),
                    last=last,
                )
            )
    found = timetable(
        cycle, requests, agreed=events_of(connection, cycle), elsewhere=_elsewhere(connection, cycle)
    )
    if found.status == "infeasible":
        _say_no_room(connection, cycle, (*found.conflict, *found.way_out), at)
    for slot in found.slots:
        _set(connection, cycle, slot, at)
    if found.slots:
        _send_timetable(connection, cycle, at)
    return len(found.slots)


def _elsewhere(connection: Connection, cycle: Cycle) -> list[EventFacts]:
    """The events of the other open cycles: people can't be there and here."""
    others = [load_stored(connection, other)[0] for other in cycle_ids(connection) if other != cycle.id]
    return [event for other in others for event in events_of(connection, other)]


def _say_no_room(connection: Connection, cycle: Cycle, conflict: tuple[str, ...], at: datetime) -> None:
    """Tell the journal once a day at most that some event can't be set."""
    today = local_day(at)
    told = connection.scalar(
        sa.select(t.journal.c.at)
        .where(t.journal.c.cycle_id == cycle.id, t.journal.c.event == "events can't be set")
        .order_by(t.journal.c.sequence.desc())
        .limit(1)
    )
    if told is None or local_day(told) < today:
        journal.append(connection, "events can't be set", at=at, cycle_id=cycle.id, why=list(conflict))


def _set(connection: Connection, cycle: Cycle, slot: Slot, at: datetime) -> None:
    connection.execute(
        t.events.insert().values(
            challenge_id=slot.challenge,
            chair_id=slot.chair,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            place="Online",
            sequence=0,
        )
    )
    challenges.move(
        connection, slot.challenge, Trigger.EVENT_AGREED, cycle, at=at, event_on=local_day(slot.starts_at)
    )


def _send_timetable(connection: Connection, cycle: Cycle, at: datetime) -> None:
    """Once every challenge has its event, everybody gets the timetable; a later change sends a new one."""
    standing = [c for c in challenges.of_cycle(connection, cycle.id) if c.stage != Stage.WITHDRAWN.value]
    if not all(has_event(Stage(challenge.stage)) for challenge in standing):
        return
    events: list[EventFacts] = events_of(connection, cycle)
    issue = f"{len(events)}-{sum(event.sequence for event in events)}"
    people = {(Role.OFFICE, outbox.OFFICE)}
    people |= {(Role.AUTHOR, challenge.author_id) for challenge in standing}
    people |= {(Role.CHAIR, event.chair.id) for event in events}
    for role, who in sorted(people):
        outbox.intend(
            connection,
            DispatchKind.EVENT_TIMETABLE,
            role,
            who,
            at=at,
            cycle_id=cycle.id,
            key=f"{DispatchKind.EVENT_TIMETABLE.value}/{who}/{issue}",
        )


def move_event(
    connection: Connection,
    cycle: Cycle,
    challenge_id: str,
    starts_at: datetime,
    *,
    minutes: int,
    place: str,
    reason: str,
    actor: str,
    at: datetime,
) -> None:
    """Move an event that is set; its people get a new invitation and an updated calendar entry."""
    row = connection.execute(sa.select(t.events).where(t.events.c.challenge_id == challenge_id)).one()
    sequence = row.sequence + 1
    connection.execute(
        t.events.update()
        .where(t.events.c.challenge_id == challenge_id)
        .values(
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=minutes),
            place=place,
            sequence=sequence,
        )
    )
    challenges.note_dates(connection, cycle, challenge_id, event_on=local_day(starts_at))
    challenge = challenges.get(connection, challenge_id)
    for what in next(step.sends for step in TRANSITIONS if step.trigger is Trigger.EVENT_AGREED):
        if challenge is not None:
            challenges.send(connection, challenge, what, at=at, suffix=f"change-{sequence}")
    journal.append(
        connection,
        "event moved",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenge_id=challenge_id,
        reason=reason,
        starts_at=starts_at.isoformat(),
    )
