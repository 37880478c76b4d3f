"""The draft summary that an area sends back with corrections: the checks that it must pass.

Whether a correction is right is not for a check: the Chair or the office settles each of them.
"""

from peer_challenge.model.vocabulary import Kind
from peer_challenge.submissions import shared_checks
from peer_challenge.submissions.check_suite import Batch, Suite, Tables
from peer_challenge.submissions.disclosure_checks import disclosure_checks
from peer_challenge.submissions.document_table import count_filled_rows, document_rows
from peer_challenge.submissions.item_table import item_rows
from peer_challenge.submissions.row_tables import (
    detail_rows,
    particular_text_rows,
    short_text_rows,
    text_rows,
)

_COLUMNS = ("text", "subheading_as_written", "consensus", "comments")


def prepare_corrected_draft_tables(batch: Batch) -> Tables:
    """The tables that the checks of corrected drafts run on, for a batch of them."""
    rows = item_rows(batch, _COLUMNS)
    texts = text_rows(batch, Kind.CORRECTIONS, ("text", "comments"), rows)
    short = short_text_rows(batch, Kind.CORRECTIONS, ("subheading_as_written", "consensus"), rows)
    return {
        "answers": rows,
        "texts": texts,
        "details": detail_rows([*texts, *short, *particular_text_rows(batch, Kind.CORRECTIONS)]),
        "documents": document_rows(batch, count_filled_rows(rows, _COLUMNS)),
    }


def _make_suite(kind: Kind) -> Suite:
    return Suite(
        kind,
        prepare_corrected_draft_tables,
        (*disclosure_checks(), *shared_checks.SHARED),
    )


SUITES = tuple(_make_suite(kind) for kind in (Kind.CORRECTIONS, Kind.CHALLENGER_CORRECTIONS))
