"""Whether an email may hold a form: it has an attached file of a sort that intake reads.

This only sorts what is fetched from a mailbox. Intake opens the files, in a process with bounds of its own;
here nothing is unpacked.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

from peer_challenge.system.file_beginnings import OLE, RTF, TNEF, ZIP

_MOST_PARTS = 2_000
"""Each line that begins with two dashes counts: hence far more than the 500 parts that intake opens."""
_MOST_LINES = 600_000
"""More than any email that somebody wrote has: 25 MB in lines of 76. Parsing more takes long, and memory."""
_LONG_HEADER = re.compile(
    rb"^content-(?:type|disposition):(?:[^\n]|\n[ \t]){20000}", re.IGNORECASE | re.MULTILINE
)
"""The standard library takes for ever over a header of many parameters."""
_DEEPEST = 40
"""Intake opens twelve levels: what lies below these could not be taken in."""
_BEGINNINGS = (ZIP, OLE[:4], RTF, TNEF)
"""Of .docx, .docm, .dotx, .odt and .zip; of .doc and .msg; of .rtf; and of winmail.dat.

Half of the beginning of a .doc is enough: one that is damaged is to be asked about, not to be left.
"""
_READ_TYPES = re.compile(
    r"message/(rfc822|global)|application/(x-)?pkcs7-mime|application/(vnd\.)?ms-tnef|multipart/encrypted"
)
_ENDINGS = "docx|docm|dotx|dotm|doc|dot|odt|ott|rtf|zip|eml|msg|p7m"
_READ_NAMES = re.compile(rf"\.({_ENDINGS})$", re.IGNORECASE)
_UUENCODED = re.compile(
    rf"^begin [0-7]{{3,4}} [^\r\n]{{1,200}}\.({_ENDINGS})\s*$", re.IGNORECASE | re.MULTILINE
)
"""How old mail programs write a file into the text itself."""
_ENOUGH = 64
"""Characters of a part that are decoded to see how its file begins."""


def is_oddly_built(email: bytes) -> bool:
    """Whether an email is not parsed at all: more parts, lines or parameters than any mail program writes."""
    is_long = email.count(b"\n--") > _MOST_PARTS or email.count(b"\n") > _MOST_LINES
    return is_long or _LONG_HEADER.search(email) is not None


def may_hold_form(email: bytes) -> bool:
    """Whether a file that intake reads is attached to an email: a document, an archive, another email.

    True too where the email cannot be taken apart here: intake then says why.
    """
    try:
        return any(_is_read(part) for part in _walk_parts(message_from_bytes(email)))
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return True


def _walk_parts(email: Message, depth: int = 0) -> Iterator[Message]:
    yield email
    payload = email.get_payload()
    if depth < _DEEPEST and isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                yield from _walk_parts(part, depth + 1)


def _is_read(part: Message) -> bool:
    if _READ_TYPES.fullmatch(part.get_content_type()) or part.is_multipart():
        return bool(_READ_TYPES.fullmatch(part.get_content_type()))
    if _READ_NAMES.search(part.get_filename("") or ""):
        return True
    if part.get_content_maintype() == "text" and _UUENCODED.search(str(part.get_payload())):
        return True
    return _decode_beginning(part).lstrip().startswith(_BEGINNINGS)


def _decode_beginning(part: Message) -> bytes:
    """The first bytes of a part's file."""
    payload = part.get_payload()
    if not isinstance(payload, str):
        return b""
    short = Message()
    short["Content-Transfer-Encoding"] = str(part.get("Content-Transfer-Encoding", "")).strip()
    short.set_payload(payload[:_ENOUGH])
    decoded = short.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""
