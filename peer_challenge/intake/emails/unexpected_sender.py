"""The finding that an email is from somebody unexpected: another of the area's partners, or somebody else.

That alone proves nothing: whose a form is, is decided without it. It is told, so that nobody sends in
another's form unnoticed.
"""

from collections.abc import Collection, Iterator

from peer_challenge.intake.emails.message_content import Envelope
from peer_challenge.intake.emails.sender_of_form import list_contact_addresses
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.findings import Finding
from peer_challenge.model.kinds_of_submission import SENT_BY
from peer_challenge.model.vocabulary import KIND_NAMES, Kind, Role, Severity
from peer_challenge.register.records import Challenge
from peer_challenge.word.reader_findings import Code

OTHER_SENDER = Code(
    "intake.other_sender",
    Severity.WARN,
    "This {what} came in an email {who}.",
    "If you did not send it, tell us at once.",
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
    yield from list_contact_addresses(area) if area is not None else ()


def _is_of_partner(cycle: Cycle, expected: Collection[str], sender: str) -> bool:
    """Whether the sender's domain is that of one of the area's contacts, and of nobody else in the cycle."""
    domain = sender.rpartition("@")[2]
    if not domain or domain in _OPEN_TO_ALL:
        return False
    others = {a for area in cycle.participants for a in list_contact_addresses(area)} - set(expected)
    others |= {chair.email.lower() for chair in cycle.chairs}
    return _has_domain(expected, domain) and not _has_domain(others, domain)


def _has_domain(addresses: Collection[str], domain: str) -> bool:
    return any(address.rpartition("@")[2] == domain for address in addresses)


def _describe_stranger(cycle: Cycle, said: Envelope) -> str:
    if not said.sender:
        return "that does not say who sent it"
    if any(said.sender in list_contact_addresses(area) for area in cycle.participants):
        return "from a contact of another area"
    if any(said.sender == chair.email.lower() for chair in cycle.chairs):
        return "from a Chair"
    return "from an address that is not in the cycle"


def _make_finding(code: Code, kind: Kind, **gaps: str) -> Finding:
    return Finding(code.code, code.severity, code.message.format(what=KIND_NAMES[kind], **gaps), code.remedy)
