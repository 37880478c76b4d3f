"""A finding: one thing noticed in a submission, in words a council officer would use."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from peer_challenge.model.vocabulary import Outcome, Severity

_OUTCOME_OF = {
    Severity.NOTE: Outcome.ACCEPTED,
    Severity.WARN: Outcome.WARNED,
    Severity.QUERY: Outcome.QUERIED,
    Severity.REJECT: Outcome.REJECTED,
}
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed, with its place.

    `code` is stable and dotted ("rating.split"); `subheading` is "focus-area/sub-heading" or None
    when the finding is about the document; `column` is a column of the kind's rows or None.
    `message` says what is wrong, `remedy` what to do. Neither may quote a value that could
    identify a child.
    """

    code: str
    severity: Severity
    message: str
    remedy: str
    subheading: str | None = None
    column: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """The finding with the keys of `check --json`."""
        found = asdict(self)
        keys = ("code", "severity", "subheading", "column", "message", "remedy")
        return {key: None if found[key] is None else str(found[key]) for key in keys}

    @classmethod
    def from_dict(cls, held: Mapping[str, Any]) -> "Finding":
        """The finding from a mapping that `as_dict` made, also after it went through JSON."""
        return cls(**{**held, "severity": Severity(held["severity"])})


def outcome_of(findings: Iterable[Finding]) -> Outcome:
    """The outcome that the worst of `findings` gives; ACCEPTED when there is none."""
    worst = max((f.severity for f in findings), key=_SEVERITIES.index, default=Severity.NOTE)
    return _OUTCOME_OF[worst]


GOES_BY_MORE_THAN_THE_FILE = frozenset(
    {
        "identity.unknown_cycle",
        "identity.unknown_participant",
        "identity.wrong_framework",
        "intake.nobodys",
        "intake.out_of_turn",
        "open.failed",
        "open.file_too_large",
        "open.not_converted",
        "open.too_much_work",
        "open.too_slow",
        "partner.wrong",
    }
)
"""The codes that go by the cycle, the settings or the machine too, which may be different later."""


def can_be_different_later(codes: Iterable[str]) -> bool:
    """Whether reading a rejected document once more can give another outcome.

    `codes` are those of its rejecting findings. It can where each goes by more than the document's own
    bytes: by the cycle, say.
    """
    return GOES_BY_MORE_THAN_THE_FILE.issuperset(codes)


_ABOUT_ANSWERS = frozenset(
    {"cell", "challenge", "evidence", "rating", "response", "row", "sign_off", "text", "word"}
)
"""The families of questions about what is in an answer, or is missing there.

All other questions are about the document: whose it is, which version counts, whether it may be read, whether
its answers are where they seem to be.
"""


def are_about_answers(codes: Iterable[str]) -> bool:
    """Whether findings ask about single answers only, so that others may read the document meanwhile."""
    return all(code.partition(".")[0] in _ABOUT_ANSWERS for code in codes)
