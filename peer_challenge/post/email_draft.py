"""An email as a draft that opens in a mail program with its addresses and attachments."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file attached to an email. `subtype` is the part of its media type after `application/`."""

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
    """A draft that opens in Outlook with addresses and attachments and is not yet sent (X-Unsent: 1).

    When `to` is empty the draft opens without an address. `message_id` is an id without brackets. Equal
    arguments give equal bytes.
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
