"""What would follow from giving one event another day, before anybody is written to."""

from datetime import datetime

from peer_challenge.errors import WrongUse
from peer_challenge.events.move_events import Move, list_warnings_of_moves, move_event
from peer_challenge.events.move_rules import Consent
from peer_challenge.model.cycle import Cycle
from peer_challenge.register import challenges
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.events import load_event
from peer_challenge.register.records import Event
from peer_challenge.steering.preview import describe_changed_dates


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


def mark_event(event: Event | None) -> str:
    """How often an event has been changed, as text: for a page to send back when a move is confirmed."""
    return str(event.sequence) if event else ""


def check_event_mark(connection: Transaction, challenge_id: str, mark: str) -> None:
    """Refuse a move that was confirmed of an event as it is no more: a second press, say. Raises WrongUse."""
    if mark != mark_event(load_event(connection, challenge_id)):
        raise WrongUse(
            "The event has been changed since you looked. This press of the button changed nothing.",
            remedy="Look at when and where it is now, and move it only if you still want to.",
        )
