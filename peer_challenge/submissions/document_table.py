"""The table with one row per submission: what is true of a document as a whole."""

from collections.abc import Sequence

from peer_challenge.model.protective_marking import rank_of
from peer_challenge.submissions.check import Batch, Row
from peer_challenge.submissions.row_tables import context_of, text_of


def with_blank(rows: list[Row], columns: Sequence[str]) -> list[Row]:
    """The rows with `is_blank`: whether nothing is filled in in any of `columns` of the whole submission."""
    filled = {row["submission"] for row in rows if any(text_of(row[column]).strip() for column in columns)}
    for row in rows:
        row["is_blank"] = row["submission"] not in filled
    return rows


def document_rows(batch: Batch, rows: list[Row]) -> list[Row]:
    """One row per submission, in the order of the particulars, with those and its context's facts.

    `rows` give `is_blank`. A submission without any row is blank.
    """
    filled = {row["submission"] for row in rows if not row["is_blank"]}
    found = []
    for particulars in batch.particulars:
        context = context_of(batch, particulars["submission"])
        marking = text_of(particulars.get("marking"))
        facts = {
            "is_blank": particulars["submission"] not in filled,
            "marking": marking,
            "marking_rank": rank_of(marking),
            "cycle_rank": rank_of(context.rules.marking),
            "office": context.office,
        }
        found.append(particulars | facts)
    return found
