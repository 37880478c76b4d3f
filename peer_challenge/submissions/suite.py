"""A check and a suite of checks, as data: what they are run on, documented and configured by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.vocabulary import Kind, Severity

REJECT, QUERY, WARN, NOTE = Severity.REJECT, Severity.QUERY, Severity.WARN, Severity.NOTE
TableName = Literal["rows", "texts", "partners", "documents"]
Breaks = Callable[[pd.DataFrame], "pd.Series[bool]"]


@dataclass(frozen=True, slots=True)
class Check:
    """One rule. `breaks` says, row by row of its table, where the rule is broken.

    `message`, `remedy` and `column` are templates: gaps in braces are filled from the table's row.
    `column` is where the finding stands, None when it is about the whole row or document.
    `limit` names the setting of the cycle's rules that it goes by.
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
    """Submissions of one kind as tables, keyed by `submission`, each with its context."""

    rows: pd.DataFrame
    particulars: pd.DataFrame
    contexts: Mapping[str, SubmissionContext]


@dataclass(frozen=True, slots=True)
class Suite:
    """The checks of a kind, and how its tables are prepared from a batch.

    The tables: `rows` has a row per row or item, `texts` one per filled cell, `partners` one per
    partner of a partnership, `documents` one per submission. Each has `submission`.
    """

    kind: Kind
    prepare: Callable[[Batch], dict[str, pd.DataFrame]]
    checks: tuple[Check, ...] = field(default=())

    def of_table(self, table: str) -> tuple[Check, ...]:
        """The checks that run on one table."""
        return tuple(check for check in self.checks if check.table == table)

    def check(self, code: str) -> Check:
        """The check of a code. Raises KeyError for an unknown one."""
        return {check.code: check for check in self.checks}[code]


def flag(name: str) -> Breaks:
    """A rule that is broken where the table's column `name` is true."""

    def breaks(table: pd.DataFrame) -> "pd.Series[bool]":
        return table[name].astype(bool)

    return breaks


def column_or(table: pd.DataFrame, name: str, otherwise: Any = "") -> "pd.Series[Any]":
    """A column with its gaps filled, or `otherwise` throughout where there is none."""
    if name not in table:
        return pd.Series([otherwise] * len(table), index=table.index, dtype=object)
    values = table[name].astype(object)
    return values.where(values.notna(), otherwise)
