"""Moving events that are set: one or several at once, with new invitations for their people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from peer_challenge.clock import LONDON, local_day
from peer_challenge.errors import WrongUse
from peer_challenge.events.move_rules import NO_CONSENT, Consent, check_move, list_warnings_of_move
from peer_challenge.events.notice import find_window
from peer_challenge.events.objections import RefusedEvent
from peer_challenge.events.propose_or_set_events import ONLINE, list_events_elsewhere
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import (
    BRIEFINGS,
    TRANSITIONS,
    Send,
    Trigger,
    can_move_event,
    find_transition,
)
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind, Kind, Outcome, Role
from peer_challenge.register import challenges, journal, outbox, submission_counts
from peer_challenge.register.database import Transaction
from peer_challenge.register.events import events_of, load_event, replace_event
from peer_challenge.register.records import Challenge, Event

_LONGEST_PLACE = 2000
"""Characters. A joining link of the usual services has some 250."""
_ASKED_FOR = timedelta(days=7)
"""How long the office is asked whether an event took place: it has heard by then, and can't tick this off."""


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
    """Move an event that is set, or did not take place on its day. Its people get a new invitation and an
    updated calendar entry.

    Raises WrongUse without a reason, without an event, and where the rules for moving events forbid it.
    """
    why, place, before = read_reason(reason), read_place(place), load_event(connection, challenge_id)
    if before is None:
        raise WrongUse("This challenge has no event yet.", remedy="It is set once the analysis is in.")
    mine = events_of(connection, cycle)
    event = next((one for one in mine if one.challenge == challenge_id), None)
    if event is None:
        raise WrongUse("This challenge was withdrawn.", remedy="Its event is not held.")
    others = [*mine, *list_events_elsewhere(connection, cycle)]
    _check_move(connection, cycle, event, starts_at, at, others, consent)
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
) -> list[RefusedEvent]:
    """Why several events can't be moved at once, each with its area and what to do; empty where they can.

    Each is looked at beside where the others are to go: two may change places.
    """
    mine, where, others = _read_moved_events(connection, cycle, moves)
    found = []
    for event in mine:
        if (move := where.get(event.challenge)) is None:
            continue
        try:
            read_place(move.place)
            _check_move(connection, cycle, event, move.starts_at, at, others, consent)
        except WrongUse as refused:
            told = f"{event.author.name}: {refused.in_full}"
            found.append(RefusedEvent(event.challenge, told, refused.about))
    known = {event.challenge for event in mine}
    gone = [one for one in where if one not in known]
    return [*found, *(RefusedEvent(one, f"{one}: it has no event to move.") for one in gone)]


def list_warnings_of_moves(
    connection: Transaction, cycle: Cycle, moves: Sequence[Move], at: datetime
) -> list[str]:
    """What speaks against these moves and does not forbid them: short notice, holidays, people away."""
    mine, where, others = _read_moved_events(connection, cycle, moves)
    found = []
    for event in mine:
        challenge = challenges.find_challenge(connection, event.challenge)
        if (move := where.get(event.challenge)) is not None and challenge is not None:
            window = find_window(connection, cycle, challenge, at)
            found += list_warnings_of_move(cycle, event, move.starts_at, others, window, at)
    return found


def _read_moved_events(
    connection: Transaction, cycle: Cycle, moves: Sequence[Move]
) -> tuple[list[EventFacts], dict[str, Move], list[EventFacts]]:
    """The cycle's events as they are, the moves by challenge, and every event where it is then to be."""
    mine = events_of(connection, cycle)
    where = {move.challenge_id: move for move in moves}
    after = [
        replace(event, starts_at=where[event.challenge].starts_at.astimezone(LONDON))
        if event.challenge in where
        else event
        for event in mine
    ]
    return mine, where, [*after, *list_events_elsewhere(connection, cycle)]


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
        raise WrongUse(" ".join(one.told for one in problems), remedy="None was moved.")
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
    event_on = local_day(move.starts_at)
    if not challenges.move_challenge_on(
        connection,
        move.challenge_id,
        Trigger.EVENT_NOT_HELD,
        cycle,
        at=at,
        actor=actor,
        event_on=event_on,
        event_held_on=None,
    ):
        challenges.note_dates(connection, cycle, move.challenge_id, event_on=event_on, event_held_on=None)
    is_another_day = local_day(before.starts_at) != local_day(move.starts_at)
    invite_again(connection, move.challenge_id, sequence, at, is_another_day=is_another_day)
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
            about="place",
        )
    return place or ONLINE


def invite_again(
    connection: Transaction, challenge_id: str, sequence: int, at: datetime, *, is_another_day: bool = False
) -> None:
    """Send new invitations and calendar entries for an event after its change number `sequence`.

    Where the event was prepared, its briefings are sent again as well: they say when and where it is. With
    another day the Chair's form goes again too: it holds the day, and we go by what the record says.
    """
    challenge = challenges.find_challenge(connection, challenge_id)
    if challenge is None:
        return
    sends = next(step.sends for step in TRANSITIONS if step.trigger is Trigger.EVENT_AGREED)
    if challenge.prepared_at is not None:
        sends = (*sends, *BRIEFINGS)
        if is_another_day:
            sends = (*sends, Send(DispatchKind.CHAIR_RECORD_FORM, Role.CHAIR))
    outbox.cancel_intended(connection, challenge_id, [what.kind for what in sends])  # nobody gets one twice
    for what in sends:
        challenges.intend_challenge_dispatch(connection, challenge, what, at=at, suffix=f"change-{sequence}")


def has_event_to_move(connection: Transaction, challenge: Challenge) -> bool:
    """Whether the event of a challenge can be given another day: until its Chair's record has come."""
    came = submission_counts.newest_outcomes(connection, challenge.cycle_id, challenge_id=challenge.id)
    return challenge.event is not None and can_move_event(
        challenge.stage, has_record=_has_record(came.get(challenge.id, {}))
    )


def list_events_to_ask_about(connection: Transaction, cycle: Cycle, at: datetime) -> list[EventFacts]:
    """The events whose day passed within the week before `at`, and of which no Chair's record has come."""
    came = submission_counts.newest_outcomes(connection, cycle.id)
    held = {
        one.id
        for one in challenges.list_challenges_in_cycle(connection, cycle.id)
        if find_transition(one.stage, Trigger.EVENT_NOT_HELD) and not _has_record(came.get(one.id, {}))
    }
    events = events_of(connection, cycle)
    return [one for one in events if one.challenge in held and one.ends_at > at - _ASKED_FOR]


def _has_record(came: Mapping[Kind, Outcome]) -> bool:
    return came.get(Kind.CHAIR_RECORD, Outcome.REJECTED) is not Outcome.REJECTED


def _check_move(
    connection: Transaction,
    cycle: Cycle,
    event: EventFacts,
    starts_at: datetime,
    at: datetime,
    others: Sequence[EventFacts],
    consent: Consent,
) -> None:
    challenge = challenges.find_challenge(connection, event.challenge)
    if challenge is not None and not has_event_to_move(connection, challenge):
        raise WrongUse(
            "The Chair’s record of this event has come, so the event took place.",
            remedy="If its day is wrong, ask the Chair to correct the record and to send it again.",
        )
    last = challenges.due_dates(connection, event.challenge).get(DeadlineName.EVENT_BY)
    check_move(cycle, event, starts_at, at=at, last=last, others=others, consent=consent)
