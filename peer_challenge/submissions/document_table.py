"""The table with one row per submission: what is true of a document as a whole."""

from collections import Counter
from collections.abc import Iterable, Sequence

from peer_challenge.model.protective_marking import rank_marking
from peer_challenge.submissions.check_suite import Batch, Row
from peer_challenge.submissions.row_tables import context_of, read_text_value


def count_filled_rows(rows: Iterable[Row], columns: Sequence[str]) -> Counter[str]:
    """How many rows of each submission have something in any of `columns`."""
    return Counter(
        row["submission"] for row in rows if any(read_text_value(row[column]).strip() for column in columns)
    )


def document_rows(batch: Batch, filled: Counter[str]) -> list[Row]:
    """One row per submission, in the order of the particulars.

    Each row has the particulars, `filled_rows` (how many rows of its table are filled in), `marking`, the
    ranks of the document's and the cycle's marking, and `office`.
    """
    found = []
    for particulars in batch.particulars:
        context = context_of(batch, particulars["submission"])
        marking = read_text_value(particulars.get("marking")) or None
        facts = {
            "filled_rows": filled[particulars["submission"]],
            "marking": marking,
            "marking_rank": rank_marking(marking),
            "cycle_rank": rank_marking(context.rules.marking),
        }
        found.append(particulars | facts)
    return found
