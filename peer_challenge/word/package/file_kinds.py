"""Telling the kind of a file from its content, whatever its name says."""

import re
import struct
import zipfile
from io import BytesIO

from peer_challenge.word.reader_findings import Unreadable

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LINK = re.compile(
    rb"\s*(?:\[InternetShortcut\]|https?://\S{5,2000}\s*$|\{\s*\"(?:url|doc_id)\")", re.IGNORECASE
)
_END = struct.Struct("<4s4H2LH")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
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
    if data.startswith(_OLE):
        return _kind_of_ole(data)
    if not data.strip(b"\x00 \r\n\t"):
        raise Unreadable("open.empty")
    start = data[:1024].lstrip(b"\xef\xbb\xbf\r\n\t \x00")
    if b"%PDF-" in data[:1024]:
        raise Unreadable("open.pdf")
    if start.startswith(b"{\\rtf"):
        return "rtf"
    if _LINK.match(data[:4096]):
        raise Unreadable("open.live_link")
    raise Unreadable("open.not_word", what=_describe_file(start))


def _describe_file(start: bytes) -> str:
    lowered = start[:512].lower()
    if start.startswith(_PICTURES):
        return " but a picture"
    if b"<html" in lowered or b"<!doctype html" in lowered:
        return " but a web page"
    if b"<?mso-application" in lowered or b"pkg:package" in lowered or b"worddocument" in lowered:
        return " but a document saved as XML"
    return ""


def _kind_of_ole(data: bytes) -> str:
    """An OLE file is an old Word document, or a wrapper around an encrypted one (names in any case)."""
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
    if (
        _encode_as_utf16("Workbook").lower() in wide
        or _encode_as_utf16("PowerPoint Document").lower() in wide
    ):
        raise Unreadable("open.not_word", what=" but a file of another Office program")
    raise Unreadable("open.not_word", what="")


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
        raise Unreadable("open.not_word", what=" but a file of another Office program")
    directory = _directory_of(data)
    if b"[Content_Types].xml" in directory and b"word/" in directory:  # most are, which is seen at once
        return "docx"
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = [name.lower().replace("\\", "/").lstrip("/") for name in archive.namelist()]
    except Exception:
        return "docx"
    if "[content_types].xml" not in names:
        return (
            "zip"
            if any(
                name.endswith((".docx", ".dotx", ".docm", ".doc", ".odt", ".rtf", ".pdf")) or "/" in name
                for name in names
                if not name.startswith("word/")
            )
            and "word/document.xml" not in names
            else "docx"
        )
    if any(name.startswith("word/") for name in names):
        return "docx"
    if any(name.startswith(("xl/", "ppt/", "visio/")) for name in names):
        raise Unreadable("open.not_word", what=" but a file of another Office program")
    return "docx"
