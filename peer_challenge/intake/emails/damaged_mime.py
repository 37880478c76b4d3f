"""What mail gateways, old programs and bad luck do to the bodies of emails, and how it is undone."""

import binascii
import re
from collections.abc import Iterator
from email.message import Message

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_PADDING = re.compile(rb"=+")
_UU_CODINGS = ("x-uuencode", "uuencode", "uue", "x-uue")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,300})\r?$", re.MULTILINE)
_DIVIDING = re.compile(rb"^--([^\s\r\n][^\r\n]{0,69}?)[ \t]*\r?\n(?=Content-[A-Za-z-]+:)", re.MULTILINE)
_MOST_UUENCODED = 50
"""Unlike parts, these files are counted only when all of them were read: one text may hold thousands."""


def decode_body(part: Message) -> bytes:
    """The bytes of a part's body, by its transfer encoding; what is not in that encoding is kept as it is."""
    coding = read_coding(part)
    if coding not in ("base64", *_UU_CODINGS):
        whole = part.get_payload(decode=True)
        return whole if isinstance(whole, bytes) else b""
    raw = str(part.get_payload()).encode("utf-8", "replace")
    if coding == "base64":
        return decode_base64(raw)
    return next((content for _, content in find_uuencoded(raw)), raw)


def read_coding(part: Message) -> str:
    """The transfer encoding that a part says it has, in small letters."""
    return str(part.get("Content-Transfer-Encoding", "")).strip().lower()


def decode_base64(raw: bytes) -> bytes:
    """The bytes that base64 stands for.

    Letters that it does not know are left out, and pieces that were each ended by "=" are joined.
    """
    pieces = _PADDING.split(_NOT_BASE64.sub(b"", raw))
    return b"".join(_decode_piece(piece) for piece in pieces)


def _decode_piece(piece: bytes) -> bytes:
    """One run of base64 without its padding; a letter too many at its end says nothing and is left out."""
    whole = piece[:-1] if len(piece) % 4 == 1 else piece
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def find_uuencoded(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Each file that is written into a text by uuencode: its name and its content."""
    end = 0
    for number, begin in enumerate(_UU_BEGIN.finditer(content)):
        if number >= _MOST_UUENCODED or begin.start() < end:
            continue
        file, end = _read_uuencoded(content, begin.end())
        if file:
            yield begin[1].decode("utf-8", "replace"), file


def _read_uuencoded(content: bytes, start: int) -> tuple[bytes, int]:
    pieces, place = [], start + 1
    while place < len(content):
        stop = content.find(b"\n", place)
        line = content[place : stop if stop >= 0 else len(content)].rstrip(b"\r")
        place = stop + 1 if stop >= 0 else len(content)
        if line.strip() == b"end":
            break
        try:
            pieces.append(binascii.a2b_uu(line))
        except binascii.Error:
            count = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0  # as old programs wrote too much
            try:
                pieces.append(binascii.a2b_uu(line[:count]))
            except binascii.Error:
                return b"", place
    return b"".join(pieces), place


def guess_boundary(body: bytes) -> str | None:
    """The line that divides the parts of a body that does not say which; None where none seems to."""
    found = _DIVIDING.search(body)
    return found[1].decode("latin-1").replace('"', "") if found else None
