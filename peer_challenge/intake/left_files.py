"""What stays in the inbox, in words: which file, why it is not read, and what to do."""

import os
import stat
import unicodedata
from dataclasses import dataclass

from peer_challenge.system.program_names import FolderUse

_RIGHTS = (
    "Give the account that runs this program the right to read and write there "
    "(docs/operations.md, Folders and rights), or move its documents into the inbox itself."
)
MOST_COUNTED = 1_000
"""Files of one ignored folder that are counted: a recycle bin may hold all that a council ever deleted."""


@dataclass(frozen=True, slots=True)
class Left:
    """A file or folder that is left where it is: why, and what to do. `is_arriving`: it may be on its way."""

    name: str
    why: str
    remedy: str = ""
    is_arriving: bool = False


def name_as_text(name: str) -> str:
    """A file's name to keep and show: bytes that are no text as "?", nothing that turns or hides letters."""
    text = name.encode("utf-8", "replace").decode()
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf"))


def still_arriving(shown: str) -> Left:
    """A file that is not whole yet, or changes as we look."""
    return Left(shown, "is still arriving", "It is read as soon as it is whole.", is_arriving=True)


def taken_away(shown: str) -> Left:
    """A file that was there a moment ago."""
    return Left(shown, "was taken away", "You do not need to do anything.", is_arriving=True)


def open_in_editor(shown: str) -> Left:
    """A document that somebody has open: what is on the disk may be half of what they write."""
    return Left(
        shown,
        "is open in Word (or another program), so it is not read yet",
        "Close it there: it is read then. If nobody has it open, delete the file beside it whose name begins "
        'with "~$" or ".~lock". After a day it is read all the same.',
    )


def no_file(shown: str, status: os.stat_result) -> Left:
    """A link, a pipe or a device."""
    what = "a link" if stat.S_ISLNK(status.st_mode) else "a pipe or a device"
    return Left(shown, f"is {what}, not a file", "Copy the document itself into the inbox, and remove this.")


def far_too_large(shown: str, megabytes: float) -> Left:
    """A file that is so large that it is not even opened."""
    return Left(
        shown,
        f"is far larger than {megabytes:.0f} MB, the most that is read",
        "Ask its sender for one with smaller pictures, and take this one out of the inbox.",
    )


def folder_like_a_document(shown: str) -> Left:
    """A folder that is called like a document, as a mail program or an unpacker makes one."""
    return Left(
        shown,
        "is a folder with the name of a document",
        "What is in it is read. If you expected a document, ask its sender for it.",
    )


def apple_document(shown: str) -> Left:
    """A document of an Apple program that has arrived as a folder."""
    return Left(
        shown,
        "is a document of an Apple program, which can't be read here",
        "Ask its sender to choose File, Export To, Word, and to send that document.",
    )


def folder_too_deep(shown: str, deepest: int) -> Left:
    """A folder in too many others."""
    return Left(
        shown,
        f"lies more than {deepest} folders deep and is not looked into",
        "Move its documents further up, into the inbox itself.",
    )


def ignored_for_name(shown: str) -> Left:
    """A file that has, for a while already, a name that programs give to files of their own."""
    return Left(
        shown,
        "is ignored: it has a name that Word and sync programs give to files of their own",
        "If it is a document, give it a name that ends in .docx and begins with a letter. "
        "If nobody needs it, remove it.",
    )


def ignored_folder(shown: str, use: FolderUse, count: int) -> Left:
    """A folder of a program's own with `count` files in it; MOST_COUNTED stands for more."""
    more = f"more than {MOST_COUNTED:,} files" if count >= MOST_COUNTED else f"{count} files"
    said = "1 file" if count == 1 else more
    return Left(shown, f"is {use.is_what} ({said}). Nothing in it is read", use.remedy)


def unopened_file(shown: str, why: str = "can't be looked at") -> Left:
    """What the account that runs this program may not open."""
    return Left(shown, why, _RIGHTS)


def not_readable_yet(shown: str) -> Left:
    """A file that can't be opened, which may pass."""
    return Left(
        shown,
        "can't be read yet: it may be open in Word, or its permissions are wrong",
        "Close it in Word. If that does not help, save it under another name into the inbox.",
    )


def not_removable(shown: str) -> Left:
    """A file in a folder that this program may not write to."""
    return Left(
        shown,
        "can't be taken out of its folder",
        "Give the account that runs this program the right to write to that folder "
        "(docs/operations.md, Folders and rights), or move the file into the inbox itself.",
    )
