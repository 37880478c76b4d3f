"""What a link leads to: a page or an address, or something that opens a program or a file."""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from urllib.parse import unquote

_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
_PAGES = ("http", "https")
_ADDRESSES = ("mailto", "tel", "sms")
_FILES = ("file", "smb", "nfs", "afp", "webdav", "dav")
_LONGEST = 2_048
"""As much as Windows takes of an address's path: a longer link carries data, and leads nowhere."""


class LinkKind(StrEnum):
    """What a link leads to."""

    PLACE = "place"  # in the document itself
    PAGE = "page"
    ADDRESS = "address"  # of a mailbox or a telephone
    FILE = "file"
    PROGRAM = "program"  # a script, or what hands the link to another program


def kind_of_link(target: str) -> LinkKind:
    """What `target` leads to, however it is spelled: browsers and Word skip control characters in it."""
    plain = _normalise_target(target)
    if not plain or plain.startswith("#"):
        return LinkKind.PLACE
    if plain.startswith(("\\\\", "//", "\\", "/")) or re.match(r"[a-z]:[\\/]", plain):
        return LinkKind.FILE
    scheme = _SCHEME.match(plain)
    if scheme is None:
        return LinkKind.PAGE if plain.startswith("www.") else LinkKind.FILE
    name = scheme[1]
    if name in _PAGES:
        has_host = re.match(r"https?://[^\\/?#\s]", plain)
        return LinkKind.PAGE if has_host else LinkKind.PROGRAM
    if name in _ADDRESSES:
        return LinkKind.ADDRESS
    return LinkKind.FILE if name in _FILES else LinkKind.PROGRAM


def is_outside(target: str, mode: str) -> bool:
    """Whether a relationship leads out of its package, judged by its target as well as its mode."""
    if mode.strip().casefold() == "external":
        return True
    plain = _normalise_target(target)
    return plain.startswith(("\\\\", "//")) or bool(_SCHEME.match(plain))


def is_allowed_link(target: str) -> bool:
    """Whether a link may stay in a copy: a web page or a mailbox, written out plainly."""
    if len(target) > _LONGEST or not target.isprintable() or any(sign in target for sign in '"<>\\ '):
        return False
    if kind_of_link(target) is LinkKind.PAGE and "//" in target:
        host = re.split(r"[/?#]", target.split("//", 1)[1], maxsplit=1)[0]
        return "@" not in host
    return target[:7].casefold() == "mailto:" and kind_of_link(target) is LinkKind.ADDRESS


@lru_cache(maxsize=256)  # most are names of parts, the same in one document after another
def _normalise_target(target: str) -> str:
    """The target in small letters, with what is skipped or written in code in its scheme made plain."""
    kept = "".join(c for c in unicodedata.normalize("NFKC", target) if c.isprintable() or c == " ")
    kept = kept.strip(" \"'").casefold()
    head, colon, rest = kept.partition(":")
    decoded = unquote(unquote(head)).strip()
    if not colon and (inner := re.match(r"[a-z][a-z0-9+.\-]*:", decoded)):
        return inner[0] + decoded[inner.end() :]
    return re.sub(r"\s", "", decoded) + colon + rest if colon else kept
