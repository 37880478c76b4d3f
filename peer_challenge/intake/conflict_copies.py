"""Names that sync programs and browsers give to a second copy of a file that differs from the first."""

import re
from pathlib import PurePath

_MARKS = (
    re.compile(r"\s*\(\d{1,3}\)$"),  # a browser, a Mac, Google Drive
    re.compile(r"\s*- copy(\s*\(\d{1,3}\))?$", re.IGNORECASE),  # Windows
    re.compile(
        r"\s*[(\[][^()\[\]]{0,80}\bconflict(ed)?\b[^()\[\]]{0,80}[)\]]$", re.IGNORECASE
    ),  # Dropbox, Nextcloud
    re.compile(r"[._-]+(sync-)?conflict[\w-]{0,60}$", re.IGNORECASE),  # Syncthing, ownCloud
    re.compile(r"-(?=[A-Z0-9-]{0,14}\d)(?!V\d)[A-Z][A-Z0-9-]{3,14}$"),  # OneDrive: the computer's name
    re.compile(r"-(DESKTOP|LAPTOP|PC)-[A-Z0-9]{2,8}$"),
)


def strip_conflict_mark(name: str) -> tuple[str, bool]:
    """A file's name without its ending and without such a mark, in small letters; and whether it had one."""
    stem = PurePath(name).stem.strip()
    for mark in reversed(_MARKS):
        if (found := mark.search(stem)) and found.start() > 0:
            return stem[: found.start()].strip().casefold(), True
    return stem.casefold(), False


def is_conflict_copy(name: str, other: str) -> bool:
    """Whether of two files one has the other's name with the mark of a second copy."""
    (one, is_marked), (two, is_other_marked) = strip_conflict_mark(name), strip_conflict_mark(other)
    return one == two and (is_marked or is_other_marked) and name != other
