"""Takes the notes out of a photograph, such as where and by whom it was taken; its dots stay as they are.

For pictures in a PDF: to draw each again would change how it looks.
"""

import re
import struct

_START, _END, _SCAN = b"\xff\xd8", b"\xff\xd9", 0xDA
_NO_LENGTH = frozenset((0x01, *range(0xD0, 0xD8)))
_NOTES = frozenset((0xFE, *range(0xE0, 0xF0)))
"""Comments and the segments of applications."""
_NEEDED = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""What a reader needs of applications to show the right colours, by how it begins."""
_AFTER_SCAN = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
"""The next marker behind dots, in which 0xFF is followed by 0 or a mark to start again."""
_MARKER = re.compile(rb"\xff+([^\x00\xff])")
_JPEG_2000_FILE = b"\x00\x00\x00\x0cjP  "
_BOXES_OF_NOTES = (b"xml ", b"uuid", b"uinf", b"asoc", b"lbl ")


def remove_jpeg_notes(data: bytes) -> bytes:
    """A JPEG without comments, notes of programs and cameras, and what follows its end.

    Raises ValueError for what is none, struct.error for one that is cut short in its notes.
    """
    if not data.startswith(_START):
        raise ValueError("no JPEG")
    kept, at = [_START], 2
    while (marker := _MARKER.match(data, at)) is not None and marker[1][0] != _END[1]:
        kind, begun = marker[1][0], marker.end()
        length = 0 if kind in _NO_LENGTH else struct.unpack_from(">H", data, begun)[0]
        at = begun + length
        if kind == _SCAN:
            behind = _AFTER_SCAN.search(data, at)
            at = behind.start() if behind else len(data)
        needed = _NEEDED.get(kind)
        if kind not in _NOTES or (needed and data.startswith(needed, begun + 2)):
            kept.append(b"\xff" + marker[1] + data[begun:at])
    return b"".join((*kept, _END))


def remove_jpeg_2000_notes(data: bytes) -> bytes:
    """A JPEG 2000 file without the boxes that hold notes. What is none of its files has no boxes."""
    if not data.startswith(_JPEG_2000_FILE):
        return data
    kept, at = [], 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if size == 1:
            size = struct.unpack_from(">Q", data, at + 8)[0]
        end = at + size if size >= 8 else len(data)
        if kind not in _BOXES_OF_NOTES:
            kept.append(data[at:end])
        at = end
    return b"".join(kept)
