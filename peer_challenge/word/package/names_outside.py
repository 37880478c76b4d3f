"""Whether a document that is to be converted names anything outside itself, which might be fetched."""

import re
import zipfile
from io import BytesIO

from lxml import etree

from peer_challenge.system.zip_errors import BROKEN_ZIP
from peer_challenge.word.package.safe_xml import parse_xml
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.reader_findings import Unreadable

_MOST_XML = 24_000_000
"""As of a Word document (`open_package.Limits`): in a larger file it is unclear what is named."""
_LINKS = ("a",)
"""Elements whose address is for a reader to follow: `text:a` and `draw:a`. Nothing fetches it."""
_NETWORK = re.compile(r"\s*(?:(?!file:)[a-z][a-z0-9+.-]*://|//|\\\\)", re.IGNORECASE)
_OUTSIDE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|/|\\|\.\./)", re.IGNORECASE)
_DDE = ("dde-source", "dde-connection-decl")
_ADDRESS = re.compile(
    rb"(?:https?|ftps?|smb|davs?|webdav|sftp|file)://(?!schemas\.|www\.w3\.org/|purl\.o)|\\\\[\w.-]+\\",
    re.IGNORECASE,
)
_FETCHING = re.compile(rb"INCLUDEPICTURE|INCLUDETEXT|\bDDE(?:AUTO)?\b", re.IGNORECASE)
_RTF = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6}) ?\??|\\([\\{}])|\\[a-zA-Z]{1,40}-?\d{0,10} ?|\\.|[{}\r\n]",
    re.DOTALL,
)


def names_outside(data: bytes, kind: str) -> bool:
    """Whether a .doc, .odt or .rtf file names anything that is not in it. True if unclear.

    In .doc and .rtf, addresses that a reader may click on count as well, because the structure of these
    files is not examined.
    """
    if kind == "odt":
        return _odt_names_outside(data)
    text = _RTF.sub(_decode_rtf_escape, data) if kind == "rtf" else data
    wide = text.replace(b"\0", b"")  # UTF-16 without what it has beside ASCII
    return any(pattern.search(form) for pattern in (_ADDRESS, _FETCHING) for form in (text, wide))


def _decode_rtf_escape(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes([int(found[1], 16)])
    if found[2]:
        return bytes([int(found[2]) & 0x7F]) if 0 <= int(found[2]) < 0x80 else b"?"
    return found[3] or b""


def _odt_names_outside(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = [part for part in package.infolist() if part.filename.lower().endswith((".xml", ".rdf"))]
            if sum(part.file_size for part in parts) > _MOST_XML:
                return True
            return any(_part_names_outside(part.filename, package.read(part)) for part in parts)
    except (*BROKEN_ZIP, OSError):
        return True
    except (Unreadable, etree.LxmlError):
        return True


def _part_names_outside(name: str, content: bytes) -> bool:
    # a template's place on the writer's own disk is in most files, and is not opened
    outside = _NETWORK if name.rpartition("/")[2] == "meta.xml" else _OUTSIDE
    return any(_element_names_outside(element, outside) for element in parse_xml(content).iter(etree.Element))


def _element_names_outside(element: XmlElement, outside: re.Pattern[str]) -> bool:
    kind = etree.QName(element).localname
    if kind in _DDE:
        return True
    for key, value in element.attrib.items():
        is_address = etree.QName(key).localname in ("href", "image-data", "target-frame")
        if is_address and kind in _LINKS:
            continue
        if (is_address and outside.match(value)) or _NETWORK.match(value):
            return True
    return False
