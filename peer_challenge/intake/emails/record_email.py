"""Recording the email that brought a document, and deciding when the document counts as received."""

from datetime import datetime, time

from peer_challenge.clock import LONDON
from peer_challenge.intake.case import Case
from peer_challenge.intake.emails.email_forms import EmailOrigin
from peer_challenge.intake.emails.message_content import Envelope
from peer_challenge.intake.emails.sender_of_form import choose_message, list_office_addresses
from peer_challenge.intake.emails.sent_day import decide_received_at, find_earliest_day
from peer_challenge.model.findings import Finding
from peer_challenge.register import evidence, received_emails, uploads
from peer_challenge.register.cycles import load_opened_at
from peer_challenge.register.database import Transaction
from peer_challenge.register.received_emails import MessageSaid


def decide_day(
    connection: Transaction, case: Case, at: datetime
) -> tuple[Envelope, datetime, tuple[Finding, ...]]:
    """What the email of a document says, when the document counts as received, and why if that differs.

    What came on paper counts from the day that the office says, but not from before its form went out.
    """
    place = case.place
    opened_at = load_opened_at(connection, place.cycle_id) if place.cycle_id else None
    earliest = find_earliest_day(place.challenge, case.reading.kind, opened_at)
    paper_day = uploads.find_paper_day(connection, case.reading.sha256)
    if paper_day is not None:
        came_at = datetime.combine(paper_day, time(12), LONDON)
        return Envelope(), min(at, max(came_at, earliest or came_at)), ()
    if case.origin is None:
        return Envelope(), at, ()
    said = choose_message(case.origin, list_office_addresses(connection, place.cycle))
    return said, *decide_received_at(said, at, not_before=earliest)


def record_email_again(connection: Transaction, case: Case, submission_id: int, at: datetime) -> bool:
    """Record that a submission came in an email, which may be another than before; False for the same one."""
    if case.origin is None:
        return False
    said = choose_message(case.origin, list_office_addresses(connection, case.place.cycle))
    return record_email(connection, case.origin, submission_id, said, at)


def record_email(
    connection: Transaction, origin: EmailOrigin | None, submission_id: int, said: Envelope, at: datetime
) -> bool:
    """Record the email that brought a submission, with what lay beside it; False where that was known."""
    if origin is None:
        return False
    email_id = received_emails.note_fetched_email(
        connection, origin.sha256, origin.size, at, message_id=said.message_id, ending=origin.ending
    )
    received_emails.note_forms(connection, email_id, origin.forms)
    received_emails.note_attachments(connection, email_id, origin.attachments)
    sent_at = datetime.fromisoformat(said.sent_at) if said.sent_at else None
    message = MessageSaid(said.sender, said.sender_name, said.subject, sent_at)
    is_new = received_emails.link_submission(connection, email_id, submission_id, message)
    if is_new:
        evidence.check_again(connection, submission_id)
    return is_new
