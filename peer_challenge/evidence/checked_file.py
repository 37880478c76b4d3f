"""What became of a file that was checked; apart from the checks, whose libraries take long to load."""

from dataclasses import dataclass, field

from peer_challenge.evidence.refusal_words import Refusal


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What became of a file: its copy, or why there is none that may be passed on.

    `refusal` is None where the copy may go. One that may name a child has both: the office can read it and
    decide. `details` are the kinds of what may identify somebody. `has_words` is False where only a person
    can read it. `left_out` says what the copy lacks.
    """

    ending: str = ""
    copy: bytes = field(default=b"", repr=False)
    refusal: Refusal | None = None
    marking: str | None = None
    details: tuple[str, ...] = ()
    has_words: bool = True
    left_out: str = ""
