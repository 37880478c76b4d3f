"""Checks one file that came with a form, and makes the copy of it that may be passed on.

The rules are those of forms: nothing active, no marking that is too high, nothing that may name a child.
It runs in a process within bounds (checking_process.py): nobody has vouched for what it opens.
"""

from datetime import datetime
from typing import Any

from peer_challenge.advice.identifying_details import find_identifying
from peer_challenge.evidence.checked_file import CheckedFile
from peer_challenge.evidence.clean_copy import CanNotCopy, CleanCopy
from peer_challenge.evidence.excel_copy import copy_workbook
from peer_challenge.evidence.file_names import read_file_name
from peer_challenge.evidence.pdf_copy import copy_pdf
from peer_challenge.evidence.picture_copy import copy_picture
from peer_challenge.evidence.refusal_words import Refusal
from peer_challenge.evidence.word_copy import copy_word_document
from peer_challenge.model.protective_marking import find_highest_marking, is_too_high
from peer_challenge.system.file_beginnings import PDF
from peer_challenge.word.active_content.outgoing import find_in_file
from peer_challenge.word.answers.read_document import find_marking_in
from peer_challenge.word.package.file_kinds import CONVERTIBLE, kind_of_file
from peer_challenge.word.package.reading_limits import DEFAULT_LIMITS
from peer_challenge.word.reader_findings import Unreadable

_HEAD = 1_024
"""Programs that show PDFs look for the mark in so many bytes, whatever comes first (PDF 1.7, appendix H)."""
_LOCKED = ("open.encrypted", "open.rights_managed")
_WORKBOOK = "an Excel workbook"


def check_file(data: bytes, name: str, title: str, areas: tuple[str, ...], stamp: datetime) -> CheckedFile:
    """Check a file and copy it. `title` goes into the copy's properties, with the time `stamp`.

    `name` is what its sender calls it, and is looked through as its words are: the pack prints it. `areas`
    are names that are no person's: the cycle's areas, forces and boards.
    """
    try:
        copy = _copy_file(data, title, stamp)
    except CanNotCopy as why:
        return CheckedFile(refusal=why.refusal)
    if find_in_file(copy.data, copy.ending):
        return CheckedFile(refusal=Refusal.ACTIVE)
    text = "\n\n".join((read_file_name(name), *copy.lines))
    markings = [found for line in text.splitlines() if (found := find_marking_in(line))]
    too_high = next(filter(is_too_high, markings), None)
    if too_high:
        return CheckedFile(refusal=Refusal.MARKING, marking=too_high)
    details = tuple(dict.fromkeys(hit.kind for hit in find_identifying(text, areas)))
    return CheckedFile(
        copy.ending,
        copy.data,
        Refusal.IDENTIFYING if details else None,
        find_highest_marking(markings) if markings else None,
        details,
        copy.has_words,
        copy.left_out,
    )


def _copy_file(data: bytes, title: str, stamp: datetime) -> CleanCopy:
    """The copy of a file, by what it is; its name says nothing. Raises CanNotCopy."""
    if PDF in data[:_HEAD]:
        return copy_pdf(data, title)
    try:
        kind = kind_of_file(data)
    except Unreadable as why:
        return _copy_other_file(data, title, stamp, why)
    if kind == "docx" or kind in CONVERTIBLE:
        return copy_word_document(data, kind, title, stamp, DEFAULT_LIMITS)
    raise CanNotCopy(Refusal.KIND)


def _copy_other_file(data: bytes, title: str, stamp: datetime, why: Unreadable) -> CleanCopy:
    """The copy of a file that is no Word document; `why` says what it is. Raises CanNotCopy."""
    if why.code == "open.picture":
        return copy_picture(data)
    if why.code == "open.other_office" and _WORKBOOK in why.finding().message and data.startswith(b"PK"):
        return copy_workbook(data, title, stamp)
    if why.code == "open.empty":
        raise CanNotCopy(Refusal.EMPTY)
    raise CanNotCopy(Refusal.LOCKED if why.code in _LOCKED else Refusal.KIND)


def check_file_plainly(
    data: bytes, name: str, title: str, areas: tuple[str, ...], stamp: datetime
) -> dict[str, Any]:
    """What became of a file, as plain values: the fields of CheckedFile."""
    found = check_file(data, name, title, areas, stamp)
    return {
        "ending": found.ending,
        "copy": found.copy,
        "refusal": found.refusal.value if found.refusal else None,
        "marking": found.marking,
        "details": found.details,
        "has_words": found.has_words,
        "left_out": found.left_out,
    }
