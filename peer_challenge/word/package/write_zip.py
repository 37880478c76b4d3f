"""Packing a Word document: a ZIP whose bytes depend on its parts alone, fixed parts compressed once."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

_LEVEL = 6
_DOS_TIME, _DOS_DATE = 0, 33  # 1 January 1980: no clock goes into a document
_VERSION, _DEFLATED, _UTF8 = 20, 8, 0x800
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


@dataclass(frozen=True, slots=True)
class Packed:
    """One part, compressed and ready to be put into any number of documents."""

    name: bytes
    crc: int
    size: int
    data: bytes
    method: int = _DEFLATED


def compress(name: str, content: bytes) -> Packed:
    """The part `name` (a path inside the package), compressed."""
    squeezer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
    deflated = squeezer.compress(content) + squeezer.flush()
    return Packed(name.encode(), zlib.crc32(content), len(content), deflated)


def pack(parts: Iterable[Packed]) -> bytes:
    """A ZIP of `parts` in the order given; the same parts give the same bytes."""
    body: list[bytes] = []
    index: list[bytes] = []
    offset = count = 0
    for part in parts:
        about = (part.method, _DOS_TIME, _DOS_DATE, part.crc, len(part.data), part.size, len(part.name), 0)
        flags = 0 if part.name.isascii() else _UTF8
        local = _LOCAL.pack(b"PK\x03\x04", _VERSION, flags, *about) + part.name
        body += (local, part.data)
        index.append(
            _CENTRAL.pack(b"PK\x01\x02", _VERSION, _VERSION, flags, *about, 0, 0, 0, 0, offset) + part.name
        )
        offset += len(local) + len(part.data)
        count += 1
    central = b"".join(index)
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(central), offset, 0)
    return b"".join((*body, central, end))


EPOCH = datetime(2026, 1, 1)
"""The time stamped on every template, so that the same script gives the same bytes."""

_STAMPED_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</)")


def repacked(
    package: bytes, stamp: datetime = EPOCH, changed: Mapping[str, Callable[[bytes], bytes]] | None = None
) -> bytes:
    """A package with its parts in a fixed order, `stamp` as its time, and parts `changed` by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda part: (part != "[Content_Types].xml", part)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _STAMPED_TIMES.sub(
                    rb"\g<1>" + f"{stamp:%Y-%m-%dT%H:%M:%SZ}".encode() + rb"\g<2>", content
                )
            if changed and name in changed:
                content = changed[name](content)
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
