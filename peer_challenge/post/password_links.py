"""Sends somebody the one-time link with which they choose a password: an email that no register keeps.

A link is as good as a password for a day, so it is in no message of the outbox, no draft and no journal.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum

from peer_challenge.clock import LONDON, read_clock
from peer_challenge.model.days_in_words import time_of_day, weekday_in_words
from peer_challenge.model.sentences import name_in_greeting
from peer_challenge.post import smtp
from peer_challenge.settings import Settings

_POLICY = policy.SMTP.clone(max_line_length=998)  # a link must not be cut


class Fate(StrEnum):
    """What became of an invitation."""

    SENT = "sent"
    NOT_SENT = "not sent"
    IN_DOUBT = "in doubt"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation says: to whom, from which office, for what, with which link until when.

    `sender` is the office's address. The link is kept out of logs and error traces.
    """

    name: str
    email: str
    office: str
    sender: str
    about: str
    link: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class InvitationResult:
    """An invitation and what became of it; `problem` says why it may not have arrived, and what to do."""

    invitation: Invitation
    fate: Fate
    problem: str = ""


def make_invitation_email(invitation: Invitation, settings: Settings, at: datetime) -> EmailMessage:
    """The email of an invitation, dated `at`."""
    email = EmailMessage(policy=_POLICY)
    email["Auto-Submitted"] = "auto-generated"
    email["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    email["Subject"] = f"Choose your password: {invitation.about}"
    email["From"] = Address(_clean(invitation.office), addr_spec=settings.smtp_from or invitation.sender)
    email["To"] = Address(_clean(invitation.name), addr_spec=invitation.email)
    if settings.mail_reply_to:
        email["Reply-To"] = [Address(addr_spec=address) for address in settings.mail_reply_to]
    email["Date"] = format_datetime(at.astimezone(LONDON))
    mark = hashlib.sha256(f"{invitation.link}/{invitation.email}".encode()).hexdigest()[:32]
    email["Message-ID"] = f"<{mark}@peer-challenge.invalid>"
    email.set_content(_write_words(invitation, settings), cte="quoted-printable")
    return email


def _clean(name: str) -> str:
    return " ".join(name.split())


def _write_words(invitation: Invitation, settings: Settings) -> str:
    until = invitation.until.astimezone(LONDON)
    ask = settings.mail_reply_to[0] if settings.mail_reply_to else invitation.sender
    return (
        "\n\n".join(
            (
                f"Dear {name_in_greeting(_clean(invitation.name))}",
                f"{_clean(invitation.office)} has given you access to the page of {invitation.about}. There "
                "you see what was sent to you, and you can send in your forms.",
                f"Choose a password with this link:\n{invitation.link}",
                f"You sign in with the address {invitation.email}. The link works once, until "
                f"{time_of_day(until)} on {weekday_in_words(until)}. Please do not pass it on.",
                f"If the link does not work, or you did not expect this email, please tell us: {ask}",
                _clean(invitation.office),
            )
        )
        + "\n"
    )


def send_invitations(
    settings: Settings, invitations: Sequence[Invitation], at: datetime | None = None
) -> Iterator[InvitationResult]:
    """Give invitations to the mail server, one by one over one connection; what became of each, in order.

    Once the server can't be used, the rest is not sent. Nothing is tried twice.
    """
    waiting = list(invitations)
    if not waiting:
        return
    try:
        with smtp.open_mail_server(settings) as server:
            while waiting:
                email = make_invitation_email(waiting[0], settings, at or read_clock())
                try:
                    smtp.hand_over(server, email, [waiting[0].email])
                except smtp.MailInDoubt as error:  # the connection is broken: the rest can't go over it
                    yield InvitationResult(waiting.pop(0), Fate.IN_DOUBT, str(error))
                    break
                except (smtp.MailPutOff, smtp.MailNotSent) as error:
                    yield InvitationResult(waiting.pop(0), Fate.NOT_SENT, str(error))
                else:
                    yield InvitationResult(waiting.pop(0), Fate.SENT)
    except smtp.MailServerAway as error:
        problem = str(error)
    else:
        problem = "The connection to the mail server broke before."
    for one in waiting:
        yield InvitationResult(one, Fate.NOT_SENT, problem)
