"""Checks and suites of checks as data. Running, documenting and configuring them all use this data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from peer_challenge.model.vocabulary import Kind, Severity
from peer_challenge.submissions.context import SubmissionContext

REJECT, QUERY, WARN, NOTE = Severity.REJECT, Severity.QUERY, Severity.WARN, Severity.NOTE
TableName = Literal["rows", "texts", "partners", "documents"]
Row = dict[str, Any]
Tables = dict[str, list[Row]]
Breaks = Callable[[Row], bool]


@dataclass(frozen=True, slots=True)
class Check:
    """One rule. `breaks` says whether a row of its table breaks the rule.

    `message`, `remedy` and `column` are templates: gaps in braces are filled from the table's row.
    `column` is the column that the finding is about, None when it is about the whole row or document.
    `limit` names the setting of the cycle's rules on which the check depends.
    """

    code: str
    severity: Severity
    table: TableName
    breaks: Breaks
    message: str
    remedy: str
    column: str | None = None
    limit: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Submissions of one kind as rows, keyed by `submission`, each with its context.

    `seen` holds the codes of what the reader found in a row, by submission and the row's address. With it,
    a check does not ask again for something that the reader has already reported. It is empty for tables
    that no reader made.
    """

    rows: Sequence[Row]
    particulars: Sequence[Row]
    contexts: Mapping[str, SubmissionContext]
    seen: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suite:
    """The checks of a kind, and how its tables are prepared from a batch.

    The tables: `rows` has a row per row or item, `texts` one per filled cell, `partners` one per
    partner of a partnership, `documents` one per submission. Each has `submission`.
    """

    kind: Kind
    prepare: Callable[[Batch], Tables]
    checks: tuple[Check, ...] = field(default=())

    def check(self, code: str) -> Check:
        """The check with this code. Raises KeyError for an unknown code."""
        return {check.code: check for check in self.checks}[code]


def make_flag_rule(name: str) -> Breaks:
    """A rule that a row breaks when its value `name` is true."""

    def breaks(row: Row) -> bool:
        return bool(row[name])

    return breaks
