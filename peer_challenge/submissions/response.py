"""The response to a challenge: the checks that it must pass."""

# ruff: noqa: E501 - a message reads better on one line

from peer_challenge.model.vocabulary import Kind, Rating, ResponseKind
from peer_challenge.submissions import cell_text, shared_checks
from peer_challenge.submissions.check import QUERY, WARN, Batch, Check, Row, Suite, Tables, make_flag_rule
from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.submissions.document_table import document_rows, with_blank
from peer_challenge.submissions.row_tables import index_earlier_rows, partner_rows, schedule_rows, text_rows

_COLUMNS = ("commentary", "response_kind", "response_kind_as_written", "response")
_KINDS = tuple(kind.value for kind in ResponseKind)


def prepare_response_tables(batch: Batch) -> Tables:
    """The tables that the checks of responses run on, for a batch of responses."""
    rows = with_blank(schedule_rows(batch, _COLUMNS), ["response", "response_kind"])
    asked = {key: _collect_challenges(context) for key, context in batch.contexts.items()}
    for row in rows:
        theirs = asked.get(row["submission"], {})
        row |= {
            "authors_rating": theirs.get(row["subheading"], ("", None))[1],
            "is_challenged": bool(_find_challenge_text(theirs, row)),
            "has_answer": not cell_text.is_nothing(row["response"]),
            "has_kind": row["response_kind"] in _KINDS,
            "is_challenge_changed": _is_changed(theirs, row),
        }
    documents = document_rows(batch, rows)
    return {
        "rows": rows,
        "texts": text_rows(batch, Kind.RESPONSE, ("response",), rows),
        "partners": partner_rows(documents),
        "documents": documents,
    }


def _collect_challenges(context: SubmissionContext) -> dict[str, tuple[str, str | None]]:
    """What was asked and how the author had rated it, by sub-heading."""
    own = index_earlier_rows(context.authors_rows)
    return {
        address: (row["commentary"], own.get(address, row).get("rating") or None)
        for address, row in index_earlier_rows(context.analysis_rows, ("commentary", "rating")).items()
    }


def _find_challenge_text(asked: dict[str, tuple[str, str | None]], row: Row) -> str:
    """The text of the challenge, "" when there is none.

    It comes from the analysis where that is known, else from the form.
    """
    said = asked.get(row["subheading"], ("", None))[0] if asked else row["commentary"]
    return "" if cell_text.is_nothing(said) else str(said)


def _is_changed(asked: dict[str, tuple[str, str | None]], row: Row) -> bool:
    said = asked.get(row["subheading"])
    return (
        said is not None
        and bool(row["commentary"])
        and not cell_text.is_same_wording(said[0], row["commentary"])
    )


def _is_answer_due(row: Row) -> bool:
    return bool(row["is_challenged"] and not row["is_blank"])


def _is_rated_red(row: Row) -> bool:
    return bool(row["authors_rating"] == Rating.RED)


SUITE = Suite(
    Kind.RESPONSE,
    prepare_response_tables,
    (
        shared_checks.make_blank_check(
            "The form is blank: no challenge has been answered.",
            "Answer the challenges and send the form again. If you did, check that you attached the right file and wrote in its tables.",
        ),
        Check(
            "response.missing",
            QUERY,
            "rows",
            lambda row: _is_answer_due(row) and _is_rated_red(row) and not row["has_answer"],
            'The challenge to "{title}", which is rated RED, has no answer.',
            "Answer it with further evidence, an acknowledgement that more is needed, or an update.",
            column="response",
        ),
        Check(
            "response.not_answered",
            WARN,
            "rows",
            lambda row: _is_answer_due(row) and not _is_rated_red(row) and not row["has_answer"],
            'The challenge to "{title}" has no answer. It will be asked again at the event.',
            "Answer it beforehand if you can.",
            column="response",
        ),
        Check(
            "response.kind_missing",
            QUERY,
            "rows",
            lambda row: (
                _is_answer_due(row)
                and row["has_answer"]
                and not row["has_kind"]
                and "response.kind_unclear" not in row["seen"]
            ),
            "It is not said which kind of answer this is.",
            "Choose one: further evidence, acknowledgement, or update. Your words stay as they are.",
            column="response_kind",
        ),
        Check(
            "response.only_kind",
            WARN,
            "rows",
            lambda row: (
                _is_answer_due(row) and not _is_rated_red(row) and not row["has_answer"] and row["has_kind"]
            ),
            "A kind of answer was chosen, but there are no words to go with it.",
            "Add a sentence, so that your peers know what is meant.",
            column="response_kind",
        ),
        Check(
            "challenge.changed",
            WARN,
            "rows",
            make_flag_rule("is_challenge_changed"),
            "The words of the challenge were changed. The challenge stands as your peers wrote it.",
            "Leave the challenge as it is, and put what you want to say into your answer.",
            column="commentary",
        ),
        shared_checks.over_limit(),
        shared_checks.PRIVATE_LINK,
        shared_checks.EVIDENCE_NOT_THERE,
        *shared_checks.disclosure_checks(),
        *shared_checks.sign_off_checks(WARN),
        *shared_checks.SHARED,
    ),
)
