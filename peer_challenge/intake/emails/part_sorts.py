"""What each file in an email is: a document that may be a form, evidence, or something to leave aside."""

import re
from enum import StrEnum
from typing import NamedTuple

from peer_challenge.intake.emails.message_content import Leaf
from peer_challenge.word.package.file_kinds import CONVERTIBLE, kind_of_file
from peer_challenge.word.reader_findings import Unreadable


class Sort(StrEnum):
    """What is done with a file of an email: it is read, kept beside the forms, or only listed."""

    DOCUMENT = "document"
    EVIDENCE = "evidence"
    ASIDE = "aside"


class SortedPart(NamedTuple):
    """What is done with a file, and what it is called in a list: a key of `PART_NAMES`."""

    sort: Sort
    what: str


PART_NAMES = {
    "document": ("Word document that is none of our forms", "Word documents that are none of our forms"),
    "pdf": ("PDF", "PDFs"),
    "picture": ("picture", "pictures"),
    "inline picture": ("picture in the text, such as a logo", "pictures in the text, such as logos"),
    "office": ("spreadsheet or presentation", "spreadsheets or presentations"),
    "calendar": ("calendar entry", "calendar entries"),
    "contact": ("contact card", "contact cards"),
    "text": ("text of the email", "texts of the email"),
    "text file": ("text file", "text files"),
    "zip": ("ZIP file", "ZIP files"),
    "signature": ("digital signature", "digital signatures"),
    "report": ("delivery report", "delivery reports"),
    "recording": ("recording", "recordings"),
    "empty": ("empty file", "empty files"),
    "link": ("link to a document in a shared drive", "links to documents in a shared drive"),
    "damaged": ("damaged file", "damaged files"),
    "blank": ("blank form", "blank forms"),
    "version": ("other version of the form", "other versions of the form"),
    "other": ("file of another kind", "files of other kinds"),
}
"""What each sort of file is called, one and several: lists of them name no file."""

_OF_CODES = {
    "open.pdf": "pdf",
    "open.picture": "picture",
    "open.recording": "recording",
    "open.other_office": "office",
    "open.packed": "zip",
    "open.live_link": "link",
    "open.empty": "empty",
}
_ASIDE_MIMES = {
    "text/calendar": "calendar",
    "text/vcard": "contact",
    "text/x-vcard": "contact",
    "text/directory": "contact",
    "application/pkcs7-signature": "signature",
    "application/x-pkcs7-signature": "signature",
    "application/pgp-signature": "signature",
    "application/pgp-keys": "signature",
    "message/delivery-status": "report",
    "message/disposition-notification": "report",
    "text/rfc822-headers": "report",
}
_WORD_NAME = re.compile(r"\.(docx|docm|dotx|dotm|doc|odt|rtf)$", re.IGNORECASE)
_TEXT_NAME = re.compile(r"\.(txt|csv|html?|xml|json|md)$", re.IGNORECASE)
_SHARED_DRIVE = re.compile(
    rb"https?://[\w.-]{0,200}(?:sharepoint\.com|1drv\.ms|onedrive\.live\.com|docs\.google\.com"
    rb"|drive\.google\.com|dropbox\.com|box\.com|we\.tl|egress\.com)/",
    re.IGNORECASE,
)


def sort_leaf(leaf: Leaf) -> SortedPart:
    """What is done with a file of a message; it goes by its content, and by its name where Word is meant.

    A file that calls itself a Word document and is none is read as one: reading says what is wrong with it.
    """
    if leaf.mime in _ASIDE_MIMES:
        return SortedPart(Sort.ASIDE, _ASIDE_MIMES[leaf.mime])
    if leaf.is_body:
        return SortedPart(Sort.ASIDE, "text")
    if not leaf.content:
        return SortedPart(Sort.DOCUMENT if _WORD_NAME.search(leaf.name) else Sort.ASIDE, "empty")
    try:
        kind = kind_of_file(leaf.content)
    except Unreadable as why:
        return _sort_other_file(leaf, why)
    if kind == "zip":
        return SortedPart(Sort.EVIDENCE, "zip")
    is_word = kind == "docx" or kind in CONVERTIBLE
    return SortedPart(Sort.DOCUMENT if is_word else Sort.EVIDENCE, "document")


def _sort_other_file(leaf: Leaf, why: Unreadable) -> SortedPart:
    start = leaf.content.lstrip()[:15].upper()
    if start.startswith((b"BEGIN:VCALENDAR", b"BEGIN:VCARD")):
        return SortedPart(Sort.ASIDE, "calendar" if b"CALENDAR" in start else "contact")
    if why.code == "open.picture" and leaf.is_inline:
        return SortedPart(Sort.ASIDE, "inline picture")
    if _WORD_NAME.search(leaf.name) or why.code in ("open.encrypted", "open.rights_managed"):
        return SortedPart(Sort.DOCUMENT, "document")
    what = _OF_CODES.get(why.code, "text file" if _TEXT_NAME.search(leaf.name) else "other")
    return SortedPart(Sort.ASIDE if what == "empty" else Sort.EVIDENCE, what)


def links_to_shared_drive(leaf: Leaf) -> bool:
    """Whether a text of an email links to a document in a shared drive, as is sent in place of a file."""
    return leaf.is_body and _SHARED_DRIVE.search(leaf.content) is not None
