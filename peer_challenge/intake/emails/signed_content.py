"""The content of a signed message whose signature is wrapped around it (S/MIME, smime.p7m).

Only the wrapping is opened. The signature is not checked: it would say who signed, and nothing here relies on
that. `cryptography` reads the certificates of such a file and not its content, so the few tags around the
content are read here (RFC 5652, section 5).
"""

from collections.abc import Iterator
from dataclasses import dataclass

SIGNED = bytes.fromhex("06092a864886f70d010702")
_NOT_TO_OPEN = (
    bytes.fromhex("06092a864886f70d010703"),  # enveloped: encrypted
    bytes.fromhex("060b2a864886f70d0109100117"),  # encrypted, and protected from changes
    bytes.fromhex("060b2a864886f70d0109100109"),  # compressed, which no mail program writes
)
_SEQUENCE, _OCTETS, _WRAPPED = 0x30, 0x04, 0xA0
_HEAD = 40
"""The kind follows the tag around the whole and its length, which have six bytes at most."""
_DEEPEST = 10
"""Pieces of a signed content lie seven deep (RFC 5652, section 5): a file that goes deeper is none."""
_MOST_PIECES = 1_000_000
"""To read so many takes 1.5 seconds. A message of 17 MB in pieces of 1,000 bytes comes to 120,000."""


class NoContent(ValueError):
    """The file is damaged."""


def is_wrapped(data: bytes) -> bool:
    """Whether a file is a signed or encrypted message of S/MIME, by its first bytes (DER or BER)."""
    head = data[:_HEAD]
    return head[:1] == b"\x30" and any(kind in head for kind in (SIGNED, *_NOT_TO_OPEN))


def is_encrypted(data: bytes) -> bool:
    """Whether a wrapped file is encrypted, so that nobody but its addressee can open it."""
    return SIGNED not in data[:_HEAD]


def unwrap_signed(data: bytes) -> bytes:
    """What is inside a signed file: a MIME part with its headers; empty where the signature is beside it.

    Raises NoContent.
    """
    reader = _Tags(data)
    outer = reader.read_tag(0, len(data), 1)
    explicit = list(reader.children(outer))[1:2]
    signed = [child for wrapped in explicit for child in reader.children(wrapped)]
    if not signed:
        raise NoContent("no signed data")
    inside = next((one for one in list(reader.children(signed[0]))[1:] if one.tag == _SEQUENCE), None)
    if inside is None:
        raise NoContent("no content")
    wrapped = [child for child in reader.children(inside) if child.tag == _WRAPPED]
    return b"".join(reader.octets(child, 1) for one in wrapped for child in reader.children(one))


@dataclass(frozen=True, slots=True)
class _Tag:
    tag: int
    start: int
    end: int
    after: int


class _Tags:
    """Reads tags of BER, those of a length that is not said (as Outlook writes them) among them."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._count = 0

    def read_tag(self, place: int, end: int, depth: int) -> _Tag:
        """The tag at `place`, which ends at `end` at the latest. Raises NoContent."""
        self._count += 1
        if depth > _DEEPEST or self._count > _MOST_PIECES or place + 2 > end:
            raise NoContent("damaged")
        tag, length, place = self._data[place], self._data[place + 1], place + 2
        if length == 0x80:
            return self._read_unlimited(tag, place, end, depth)
        if length > 0x80:
            count = length & 0x7F
            if count > 4 or place + count > end:
                raise NoContent("damaged")
            length, place = int.from_bytes(self._data[place : place + count], "big"), place + count
        if place + length > end:
            raise NoContent("cut short")
        return _Tag(tag, place, place + length, place + length)

    def _read_unlimited(self, tag: int, start: int, end: int, depth: int) -> _Tag:
        place = start
        while self._data[place : place + 2] != b"\x00\x00":
            place = self.read_tag(place, end, depth + 1).after
        return _Tag(tag, start, place, place + 2)

    def children(self, tag: _Tag) -> Iterator[_Tag]:
        """The tags inside one. Raises NoContent."""
        place = tag.start
        while place < tag.end:
            child = self.read_tag(place, tag.end, 1)
            yield child
            place = child.after

    def octets(self, tag: _Tag, depth: int) -> bytes:
        """The bytes of a text of bytes, which may be in pieces. Raises NoContent."""
        if tag.tag == _OCTETS:
            return self._data[tag.start : tag.end]
        if tag.tag != _OCTETS | 0x20 or depth > _DEEPEST:
            raise NoContent("damaged")
        return b"".join(self.octets(child, depth + 1) for child in self.children(tag))
