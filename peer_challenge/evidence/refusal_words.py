"""Why a file that came with a form is not passed on, in words for the area that sent it."""

from enum import StrEnum
from typing import NamedTuple


class Refusal(StrEnum):
    """Why a file is not passed on."""

    KIND = "kind"
    DAMAGED = "damaged"
    EMPTY = "empty"
    LOCKED = "locked"
    MACROS = "macros"
    ACTIVE = "active"
    CHANGES = "changes"
    COMMENTS = "comments"
    HIDDEN = "hidden"
    NO_VALUES = "no values"
    FIELDS = "fields"
    LONG = "long"
    SEVERAL_PAGES = "several pages"
    MARKING = "marking"
    IDENTIFYING = "identifying"
    LARGE = "large"
    MANY = "many"
    AGAIN = "again"
    SEVERAL = "several"
    LATE = "late"
    TOO_MUCH = "too much"
    WITHHELD = "withheld"


class Words(NamedTuple):
    """What a reason says to the area, and what the area can do about it."""

    message: str
    remedy: str


REFUSALS: dict[Refusal, Words] = {
    Refusal.KIND: Words(
        "We pass on Word documents, PDFs, Excel workbooks and pictures, and this is something else.",
        "Save it as a PDF and send that.",
    ),
    Refusal.DAMAGED: Words("We could not open it.", "Save it again, or as a PDF, and send that."),
    Refusal.EMPTY: Words("There is nothing in it.", "Save it again and send that."),
    Refusal.LOCKED: Words("A password is needed to open it.", "Take the password off and send it again."),
    Refusal.MACROS: Words("There are macros in it.", "Save it without macros, or as a PDF, and send that."),
    Refusal.ACTIVE: Words(
        "There is something in it that runs or fetches something, and we could not take that out.",
        "Print it to a PDF and send that.",
    ),
    Refusal.CHANGES: Words(
        "It still has tracked changes, so others would see what you took out.",
        "Accept or reject all changes and send it again.",
    ),
    Refusal.COMMENTS: Words(
        "It still has comments in its margin or cells.", "Delete the comments and send it again."
    ),
    Refusal.HIDDEN: Words(
        "It has hidden sheets, rows, columns or layers, so we can't tell what you mean others to see.",
        "Delete what is hidden, or show it, and send it again.",
    ),
    Refusal.NO_VALUES: Words(
        "It has formulas without their results.", "Open it in Excel, save it, and send it again."
    ),
    Refusal.FIELDS: Words(
        "It has fields to fill in, comments or files in it, which we can't pass on.",
        "Print it to a new PDF and send that.",
    ),
    Refusal.LONG: Words("It has too many pages or rows.", "Send only the part that your form is about."),
    Refusal.SEVERAL_PAGES: Words(
        "There are several pages or pictures in one file of a picture.", "Save it as a PDF and send that."
    ),
    Refusal.MARKING: Words("Its protective marking is higher than this work may hold.", "Please call us."),
    Refusal.IDENTIFYING: Words(
        "It may say who a child or a family is.",
        "Take that out, of its name too, and send it again. If it names nobody, tell us.",
    ),
    Refusal.LARGE: Words(
        "It is too large to send by email together with the other files.",
        "Make its pictures smaller, or send only the part that your form is about.",
    ),
    Refusal.MANY: Words("More files came with the form than we pass on.", "Put them into fewer files."),
    Refusal.AGAIN: Words("We have passed on, or shall pass on, this very file.", ""),
    Refusal.SEVERAL: Words(
        "The email holds forms of several areas, or one that we could not place, so it is not clear whose "
        "file it is.",
        "Send it with your form in an email of its own.",
    ),
    Refusal.LATE: Words(
        "It came when files were not passed on to your challenger any more.",
        "If your challenger still needs it, please ask us.",
    ),
    Refusal.TOO_MUCH: Words(
        "Checking it takes more work or memory than a file may.",
        "Send only the part that your form is about.",
    ),
    Refusal.WITHHELD: Words("We decided not to pass it on.", "Please ask us why."),
}
"""The words for each reason; a test holds the table complete."""
