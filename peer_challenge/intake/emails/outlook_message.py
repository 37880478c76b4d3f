"""Reading a message as Outlook saves it (.msg), and the attachments that Outlook packs into winmail.dat."""

from contextlib import suppress
from datetime import datetime
from email.parser import HeaderParser
from io import BytesIO
from typing import Any

from olefile import OleFileIO
from oxmsg.domain import model
from oxmsg.properties import Properties
from oxmsg.storage import Storage
from tnefparse import TNEF

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
from peer_challenge.intake.emails.mime_message import DEEPEST, MOST_PARTS, read_envelope
from peer_challenge.system import file_beginnings

_EMBEDDED_HEADER = 24
"""Bytes before the properties of a message in a message; 32 before those of the file's own."""
_SUBJECT, _HEADERS, _SUBMITTED, _DELIVERED = 0x0037, 0x007D, 0x0039, 0x0E06
_SENDER_NAME, _SENDER_ADDRESS, _SENDER_SMTP, _BEHALF_SMTP = 0x0C1A, 0x0C1F, 0x5D01, 0x5D02
_DATA, _SHORT_NAME, _METHOD, _LONG_NAME, _MIME, _CONTENT_ID = 0x3701, 0x3704, 0x3705, 0x3707, 0x370E, 0x3712
_DISPLAY_NAME, _HIDDEN, _MESSAGE_ID, _BODY, _HTML = 0x3001, 0x7FFE, 0x1035, 0x1000, 0x1013
_EMBEDDED = f"__substg1.0_{_DATA:04X}000D"
_BY_REFERENCE = (2, 3, 4, 7)
"""Ways of attaching (PidTagAttachMethod) in which the file itself is elsewhere: a share, a cloud drive."""


def read_outlook_message(data: bytes) -> MessageContent:
    """The content of a .msg file, with the messages attached to it. Raises TooMuchInside."""
    with OleFileIO(BytesIO(data)) as file:
        root = Storage.from_ole(file)
    return _OutlookReader().read_message(root, model.MSG_HDR_OFFSET, 1)


class _OutlookReader:
    """Reads one message with all that lies in it; counts its parts."""

    def __init__(self) -> None:
        self._count = 0

    def read_message(self, storage: Storage, offset: int, depth: int) -> MessageContent:
        if depth > DEEPEST:
            raise TooMuchInside("email.too_deep")
        properties = Properties(storage, offset)
        found = MessageContent(_read_outlook_envelope(properties), _read_texts(properties))
        for place in storage.iter_attachment_storages():
            self._count += 1
            if self._count > MOST_PARTS:
                raise TooMuchInside("email.too_many_parts")
            try:
                self._read_attachment(place, found, depth)
            except TooMuchInside:
                raise
            except Exception:  # the library raises whatever a damaged file leads it to
                found.problems.add(Problem.DAMAGED)
        return found

    def _read_attachment(self, place: Storage, found: MessageContent, depth: int) -> None:
        properties = Properties(place, model.ATTACH_HDR_OFFSET)
        inner = [one for one in place.storages if one.name.upper() == _EMBEDDED.upper()]
        content = properties.binary_prop_value(_DATA)
        if content is not None:
            found.leaves.append(_make_leaf(properties, content))
        elif inner and any(stream.name == "__properties_version1.0" for stream in inner[0].streams):
            found.nested.append(self.read_message(inner[0], _EMBEDDED_HEADER, depth + 1))
        elif _number(properties, _METHOD) in _BY_REFERENCE:
            found.problems.add(Problem.LINKED)
        else:
            found.leaves.append(Leaf(_name_of(properties), b"", "application/octet-stream"))
            found.problems |= set() if inner else {Problem.DAMAGED}  # a picture of the text, or cut short


def _read_texts(properties: Properties) -> list[Leaf]:
    """The message's own words, as text and as a web page."""
    texts = [_text(properties, _BODY).encode("utf-8", "replace")]
    with suppress(Exception):
        texts.append(properties.binary_prop_value(_HTML) or b"")
    return [Leaf("", text, "text/plain", is_body=True) for text in texts if text]


def _make_leaf(properties: Properties, content: bytes) -> Leaf:
    is_shown = bool(_text(properties, _CONTENT_ID)) or bool(_number(properties, _HIDDEN))
    return Leaf(_name_of(properties), content, _text(properties, _MIME).lower(), is_inline=is_shown)


def _name_of(properties: Properties) -> str:
    names = (_text(properties, name) for name in (_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME))
    return clean_name(next(filter(None, names), ""))


def _text(properties: Properties, number: int) -> str:
    with suppress(Exception):  # a property without its stream, or in a coding that nobody knows
        return (properties.str_prop_value(number) or "").strip("\x00")
    return ""


def _number(properties: Properties, number: int) -> int:
    with suppress(Exception):
        return int(properties.int_prop_value(number) or 0)
    return 0


def _time(properties: Properties, number: int) -> datetime | None:
    with suppress(Exception):
        return properties.date_prop_value(number)
    return None


def _read_outlook_envelope(properties: Properties) -> Envelope:
    """What the message says of itself: its own properties first, then the headers that came with it."""
    headers = read_envelope(HeaderParser().parsestr(_text(properties, _HEADERS)[:100_000]))
    addresses = (_text(properties, number) for number in (_BEHALF_SMTP, _SENDER_SMTP, _SENDER_ADDRESS))
    sender = headers.sender or next((address for address in addresses if "@" in address), "")
    moment = _time(properties, _SUBMITTED) or _time(properties, _DELIVERED)
    return Envelope(
        sender=clean_line(sender, 254).lower(),
        sender_name=headers.sender_name or clean_line(_text(properties, _SENDER_NAME), 100),
        subject=clean_line(_text(properties, _SUBJECT)) or headers.subject,
        sent_at=write_time(moment) or headers.sent_at,
        message_id=headers.message_id or clean_line(_text(properties, _MESSAGE_ID), 250),
    )


def read_winmail(data: bytes) -> MessageContent:
    """The files and messages in a winmail.dat (TNEF); none of a damaged one. Raises TooMuchInside."""
    return _read_tnef(data, 1)


def _read_tnef(data: bytes, depth: int) -> MessageContent:
    if depth > DEEPEST:
        raise TooMuchInside("email.too_deep")
    found = MessageContent()
    try:
        whole = TNEF(data, do_checksum=False)
    except Exception:  # the library raises whatever a damaged file leads it to
        found.problems.add(Problem.DAMAGED)
        return found
    if len(whole.attachments) > MOST_PARTS:
        raise TooMuchInside("email.too_many_parts")
    found.envelope = _read_tnef_envelope(whole)
    for attachment in whole.attachments:
        content = attachment.data if isinstance(attachment.data, bytes) else b""
        if content.startswith(file_beginnings.TNEF):
            found.nested.append(_read_tnef(content, depth + 1))
        else:
            found.leaves.append(Leaf(_tnef_name(attachment), content))
    return found


def _tnef_name(attachment: Any) -> str:
    for read in (attachment.long_filename, lambda: attachment.name):
        with suppress(Exception):  # a name in a coding that it does not say
            told = read()
            return clean_name(told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told))
    return ""


def _read_tnef_envelope(whole: Any) -> Envelope:
    """What a message in winmail.dat says of itself; the outer email's own headers say more."""
    held = {one.name: one.data for one in whole.msgprops}
    sender, sent = held.get(TNEF.ATTFROM), held.get(TNEF.ATTDATESENT)
    address = sender[2] if isinstance(sender, tuple) and len(sender) == 3 else b""
    return Envelope(
        sender=clean_line(_as_text(address), 254).lower(),
        sender_name=clean_line(_as_text(sender[0]), 100) if address and isinstance(sender, tuple) else "",
        subject=clean_line(_as_text(held.get(TNEF.ATTSUBJECT, ""))),
        sent_at=write_time(sent) if isinstance(sent, datetime) else "",
    )


def _as_text(told: object) -> str:
    return told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
