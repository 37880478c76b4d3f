"""Whether a file has arrived whole, by its first and last bytes: it may still be on its way."""

import os
import re
import struct

from peer_challenge.system.file_beginnings import OLE, RTF

_END = 66_000
"""A ZIP file ends with a record of 22 bytes and a comment of up to 65,535 (APPNOTE, 4.3.16)."""
_START = 64_000
"""An email's headers are in it, though mail gateways add many before the one that names the boundary."""
_BOUNDARY = re.compile(
    rb"^content-type:\s*multipart/[^;]{1,80};(?:[^\r\n]|\r?\n[ \t]){0,2000}?boundary=\"?([^\"\r\n;]{1,70})",
    re.IGNORECASE | re.MULTILINE,
)


def is_cut_short(handle: int) -> bool:
    """Whether an open file is empty, or lacks its end, as a half-copied one does.

    A Word file or ZIP ends with its list of parts, an email of several parts with the line that ends them,
    and a rich text with its last bracket. An Outlook file has the sectors that its header names.
    """
    size = os.fstat(handle).st_size
    if not size:
        return True
    start = os.pread(handle, _START, 0)
    end = os.pread(handle, _END, max(0, size - _END))
    if start[:2] == b"PK":
        return b"PK\x05\x06" not in end
    if start.startswith(OLE):
        return size < _least_size_of_ole(start)
    if start.startswith(RTF):
        return not end.rstrip(b"\x00\x1a \r\n\t").endswith(b"}")
    head = re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0]
    divided = _BOUNDARY.search(head)
    return divided is not None and b"--" + divided[1].strip() + b"--" not in end


def _least_size_of_ole(start: bytes) -> int:
    """Where the last sector ends that an OLE file's header names (MS-CFB, 2.2); 0 where that is unclear."""
    # The header is 512 bytes long, whatever follows.
    if len(start) < 512:
        return 512
    (shift,) = struct.unpack_from("<H", start, 30)
    (count,) = struct.unpack_from("<L", start, 44)
    places = [struct.unpack_from("<L", start, 48)[0], *struct.unpack_from(f"<{min(count, 109)}L", start, 76)]
    named = [place for place in places if place < 0xFFFFFFFA]
    return (max(named) + 2) << shift if named and shift in (9, 12) else 0
