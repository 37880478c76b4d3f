"""Whether a new version came by another way, or from another sender, than the one before it.

A file in the inbox folder does not say who put it there. A file that was sent in through the page does. An
email says whom it is from, for all that it is worth.
"""

from peer_challenge.clock import local_day
from peer_challenge.intake.arrival_findings import OTHER_WAY, make_arrival_finding
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import received_emails, submissions, uploads
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Submission
from peer_challenge.register.submissions import Arrived


def find_other_way(
    connection: Transaction,
    before: Submission | None,
    kind: Kind,
    arrived: Arrived,
    cycle: Cycle,
    *,
    sender: str = "",
) -> tuple[Finding, ...]:
    """The finding that a new version came by another way or sender than the one `before`; else empty.

    `sender` is the address that its email says it is from. The finding tells the contacts of the document's
    owner, so that nobody can replace a document unnoticed.
    """
    if before is None:
        return ()
    is_same_way = (before.source, before.uploaded_by) == (arrived.source, arrived.uploaded_by)
    is_email = arrived.source == submissions.EMAIL
    if is_same_way and not (is_email and sender != _load_sender(connection, before)):
        return ()
    how = _describe_way_sent(connection, arrived.source, arrived.uploaded_by, cycle)
    how_before = _describe_way_sent(connection, before.source, before.uploaded_by, cycle)
    if how == how_before:
        how_before = "sent from another address" if is_email else "sent in by somebody else of them"
    came = day_in_words(local_day(arrived.received_at))
    return (make_arrival_finding(OTHER_WAY, kind, came=came, how=how, how_before=how_before),)


def _load_sender(connection: Transaction, row: Submission) -> str:
    email = received_emails.load_email_of(connection, row.id)
    return "" if email is None else email.said.sender


def _describe_way_sent(connection: Transaction, source: str, uploaded_by: int | None, cycle: Cycle) -> str:
    """By which way and in which role a document was sent in; nobody's name."""
    person = uploads.find_person_by_id(connection, uploaded_by) if uploaded_by is not None else None
    if source == submissions.PAPER:
        return "sent on paper, and put into a form by us"
    if source == submissions.EMAIL:
        return "sent by email"
    if source == submissions.FOLDER or person is None:
        return "put into the shared folder"
    if person.is_office:
        return "sent in through the page by us"
    area = cycle.participant.get(person.participant_id or "")
    return f"sent in through the page by {f'a contact of {area.name}' if area else 'a Chair'}"
