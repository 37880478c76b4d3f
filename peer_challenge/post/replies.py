"""Emails that no person wrote, and what a mail server reports of a message of ours.

An answer to a machine may start a loop, so that none goes to one (RFC 3834). A delivery report (RFC 3464)
says which message of ours did not arrive.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from peer_challenge.post.email_headers import get_content_type, get_raw_header, read_sender

_MACHINES = frozenset({"mailer-daemon", "postmaster", "noreply", "no-reply", "do-not-reply", "donotreply"})
_MACHINE_ENDINGS = ("-request", "-bounces", "-owner", "-errors")
_MACHINE_STARTS = ("owner-", "bounce-", "bounces+", "prvs=")
_BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_LIST_HEADERS = ("List-Id", "List-Post", "List-Unsubscribe", "Mailing-List", "X-Autoreply", "X-Autorespond")
_AWAY = re.compile(
    r"\s*(re:\s*)?(automatic reply|auto[- ]?reply|autoresponse|auto[- ]?response|"
    r"out of (the )?office|ooo|on (annual )?leave)\b",
    re.IGNORECASE,
)
"""Subjects of out-of-office replies: the last resort, for programs that mark them in no other way."""
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
OUR_DOMAIN = "peer-challenge.invalid"
"""The right half of the Message-ID of every message of ours."""
_OUR_KEY = re.compile(r"<?([0-9a-f]{32})@[A-Za-z0-9.-]+>?")
_MOST_PARTS = 60
"""A report has three parts, one with a block for each recipient (RFC 6522); a hostile one, any number."""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a mail server says about a message of ours.

    `about_key` is the left half of our Message-ID, None where the report names none. `has_failed` says
    whether it gave up for at least one recipient; `status_code` is its code for that, such as 5.1.1.
    """

    about_key: str | None
    has_failed: bool
    status_code: str | None


def is_automatic(headers: Message) -> bool:
    """Whether the headers of an email say that a machine sent it, or a list, so that nobody is answered."""
    automatic = get_raw_header(headers, "Auto-Submitted").partition(";")[0].strip().lower()
    if automatic not in ("", "no"):
        return True
    if get_raw_header(headers, "Precedence").strip().lower() in _BULK:
        return True
    suppressed = {
        part.strip().lower() for part in get_raw_header(headers, "X-Auto-Response-Suppress").split(",")
    }
    if suppressed & {"all", "oof", "autoreply"}:
        return True
    if any(name in headers for name in _LIST_HEADERS) or _has_null_sender(headers):
        return True
    return _is_machine(read_sender(headers)) or bool(_AWAY.match(get_raw_header(headers, "Subject")[:200]))


def is_auto_reply(headers: Message) -> bool:
    """Whether an email is a reply that a mail program wrote by itself, such as an out-of-office reply.

    One that a machine passed on, or a list, is none: a form may be in it.
    """
    automatic = get_raw_header(headers, "Auto-Submitted").partition(";")[0].strip().lower()
    return automatic == "auto-replied" or get_raw_header(headers, "Precedence").strip().lower() in (
        "auto_reply",
        "auto-reply",
    )


def is_report(headers: Message) -> bool:
    """Whether an email is a report of a mail server or a mail program: not delivered, late, or read."""
    return get_content_type(headers) == "multipart/report" or "X-Failed-Recipients" in headers


def find_our_key(headers: Message) -> str | None:
    """The left half of the Message-ID, where it has the shape of those that we give our messages."""
    match = _OUR_KEY.fullmatch(get_raw_header(headers, "Message-ID").strip())
    return match[1] if match else None


def is_our_own(headers: Message, our_address: str) -> bool:
    """Whether an email is a copy of a message that we sent, from `our_address` or an office's of a cycle."""
    is_of_us = get_raw_header(headers, "Message-ID").strip().endswith(f"@{OUR_DOMAIN}>")
    return find_our_key(headers) is not None and (is_of_us or read_sender(headers) == our_address)


def read_delivery_report(email: Message) -> DeliveryReport | None:
    """What a mail server reports of the delivery of a message; None for an email that is no such report."""
    if email.get_content_type() != "multipart/report":
        return None
    failures = list[str]()
    about_key = None
    is_found = False
    for part in _list_parts(email):
        if part.get_content_type() == "message/delivery-status":
            is_found = True
            failures += _read_failures(part)
        elif part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            about_key = about_key or _read_returned_key(part)
    if not is_found:
        return None
    return DeliveryReport(about_key, bool(failures), failures[0] if failures else None)


def _list_parts(email: Message) -> Iterator[Message]:
    """The report's own parts, not those of what it returns."""
    payload = email.get_payload()
    if isinstance(payload, list):
        yield from (part for part in payload[:_MOST_PARTS] if isinstance(part, Message))


def _read_failures(status: Message) -> list[str]:
    """The code of every recipient whose delivery has failed; 5.0.0 (other reasons) where it has none."""
    blocks = status.get_payload()
    found = []
    for block in blocks[:_MOST_PARTS] if isinstance(blocks, list) else ():
        if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
            match = _STATUS.search(str(block.get("Status", "")))
            found.append(match[0] if match else "5.0.0")
    return found


def _read_returned_key(part: Message) -> str | None:
    """Our key from the message, or the headers, that a report returns."""
    payload = part.get_payload()
    if isinstance(payload, list):
        returned = payload[0] if payload and isinstance(payload[0], Message) else None
        text = str(returned.get("Message-ID", "")) if returned is not None else ""
    else:
        match = re.search(r"^message-id:\s*(\S+)", str(payload)[:100_000], re.IGNORECASE | re.MULTILINE)
        text = match[1] if match else ""
    key = _OUR_KEY.fullmatch(text.strip())
    return key[1] if key else None


def _is_machine(sender: str | None) -> bool:
    if sender is None:
        return True
    local = sender.rpartition("@")[0].strip('"')
    is_named = local in _MACHINES or local.startswith(_MACHINE_STARTS) or local.endswith(_MACHINE_ENDINGS)
    return is_named or local.startswith("mailer-daemon")


def _has_null_sender(headers: Message) -> bool:
    return get_raw_header(headers, "Return-Path").strip() == "<>"
