"""The response to a challenge: the checks that it must pass."""

# ruff: noqa: E501 - a message reads better on one line

from peer_challenge.model.vocabulary import Kind, Rating, ResponseKind
from peer_challenge.submissions import cell_text, shared_checks
from peer_challenge.submissions.check_suite import QUERY, WARN, Batch, Check, Row, Suite, Tables
from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.submissions.disclosure_checks import disclosure_checks
from peer_challenge.submissions.document_table import count_filled_rows, document_rows
from peer_challenge.submissions.load_great_expectations import Column, gxe
from peer_challenge.submissions.row_tables import (
    detail_rows,
    index_earlier_rows,
    partner_rows,
    pick_seen_code,
    read_answer,
    schedule_rows,
    text_rows,
)

_COLUMNS = ("commentary", "response_kind", "response_kind_as_written", "response")
_KINDS = tuple(kind.value for kind in ResponseKind)


def prepare_response_tables(batch: Batch) -> Tables:
    """The tables that the checks of responses run on, for a batch of responses."""
    rows = schedule_rows(batch, _COLUMNS)
    asked = {key: _collect_challenges(context) for key, context in batch.contexts.items()}
    documents = document_rows(batch, count_filled_rows(rows, ["response", "response_kind"]))
    compared = [row | _read_row(row, asked.get(row["submission"], {})) for row in rows]
    texts = text_rows(batch, Kind.RESPONSE, ("response",), rows)
    return {
        "rows": compared,
        "answers": [row for row in compared if row["challenge"] is not None],
        "texts": texts,
        "details": detail_rows(texts),
        "partners": partner_rows(documents),
        "documents": documents,
    }


def _read_row(row: Row, asked: dict[str, tuple[str, str | None]]) -> Row:
    """What a row says, and beside it what was asked and how the author had rated it.

    `challenge` is None where nothing was asked. It comes from the analysis where that is known, else from the
    form. `challenge_asked` and `challenge_returned` are given without what makes no difference, such as
    bullets and kinds of quotation marks; None where one of them is not known.
    """
    said, rating = asked.get(row["subheading"], (None, None))
    return {
        "authors_rating": rating,
        "challenge": read_answer((said or "") if asked else row["commentary"]),
        "challenge_asked": None if said is None else cell_text.normalise_text(said),
        "challenge_returned": cell_text.normalise_text(row["commentary"]) if row["commentary"] else None,
        "response": read_answer(row["response"]),
        "response_kind": row["response_kind"] if row["response_kind"] in _KINDS else None,
        "reader_on_kind": pick_seen_code(row, ["response.kind_unclear"]),
    }


def _collect_challenges(context: SubmissionContext) -> dict[str, tuple[str, str | None]]:
    """What was asked and how the author had rated it, by sub-heading."""
    own = index_earlier_rows(context.authors_rows)
    return {
        address: (row["commentary"], own.get(address, row).get("rating") or None)
        for address, row in index_earlier_rows(context.analysis_rows, ("commentary", "rating")).items()
    }


_RATED_RED = Column("authors_rating") == Rating.RED.value
_NOT_RATED_RED = Column("authors_rating") != Rating.RED.value


SUITE = Suite(
    Kind.RESPONSE,
    prepare_response_tables,
    (
        shared_checks.make_blank_check(
            "The form is blank: no question has been answered.",
            "Please answer the questions and send the form again. If you did, check that you attached the right file and wrote in its tables.",
        ),
        Check(
            "response.missing",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(column="response", row_condition=_RATED_RED),
            'The question on "{title}", which is rated RED, has no answer.',
            "Please answer it: give further evidence, say that more work is needed, or say what has been done since.",
            column="response",
        ),
        Check(
            "response.not_answered",
            WARN,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(
                column="response", row_condition=_NOT_RATED_RED & Column("response_kind").is_null()
            ),
            'The question on "{title}" has no answer. It will be asked again at the event.',
            "Please answer it beforehand if you can.",
            column="response",
        ),
        Check(
            "response.kind_missing",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(
                column="response_kind",
                row_condition=Column("response").is_not_null() & Column("reader_on_kind").is_null(),
            ),
            "You have not chosen the kind of answer.",
            "Please choose one: further evidence, more work is needed, or action taken since the self-assessment. Your words stay as they are.",
            column="response_kind",
        ),
        Check(
            "response.only_kind",
            WARN,
            "answers",
            gxe.ExpectColumnValuesToBeNull(
                column="response_kind", row_condition=_NOT_RATED_RED & Column("response").is_null()
            ),
            "You chose a kind of answer and wrote nothing.",
            "If you can, add a sentence and send the form again. If not, the question is asked again at the event.",
            column="response_kind",
        ),
        Check(
            "challenge.changed",
            WARN,
            "rows",
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="challenge_asked",
                column_B="challenge_returned",
                ignore_row_if="either_value_is_missing",
            ),
            "The words of a question were changed. We keep the question as your peers wrote it.",
            "Please leave the question as it is, and put what you want to say into your answer.",
            column="commentary",
        ),
        shared_checks.over_limit(),
        shared_checks.PRIVATE_LINK,
        shared_checks.EVIDENCE_NOT_THERE,
        *disclosure_checks(),
        *shared_checks.sign_off_checks(WARN),
        *shared_checks.SHARED,
    ),
)
