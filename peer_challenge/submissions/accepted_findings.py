"""What the office accepts of a document as it is: which findings it can, and beside which words.

A finding that was accepted once stays accepted in a later version where the same words are at its place.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from peer_challenge.advice.identifying_details import IN_DOUBT, KINDS
from peer_challenge.model.decisions import AcceptedFinding
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Severity
from peer_challenge.word.answers.reading import Reading

GUARD = "disclosure"
"""The family of the findings by which the disclosure guard puts a document aside."""
ACCEPTED_AS_IT_IS = "We accepted this as it is."
_OUTSIDE = ("notes", "late_reason")
"""The particulars in which people write at length: the guard reads them like text outside the form."""
_SET_APART = frozenset(
    ["row.extra", "column.extra", "text.between", "text.unplaced", "row.unplaced", "item.unplaced"]
)
"""Findings about the whole form whose words are kept outside the answers: no row or particular has them."""
_NEVER_FAMILIES = ("open", "identity", "email")
_NEVER = frozenset({"intake.nobodys", "partner.wrong", "form.blank"})
"""What no decision can help: the document can't be read, is not theirs, or has nothing in it."""
_ONCE_ACCEPTED: Mapping[str, str] = {
    "intake.out_of_turn": "This came at another time than usual. We took it in.",
    "intake.conflict_copy": "We decided that this version counts.",
    "intake.older_version": "We decided that this version counts.",
    "agreed.too_many": "This is more than a record of this cycle usually holds. We took it in.",
    "chair.conflict": "We decided that this Chair's record is used.",
}
"""What a finding says once it is accepted, where its usual words would not be true any more."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a document says: its rows and items, its particulars, and the text outside its tables."""

    rows: Sequence[Mapping[str, object]]
    particulars: Mapping[str, str]
    unmapped: Sequence[str]

    @classmethod
    def from_reading(cls, reading: Reading) -> "Contents":
        """The contents of a document that has been read."""
        return cls([*reading.rows, *reading.items], reading.particulars, reading.unmapped)


class Found(Protocol):
    """A finding, or what a list shows of one."""

    @property
    def code(self) -> str:
        """Its code."""
        ...

    @property
    def severity(self) -> str:
        """How grave it is."""
        ...


def can_be_accepted(finding: Found) -> bool:
    """Whether the office can take a document as it is in spite of a finding."""
    is_open = finding.severity in (Severity.QUERY, Severity.REJECT)
    return is_open and finding.code not in _NEVER and _find_family(finding.code) not in _NEVER_FAMILIES


def is_disclosure(code: str) -> bool:
    """Whether a finding says that something may identify a child or a family."""
    return _find_family(code) == GUARD


def is_in_doubt(code: str) -> bool:
    """Whether a finding says that something may, or may not, identify a child or a family."""
    return code == f"{GUARD}.{IN_DOUBT}"


def list_texts_set_apart(contents: Contents, finding: Finding) -> list[str]:
    """The texts outside the answers, where a finding is about them; none for any other finding."""
    return [text for text in contents.unmapped if text.strip()] if finding.code in _SET_APART else []


def _find_family(code: str) -> str:
    return code.partition(".")[0]


def list_texts_at(contents: Contents, finding: Finding | AcceptedFinding) -> list[str]:
    """The texts that a finding is about: a cell's, a row's, a particular's, or all that the document says."""
    if finding.subheading is not None:
        row = next((one for one in contents.rows if _address_of(one) == finding.subheading), {})
        wanted = (finding.column, f"{finding.column}_as_written") if finding.column else tuple(row)
        return [str(row[name]) for name in wanted if row.get(name)]
    if finding.column is not None:
        return [text for text in (contents.particulars.get(finding.column),) if text]
    if is_disclosure(finding.code):
        outside = [*contents.unmapped, *(contents.particulars.get(name, "") for name in _OUTSIDE)]
        return [text for text in outside if text.strip()]
    rows = [str(value) for row in contents.rows for value in row.values() if value]
    return [*rows, *contents.particulars.values(), *contents.unmapped]


def _address_of(row: Mapping[str, object]) -> object:
    return row.get("address") or row.get("subheading")


def hash_words(contents: Contents, finding: Finding | AcceptedFinding) -> str:
    """A hash of the words that a finding is about; spaces and line ends between them do not count."""
    told = "\x1f".join(" ".join(text.split()) for text in list_texts_at(contents, finding))
    return hashlib.sha256(told.encode()).hexdigest()


def apply_accepted(
    findings: Iterable[Finding], reading: Reading, accepted: Sequence[AcceptedFinding]
) -> list[Finding]:
    """The findings, with those that the office accepted beside these words turned into things to know."""
    if not accepted:
        return list(findings)
    contents = Contents.from_reading(reading)
    return [_apply_to_one(finding, contents, accepted) for finding in findings]


def _apply_to_one(finding: Finding, contents: Contents, accepted: Sequence[AcceptedFinding]) -> Finding:
    if not can_be_accepted(finding) or finding.code not in {one.code for one in accepted}:
        return finding
    words = hash_words(contents, finding)
    ours = next((one for one in accepted if one.is_about(finding, words)), None)
    if ours is None:
        return finding
    remedy = f"{ACCEPTED_AS_IT_IS} {ours.message}".strip()
    return replace(finding, severity=Severity.WARN, message=_describe_accepted(finding), remedy=remedy)


def _describe_accepted(finding: Finding) -> str:
    if is_disclosure(finding.code):
        called = KINDS.get(finding.code.partition(".")[2], "something that could identify a child")
        return f"There is what looked like {called}. We have read it: it may stay."
    return _ONCE_ACCEPTED.get(finding.code, finding.message)
