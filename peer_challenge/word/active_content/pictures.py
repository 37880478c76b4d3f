"""Pictures that may leave, told by their bytes, and the grey box that stands for those that may not."""

import struct
import zipfile
import zlib
from dataclasses import replace
from functools import cache

from peer_challenge.word.active_content.allowed_parts import LARGEST_PICTURE, PICTURES
from peer_challenge.word.package.open_package import Package
from peer_challenge.word.package.write_zip import Packed
from peer_challenge.word.reader_findings import Unreadable

_GREY = b"\xd0"
_SIDE = 8
_CHUNK = 1_000_000


def ending_of_picture(package: Package, name: str) -> str | None:
    """The ending of a file of this picture ("png"); None for one that is not kept or is damaged."""
    head = package.begin_of(name, 32)
    kind = next((ending for beginning, ending, _ in PICTURES if head.startswith(beginning)), None)
    return kind if kind and _is_whole(package, name) else None


def packed_picture(package: Package, name: str, new_name: str) -> Packed:
    """A picture as it is in the package, under a new name; it is not unpacked to memory as a whole."""
    return replace(package.as_packed(name), name=new_name.encode("ascii"))


def _is_whole(package: Package, name: str) -> bool:
    """Whether a part has the length and the checksum that it says, looked at piece by piece."""
    try:
        packed = package.as_packed(name)
    except Unreadable:
        return False
    said = (packed.size, packed.crc)
    if packed.size > LARGEST_PICTURE:
        return False
    if packed.method == zipfile.ZIP_STORED:
        return (len(packed.data), zlib.crc32(packed.data)) == said
    stream, checksum, size, left = zlib.decompressobj(-15), 0, 0, packed.data
    try:
        while (piece := stream.decompress(left, _CHUNK)) and size <= packed.size:
            checksum, size, left = zlib.crc32(piece, checksum), size + len(piece), stream.unconsumed_tail
    except zlib.error:
        return False
    return stream.eof and not stream.unused_data and (size, checksum) == said


@cache
def grey_box() -> bytes:
    """A small grey picture (PNG), shown in place of one that is not kept."""
    rows = (b"\x00" + _GREY * _SIDE) * _SIDE
    head = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 0, 0, 0, 0)
    return PICTURES[0][0] + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )
