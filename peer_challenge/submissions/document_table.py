"""The table with one row per submission: what is true of a document as a whole."""

from collections.abc import Sequence

from peer_challenge.model.protective_marking import rank_marking
from peer_challenge.submissions.check import Batch, Row
from peer_challenge.submissions.row_tables import context_of, read_text_value


def with_blank(rows: list[Row], columns: Sequence[str]) -> list[Row]:
    """The rows with `is_blank`: true when the whole submission has nothing in any of `columns`."""
    filled = {
        row["submission"] for row in rows if any(read_text_value(row[column]).strip() for column in columns)
    }
    for row in rows:
        row["is_blank"] = row["submission"] not in filled
    return rows


def document_rows(batch: Batch, rows: list[Row]) -> list[Row]:
    """One row per submission, in the order of the particulars.

    Each row has the particulars, `is_blank`, `marking`, the ranks of the document's and the cycle's
    marking, and `office`. `rows` tell which submissions are blank; a submission without any row is blank.
    """
    filled = {row["submission"] for row in rows if not row["is_blank"]}
    found = []
    for particulars in batch.particulars:
        context = context_of(batch, particulars["submission"])
        marking = read_text_value(particulars.get("marking"))
        facts = {
            "is_blank": particulars["submission"] not in filled,
            "marking": marking,
            "marking_rank": rank_marking(marking),
            "cycle_rank": rank_marking(context.rules.marking),
            "office": context.office,
        }
        found.append(particulars | facts)
    return found
