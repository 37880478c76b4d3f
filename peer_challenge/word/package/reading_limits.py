"""What reading a document may cost: bytes, elements, seconds and memory."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document may cost. Honest files reach 291 entries, 130:1 on one, 15 MB unpacked, depth 29.

    Bytes and elements are counted before a document is read, so that it is refused or read on every machine;
    `seconds` of a processor are twice what so many take, for what no count foresees.
    """

    max_bytes: int = 25_000_000
    seconds: float = 10.0
    memory_mb: int = 300
    entries: int = 2_000
    expansion: int = 300  # of one XML entry over a megabyte; a white picture packs far tighter
    unpacked_bytes: int = 400_000_000  # of all entries, as declared; pictures are never unpacked
    xml_bytes: int = 24_000_000  # of all XML parts together
    elements: int = 700_000  # of all XML parts: twenty times a long form
    depth: int = 200


DEFAULT_LIMITS = Limits()
