"""Ticking off a document that was rejected, once the office has told its sender what to do."""

from datetime import datetime

from peer_challenge.errors import WrongUse
from peer_challenge.model.vocabulary import Outcome
from peer_challenge.register import journal, listings, submissions
from peer_challenge.register.database import Transaction


def tick_off_rejected(connection: Transaction, submission_id: int, *, at: datetime, actor: str) -> None:
    """Note in the journal that the sender of a rejected document was told; once, however often it is asked.

    Raises WrongUse for a document that was not rejected.
    """
    row = submissions.load_submission(connection, submission_id)
    if row.outcome is not Outcome.REJECTED or row.held_since_at is not None:
        raise WrongUse(
            "This document was not rejected.", remedy="Look at the Inbox page: it says what became of it."
        )
    if row.id in listings.read_senders_told(connection, since=row.taken_in_at):
        return
    journal.append_entry(
        connection,
        listings.SENDER_TOLD,
        at=at,
        actor=actor,
        cycle_id=row.cycle_id,
        challenge_id=row.challenge_id,
        submission=row.id,
    )
