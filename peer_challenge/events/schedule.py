"""Challenge events in the register: set inside their windows, kept when others are added.

Days are worked out while no transaction is open. They are set only if nothing has changed since in what
they were worked out from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from peer_challenge.clock import LONDON, local_day
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.errors import WrongUse
from peer_challenge.events.move_rules import NO_CONSENT, Consent, check_move
from peer_challenge.events.timetable import EventRequest, Slot, Timetable, make_timetable
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import BRIEFINGS, TRANSITIONS, Trigger, has_event
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind, Role, Stage
from peer_challenge.register import challenges, journal, outbox
from peer_challenge.register.cycles import check_is_current, load_cycles
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.events import events_of, load_event, replace_event, store_event
from peer_challenge.register.records import Challenge, Event
from peer_challenge.register.work_out import work_out_then_write

_NOTICE_WORKING_DAYS = 10


_LONGEST_PLACE = 2000
"""Characters. A joining link of the usual services has some 250."""
_NO_ROOM = "events can't be set"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What days are worked out from, read at one moment: what waits for an event, and what is agreed."""

    requests: tuple[EventRequest, ...]
    agreed: tuple[EventFacts, ...] = ()
    elsewhere: tuple[EventFacts, ...] = ()


def set_events(register: Register, cycle: Cycle, at: datetime) -> int:
    """Give every returned challenge an event, where a day can be found. Returns how many were set.

    Raises ChangedMeanwhile.
    """
    with register.reading() as connection:
        if not cycle.present_chairs or not _list_waiting_challenges(connection, cycle):
            return 0
    return work_out_then_write(
        register,
        lambda connection: _read_wanted(connection, cycle, at),
        lambda wanted: make_timetable(cycle, wanted.requests, wanted.agreed, elsewhere=wanted.elsewhere),
        lambda connection, _, found: _store_timetable(connection, cycle, found, at),
    )


def _list_waiting_challenges(connection: Transaction, cycle: Cycle) -> list[Challenge]:
    return [c for c in challenges.list_challenges_in_cycle(connection, cycle.id) if c.stage is Stage.RETURNED]


def _read_wanted(connection: Transaction, cycle: Cycle, at: datetime) -> _Wanted:
    check_is_current(connection, cycle)
    first = WorkingDays(cycle.rules.extra_bank_holidays).add_working_days(local_day(at), _NOTICE_WORKING_DAYS)
    requests = []
    for challenge in _list_waiting_challenges(connection, cycle):
        last = challenges.due_dates(connection, challenge.id).get(DeadlineName.EVENT_BY)
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
    agreed, elsewhere = events_of(connection, cycle), list_events_elsewhere(connection, cycle)
    return _Wanted(tuple(requests), tuple(agreed), tuple(elsewhere))


def _store_timetable(connection: Transaction, cycle: Cycle, found: Timetable, at: datetime) -> int:
    if found.status == "infeasible":
        _say_no_room(connection, cycle, (*found.conflict, *found.way_out), at)
    for slot in found.slots:
        _store_event_slot(connection, cycle, slot, at)
    if found.slots:
        _send_timetable(connection, cycle, at)
    return len(found.slots)


def list_events_elsewhere(connection: Transaction, cycle: Cycle) -> list[EventFacts]:
    """The events of the other open cycles: people can't be there and here."""
    others = [other for other in load_cycles(connection) if other.id != cycle.id]
    return [event for other in others for event in events_of(connection, other)]


def _say_no_room(connection: Transaction, cycle: Cycle, conflict: tuple[str, ...], at: datetime) -> None:
    """Tell the journal once a day at most that some event can't be set."""
    today = local_day(at)
    told = journal.find_newest_time(connection, _NO_ROOM, cycle_id=cycle.id)
    if told is None or local_day(told) < today:
        journal.append_entry(connection, _NO_ROOM, at=at, cycle_id=cycle.id, why=list(conflict))


def _store_event_slot(connection: Transaction, cycle: Cycle, slot: Slot, at: datetime) -> None:
    earlier = outbox.count_of_kind(connection, slot.challenge, DispatchKind.EVENT_CALENDAR)
    store_event(  # diaries follow the entry with the highest sequence: later than all of an event called off
        connection,
        Event(slot.challenge, slot.chair, slot.starts_at, slot.ends_at, place="Online", sequence=earlier),
    )
    challenges.move_challenge_on(
        connection,
        slot.challenge,
        Trigger.EVENT_AGREED,
        cycle,
        at=at,
        suffix=f"event {earlier + 1}" if earlier else "",
        event_on=local_day(slot.starts_at),
    )


def _send_timetable(connection: Transaction, cycle: Cycle, at: datetime) -> None:
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


def move_event(
    connection: Transaction,
    cycle: Cycle,
    challenge_id: str,
    starts_at: datetime,
    *,
    minutes: int,
    place: str,
    reason: str,
    actor: str,
    at: datetime,
    consent: Consent = NO_CONSENT,
) -> None:
    """Move an event that is set. Its people get a new invitation and an updated calendar entry.

    Raises WrongUse without a reason, without an event, and where the rules for moving events forbid it.
    """
    why, place, before = read_reason(reason), read_place(place), load_event(connection, challenge_id)
    if before is None:
        raise WrongUse("This challenge has no event yet.", remedy="It is set once the analysis is in.")
    _check_move(connection, cycle, challenge_id, starts_at, at, consent)
    _store_move(connection, cycle, before, Move(challenge_id, starts_at, minutes, place), why, actor, at)


@dataclass(frozen=True, slots=True)
class Move:
    """Where an event is to go: its challenge, the new start (aware), how long it lasts, and its place."""

    challenge_id: str
    starts_at: datetime
    minutes: int
    place: str


def find_obstacles_to_moves(
    connection: Transaction, cycle: Cycle, moves: Sequence[Move], at: datetime, consent: Consent = NO_CONSENT
) -> list[str]:
    """Why several events can't be moved at once, each with its area and what to do; empty where they can.

    Each is looked at beside where the others are to go: two may change places.
    """
    mine = events_of(connection, cycle)
    where = {move.challenge_id: move for move in moves}
    after = [
        replace(event, starts_at=where[event.challenge].starts_at.astimezone(LONDON))
        if event.challenge in where
        else event
        for event in mine
    ]
    others = [*after, *list_events_elsewhere(connection, cycle)]
    found = []
    for event in mine:
        if (move := where.get(event.challenge)) is None:
            continue
        last = challenges.due_dates(connection, event.challenge).get(DeadlineName.EVENT_BY)
        try:
            read_place(move.place)
            check_move(cycle, event, move.starts_at, at=at, last=last, others=others, consent=consent)
        except WrongUse as refused:
            found.append(f"{event.author.name}: {refused.in_full}")
    known = {event.challenge for event in mine}
    return [*found, *(f"{one}: it has no event to move." for one in where if one not in known)]


def move_events(
    connection: Transaction,
    cycle: Cycle,
    moves: Sequence[Move],
    *,
    reason: str,
    actor: str,
    at: datetime,
    consent: Consent = NO_CONSENT,
) -> None:
    """Move several events at once, or none. Their people get new invitations and calendar entries.

    Raises WrongUse without a reason, for no event, and with everything that is in the way.
    """
    why = read_reason(reason)
    if not moves:
        raise WrongUse("No event is to be moved.", remedy="Give at least one another day or time.")
    if problems := find_obstacles_to_moves(connection, cycle, moves, at, consent):
        raise WrongUse(" ".join(problems), remedy="None was moved.")
    for move in moves:
        before = load_event(connection, move.challenge_id)
        if before is not None:
            _store_move(
                connection, cycle, before, replace(move, place=read_place(move.place)), why, actor, at
            )


def _store_move(
    connection: Transaction, cycle: Cycle, before: Event, move: Move, why: str, actor: str, at: datetime
) -> None:
    ends_at, sequence = move.starts_at + timedelta(minutes=move.minutes), before.sequence + 1
    replace_event(
        connection,
        replace(before, starts_at=move.starts_at, ends_at=ends_at, place=move.place, sequence=sequence),
    )
    challenges.note_dates(connection, cycle, move.challenge_id, event_on=local_day(move.starts_at))
    invite_again(connection, move.challenge_id, sequence, at)
    journal.append_entry(
        connection,
        "event moved",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenge_id=move.challenge_id,
        reason=why,
        starts_at=move.starts_at.isoformat(),
    )


def read_place(written: str) -> str:
    """The place of an event, or its joining link, in one line; "Online" where none is given.

    Raises WrongUse for more than any joining link has.
    """
    place = " ".join(written.split())
    if len(place) > _LONGEST_PLACE:
        raise WrongUse(
            f"The place has {len(place)} characters.",
            remedy=f"Give at most {_LONGEST_PLACE}: the joining link alone will do.",
        )
    return place or "Online"


def invite_again(connection: Transaction, challenge_id: str, sequence: int, at: datetime) -> None:
    """Send new invitations and calendar entries for an event after its change number `sequence`.

    Where the event was prepared, its briefings are sent again as well: they say when and where it is.
    """
    challenge = challenges.find_challenge(connection, challenge_id)
    if challenge is None:
        return
    sends = next(step.sends for step in TRANSITIONS if step.trigger is Trigger.EVENT_AGREED)
    if challenge.prepared_at is not None:
        sends = (*sends, *BRIEFINGS)
    outbox.cancel_intended(connection, challenge_id, [what.kind for what in sends])  # nobody gets one twice
    for what in sends:
        challenges.intend_challenge_dispatch(connection, challenge, what, at=at, suffix=f"change-{sequence}")


def _check_move(
    connection: Transaction,
    cycle: Cycle,
    challenge_id: str,
    starts_at: datetime,
    at: datetime,
    consent: Consent,
) -> None:
    mine = events_of(connection, cycle)
    event = next((one for one in mine if one.challenge == challenge_id), None)
    if event is None:
        raise WrongUse("This challenge was withdrawn.", remedy="Its event is not held.")
    last = challenges.due_dates(connection, challenge_id).get(DeadlineName.EVENT_BY)
    others = [*mine, *list_events_elsewhere(connection, cycle)]
    check_move(cycle, event, starts_at, at=at, last=last, others=others, consent=consent)
