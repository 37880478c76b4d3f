"""The office's notes on a challenge: writing one, with a day on which to be reminded, and ticking it off."""

from collections.abc import Sequence
from datetime import date, datetime

from peer_challenge.clock import local_day
from peer_challenge.errors import WrongUse
from peer_challenge.register import journal, notes
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Challenge

_LONGEST = 1000
"""Letters of a note: the weekly brief prints those that are due, and has to stay a page or two."""


def write_note(
    connection: Transaction,
    challenge: Challenge,
    written: str,
    remind_on: date | None,
    *,
    at: datetime,
    actor: str,
) -> int:
    """Keep a note on a challenge; returns its id. Raises WrongUse without words, or for a day that is past.

    An open note that says the same already stays the one: a button may be pressed twice.
    Its words are for the office alone. They are not in the journal: they go when the cycle is purged.
    """
    text = " ".join(written.split())
    if not text:
        raise WrongUse("The note has no words.", remedy="Write what you want to remember.", about="text")
    if len(text) > _LONGEST:
        raise WrongUse(
            f"The note has {len(text)} letters.", remedy=f"Write no more than {_LONGEST}.", about="text"
        )
    if remind_on is not None and remind_on < local_day(at):
        raise WrongUse(
            "The day on which to remind you is past.",
            remedy="Choose today or a later day.",
            about="remind_on",
        )
    for note in notes.list_notes(connection, challenge.id):
        if (note.text, note.remind_on) == (text, remind_on) and note.done_at is None:
            return note.id
    number = notes.store_note(connection, challenge.id, text, remind_on, at=at, actor=actor)
    journal.append_entry(
        connection,
        "note written",
        at=at,
        actor=actor,
        cycle_id=challenge.cycle_id,
        challenge_id=challenge.id,
        note=number,
        remind_on=remind_on.isoformat() if remind_on else None,
    )
    return number


def write_notes(
    connection: Transaction,
    challenges: Sequence[Challenge],
    written: str,
    remind_on: date | None,
    *,
    at: datetime,
    actor: str,
) -> None:
    """Keep a note of the same words on each of several challenges. Raises WrongUse as `write_note` does."""
    for challenge in challenges:
        write_note(connection, challenge, written, remind_on, at=at, actor=actor)


def tick_off_note(
    connection: Transaction, challenge: Challenge, note_id: int, *, at: datetime, actor: str
) -> None:
    """Tick a note off, so that nobody is reminded of it any more. Raises WrongUse where there is none."""
    note = notes.load_note(connection, note_id)
    if note is None or note.challenge_id != challenge.id:
        raise WrongUse("There is no such note on this challenge.", remedy="Look at the challenge's page.")
    if notes.tick_off_note(connection, note_id, at=at, actor=actor):
        journal.append_entry(
            connection,
            "note ticked off",
            at=at,
            actor=actor,
            cycle_id=challenge.cycle_id,
            challenge_id=challenge.id,
            note=note_id,
        )
