"""Emails as areas, machines and strangers write them."""

from email.message import EmailMessage

KEY = "0123456789abcdef0123456789abcdef"
_WORD = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")


def an_email(
    *files: tuple[str, bytes],
    sender: str = "Safeguarding <board@ashcombe.example>",
    subject: str = "Our self-assessment",
    number: int = 1,
    **headers: str,
) -> bytes:
    """An email with Word documents attached, as on its way; headers by name: Auto_Submitted="no"."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "office@example.org", subject
    message["Date"] = "Wed, 26 Feb 2025 14:01:00 +0000"
    message["Message-ID"] = f"<{number}@ashcombe.example>"
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    message.set_content("Please find our form attached.")
    for name, data in files:
        message.add_attachment(data, maintype=_WORD[0], subtype=_WORD[1], filename=name)
    return message.as_bytes().replace(b"\n", b"\r\n")


def a_delivery_report(
    *,
    action: str = "failed",
    status: str = "5.1.1",
    about: str = f"<{KEY}@office.example>",
    whole: bool = True,
) -> bytes:
    """A mail server's report on a message (RFC 3464), with the message returned, or its headers only."""
    returned = f"Message-ID: {about}\nSubject: Please return\n"
    part = f"message/rfc822\n\n{returned}\nthe message" if whole else f"text/rfc822-headers\n\n{returned}"
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: office@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <report@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="=_b"

This is a MIME-encapsulated message.

--=_b
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

Your message could not be delivered to nobody@ashcombe.example.

--=_b
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
X-Postfix-Queue-ID: 4X

Final-Recipient: rfc822; nobody@ashcombe.example
Action: {action}
Status: {status}
Remote-MTA: dns; mx.ashcombe.example
Diagnostic-Code: smtp; 550 {status} no such user

--=_b
Content-Description: Undelivered Message
Content-Type: {part}

--=_b--
""".replace("\n", "\r\n").encode()
