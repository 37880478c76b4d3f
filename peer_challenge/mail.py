"""Mail: drafts that open addressed in a mail program, and sending where a server is given."""

import hashlib
import smtplib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime

from peer_challenge.errors import PeerChallengeError
from peer_challenge.settings import Settings

_SECONDS = 30


class MailNotSent(PeerChallengeError):
    """The mail server did not take a message."""

    remedy = "Check the smtp_ settings with `peer-challenge doctor`; the draft is in the outbox meanwhile."


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


def send(settings: Settings, draft: bytes) -> None:
    """Send a draft through the server that the settings name. Raises MailNotSent."""
    message = message_from_bytes(draft, policy=policy.SMTP)
    if not message["To"]:
        raise MailNotSent(
            "The message has nobody to go to.",
            remedy="Give the area or Chair an e-mail address in the cycle.",
        )
    del message["X-Unsent"]
    if settings.smtp_from:
        del message["From"]
        message["From"] = settings.smtp_from
    try:
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=_SECONDS) as server:
            if settings.smtp_tls:
                server.starttls()
            if settings.smtp_user and settings.smtp_password:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise MailNotSent(f"The mail server did not take the message ({type(error).__name__}).") from None
