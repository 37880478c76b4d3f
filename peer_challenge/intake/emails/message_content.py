"""What a message holds, whatever program wrote it: its sender and day, its files, and messages inside it."""

import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

_LONGEST_NAME = 200
"""Most systems keep 255 bytes of a name, of which a letter may take several."""
_LONGEST_LINE = 300
"""Far longer than a subject that somebody typed; one made to fill a page or a table is cut."""


class Problem(StrEnum):
    """Why something in an email could not be looked at."""

    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    IN_PIECES = "in pieces"
    LINKED = "linked"
    REPORT = "report"


class TooMuchInside(Exception):
    """An email holds more than is opened; `code` is the finding that says so."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a message says of itself. None of it proves anything: everybody can write it.

    `sent_at` is an ISO time with its zone, empty where the message gives no day that can be read. `sender` is
    an address in small letters, empty where there is none.
    """

    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    sent_at: str = ""
    message_id: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether it says neither who sent the message nor when: then it is no message of its own."""
        return not (self.sender or self.sender_name or self.sent_at or self.subject)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One file of a message, or a text of its own (`is_body`). `is_inline` ones are shown in the text."""

    name: str
    content: bytes
    mime: str = ""
    is_inline: bool = False
    is_body: bool = False


@dataclass(slots=True)
class MessageContent:
    """One message: what it says of itself, its files, the messages inside it, and what is wrong with it."""

    envelope: Envelope = Envelope()
    leaves: list[Leaf] = field(default_factory=list)
    nested: list["MessageContent"] = field(default_factory=list)
    problems: set[Problem] = field(default_factory=set)


def clean_line(text: str, longest: int = _LONGEST_LINE) -> str:
    """A header's text on one line, not longer than `longest`, without characters that steer a screen."""
    whole = text[: 4 * longest].encode("utf-8", "replace").decode()
    shown = "".join(" " if c in "\r\n\t" else c for c in whole)
    kept = "".join(c for c in shown if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return " ".join(kept.split())[:longest]


def clean_name(text: str) -> str:
    """A file's name as a message gives it, without folders; its ending is kept when it is cut."""
    name = clean_line(text.replace("\\", "/").rpartition("/")[2], 2 * _LONGEST_LINE)
    if len(name) <= _LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    return (
        f"{stem[: _LONGEST_NAME - len(ending) - 1]}{dot}{ending}"
        # the longest ending that we read has four letters; behind a dot may be half of a name
        if len(ending) < 10
        else name[:_LONGEST_NAME]
    )


def write_time(moment: datetime | None) -> str:
    """A moment as ISO text with its zone (UTC where it has none); empty for None and for impossible ones."""
    if moment is None:
        return ""
    try:
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat()
    except (OverflowError, ValueError):
        return ""
