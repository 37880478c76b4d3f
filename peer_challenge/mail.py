"""Mail: drafts that open addressed in a mail program, and sending where a server is given."""

import hashlib
import smtplib
import ssl
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import NoReturn

from peer_challenge.errors import PeerChallengeError
from peer_challenge.settings import Settings

_SECONDS = 30
_GOING_AWAY = 421


class MailNotSent(PeerChallengeError):
    """A message will not be sent."""

    remedy = "Check the address in the cycle. The draft is in the outbox: send it by hand."


class MailInDoubt(MailNotSent):
    """A message may or may not have gone."""

    remedy = "Ask the recipient. The draft is in the outbox if it has to go again."


class MailServerAway(PeerChallengeError):
    """The mail server can't be used now; nothing went."""

    remedy = "It is tried again at the next run. `peer-challenge doctor` shows the smtp_ settings."


class MailPutOff(MailServerAway):
    """The mail server does not take this message now, but may take others."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message; `subtype` is of application/..."""

    name: str
    data: bytes
    subtype: str = "vnd.openxmlformats-officedocument.wordprocessingml.document"


def eml_draft(
    to: Sequence[str],
    subject: str,
    body: str,
    attachments: Iterable[Attachment] = (),
    *,
    date: datetime,
    message_id: str,
    sender: str = "",
) -> bytes:
    """A draft that opens in Outlook, addressed and with its attachments, not yet sent (X-Unsent: 1).

    With nobody in `to` the draft opens without an address. `message_id` is an id without brackets;
    the same arguments give the same bytes.
    """
    message = EmailMessage(policy=policy.SMTP)
    message["X-Unsent"] = "1"
    message["Subject"] = " ".join(subject.split())
    if sender:
        message["From"] = sender
    if to:
        message["To"] = ", ".join(to)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = f"<{message_id}@peer-challenge.invalid>"
    message.set_content(body, cte="quoted-printable")
    for attachment in attachments:
        message.add_attachment(
            attachment.data, maintype="application", subtype=attachment.subtype, filename=attachment.name
        )
    if message.is_multipart():
        message.set_boundary(f"=={hashlib.sha256(message_id.encode()).hexdigest()[:40]}==")
    return message.as_bytes()


def send(settings: Settings, draft: bytes, allowed: Collection[str]) -> None:
    """Send a draft through the server that the settings name, to addresses of `allowed` only.

    Raises MailServerAway when the server can't be used now, MailPutOff when it does not take this
    message now (in both nothing went), MailInDoubt when the connection broke while it was taking the
    message, MailNotSent when it will not take it.
    """
    if not draft:
        raise MailNotSent("The draft is not in the outbox as it went there.")
    message = message_from_bytes(draft, policy=policy.SMTP)
    to = {address.addr_spec for header in message.get_all("To", []) for address in header.addresses}
    if not to or not to <= set(allowed):
        raise MailNotSent("The draft is not addressed to those it is for.")
    del message["X-Unsent"]
    if settings.smtp_from:
        del message["From"]
        message["From"] = settings.smtp_from
    with _server(settings) as server:
        _hand_over(server, message)


@contextmanager
def _server(settings: Settings) -> Iterator[smtplib.SMTP]:
    server = None
    try:
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=_SECONDS)
        if settings.smtp_tls:
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user and settings.smtp_password:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except (OSError, smtplib.SMTPException) as error:
        if server is not None:
            server.close()
        raise MailServerAway(f"The mail server can't be used ({type(error).__name__}).") from None
    try:
        yield server
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        _turned_away(min(code for code, _ in error.recipients.values()))
    except smtplib.SMTPResponseException as error:
        _turned_away(error.smtp_code)
    except (OSError, smtplib.SMTPException) as error:
        raise MailInDoubt(
            f"The connection broke while the mail was handed over ({type(error).__name__})."
        ) from None


def _turned_away(code: int) -> NoReturn:
    """The server's own answer: 421 says it goes away, other 4xx not now, 5xx never."""
    if code == _GOING_AWAY:
        raise MailServerAway(f"The mail server took no mail for now ({code}).") from None
    if code < 500:
        raise MailPutOff(f"The mail server did not take the message for now ({code}).") from None
    raise MailNotSent(f"The mail server turned the message away ({code}).") from None
