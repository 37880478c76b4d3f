"""Telling the kind of a file from its content, whatever its name says."""

import re
import struct
import zipfile
from io import BytesIO

from peer_challenge.system.file_beginnings import OLE, PDF, RTF, TNEF
from peer_challenge.word.package.files_in_place_of_documents import (
    refuse_ole_file,
    refuse_open_document,
    refuse_other_file,
    refuse_other_package,
)
from peer_challenge.word.reader_findings import Unreadable

_OLE_HEADER = 512
"""Bytes (MS-CFB, 2.2); as many of the directory hold its first four names."""
_OF_MESSAGES = tuple(
    name.encode("utf-16-le")
    for name in ("__nameid_v", "__properties_v", "__substg1.0_", "__recip_v", "__attach_v")
)
_END = struct.Struct("<4s4H2LH")
_PACKED = (".docx", ".dotx", ".docm", ".doc", ".odt", ".rtf", ".pdf", ".eml", ".msg", ".p7m", "winmail.dat")
CONVERTIBLE = {
    "doc": "an old Word document (.doc)",
    "odt": "an OpenDocument text (.odt)",
    "rtf": "a rich text file (.rtf)",
}


def kind_of_file(data: bytes) -> str:
    """The kind of a file: "docx", "zip", or a key of CONVERTIBLE.

    Raises Unreadable for a file of a kind that can't be read at all.
    """
    if data.startswith(b"PK"):
        return _kind_of_zip(data)
    if data.startswith(OLE):
        return _kind_of_ole(data)
    if data.startswith(TNEF):
        raise Unreadable("open.email", what="")
    if not data.strip(b"\x00 \r\n\t"):
        raise Unreadable("open.empty")
    start = data[:1024].lstrip(b"\xef\xbb\xbf\r\n\t \x00")
    if PDF in data[:1024]:
        raise Unreadable("open.pdf")
    if start.startswith(RTF):
        return "rtf"
    refuse_other_file(data)
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))  # text as Windows saves it under "Unicode"
    start = data[:4096].replace(b"\x00", b"") if is_wide else data[:4096]
    is_text = not re.search(rb"[\x00-\x08\x0e-\x1f]", start)
    raise Unreadable("open.not_word", what=" but a plain text" if is_text else "")


def _kind_of_ole(data: bytes) -> str:
    """An OLE file is an old Word document, or a wrapper around an encrypted one (names in any case)."""
    if _is_outlook_message(data):  # before all others: what is attached to it may be of any kind
        raise Unreadable("open.email", what="")
    wide = data.lower()
    if _encode_as_utf16("DataSpaces").lower() in wide and (
        _encode_as_utf16("DRMEncrypted").lower() in wide or b"drmencrypted" in wide
    ):
        raise Unreadable("open.rights_managed")
    if (
        _encode_as_utf16("EncryptedPackage").lower() in wide
        or _encode_as_utf16("EncryptionInfo").lower() in wide
    ):
        raise Unreadable("open.encrypted")
    if _encode_as_utf16("WordDocument").lower() in wide:
        return "doc"
    refuse_ole_file(wide)


def _is_outlook_message(data: bytes) -> bool:
    """Whether the first names of an OLE file's own directory are those of a message (MS-OXMSG, 2.2)."""
    if len(data) < _OLE_HEADER:
        return False
    (shift,), (first,) = struct.unpack_from("<H", data, 30), struct.unpack_from("<L", data, 48)
    start = (first + 1) << min(shift, 16)
    names = [data[start + entry : start + entry + 64] for entry in range(0, _OLE_HEADER, 128)]
    return any(name.startswith(_OF_MESSAGES) for name in names)


def _encode_as_utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def _directory_of(data: bytes) -> bytes:
    """The list of a ZIP's parts, as bytes, when it is right before the end of the file; else nothing."""
    end = data[-_END.size :]
    if len(end) < _END.size or not end.startswith(b"PK\x05\x06"):
        return b""
    *_, size, start, _ = _END.unpack(end)
    return data[start : start + size]


def _kind_of_zip(data: bytes) -> str:
    if data[:200].find(b"mimetypeapplication/vnd.oasis.opendocument.text") >= 0:
        return "odt"
    if data[:200].find(b"mimetypeapplication/vnd.oasis") >= 0:
        refuse_open_document(data[:200])
    directory = _directory_of(data)
    if b"[Content_Types].xml" in directory and b"word/" in directory:  # most are, which is seen at once
        return "docx"
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = [name.lower().replace("\\", "/").lstrip("/") for name in archive.namelist()]
    except Exception:
        return "docx"
    is_word = any(name.startswith("word/") for name in names)
    if not is_word:
        refuse_other_package(names)
    return "docx" if "[content_types].xml" in names or not _holds_files(names) else "zip"


def _holds_files(names: list[str]) -> bool:
    """Whether a ZIP without the list of types that documents have is one of people's files."""
    outside = [name for name in names if not name.startswith("word/")]
    if len(outside) == len(names):
        return True
    is_of_files = any(name.endswith(_PACKED) or "/" in name for name in outside)
    return is_of_files and "word/document.xml" not in names
