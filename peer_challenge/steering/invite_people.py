"""Invites people to sign in: by email where the mail server sends, else with links to copy.

Somebody invited gets an account and a one-time link that lasts a day (a setting). The account is made before
the email is sent: cut off in between, there is an account whose link nobody has, and the office gives it a
new one.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from peer_challenge.errors import WrongUse
from peer_challenge.model.access import Access
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.email_addresses import clean_address
from peer_challenge.model.messages import Delivery
from peer_challenge.post.password_links import Fate, Invitation, InvitationResult, send_invitations
from peer_challenge.register import journal, one_time_links, people
from peer_challenge.register.cycles import load_cycles
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.people import User
from peer_challenge.settings import Settings

_PROGRAM = "Peer Challenge"


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody of a cycle who could be given access: a contact of an area, or a Chair.

    `why_not` says why they can't be invited with the others; empty where they can.
    """

    key: str
    name: str
    email: str
    of: str
    access: Access
    member: str
    why_not: str = ""


def explain_no_email(settings: Settings) -> str:
    """Why links can't be sent by email, and what to do; empty where they can."""
    if settings.way_to_deliver is not Delivery.SEND or not settings.smtp_host:
        return "This installation sends no email. Copy each link and give it to that person yourself."
    if not settings.public_url:
        return (
            "A link would only work on this machine, as it has no public address. "
            "Set one under Settings first, or copy each link and change its beginning."
        )
    return ""


def list_guests(connection: Transaction, cycle: Cycle) -> list[Guest]:
    """The contacts and Chairs of a cycle who have an address and no access yet, areas first."""
    named = list(_list_named(cycle))
    shared = Counter(guest.email for guest in named)
    known = {user.email for user in people.list_active(connection)}
    return [
        _say_why_not(guest) if shared[guest.email] > 1 else guest
        for guest in named
        if guest.email not in known
    ]


def _list_named(cycle: Cycle) -> Iterator[Guest]:
    for area in cycle.participants:
        spoken = area.as_spoken()
        for contact in spoken.contacts:
            if contact.email:
                email = clean_address(contact.email).lower()
                key = f"{Access.PARTICIPANT.value}/{area.id}/{email}"
                name = contact.name.strip() or email
                yield Guest(key, name, email, spoken.name, Access.PARTICIPANT, area.id)
    for chair in cycle.chairs:
        if chair.email and not chair.left:
            email = clean_address(chair.email).lower()
            key = f"{Access.CHAIR.value}/{chair.id}/{email}"
            yield Guest(key, chair.name, email, "Chair", Access.CHAIR, chair.id)


def _say_why_not(guest: Guest) -> Guest:
    why = "The cycle names this address more than once, and an account is for one area. Add them by hand."
    return Guest(guest.key, guest.name, guest.email, guest.of, guest.access, guest.member, why)


def invite_guests(
    register: Register, settings: Settings, cycle: Cycle, keys: Sequence[str], *, at: datetime, actor: str
) -> list[InvitationResult]:
    """Give access to the guests of a cycle with these keys, and send each the link; what became of each.

    Where the installation sends no email, nothing is sent, and the results have the links. Raises WrongUse
    where nobody is chosen or one of them can't be invited (any more): then nobody is.
    """
    with register.writing() as connection:
        guests = {guest.key: guest for guest in list_guests(connection, cycle) if not guest.why_not}
        if not keys or not set(keys) <= set(guests):
            what = "Somebody else has invited one of them meanwhile." if keys else "Nobody is ticked."
            raise WrongUse(
                what,
                remedy="Look at the list as it is now, tick those that you mean, try again.",
                about="" if keys else "guest",
            )
        invitations = [
            _add_guest(connection, settings, cycle, guests[key], at=at, actor=actor)
            for key in dict.fromkeys(keys)
        ]
    return send_links(register, settings, invitations, at=at, actor=actor)


def _add_guest(
    connection: Transaction, settings: Settings, cycle: Cycle, guest: Guest, *, at: datetime, actor: str
) -> Invitation:
    token = people.add_person(
        connection,
        guest.email,
        guest.name[:200],
        guest.access,
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        participant_id=guest.member if guest.access is Access.PARTICIPANT else None,
        chair_id=guest.member if guest.access is Access.CHAIR else None,
        link_hours=settings.one_time_link_hours,
    )
    user = people.find_user_by_email(connection, guest.email)
    assert user is not None
    return make_invitation(connection, settings, user, token, at)


def make_invitation(
    connection: Transaction, settings: Settings, user: User, token: str, at: datetime
) -> Invitation:
    """What somebody with a new one-time link is told; of the office of their cycle, else of the newest."""
    cycles = load_cycles(connection)
    cycle = next((one for one in cycles if one.id == user.cycle_id), cycles[-1] if cycles else None)
    office = cycle.office if cycle else None
    return Invitation(
        user.name,
        user.email,
        office.name if office else _PROGRAM,
        office.email if office else "",
        cycle.name if cycle else _PROGRAM,
        one_time_links.link_to_sign_in(settings, token),
        at + timedelta(hours=settings.one_time_link_hours),
    )


def send_links(
    register: Register, settings: Settings, invitations: Sequence[Invitation], *, at: datetime, actor: str
) -> list[InvitationResult]:
    """Send links by email where that is possible, and record to whom; what became of each, in order."""
    why_not = explain_no_email(settings)
    can_go = [one for one in invitations if not why_not and (settings.smtp_from or one.sender)]
    why_not = why_not or "There is no address to send from. Give one under Mail, as “From”."
    sent = {result.invitation.email: result for result in send_invitations(settings, can_go, at)}
    results = [sent.get(one.email, InvitationResult(one, Fate.NOT_SENT, why_not)) for one in invitations]
    with register.writing() as connection:
        for result in results:
            user = people.find_user_by_email(connection, result.invitation.email)
            if result.fate is not Fate.NOT_SENT and user is not None:
                event = "invitation sent" if result.fate is Fate.SENT else "invitation in doubt"
                journal.append_entry(
                    connection, event, at=at, actor=actor, cycle_id=user.cycle_id, user=user.id
                )
    return results
