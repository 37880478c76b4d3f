"""Who an email says that it is from: a contact of the area, another of its partners, or somebody else.

That alone proves nothing: whose a form is, is decided without it. It is told, so that nobody sends in
another's form unnoticed. Only a sender whom the office's own mail server has checked is known.
"""

from collections.abc import Collection, Iterator

from peer_challenge.intake.emails.email_forms import EmailOrigin
from peer_challenge.intake.emails.message_content import Envelope
from peer_challenge.model.access import Access, Person
from peer_challenge.model.cycle import Cycle, Participant
from peer_challenge.model.findings import Finding
from peer_challenge.model.journey import SENT_BY
from peer_challenge.model.vocabulary import KIND_NAMES, Kind, Role, Severity
from peer_challenge.register import mailbox_messages, people, received_emails
from peer_challenge.register.cycles import load_cycles
from peer_challenge.register.database import Transaction
from peer_challenge.register.received_emails import EmailOfSubmission
from peer_challenge.register.records import Challenge
from peer_challenge.word.reader_findings import Code

OTHER_SENDER = Code(
    "intake.other_sender",
    Severity.WARN,
    "This {what} came in an email {who}.",
    "If you did not send it, tell the programme office at once.",
)
OTHER_PARTNER = Code(
    "intake.other_partner",
    Severity.NOTE,
    "This {what} came in an email from an organisation of the area, but not from one of its contacts.",
    "If this person should get letters too, add them to the area's contacts.",
)
_OPEN_TO_ALL = frozenset(
    (
        *(
            "gmail.com",
            "googlemail.com",
            "outlook.com",
            "hotmail.com",
            "hotmail.co.uk",
            "live.com",
            "msn.com",
        ),
        *("live.co.uk", "icloud.com", "me.com", "yahoo.com", "yahoo.co.uk", "btinternet.com", "aol.com"),
        *("sky.com", "proton.me", "nhs.net", "cjsm.net"),
    )
)
"""Domains at which people of many organisations have addresses: the domain says nothing of the area."""


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
        if address in _list_addresses(area):
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


def find_other_sender(
    cycle: Cycle, challenge: Challenge, kind: Kind, said: Envelope, office: Collection[str]
) -> tuple[Finding, ...]:
    """The finding that an email is not from a contact of those whose form it is; empty where it is.

    Nothing is found where the cycle has no address for them, and where the office itself sent it.
    """
    expected = set(_list_expected_addresses(cycle, challenge, SENT_BY[kind]))
    if not expected or said.sender in expected or said.sender in office:
        return ()
    if _is_of_partner(cycle, expected, said.sender):
        return (_make_finding(OTHER_PARTNER, kind),)
    return (_make_finding(OTHER_SENDER, kind, who=_describe_stranger(cycle, said)),)


def _list_expected_addresses(cycle: Cycle, challenge: Challenge, role: Role) -> Iterator[str]:
    if role is Role.CHAIR:
        chair = cycle.chair.get(challenge.chair_id or "")
        if chair is not None and chair.email:
            yield chair.email.lower()
        return
    whose = challenge.author_id if role is Role.AUTHOR else challenge.challenger_id
    area = cycle.participant.get(whose or "")
    yield from _list_addresses(area) if area is not None else ()


def is_from_area(area: Participant, sender: str) -> bool:
    """Whether an email says that it is from one of an area's contacts."""
    return sender in set(_list_addresses(area))


def _list_addresses(area: Participant) -> Iterator[str]:
    return (contact.email.lower() for contact in area.contacts if contact.email)


def _is_of_partner(cycle: Cycle, expected: Collection[str], sender: str) -> bool:
    """Whether the sender's domain is that of one of the area's contacts, and of nobody else in the cycle."""
    domain = sender.rpartition("@")[2]
    if not domain or domain in _OPEN_TO_ALL:
        return False
    others = {a for area in cycle.participants for a in _list_addresses(area)} - set(expected)
    others |= {chair.email.lower() for chair in cycle.chairs}
    return _has_domain(expected, domain) and not _has_domain(others, domain)


def _has_domain(addresses: Collection[str], domain: str) -> bool:
    return any(address.rpartition("@")[2] == domain for address in addresses)


def _describe_stranger(cycle: Cycle, said: Envelope) -> str:
    if not said.sender:
        return "that does not say who sent it"
    if any(said.sender in _list_addresses(area) for area in cycle.participants):
        return "from a contact of another area"
    if any(said.sender == chair.email.lower() for chair in cycle.chairs):
        return "from a Chair"
    return "from an address that is not in the cycle"


def _make_finding(code: Code, kind: Kind, **gaps: str) -> Finding:
    return Finding(code.code, code.severity, code.message.format(what=KIND_NAMES[kind], **gaps), code.remedy)
