"""The marks by which a form of ours is recognised. Writing puts them in, reading looks for them.

They are chosen to survive a save by Word and by LibreOffice, as .docx and through .odt:

- custom document properties say which form it is (names below);
- a bookmark in the first cell of each schedule row says which sub-heading (or item) it is;
- a bookmark in each header cell says which column it is.

Content-control tags repeat the cell's address ("strengths:leadership/equal-duty") for Word's
sake; LibreOffice drops them, so nothing depends on them.
"""

import hashlib
import re
from collections.abc import Sequence

PROPERTY_PREFIX = "PeerChallenge"
CYCLE = PROPERTY_PREFIX + "Cycle"
PARTICIPANT = PROPERTY_PREFIX + "Participant"  # the author of the self-assessment, in every kind
CHALLENGER = PROPERTY_PREFIX + "Challenger"
KIND = PROPERTY_PREFIX + "Kind"
FRAMEWORK = PROPERTY_PREFIX + "Framework"
REVIEW = PROPERTY_PREFIX + "Review"  # which review of the action plan a progress report is for
ISSUE = PROPERTY_PREFIX + "Issue"  # which dispatch the form went out with

_ROW = "pc_row_"
_COLUMN = "pc_col_"
_FIELD = "pc_fld_"


def row_bookmark(address: str) -> str:
    """The bookmark of a row: `address` is a sub-heading's or an item's ("strength/1")."""
    return _ROW + hashlib.sha256(address.encode()).hexdigest()[:12]


def column_bookmark(column: str, table: int) -> str:
    """The bookmark of the header cell of `column` in the document's `table`th table, from 1."""
    return f"{_COLUMN}{column}_{table}"


def field_bookmark(field: str) -> str:
    """The bookmark of the cell that holds a particular of the form ("signed_police_role")."""
    return _FIELD + field


def without_copy(bookmark: str) -> str:
    """A bookmark's name without the ending that LibreOffice adds.

    LibreOffice adds it to the bookmark of a copy, and to many bookmarks when it reads RTF.
    """
    return bookmark.partition("_Copy_")[0]


def read_marked_column(bookmark: str) -> str | None:
    """The column that a header cell's bookmark names, or None when it is not one of ours."""
    if not bookmark.startswith(_COLUMN):
        return None
    return without_copy(bookmark)[len(_COLUMN) :].rpartition("_")[0]


def read_marked_field(bookmark: str) -> str | None:
    """The particular that a bookmark names, or None when it is not one of ours."""
    return without_copy(bookmark)[len(_FIELD) :] if bookmark.startswith(_FIELD) else None


def is_row_bookmark(bookmark: str) -> bool:
    """Whether a bookmark marks a row of a form."""
    return bookmark.startswith(_ROW)


def write_copy_opening(version: int, document: str, due: str, office_email: str) -> str:
    """What a marked copy says at its top: what it is, what to do and by when. `due` is a day in words."""
    to = f" to {office_email}" if office_email else ""
    return (
        f"This is version {version} of your {document}, with a comment at each place that we ask about. "
        f"Please correct this copy and return it by {due}{to}."
    )


_COPY_OPENING = re.compile(
    r"This is version \d+ of your .{1,200}, with (?:a comment at each place that we ask about\. "
    r"Please correct this copy|comments on what we ask\. Please correct this copy|"
    r"our questions as comments\. Please answer them in this copy) and return it by "
    r"\w+ \d{1,2} \w+ \d{4}(?: to \S{1,254})?\."
    r"(?: This date replaces any that is printed below\.)?"
)


def is_copy_opening(text: str) -> bool:
    """Whether a paragraph is what `write_copy_opening` wrote, with nothing typed into it."""
    return _COPY_OPENING.fullmatch(text.strip()) is not None


_COPY_POINT = re.compile(r"(?:Point|Question) \d{1,3}: (.{1,400})")


def write_copy_point(number: int, place: str) -> str:
    """What a marked copy says at its top of one point: its number in our letter, and where it is.

    Earlier copies called it a question.
    """
    return f"Point {number}: {place}"


def read_copy_point(text: str) -> str | None:
    """The place in a text like that of `write_copy_point`; None in any other. Words may be typed after it."""
    found = _COPY_POINT.fullmatch(text)
    return found and found[1]


COMMENT_AUTHOR = "Programme office"
COMMENT_HEADING = "Noticed when your form was read:"
"""The first line of every comment; LibreOffice loses it where the comment stands in a control."""
_COMMENT_INITIALS = "PC-"


def comment_initials(lines: Sequence[str]) -> str:
    """The initials of a comment of ours, which hold a hash of its words without the heading.

    With them, an answer that was typed into the comment is told from the comment itself.
    """
    words = "".join("".join(lines).split())
    return _COMMENT_INITIALS + hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:6]


def is_own_comment(author: str | None, initials: str | None, lines: Sequence[str]) -> bool:
    """Whether a margin comment, given by its paragraphs, is ours and unchanged since we wrote it."""
    heading, *said = lines or [""]
    is_heading = heading.strip() in ("", COMMENT_HEADING)
    return author == COMMENT_AUTHOR and is_heading and initials == comment_initials(said)
