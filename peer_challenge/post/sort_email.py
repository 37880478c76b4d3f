"""What an email of the mailbox is: one that may hold a form, or one that stays where it is, and why."""

import hashlib
from dataclasses import dataclass
from email import message_from_bytes

from peer_challenge.model.mailbox import LeftReason
from peer_challenge.post.attached_files import is_oddly_built, may_hold_form
from peer_challenge.post.authenticated_sender import find_verified_sender
from peer_challenge.post.email_headers import get_raw_header, parse_headers, split_email
from peer_challenge.post.replies import (
    DeliveryReport,
    is_auto_reply,
    is_our_own,
    is_report,
    read_delivery_report,
)
from peer_challenge.settings import Settings


@dataclass(frozen=True, slots=True)
class Sorted:
    """What an email is. `reason` says why it stays where it is; None for one that goes into the inbox.

    `content_sha256` is the hash of its Message-ID and its body: the same when an email is delivered twice.
    `verified_sender` is the address that a trusted mail server vouches for. `about_key` and `status_code` are
    of a report on a message of ours.
    """

    content_sha256: str
    reason: LeftReason | None = None
    verified_sender: str | None = None
    about_key: str | None = None
    status_code: str | None = None


def sort_email(settings: Settings, email: bytes) -> Sorted:
    """What an email is, by its headers and the kinds of its parts; nothing attached is opened."""
    headers = parse_headers(email)
    content = _hash_content(get_raw_header(headers, "Message-ID"), split_email(email)[1])
    if is_oddly_built(email):
        return Sorted(content, LeftReason.ODDLY_BUILT)
    if is_report(headers):
        report = _read_report(email)
        if report is None or not report.has_failed:
            return Sorted(content, LeftReason.AUTOMATIC)
        return Sorted(
            content, LeftReason.DELIVERY_REPORT, about_key=report.about_key, status_code=report.status_code
        )
    if is_our_own(headers, settings.smtp_from.lower()):
        return Sorted(content, LeftReason.OUR_OWN)
    if is_auto_reply(headers):
        return Sorted(content, LeftReason.AUTOMATIC)
    if not may_hold_form(email):
        return Sorted(content, LeftReason.NO_FORM)
    return Sorted(content, verified_sender=find_verified_sender(settings, email))


def _read_report(email: bytes) -> DeliveryReport | None:
    """The report in an email; None where the email cannot be taken apart."""
    try:
        return read_delivery_report(message_from_bytes(email))
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _hash_content(message_id: str, body: bytes) -> str:
    return hashlib.sha256(message_id.encode(errors="surrogateescape") + b"\0" + body).hexdigest()
