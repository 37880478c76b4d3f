"""What becomes of an email in the office's mailbox, from the first look to the folder for those taken in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MailState(StrEnum):
    """Where an email of the mailbox is on its way. Complete and disjoint: each has exactly one."""

    SEEN = "seen"
    """It was listed, and is to be fetched."""
    FETCHED = "fetched"
    """It was fetched and may hold a form; it is to be put into the inbox."""
    HANDED_OVER = "handed_over"
    """It is in the inbox, or further; it is to be moved to the folder for those taken in."""
    MOVED = "moved"
    """It is in the folder for those taken in."""
    LEFT = "left"
    """It stays where it is, for a reason."""
    GONE = "gone"
    """Somebody else moved it out of the folder."""


NEXT_STATES: dict[MailState, frozenset[MailState]] = {
    MailState.SEEN: frozenset({MailState.FETCHED, MailState.HANDED_OVER, MailState.LEFT, MailState.GONE}),
    MailState.FETCHED: frozenset({MailState.HANDED_OVER, MailState.LEFT, MailState.GONE}),
    MailState.HANDED_OVER: frozenset({MailState.MOVED}),
    MailState.MOVED: frozenset(),
    MailState.LEFT: frozenset({MailState.GONE}),
    MailState.GONE: frozenset(),
}
"""What may follow each state."""


class LeftReason(StrEnum):
    """Why an email stays in the mailbox."""

    NO_FORM = "no_form"
    TOO_LARGE = "too_large"
    ODDLY_BUILT = "oddly_built"
    DELIVERY_REPORT = "delivery_report"
    AUTOMATIC = "automatic"
    OUR_OWN = "our_own"
    NOT_FETCHED = "not_fetched"


REASONS_IN_WORDS: dict[LeftReason, tuple[str, str]] = {
    LeftReason.NO_FORM: (
        "No Word document is attached.",
        "Read it in your mail program. If a form is in it, save the form and upload it.",
    ),
    LeftReason.TOO_LARGE: (
        "It is larger than a document may be.",
        "Open it in your mail program, save the form and upload it.",
    ),
    LeftReason.ODDLY_BUILT: (
        "It is not built as mail programs build emails.",
        "Open it in your mail program if you know the sender, save the form and upload it.",
    ),
    LeftReason.DELIVERY_REPORT: (
        "A mail server says that it did not deliver a message of ours.",
        "Look for the message on the page To send, and correct the address.",
    ),
    LeftReason.AUTOMATIC: (
        "A mail program wrote it by itself, such as an out-of-office reply.",
        "You do not need to do anything.",
    ),
    LeftReason.OUR_OWN: (
        "It is a copy of a message that we sent.",
        "You do not need to do anything.",
    ),
    LeftReason.NOT_FETCHED: (
        "The mail server did not give it to us, although we tried several times.",
        "We try again once an hour. You can also open it in your mail program, and upload the form.",
    ),
}
"""For each reason, what the office reads, and what to do."""


@dataclass(frozen=True, slots=True)
class MailProvenance:
    """What the office's own mail server says about an email that was taken in from the mailbox.

    `arrived_at` is when it reached the mailbox, UTC. `verified_sender` is the address it came from, lower
    case, where a mail server that the settings trust has checked it; None where nobody has.
    """

    arrived_at: datetime
    verified_sender: str | None
