"""Which pictures may be sent, judged by their bytes, and the grey box that replaces the others."""

import struct
import zlib
from functools import cache

from peer_challenge.word.active_content.allowed_parts import LARGEST_PICTURE, PICTURES
from peer_challenge.word.package.open_package import Package
from peer_challenge.word.reader_findings import Unreadable

_GREY = b"\xd0"
_SIDE = 8
"""Dots each way. Of one colour, it looks alike in every size to which Word stretches it."""


def ending_of_picture(package: Package, name: str) -> str | None:
    """The file ending of a picture ("png"), or None for one that is damaged or not allowed."""
    head = package.begin_of(name, 32)
    kind = next((ending for beginning, ending, _ in PICTURES if head.startswith(beginning)), None)
    return kind if kind and _is_intact_part(package, name) else None


def _is_intact_part(package: Package, name: str) -> bool:
    """Whether a part has the length and the checksum that it says, looked at piece by piece."""
    if package.size_of(name) > LARGEST_PICTURE:
        return False
    try:
        for _ in package.pieces_of(name):
            pass
    except Unreadable:
        return False
    return True


@cache
def make_grey_box() -> bytes:
    """A small grey picture (PNG), shown in place of one that is not kept."""
    rows = (b"\x00" + _GREY * _SIDE) * _SIDE
    head = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 0, 0, 0, 0)
    return PICTURES[0][0] + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )
