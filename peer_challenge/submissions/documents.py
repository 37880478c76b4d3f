"""The table with one row per submission: what is true of a document as a whole."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from peer_challenge.marking import ORDER
from peer_challenge.submissions.suite import Batch, column_or
from peer_challenge.submissions.tables import context_of, text_of


def with_blank(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The rows with `is_blank`: whether nothing is filled in in any of `columns` of the whole submission."""
    filled = pd.Series(False, index=rows.index)
    for column in columns:
        filled |= rows[column].map(text_of).map(str.strip).ne("")
    by_submission = filled.groupby(rows["submission"]).transform("any")
    return rows.assign(is_blank=~by_submission.astype(bool))


def document_rows(batch: Batch, rows: pd.DataFrame) -> pd.DataFrame:
    """One row per submission, in the order of the particulars, with those and its context's facts.

    `rows` give `is_blank`. A submission without any row is blank.
    """
    table = batch.particulars.copy()
    filled = set(rows.loc[~rows["is_blank"].astype(bool), "submission"])
    contexts = [context_of(batch, str(submission)) for submission in table["submission"]]
    table["is_blank"] = [submission not in filled for submission in table["submission"]]
    table["marking"] = column_or(table, "marking")
    table["marking_rank"] = table["marking"].map(_rank)
    table["cycle_rank"] = [_rank(context.rules.marking) for context in contexts]
    table["office"] = [context.office for context in contexts]
    return table.reset_index(drop=True)


def _rank(marking: Any) -> int:
    return ORDER.index(marking) if marking in ORDER else 0
