"""Opening the ZIP package of a Word document safely: nothing is parsed before it has been checked."""

import contextlib
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO

from peer_challenge.system.file_beginnings import ZIP
from peer_challenge.system.zip_errors import BROKEN_ZIP
from peer_challenge.word.package.reading_limits import Limits
from peer_challenge.word.package.safe_xml import holds_dtd, parse_xml
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.reader_findings import Unreadable

_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_XML = (".xml", ".rels", ".vml")
_ALIKE = ("styles.xml", "theme1.xml", "fontTable.xml", "ettings.xml", "numbering.xml", "Types].xml", ".rels")
"""Parts that are the same in one form after another."""
_SMALL = 100_000
"""Bytes of one such part: 64 of them are kept, so 6 MB at most."""
_PIECE = 1_000_000
"""Bytes of a picture that are in memory at a time."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True)
class Relationship:
    """One relationship of a part. `target` is a part's name, or an address when it is external."""

    id: str
    type: str  # the last word of its type: "header", "hyperlink", "image"
    target: str
    is_external: bool


class Package:
    """The parts of a document that has passed every check of its packaging.

    Raises Unreadable when it does not pass. XML parts are unpacked once and kept; other parts are not kept.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self._limits = limits
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                entries = archive.infolist()
        except (*BROKEN_ZIP, OSError) as why:
            raise Unreadable("open.corrupt" if b"PK\x05\x06" in data[-65_557:] else "open.truncated") from why
        self._check_entries(entries)
        self.entries = {entry.filename: entry for entry in entries if not entry.is_dir()}
        self._by_lower = {name.lower(): name for name in self.entries}
        self._unpacked: dict[str, bytes] = {}
        self._relationships: dict[str, dict[str, Relationship]] = {}
        self.damaged: set[str] = set()
        self.total = 0
        self._elements = 0

    def _check_entries(self, entries: list[zipfile.ZipInfo]) -> None:
        limits = self._limits
        if len(entries) > limits.entries:
            raise Unreadable("open.too_many_parts")
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise Unreadable("open.encrypted")
        for entry in entries:
            entry.filename = entry.filename.replace("\\", "/")
        names = [entry.filename.lower() for entry in entries]
        if len(set(names)) != len(names):
            raise Unreadable("open.duplicate_parts")
        if any(map(_is_unsafe, names)):
            raise Unreadable("open.unsafe_path")
        if sum(entry.file_size for entry in entries) > limits.unpacked_bytes or any(
            # a part below a megabyte costs nothing to unpack, however tightly it is packed
            entry.file_size > 1_000_000 and entry.file_size > limits.expansion * max(entry.compress_size, 1)
            for entry in entries
            if entry.filename.lower().endswith(_XML)
        ):
            raise Unreadable("open.expands_too_much")
        ends = 0
        for entry in sorted(entries, key=lambda entry: entry.header_offset):
            if entry.header_offset < ends:
                raise Unreadable("open.overlapping_parts")
            ends = entry.header_offset + 30 + entry.compress_size

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._by_lower

    def real_name(self, name: str) -> str | None:
        """The name of a part as the package spells it: part names ignore case."""
        return self._by_lower.get(name.lower())

    def xml_names(self) -> Iterator[str]:
        """The names of the parts that are XML."""
        return (name for name in self.entries if name.lower().endswith(_XML))

    def read(self, name: str) -> bytes:
        """A part's bytes.

        Raises KeyError when it isn't there, Unreadable when its size or checksum is not as the file says or
        when the document is too large.
        """
        real = self._by_lower[name.lower()]
        if real not in self._unpacked:
            content = self._unpack_entry(self.entries[real])
            self.total += len(content)
            self._elements += content.count(b"<") - content.count(b"</")
            if self.total > self._limits.xml_bytes or self._elements > self._limits.elements:
                raise Unreadable("open.too_large")
            self._unpacked[real] = content
        return self._unpacked[real]

    def _unpack_entry(self, entry: zipfile.ZipInfo) -> bytes:
        if entry.file_size > self._limits.xml_bytes:
            raise Unreadable("open.too_large")
        packed = self._read_packed_bytes(entry)
        is_alike = entry.file_size <= _SMALL and entry.filename.endswith(_ALIKE)
        unpack = _same_again if is_alike else _unpack_and_verify
        return unpack(packed, entry.compress_type, entry.file_size, entry.CRC)

    def _read_packed_bytes(self, entry: zipfile.ZipInfo) -> bytes:
        """The bytes of a part as they are in the file."""
        if entry.compress_type not in _METHODS:
            raise Unreadable("open.corrupt")
        header = self._data[entry.header_offset : entry.header_offset + 30]
        # A local header has 30 bytes before the name (APPNOTE, 4.3.7).
        if len(header) < 30 or header[:4] != ZIP:
            raise Unreadable("open.corrupt")
        fields = _LOCAL_HEADER.unpack(header)
        start = entry.header_offset + 30 + fields[9] + fields[10]
        return self._data[start : start + entry.compress_size]

    def size_of(self, name: str) -> int:
        """How many bytes a part has, as the file says. Raises KeyError when it isn't there."""
        return self.entries[self._by_lower[name.lower()]].file_size

    def pieces_of(self, name: str) -> Iterator[bytes]:
        """A part's bytes, a megabyte at a time: it is never in memory as a whole.

        Raises KeyError when it isn't there, Unreadable when its size or checksum is not as the file says.
        """
        entry = self.entries[self._by_lower[name.lower()]]
        checksum = size = 0
        for piece in _inflate_in_pieces(self._read_packed_bytes(entry), entry.compress_type):
            checksum, size = zlib.crc32(piece, checksum), size + len(piece)
            if size > entry.file_size:
                raise Unreadable("open.lying_size")
            yield piece
        if (size, checksum) != (entry.file_size, entry.CRC):
            raise Unreadable("open.bad_checksum")

    def begin_of(self, name: str, size: int) -> bytes:
        """The first `size` bytes of any part, as far as they can be unpacked; the part is not kept."""
        real = self._by_lower[name.lower()]
        if real in self._unpacked:
            return self._unpacked[real][:size]
        with contextlib.suppress(Unreadable, zlib.error):
            entry = self.entries[real]
            packed = self._read_packed_bytes(entry)
            if entry.compress_type == zipfile.ZIP_STORED:
                return packed[:size]
            return zlib.decompressobj(-15).decompress(packed, size)
        return b""

    def unpack_every_part(self, needed: tuple[str, ...]) -> None:
        """Unpack every XML part and refuse document types and entities in it.

        A damaged part is noted in `damaged`, unless its name begins with one of `needed`.
        """
        for name in list(self.xml_names()):
            try:
                content = self.read(name)
            except Unreadable as why:
                if why.code == "open.too_large" or name.lower().startswith(needed):
                    raise
                self.damaged.add(name)
                continue
            if holds_dtd(content):
                raise Unreadable("open.dtd")

    def tree(self, name: str) -> XmlElement:
        """A part's root element, parsed by the hardened parser."""
        return parse_xml(self.read(name))

    def relationships(self, name: str) -> dict[str, Relationship]:
        """The relationships of a part by id; none when they are missing or damaged."""
        if name not in self._relationships:
            self._relationships[name] = self._read_relationships(name)
        return self._relationships[name]

    def _read_relationships(self, name: str) -> dict[str, Relationship]:
        folder, _, base = name.rpartition("/")
        file = f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"
        try:
            return _relationships_in(self.read(file), folder)
        except (KeyError, Unreadable):
            return {}

    @cached_property
    def document(self) -> str:
        """The name of the main document part. Raises Unreadable when there is none."""
        for relationship in self.relationships("").values():
            if relationship.type == "officeDocument" and (real := self.real_name(relationship.target)):
                return real
        for name in ("word/document.xml", "document.xml"):
            if real := self.real_name(name):
                return real
        raise Unreadable("open.no_document")


@lru_cache(maxsize=64)
def _relationships_in(content: bytes, folder: str) -> dict[str, Relationship]:
    """What a part of relationships says: the same in all forms of a kind, so it is parsed once."""
    found = (_parse_relationship(element, folder) for element in parse_xml(content))
    return {relationship.id: relationship for relationship in found if relationship}


def _parse_relationship(element: XmlElement, folder: str) -> Relationship | None:
    target = element.get("Target")
    if target is None:
        return None
    is_external = element.get("TargetMode") == "External"
    if not is_external:
        target = target.split("#")[0]
        if _is_plain(target):
            target = f"{folder}/{target}" if folder else target
        else:
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    kind = (element.get("Type") or "").rpartition("/")[2]
    return Relationship(element.get("Id") or "", kind, target, is_external)


_is_plain = re.compile(r"\w[\w-]*(?:/\w[\w-]*)*\.\w+").fullmatch  # a path without "..", "//" and the like


def _unpack_and_verify(packed: bytes, method: int, size: int, checksum: int) -> bytes:
    """A part's bytes, which are as many as it says and have the checksum that it says, or Unreadable."""
    content = packed if method == zipfile.ZIP_STORED else _inflate_bytes(packed, size)
    if len(content) != size:
        raise Unreadable("open.lying_size")
    if zlib.crc32(content) != checksum:
        raise Unreadable("open.bad_checksum")
    return content


_same_again = lru_cache(maxsize=64)(_unpack_and_verify)


def _inflate_bytes(packed: bytes, size: int) -> bytes:
    stream = zlib.decompressobj(-15)
    try:
        content = stream.decompress(packed, size + 1)
    except zlib.error as why:
        raise Unreadable("open.bad_checksum") from why
    return content


def _inflate_in_pieces(packed: bytes, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        yield packed
        return
    stream, left = zlib.decompressobj(-15), packed
    try:
        while piece := stream.decompress(left, _PIECE):
            yield piece
            left = stream.unconsumed_tail
    except zlib.error as why:
        raise Unreadable("open.bad_checksum") from why
    if not stream.eof or stream.unused_data:
        raise Unreadable("open.bad_checksum")


def _is_unsafe(name: str) -> bool:
    pieces = name.split("/")
    return ".." in pieces or name.startswith("/") or "\x00" in name or ":" in pieces[0]
