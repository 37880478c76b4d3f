"""Checks and suites of checks as data. Running, documenting and configuring them all use this data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from peer_challenge.model.vocabulary import Kind, Severity
from peer_challenge.submissions.checked_against import SubmissionContext

if TYPE_CHECKING:  # it takes seconds to load, and most of those who name a check do not run it
    from great_expectations.expectations.expectation import Expectation

REJECT, QUERY, WARN, NOTE = Severity.REJECT, Severity.QUERY, Severity.WARN, Severity.NOTE
TableName = Literal["rows", "ratings", "answers", "texts", "details", "partners", "documents"]
Row = dict[str, Any]
Tables = dict[TableName, list[Row]]


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """One rule: what is expected of every row of its table, and what is told of a row that is otherwise.

    `expects` is an expectation of Great Expectations, or one of own_expectations.py. Its `row_condition`
    says of which rows it is expected.

    `message`, `remedy` and `column` are templates: gaps in braces are filled from the table's row.
    `column` is the column that the finding is about, None when it is about the whole row or document.
    `limit` names the setting of the cycle's rules on which the check depends.
    """

    code: str
    severity: Severity
    table: TableName
    expects: "Expectation"
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

    The tables: `rows` has a row for each that the form has or should have, `answers` those of them that can
    be checked, `ratings` those of the answers that give no rating that can be used, `texts` one per filled
    cell, `details` one per kind of detail in a text that could identify a child, `partners` one per partner
    of a partnership, `documents` one per submission. Each has `submission`. A value is None where nothing is
    said. Nothing is run for a table without rows, so what is rarely there has a table of its own.
    """

    kind: Kind
    prepare: Callable[[Batch], Tables]
    checks: tuple[Check, ...] = field(default=())

    def list_checks_of(self, table: TableName) -> list[Check]:
        """The checks of the rows of one table."""
        return [check for check in self.checks if check.table == table]
