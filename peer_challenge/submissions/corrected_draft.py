"""The draft summary that an area sends back with corrections: the checks that it must pass.

Whether a correction is right is not for a check: the Chair or the office settles each of them.
"""

from peer_challenge.model.vocabulary import Kind
from peer_challenge.submissions import shared_checks
from peer_challenge.submissions.check import Batch, Row, Suite, Tables
from peer_challenge.submissions.document_table import count_filled_rows, document_rows
from peer_challenge.submissions.item_table import item_rows
from peer_challenge.submissions.row_tables import detail_rows, read_text_value, text_rows
from peer_challenge.word.form.forms import FORMS

_COLUMNS = ("text", "subheading_as_written", "consensus", "comments")
_READ_ELSEWHERE = ("notes", "late_reason")
"""The particulars that all forms' texts include already."""


def prepare_corrected_draft_tables(batch: Batch) -> Tables:
    """The tables that the checks of corrected drafts run on, for a batch of them."""
    rows = item_rows(batch, _COLUMNS)
    beside = [row | {"text": row["comments"]} for row in rows]
    texts = text_rows(batch, Kind.CORRECTIONS, ("text",), [*rows, *beside, *_list_particulars(batch)])
    in_margin = {(row["submission"], row["address"], row["comments"]) for row in rows if row["comments"]}
    texts = [
        row | {"column": "comments"}
        if (row["submission"], row["subheading"], row["text"]) in in_margin
        else row
        for row in texts
    ]
    return {
        "answers": rows,
        "texts": texts,
        "details": detail_rows(texts),
        "documents": document_rows(batch, count_filled_rows(rows, _COLUMNS)),
    }


def _list_particulars(batch: Batch) -> list[Row]:
    """What stands beside each label of the draft, as rows with a text."""
    return [
        {
            "submission": row["submission"],
            "address": "",
            "subheading": None,
            "title": field.label,
            "text": read_text_value(row.get(field.id)),
        }
        for row in batch.particulars
        for field in FORMS[Kind.CORRECTIONS].fields
        if field.id not in _READ_ELSEWHERE
    ]


def _make_suite(kind: Kind) -> Suite:
    return Suite(
        kind,
        prepare_corrected_draft_tables,
        (*shared_checks.disclosure_checks(), *shared_checks.SHARED),
    )


SUITES = tuple(_make_suite(kind) for kind in (Kind.CORRECTIONS, Kind.CHALLENGER_CORRECTIONS))
