"""What a copy of a file is: its bytes, its ending and its words; and what stops one from being made."""

from dataclasses import dataclass

from peer_challenge.evidence.refusal_words import Refusal


@dataclass(frozen=True, slots=True)
class CleanCopy:
    """A copy made only of what is allowed. `lines` are all its words, for the guard and the marking.

    `ending` is that of its name ("pdf"). `left_out` says in words what the copy lacks, empty where nothing.
    `has_words` is False for a picture and for a scan: nobody but a person can read it.
    """

    data: bytes
    ending: str
    lines: tuple[str, ...] = ()
    left_out: str = ""
    has_words: bool = True


class CanNotCopy(Exception):
    """A file can't be passed on."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
