"""Reading a MIME message (.eml), as mail programs write it and as it arrives damaged.

Python's own parser is used with its old policy: the new one raises errors, and takes time that grows with the
square, on headers that somebody made for that.
"""

import email
import email.policy
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value, getaddresses, parsedate_to_datetime

from peer_challenge.intake.emails.damaged_mime import (
    decode_base64,
    decode_body,
    find_uuencoded,
    guess_boundary,
    read_coding,
)
from peer_challenge.intake.emails.message_content import (
    Envelope,
    Leaf,
    MessageContent,
    Problem,
    TooMuchInside,
    clean_line,
    clean_name,
    write_time,
)

MOST_PARTS = 500
"""Parts of an email on all its levels: newsletters have forty, a thread with every signature a hundred."""
DEEPEST = 12
"""How deep parts may lie in one another: a form forwarded four times lies nine deep."""
_LONGEST_HEADER = 10_000
"""Python decodes so much in 5 ms, in time that grows with the square: over a second for 400,000."""
_MESSAGES = ("message/rfc822", "message/global", "message/news")
_MBOX = re.compile(rb"\r?\n\r?\nFrom [^\r\n]+\r?\n(?=[\w-]+:)")
_BASE64_TEXT = re.compile(rb"[A-Za-z0-9+/=\s]{200,}\Z")


def read_mime_message(data: bytes) -> MessageContent:
    """The content of a message by its bytes; of an mbox, all its messages as nested ones.

    Raises TooMuchInside.
    """
    if b"\n" not in data:  # as very old systems ended lines
        data = data.replace(b"\r", b"\n")
    letters = _MBOX.split(data) if data.startswith(b"From ") else [data]
    if len(letters) == 1:
        return _MimeReader().read_message(_parse_bytes(data), 1)
    if len(letters) > MOST_PARTS:
        raise TooMuchInside("email.too_many_parts")
    reader = _MimeReader()
    return MessageContent(nested=[reader.read_message(_parse_bytes(letter), 2) for letter in letters])


def _parse_bytes(data: bytes) -> Message:
    return email.message_from_bytes(data, policy=email.policy.compat32)


class _MimeReader:
    """Reads one message with all that lies in it; counts its parts."""

    def __init__(self) -> None:
        self._count = 0

    def read_message(self, message: Message, depth: int) -> MessageContent:
        found = MessageContent(read_envelope(message))
        self._read_part(message, found, depth, "")
        return found

    def _read_part(self, part: Message, found: MessageContent, depth: int, around: str) -> None:
        self._count += 1
        if self._count > MOST_PARTS:
            raise TooMuchInside("email.too_many_parts")
        if depth > DEEPEST:
            raise TooMuchInside("email.too_deep")
        mime = part.get_content_type()
        if mime == "multipart/encrypted":
            found.problems.add(Problem.ENCRYPTED)
        elif mime == "multipart/report":
            found.problems.add(Problem.REPORT)
        elif mime in ("message/partial", "message/external-body"):
            found.problems.add(Problem.IN_PIECES if mime.endswith("partial") else Problem.LINKED)
        elif mime in _MESSAGES:
            found.nested += (self.read_message(inner, depth + 1) for inner in _inner_messages(part))
        elif part.is_multipart():
            for inner in _parts_of(part):
                self._read_part(inner, found, depth + 1, mime)
        elif mime.startswith("multipart/"):
            self._read_unparted(part, found, depth, mime)
        else:
            found.leaves += _read_leaf(part, mime, around)

    def _read_unparted(self, part: Message, found: MessageContent, depth: int, mime: str) -> None:
        """A part that says that it has parts, where the line that divides them is missing or another."""
        body = decode_body(part)
        boundary = guess_boundary(body)
        if boundary is None:
            found.leaves += _read_leaf(part, "text/plain", mime)
            return
        head = f'Content-Type: multipart/mixed; boundary="{boundary}"\n\n'
        repaired = _parse_bytes(head.encode() + body)
        if repaired.is_multipart():
            self._read_part(repaired, found, depth + 1, mime)
        else:
            found.problems.add(Problem.DAMAGED)


def _parts_of(part: Message) -> list[Message]:
    parts = part.get_payload()
    return [one for one in parts if isinstance(one, Message)] if isinstance(parts, list) else []


def _inner_messages(part: Message) -> Iterator[Message]:
    """The messages in a part of type message/rfc822; some programs write them in base64, as none should."""
    inner = next(iter(_parts_of(part)), part)
    if inner is part:
        yield _parse_bytes(decode_body(part))
    elif not inner.keys() and read_coding(part) == "base64":
        yield _parse_bytes(decode_base64(str(inner.get_payload()).encode("utf-8", "replace")))
    else:
        yield inner


def _read_leaf(part: Message, mime: str, around: str) -> Iterator[Leaf]:
    """The file or text of one part, and files that are written into a text in the old way (uuencode)."""
    if isinstance(part.get_payload(), list):  # a report: its parts are lists of headers
        yield Leaf("", b"", mime, is_body=True)
        return
    content = decode_body(part)
    name, disposition = read_file_name(part), _read_disposition(part)
    is_text = mime in ("text/plain", "text/html", "text/enriched", "text/rtf", "text/calendar")
    is_body = is_text and mime != "text/calendar" and not name and disposition != "attachment"
    if is_body:
        yield from (Leaf(clean_name(called), found) for called, found in find_uuencoded(content))
    elif read_coding(part) in ("", "7bit", "8bit") and _BASE64_TEXT.match(content[:4_000]):
        content = decode_base64(content) or content
    is_inline = disposition == "inline" or "Content-ID" in part or around == "multipart/related"
    yield Leaf(name, content, mime, is_inline, is_body)


def _read_disposition(part: Message) -> str:
    return _header_of(part, "Content-Disposition").partition(";")[0].strip().lower()


def read_file_name(part: Message) -> str:
    """What a part's file is called: by RFC 2231, else by RFC 2047, which no standard allows and many use."""
    for header, parameter in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        try:
            held = part.get_param(parameter, None, header)
            told = collapse_rfc2231_value(held).strip() if held is not None else ""
        except (LookupError, ValueError, TypeError):
            told = ""
        if told:
            return clean_name(decode_words(told))
    return clean_name(decode_words(_header_of(part, "Content-Description"))) if "name" in part else ""


def decode_words(text: str) -> str:
    """A header's text with its encoded words (RFC 2047) read; a coding that nobody knows as it is written."""
    text = re.sub(r"[\r\n]+[ \t]?", " ", text[:_LONGEST_HEADER])
    if "=?" not in text:
        return _read_raw_letters(text)
    pieces = []
    try:
        for content, charset in decode_header(text):
            pieces.append(content if isinstance(content, str) else _decode_bytes(content, charset))
    except Exception:  # base64 that is none, or worse: the library says so in many ways
        return _read_raw_letters(text)
    return "".join(pieces)


def _decode_bytes(content: bytes, charset: str | None) -> str:
    try:
        return content.decode((charset or "utf-8").partition("*")[0], "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def _read_raw_letters(text: str) -> str:
    """Letters that were sent without any coding: UTF-8 as most are, else Western."""
    raw = text.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _header_of(message: Message, name: str) -> str:
    try:
        return str(message.get(name, ""))[:_LONGEST_HEADER]
    except Exception:  # a header that the library itself can't give
        return ""


def read_envelope(message: Message) -> Envelope:
    """Who a message says that it is from, when it was sent, and its subject."""
    name, address = _read_sender(message)
    return Envelope(
        sender=clean_line(address, 254).lower(),
        sender_name=clean_line(name, 100),
        subject=clean_line(decode_words(_header_of(message, "Subject"))),
        sent_at=write_time(read_day(_header_of(message, "Date"))),
        message_id=clean_line(_header_of(message, "Message-ID"), 250),
    )


def _read_sender(message: Message) -> tuple[str, str]:
    for header in ("From", "Sender"):
        with suppress(Exception):  # the library has had several bugs here
            for name, address in getaddresses([decode_words(_header_of(message, header))[:1_000]]):
                if "@" in address:
                    return name, address
    return "", ""


def read_day(text: str) -> datetime | None:
    """When a message was sent, by its header Date; None where that can't be read."""
    try:
        return parsedate_to_datetime(clean_line(text, 100))
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
