"""Files that people send in place of a Word document, known by their first bytes, each told apart.

What a file is called says nothing: a picture called form.docx is a picture.
"""

import re
import struct
from typing import NamedTuple, NoReturn

from peer_challenge.system.file_beginnings import GIF, JPEG, PNG, PROGRAMS, SHORTCUT, TIFF
from peer_challenge.word.reader_findings import Unreadable

_HEAD = 4_096
"""All that is looked for is near the beginning; of an email two headers are enough."""
_HEADER = re.compile(
    rb"^(?:from|to|cc|bcc|subject|date|received|return-path|message-id|mime-version|delivered-to|reply-to"
    rb"|content-(?:type|transfer-encoding|language|disposition)|x-[\w-]+|thread-(?:topic|index)|in-reply-to"
    rb"|references|sender|importance|user-agent|envelope-to|delivery-date|list-[\w-]+|received-spf"
    rb"|authentication-results|dkim-signature|arc-[\w-]+):",
    re.IGNORECASE | re.MULTILINE,
)
_LINK = re.compile(
    rb"\s*(?:(?:\[\{[^\[]{0,500})?\[InternetShortcut|https?://\S{5,2000}\s*$|\[Desktop Entry\]"
    rb"|<\?xml[^>]*>\s*<!DOCTYPE plist(?=.{0,600}<key>URL</key>)"
    rb"|\{[^{}]{0,2000}\"(?:url|doc_id|resource_key|resource_id|file_id)\"\s*:)",
    re.IGNORECASE | re.DOTALL,
)
_BOXES = re.compile(rb"^.{4}ftyp(.{4})", re.DOTALL)
_STILLS = (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"avif", b"avis", b"jxl ")


class _Mark(NamedTuple):
    """What a file begins with, and the finding that says what it is; `what` fills its message."""

    starts: tuple[bytes, ...]
    code: str
    what: str = ""


_SEALED = ("open.not_word", " but an email or a file that is encrypted or signed")
_SIGNED_DATA = re.compile(
    rb"0(?:\x80|[\x00-\x7f]|\x81.|\x82..|\x83...|\x84....)\x06\x09\*\x86H\x86\xf7\x0d\x01\x07", re.DOTALL
)
"""How a message begins that a mail program has signed or encrypted (S/MIME), saved as smime.p7m."""

_MARKS = (
    _Mark((SHORTCUT, b"book\x00\x00\x00\x00mark"), "open.live_link"),
    _Mark(
        (
            PNG,
            JPEG,
            *GIF,
            *TIFF,
            b"8BPS",
            b"\xff\x0a",
            b"\x00\x00\x01\x00",
        ),
        "open.picture",
    ),
    _Mark((b"ID3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3", b"0&\xb2u", b"\x00\x00\x01\xba"), "open.recording"),
    _Mark((b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", b"\xa1\x2f\xff\x43"), "open.onenote"),
    _Mark((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF", b"(\xb5/\xfd"), "open.packed"),
    _Mark(PROGRAMS, "open.not_word", " but a program"),
    _Mark((b"\xffWPC",), "open.other_writer", "WordPerfect"),
    _Mark((b"BEGIN:VCALENDAR",), "open.not_word", " but a calendar entry"),
    _Mark((b"BEGIN:VCARD",), "open.not_word", " but somebody's contact details"),
    _Mark((b"\x00\x01\x00\x00Standard",), "open.other_office", "an Access database"),
    _Mark((b"%!PS",), "open.not_word", " but a file made for a printer"),
    _Mark((b"-----BEGIN PGP", b"-----BEGIN PKCS7", b"-----BEGIN CMS"), *_SEALED),
    _Mark((b"AT&TFORM", b"xar!"), "open.not_word", " but a file of another program"),
)

_OLE_KINDS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("__properties_version1.0", "__substg1.0_", "__nameid_version1.0"), "open.email", ""),
    (("Workbook", "Book"), "open.other_office", "an Excel workbook"),
    (("PowerPoint Document",), "open.other_office", "a PowerPoint presentation"),
    (("VisioDocument",), "open.other_office", "a Visio drawing"),
    (("Quill",), "open.other_office", "a Publisher document"),
    (("MatOST", "MN0"), "open.other_writer", "Microsoft Works"),
)
"""The names of streams in files of older programs, and what they make them."""

_ZIP_KINDS: tuple[tuple[str, str, str], ...] = (
    ("xl/", "open.other_office", "an Excel workbook"),
    ("ppt/", "open.other_office", "a PowerPoint presentation"),
    ("visio/", "open.other_office", "a Visio drawing"),
    ("index/calculationengine", "open.apple", "Numbers"),
    ("index/slide", "open.apple", "Keynote"),
    ("index/document.iwa", "open.apple", "Pages"),
    ("index.zip", "open.apple", "Pages"),
    ("index.apxl", "open.apple", "Keynote"),
    ("buildversionhistory.plist", "open.apple", "Pages or Numbers"),
    ("content.opf", "open.not_word", " but an electronic book"),
    ("meta-inf/container.xml", "open.not_word", " but an electronic book"),
    ("fixeddocseq", "open.not_word", " but a print-out (XPS)"),
    ("documents/1/fixeddoc", "open.not_word", " but a print-out (XPS)"),
)
"""How the names of parts begin in packages of other programs, and what they make them."""

_SAVED_AS_XML = re.compile(rb"<\?mso-application[^>]{0,200}progid=[\"'](excel|powerpoint|infopath)\.")
_XML_KINDS = {
    b"excel": ("open.other_office", "an Excel workbook saved as XML"),
    b"powerpoint": ("open.other_office", "a PowerPoint presentation saved as XML"),
    b"infopath": ("open.not_word", " but an InfoPath form"),
}
"""What Office's other programs save as XML, by the program that the file names."""
_BUNDLE = re.compile(r"([^/]+\.(pages|numbers|key))/")
"""The folder that a document of an Apple program is, in the ZIP that Mail makes of it."""

_OWNER_SIZES = (162, 165)
"""Bytes of an owner file ("~$form.docx") of Word and of Excel."""
_LONGEST_OWNER = 54
"""Bytes of the name in it."""
_OPEN_DOCUMENT = {
    b"spreadsheet": "a spreadsheet",
    b"presentation": "a presentation",
    b"graphics": "a drawing",
}


def refuse_other_file(data: bytes) -> None:
    """Say what a file is that is no document, no package and not empty. Raises Unreadable."""
    start = data[:_HEAD]
    text = start.lstrip(b"\xef\xbb\xbf\xff\xfe\r\n\t ")
    for mark in _MARKS:
        if start.startswith(mark.starts):
            raise Unreadable(mark.code, what=mark.what)
    if _is_owner_file(data):
        raise Unreadable("open.not_word", what=" but the note that Word keeps beside a document that is open")
    for recognise in (_name_sealed, _name_media, _name_link, _name_text):
        if told := recognise(start, text):
            raise Unreadable(told[0], what=told[1])
    if data[257:262] == b"ustar":
        raise Unreadable("open.packed")


def _is_owner_file(data: bytes) -> bool:
    """Whether a file is the one with a name that Word or Excel keeps beside an open document."""
    if len(data) not in _OWNER_SIZES or not 0 < data[0] <= _LONGEST_OWNER:
        return False
    return all(letter >= ord(" ") for letter in data[1 : data[0] + 1])


def _name_sealed(start: bytes, text: bytes) -> tuple[str, str] | None:
    """What is signed or encrypted as a whole."""
    return _SEALED if _SIGNED_DATA.match(start) else None


def _name_media(start: bytes, text: bytes) -> tuple[str, str] | None:
    """Pictures and recordings whose kind stands a little further on."""
    if box := _BOXES.match(start):
        return ("open.picture" if box[1].lower() in _STILLS else "open.recording"), ""
    if start.startswith(b"RIFF"):
        return ("open.picture" if start[8:12] == b"WEBP" else "open.recording"), ""
    # 18 bytes hold a bitmap's header and the length of the next (BITMAPFILEHEADER).
    is_bitmap = start.startswith(b"BM") and len(start) > 18 and struct.unpack_from("<I", start, 6)[0] == 0
    return ("open.picture", "") if is_bitmap or b"<svg" in text[:600] else None


def _name_link(start: bytes, text: bytes) -> tuple[str, str] | None:
    if start.startswith(b"bplist00") and b"WebMainResource" in start:
        return "open.web_page", ""  # Safari's web archive, in which addresses stand too
    if _LINK.match(text) or (start.startswith(b"bplist00") and b"URL" in start):
        return "open.live_link", ""
    return None


def _name_text(start: bytes, text: bytes) -> tuple[str, str] | None:
    """Emails, web pages and XML: all begin as text."""
    lowered = text.replace(b"\x00", b"").lower()
    head = re.split(rb"\r\n\r\n|\n\n|\r\r", text, maxsplit=1)[0].replace(b"\r", b"\n")
    is_page = b"multipart/related" in lowered or b"snapshot-content-location" in lowered
    headers = {found.lower() for found in _HEADER.findall(head)}
    if is_page and b"content-location" in lowered and b"to:" not in headers:
        return "open.web_page", ""
    if len(headers) >= 2 or (text.startswith(b"From ") and headers):
        return "open.email", ""
    if b"<html" in lowered or b"<!doctype html" in lowered:
        return "open.web_page", ""
    if office := _SAVED_AS_XML.search(lowered):
        return _XML_KINDS[office[1]]
    if b"<?mso-application" in lowered or b"pkg:package" in lowered or b"worddocument" in lowered:
        return "open.word_xml", ""
    return ("open.not_word", " but an XML file") if lowered.startswith(b"<?xml") else None


def refuse_ole_file(wide: bytes) -> NoReturn:
    """Say what an OLE file is that is no Word document; `wide` is its content in small letters.

    Raises Unreadable.
    """
    for streams, code, what in _OLE_KINDS:
        if any(stream.lower().encode("utf-16-le") in wide for stream in streams):
            raise Unreadable(code, what=what)
    raise Unreadable("open.not_word", what="")


def refuse_other_package(names: list[str]) -> None:
    """Say whose package it is by the names of its parts, in small letters. Raises Unreadable."""
    bundles = {found[1]: found[2] for name in names if (found := _BUNDLE.match(name))}
    if len(bundles) == 1 and all(name.startswith((*bundles, "__macosx/")) for name in names):
        (program,) = bundles.values()
        raise Unreadable("open.apple", what={"key": "Keynote"}.get(program, program.capitalize()))
    for start, code, what in _ZIP_KINDS:
        if any(name.startswith(start) for name in names):
            raise Unreadable(code, what=what)


def refuse_open_document(start: bytes) -> NoReturn:
    """Say what an OpenDocument file is that is no text. Raises Unreadable."""
    what = next((said for word, said in _OPEN_DOCUMENT.items() if word in start), "a file of another program")
    raise Unreadable("open.other_office", what=what)
