"""What was found in an email, as plain values: it goes from one process to another, and into the claim."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from peer_challenge.intake.emails.message_content import Envelope, Problem
from peer_challenge.intake.emails.part_sorts import Sort


@dataclass(frozen=True, slots=True)
class OpenedPart:
    """One file of an email. `trail` are the envelopes it lay in, outermost first, by their numbers.

    `what` is a key of PART_NAMES. `content` is empty for a file that is left aside.
    """

    name: str
    sort: Sort
    what: str
    size: int
    content: bytes = field(repr=False)
    trail: tuple[int, ...] = ()


@dataclass(slots=True)
class OpenedEmail:
    """An email that was opened. `failure` is the code of the finding why it was not, empty where it was.

    `ending` is what the name of its file should end in.
    """

    envelopes: list[Envelope] = field(default_factory=list)
    parts: list[OpenedPart] = field(default_factory=list)
    problems: set[Problem] = field(default_factory=set)
    failure: str = ""
    ending: str = ".eml"

    def as_plain(self) -> dict[str, Any]:
        """The email as dicts, lists, texts and bytes."""
        return {
            "envelopes": [asdict(envelope) for envelope in self.envelopes],
            "parts": [asdict(part) | {"sort": part.sort.value} for part in self.parts],
            "problems": sorted(problem.value for problem in self.problems),
            "failure": self.failure,
        }

    @classmethod
    def from_plain(cls, told: Mapping[str, Any]) -> "OpenedEmail":
        """The email from what `as_plain` made."""
        return cls(
            [Envelope(**envelope) for envelope in told["envelopes"]],
            [
                OpenedPart(**{**part, "sort": Sort(part["sort"]), "trail": tuple(part["trail"])})
                for part in told["parts"]
            ],
            {Problem(problem) for problem in told["problems"]},
            told["failure"],
        )
