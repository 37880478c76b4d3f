"""Who sent the email that a form came in, as far as it is known: which message counts, and what it says.

What it says proves nothing. Only a sender whom the office's own mail server has checked is known.
"""

from collections.abc import Collection, Iterator

from peer_challenge.intake.emails.email_forms import EmailOrigin
from peer_challenge.intake.emails.message_content import Envelope
from peer_challenge.model.access import Access, Person
from peer_challenge.model.cycle import Cycle, Participant
from peer_challenge.register import mailbox_messages, people, received_emails
from peer_challenge.register.cycles import load_cycles
from peer_challenge.register.database import Transaction
from peer_challenge.register.received_emails import EmailOfSubmission


def list_office_addresses(connection: Transaction, cycle: Cycle | None) -> frozenset[str]:
    """The programme office's own addresses, of the cycle and of its accounts, in small letters."""
    own = {cycle.office.email.lower()} if cycle is not None and cycle.office.email else set()
    return frozenset(own | people.list_office_addresses(connection))


def list_verified_senders(connection: Transaction, sha256: str) -> tuple[Person, ...]:
    """Whom the office's mail server vouches for as the sender of the email with this hash.

    One area's contact or one Chair in each open cycle, else nobody: an address that two areas share does not
    say for which of them it was used.
    """
    known = mailbox_messages.find_provenance(connection, sha256)
    if known is None or known.verified_sender is None:
        return ()
    found = []
    for cycle in load_cycles(connection):
        people = list(_list_people_with_address(cycle, known.verified_sender))
        found += people if len(people) == 1 else []
    return tuple(found)


def _list_people_with_address(cycle: Cycle, address: str) -> Iterator[Person]:
    for area in cycle.participants:
        if address in list_contact_addresses(area):
            yield Person(0, area.name, Access.PARTICIPANT, cycle.id, participant_id=area.id)
    for chair in cycle.chairs:
        if address == chair.email.lower():
            yield Person(0, chair.name, Access.CHAIR, cycle.id, chair_id=chair.id)


def choose_message(origin: EmailOrigin, office: Collection[str]) -> Envelope:
    """The message by which a form was sent to the office: the outermost one that the office did not write.

    What a colleague forwards to the inbox was sent to the office before, in the message inside.
    """
    theirs = (envelope for envelope in origin.envelopes if envelope.sender not in office)
    return next(theirs, origin.envelopes[0] if origin.envelopes else Envelope())


def load_origin(connection: Transaction, submission_id: int) -> EmailOrigin | None:
    """The email that a recorded submission came in, with the message that counts; None without one."""
    email = received_emails.load_email_of(connection, submission_id)
    if email is None:
        return None
    said = email.said
    sent_at = said.sent_at.isoformat() if said.sent_at else ""
    envelope = Envelope(said.sender, said.sender_name, said.subject, sent_at)
    return EmailOrigin(email.sha256, 0, (envelope,), email.attachments, email.ending)


def describe_sender(connection: Transaction, email: EmailOfSubmission) -> str:
    """Who an email says that it is from, for the office, and what that is worth: two sentences."""
    who = email.said.sender or email.said.sender_name
    says = f"says that it is from {who}" if who else "names no sender"
    known = mailbox_messages.find_provenance(connection, email.sha256)
    worth = "That alone proves nothing."
    if known is not None and known.verified_sender is not None:
        worth = f"Your mail server has checked that {known.verified_sender} sent it."
    return f"It came in an email that {says}. {worth}"


def is_from_area(area: Participant, sender: str) -> bool:
    """Whether an email says that it is from one of an area's contacts."""
    return sender in set(list_contact_addresses(area))


def list_contact_addresses(area: Participant) -> Iterator[str]:
    """The addresses of an area's contacts, in small letters."""
    return (contact.email.lower() for contact in area.contacts if contact.email)
