"""What the office decides against or beyond a rule: the kinds of decision, and what it has accepted."""

from dataclasses import dataclass
from enum import StrEnum

from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Rating


class DecisionKind(StrEnum):
    """What the office can decide about a submission, a challenge or a cycle."""

    ACCEPT_FINDING = "accept_finding"
    """A document is taken as it is in spite of one finding."""
    CORRECT_DAY = "correct_day"
    """A document counts as received on another day."""
    SAY_WHOSE = "say_whose_it_is"
    """It is said whose a held document is."""
    CLOSE_CHALLENGE = "close_challenge"
    REOPEN_CHALLENGE = "reopen_challenge"
    BRING_BACK = "bring_back"
    """A withdrawn area takes part again."""
    CLOSE_CYCLE = "close_cycle"
    REOPEN_CYCLE = "reopen_cycle"


@dataclass(frozen=True, slots=True)
class AcceptedFinding:
    """A finding that the office accepts as it is: what was found, where, and beside which words.

    `words_sha256` is a hash of the words at that place: beside other words the finding counts again.
    `message` is what the office writes to the sender about it, or "". `rating` is the rating that the area
    told the office, which holds in place of what the finding asks about.
    """

    code: str
    subheading: str | None
    column: str | None
    words_sha256: str
    message: str = ""
    rating: Rating | None = None

    def is_about(self, finding: Finding, words_sha256: str) -> bool:
        """Whether it accepts this finding beside words with this hash."""
        return (self.code, self.subheading, self.column, self.words_sha256) == (
            finding.code,
            finding.subheading,
            finding.column,
            words_sha256,
        )
