"""Tells an unknown sender that the office has the email, where the settings ask for it, and nothing else.

What says anything of a document goes to the area's contacts in the cycle, as every dispatch does, no matter
who wrote the email. The answer here holds no word of it, goes to no machine, and starts no loop (RFC 3834).
"""

import re
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, Message
from email.utils import format_datetime, make_msgid

from peer_challenge.model.email_addresses import clean_address, is_address
from peer_challenge.post.email_headers import get_raw_header, read_sender
from peer_challenge.post.replies import is_automatic
from peer_challenge.post.smtp import MailServerAway, open_mail_server
from peer_challenge.register import mail_answers, people
from peer_challenge.register.cycles import load_cycles
from peer_challenge.register.database import Register, Transaction
from peer_challenge.settings import Settings

SUBJECT = "We have received your email"
WORDS = (
    "The programme office has received your email.\n\n"
    "We do not know your address, so we send nothing about documents to it. If you wrote for an area, the "
    "area's contacts hear from us.\n\n"
    "This is an automatic reply.\n"
)
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.@-]{3,200}>")


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """An email that may be answered: who sent it, its Message-ID, its hash."""

    address: str
    message_id: str
    sha256: str


def find_whom_to_answer(
    settings: Settings, headers: Message, sha256: str, verified_sender: str | None
) -> ToAnswer | None:
    """Whom an answer to an email would go to; None where none may go.

    None goes to a machine. Where trusted mail servers are set, none goes to an address for which they do not
    vouch: its owner may never have written.
    """
    sender = read_sender(headers)
    is_possible = bool(settings.answer_unknown_senders and settings.smtp_host and sender)
    if not is_possible or sender is None or is_automatic(headers):
        return None
    if settings.trusted_mail_hosts and verified_sender != sender:
        return None
    return ToAnswer(sender, get_raw_header(headers, "Message-ID"), sha256)


def answer_unknown_senders(
    register: Register, settings: Settings, emails: Iterable[ToAnswer], at: datetime
) -> int:
    """Send those whom nobody knows one line each; returns to how many. None is tried a second time."""
    count = 0
    for one in emails:
        with register.writing() as connection:
            office = _find_office_address(connection, settings)
            if not office or _is_known(connection, settings, one.address):
                continue
            if not mail_answers.claim_answer(connection, one.address, one.sha256, at):
                continue
        count += _send_answer(settings, _write_answer(office, one, at), one.address)
    return count


def _write_answer(office: str, one: ToAnswer, at: datetime) -> EmailMessage:
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Subject"] = office, one.address, SUBJECT
    answer["Date"], answer["Message-ID"] = format_datetime(at), make_msgid(domain=office.rpartition("@")[2])
    answer["Auto-Submitted"], answer["X-Auto-Response-Suppress"] = "auto-replied", "All"
    if _MESSAGE_ID.fullmatch(one.message_id):
        answer["In-Reply-To"] = answer["References"] = one.message_id
    answer.set_content(WORDS)
    return answer


def _send_answer(settings: Settings, answer: EmailMessage, to: str) -> bool:
    """Send it from nobody, so that no machine can answer the answer; False where it did not go."""
    try:
        with open_mail_server(settings) as server:
            server.send_message(answer, from_addr="", to_addrs=[to])
    except (MailServerAway, OSError, smtplib.SMTPException):
        return False
    return True


def _find_office_address(connection: Transaction, settings: Settings) -> str:
    """The address the answer comes from: the one that mail is sent from, else the office's of a cycle."""
    found = (settings.smtp_from, *(cycle.office.email for cycle in load_cycles(connection)))
    return next((address for one in found if is_address(address := clean_address(one))), "")


def _is_known(connection: Transaction, settings: Settings, address: str) -> bool:
    """Whether an address is of somebody in an open cycle, of somebody with an account, or our own."""
    known = {settings.smtp_from, settings.imap_user}
    for cycle in load_cycles(connection):
        known.add(cycle.office.email)
        known.update(chair.email for chair in cycle.chairs)
        known.update(contact.email for area in cycle.participants for contact in area.contacts)
    is_in_cycle = address in {one.lower() for one in known}
    return is_in_cycle or people.find_user_by_email(connection, address) is not None
