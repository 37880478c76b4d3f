"""What would follow from giving one event another day or Chair, before anybody is written to."""

from datetime import datetime

from peer_challenge.errors import WrongUse
from peer_challenge.events.change_chair import give_event
from peer_challenge.events.move_events import Move, list_warnings_of_moves, move_event
from peer_challenge.events.move_rules import Consent
from peer_challenge.model.cycle import Cycle
from peer_challenge.register import challenges, outbox
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.events import load_event
from peer_challenge.register.records import Event
from peer_challenge.steering.preview import describe_changed_dates, describe_what_follows


def preview_move(
    register: Register, cycle: Cycle, move: Move, *, reason: str, at: datetime, consent: Consent
) -> tuple[list[str], list[str]]:
    """What speaks against a move, and which dates follow it, in sentences. Changes nothing.

    Raises WrongUse where the event can't be moved so.
    """
    with register.trying_out() as connection:
        warnings = list_warnings_of_moves(connection, cycle, [move], at)
        before = challenges.due_dates(connection, move.challenge_id)
        move_event(
            connection,
            cycle,
            move.challenge_id,
            move.starts_at,
            minutes=move.minutes,
            place=move.place,
            reason=reason,
            actor="",
            at=at,
            consent=consent,
        )
        return warnings, describe_changed_dates(before, challenges.due_dates(connection, move.challenge_id))


def preview_chair_change(
    register: Register, cycle: Cycle, challenge_id: str, chair_id: str, *, reason: str, at: datetime
) -> list[str]:
    """What would go out to whom if an event were given to another Chair, in sentences. Changes nothing.

    Raises WrongUse where it can't be given to that Chair.
    """
    with register.trying_out() as connection:
        before = challenges.find_challenge(connection, challenge_id)
        last = outbox.find_newest_id(connection, challenge_id)
        give_event(connection, cycle, challenge_id, chair_id, reason=reason, actor="", at=at)
        return describe_what_follows(connection, cycle, before, last) if before is not None else []


def mark_event(event: Event | None) -> str:
    """How often an event has been changed, as text: for a page to send back when a move is confirmed."""
    return str(event.sequence) if event else ""


def check_event_mark(connection: Transaction, challenge_id: str, mark: str) -> None:
    """Refuse a change that was confirmed of an event as it is no more: a second press. Raises WrongUse."""
    if mark != mark_event(load_event(connection, challenge_id)):
        raise WrongUse(
            "The event has been changed since you looked. This press of the button changed nothing.",
            remedy="Look at its day, place and Chair now, and change it only if you still want to.",
        )
