"""Days for events in the register: worked out inside their windows, proposed or set, kept when others come.

Days are worked out while no transaction is open. They are kept only if nothing has changed since in what
they were worked out from.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from peer_challenge.clock import LONDON, local_day
from peer_challenge.events.notice import find_window, list_waiting_challenges
from peer_challenge.events.send_timetable import send_timetable
from peer_challenge.events.timetable import EventRequest, Slot, Timetable, make_timetable
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import Trigger
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.register import challenges, journal, outbox
from peer_challenge.register.cycles import check_is_current, load_cycles
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.events import events_of, store_event
from peer_challenge.register.proposed_events import (
    ProposedEvent,
    delete_proposed_event,
    list_planned_events,
    list_proposed_events,
    store_proposed_event,
)
from peer_challenge.register.records import Event
from peer_challenge.register.work_out import work_out_then_write

ONLINE = "Online"
"""The place of an event for which none is given."""
Keep = Callable[[Transaction, Cycle, Timetable, datetime], int]
ReadProposed = Callable[[Transaction], tuple[EventFacts, ...]]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What days are worked out from, read at one moment: what waits for an event, and what is agreed."""

    requests: tuple[EventRequest, ...]
    agreed: tuple[EventFacts, ...] = ()
    elsewhere: tuple[EventFacts, ...] = ()


def set_events(register: Register, cycle: Cycle, at: datetime) -> int:
    """Give every returned challenge an event at once, where a day can be found. Returns how many were set.

    What was proposed and not agreed is worked out again. Raises ChangedMeanwhile.
    """
    return _work_out_days(register, cycle, at, lambda connection: (), _set_timetable)


def propose_events(register: Register, cycle: Cycle, at: datetime) -> int:
    """Propose an event for every returned challenge that has no proposal, where a day can be found.

    Returns how many are new. Nobody but the office learns of them. Raises ChangedMeanwhile.
    """
    return _work_out_days(
        register,
        cycle,
        at,
        lambda connection: tuple(one.event for one in list_proposed_events(connection, cycle)),
        _keep_proposal,
    )


def propose_events_again(register: Register, cycle: Cycle, at: datetime, *, actor: str) -> int:
    """Work out afresh what is proposed, but for the events that somebody of the office chose by hand.

    Returns how many are proposed afresh. Raises ChangedMeanwhile.
    """

    def keep(connection: Transaction, cycle: Cycle, found: Timetable, at: datetime) -> int:
        for one in list_proposed_events(connection, cycle):
            if not one.changed_by:
                delete_proposed_event(connection, one.event.challenge)
        return _keep_proposal(connection, cycle, found, at, actor=actor)

    return _work_out_days(
        register,
        cycle,
        at,
        lambda connection: tuple(
            one.event for one in list_proposed_events(connection, cycle) if one.changed_by
        ),
        keep,
    )


def _work_out_days(
    register: Register, cycle: Cycle, at: datetime, read_proposed: ReadProposed, keep: Keep
) -> int:
    """Work out days for what waits and is not proposed yet, and keep them; returns how many were kept."""
    with register.reading() as connection:
        has_request = bool(_read_wanted(connection, cycle, at, read_proposed(connection)).requests)
    if not cycle.present_chairs or not has_request:
        return 0
    return work_out_then_write(
        register,
        lambda connection: _read_wanted(connection, cycle, at, read_proposed(connection)),
        lambda wanted: make_timetable(cycle, wanted.requests, wanted.agreed, elsewhere=wanted.elsewhere),
        lambda connection, _, found: keep(connection, cycle, found, at),
    )


def _read_wanted(
    connection: Transaction, cycle: Cycle, at: datetime, proposed: tuple[EventFacts, ...]
) -> _Wanted:
    check_is_current(connection, cycle)
    has_proposal = {event.challenge for event in proposed}
    requests = []
    for challenge in list_waiting_challenges(connection, cycle):
        if challenge.id in has_proposal:
            continue
        window = find_window(connection, cycle, challenge, at)
        if window.first and window.last and challenge.challenger_id:
            requests.append(
                EventRequest(
                    challenge=challenge.id,
                    author=challenge.author_id,
                    challenger=challenge.challenger_id,
                    first=min(window.first, window.last),
                    last=window.last,
                )
            )
    agreed, elsewhere = events_of(connection, cycle), list_events_elsewhere(connection, cycle)
    planned = (one.event for one in list_planned_events(connection, cycle))
    return _Wanted(tuple(requests), (*agreed, *proposed, *planned), tuple(elsewhere))


def _set_timetable(connection: Transaction, cycle: Cycle, found: Timetable, at: datetime) -> int:
    _say_no_room(connection, cycle, found, at)
    for slot in found.slots:
        event = Event(slot.challenge, slot.chair, slot.starts_at, slot.ends_at, ONLINE, 0)
        store_agreed_event(connection, cycle, event, at)
    if found.slots:
        send_timetable(connection, cycle, at)
    return len(found.slots)


def _keep_proposal(
    connection: Transaction, cycle: Cycle, found: Timetable, at: datetime, *, actor: str = journal.SYSTEM
) -> int:
    _say_no_room(connection, cycle, found, at)
    for slot in found.slots:
        store_proposed_event(connection, ProposedEvent(_find_facts_of_slot(connection, cycle, slot), at))
    if found.slots:
        journal.append_entry(
            connection,
            "events proposed",
            at=at,
            actor=actor,
            cycle_id=cycle.id,
            starts={slot.challenge: slot.starts_at.isoformat() for slot in found.slots},
        )
    return len(found.slots)


def _find_facts_of_slot(connection: Transaction, cycle: Cycle, slot: Slot) -> EventFacts:
    challenge = challenges.find_challenge(connection, slot.challenge)
    assert challenge is not None and challenge.challenger_id is not None  # it was asked for as it waits
    return EventFacts(
        slot.challenge,
        cycle.participant[challenge.author_id],
        cycle.participant[challenge.challenger_id],
        cycle.chair[slot.chair],
        slot.starts_at.astimezone(LONDON),
        slot.ends_at.astimezone(LONDON),
        ONLINE,
    )


def list_events_elsewhere(connection: Transaction, cycle: Cycle) -> list[EventFacts]:
    """The events of the other open cycles: people can't be there and here."""
    others = [other for other in load_cycles(connection) if other.id != cycle.id]
    return [event for other in others for event in events_of(connection, other)]


def _say_no_room(connection: Transaction, cycle: Cycle, found: Timetable, at: datetime) -> None:
    """Tell the journal once a day at most that some event can't be set."""
    if found.status != "infeasible":
        return
    today = local_day(at)
    told = journal.find_newest_time(connection, journal.NO_ROOM, cycle_id=cycle.id)
    if told is None or local_day(told) < today:
        why = [*found.conflict, *found.way_out]
        journal.append_entry(connection, journal.NO_ROOM, at=at, cycle_id=cycle.id, why=why)


def store_agreed_event(
    connection: Transaction, cycle: Cycle, event: Event, at: datetime, *, actor: str = journal.SYSTEM
) -> None:
    """Store the event of a challenge that waits for one, and invite its people.

    Its `sequence` is worked out here: diaries follow the entry with the highest one, so it is later than all
    of an event that was called off.
    """
    earlier = outbox.count_of_kind(connection, event.challenge_id, DispatchKind.EVENT_CALENDAR)
    delete_proposed_event(connection, event.challenge_id)
    store_event(
        connection,
        Event(event.challenge_id, event.chair_id, event.starts_at, event.ends_at, event.place, earlier),
    )
    challenges.move_challenge_on(
        connection,
        event.challenge_id,
        Trigger.EVENT_AGREED,
        cycle,
        at=at,
        actor=actor,
        suffix=f"event {earlier + 1}" if earlier else "",
        event_on=local_day(event.starts_at),
    )
