"""The response to a challenge: what makes it valid."""

# ruff: noqa: E501 - a message reads better on one line

from typing import Any

import pandas as pd

from peer_challenge.submissions import common, wording
from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.submissions.documents import document_rows, with_blank
from peer_challenge.submissions.suite import QUERY, WARN, Batch, Check, Suite
from peer_challenge.submissions.tables import context_of, earlier, partner_rows, schedule_rows, text_rows
from peer_challenge.vocabulary import Kind, Rating, ResponseKind

_COLUMNS = ("commentary", "response_kind", "response_kind_as_written", "response")
_KINDS = tuple(kind.value for kind in ResponseKind)


def prepare(batch: Batch) -> dict[str, pd.DataFrame]:
    """The suite's tables for a batch of responses."""
    rows = schedule_rows(batch, _COLUMNS)
    rows = with_blank(rows, ["response", "response_kind"])
    asked = {s: _asked(context_of(batch, s)) for s in rows["submission"].unique()}
    rows["challenge"] = [_challenge(asked[r["submission"]], r) for r in rows.to_dict("records")]
    rows["authors_rating"] = [
        asked[r["submission"]].get(r["subheading"], ("", None))[1] for r in rows.to_dict("records")
    ]
    rows["is_challenged"] = rows["challenge"].ne("")
    rows["has_answer"] = ~rows["response"].map(wording.is_nothing).astype(bool)
    rows["has_kind"] = rows["response_kind"].isin(_KINDS)
    rows["is_challenge_changed"] = [_is_changed(asked[r["submission"]], r) for r in rows.to_dict("records")]
    documents = document_rows(batch, rows)
    particulars = batch.particulars.assign(is_blank=documents["is_blank"].to_numpy())
    live = rows[rows["is_present"].astype(bool)]
    return {
        "rows": rows.drop(columns=["challenge", "commentary", "response", "response_kind_as_written"]),
        "texts": text_rows(batch, Kind.RESPONSE, ("response",), live),
        "partners": partner_rows(Batch(batch.rows, particulars, batch.contexts)),
        "documents": documents,
    }


def _asked(context: SubmissionContext) -> dict[str, tuple[str, str | None]]:
    """What was asked and how the author had rated it, by sub-heading."""
    own = earlier(context.authors_rows)
    return {
        address: (row["commentary"], own.get(address, row).get("rating") or None)
        for address, row in earlier(context.analysis_rows, ("commentary", "rating")).items()
    }


def _challenge(asked: dict[str, tuple[str, str | None]], row: dict[Any, Any]) -> str:
    """The challenge that stands, from the analysis where that is known, else from the form."""
    said = asked.get(str(row["subheading"]), ("", None))[0] if asked else row["commentary"]
    return "" if wording.is_nothing(said) else str(said)


def _is_changed(asked: dict[str, tuple[str, str | None]], row: dict[Any, Any]) -> bool:
    said = asked.get(str(row["subheading"]))
    return (
        said is not None
        and bool(row["commentary"])
        and wording.squeezed(said[0]) != wording.squeezed(row["commentary"])
    )


def _is_due(table: pd.DataFrame) -> "pd.Series[bool]":
    return table["is_challenged"].astype(bool) & ~table["is_blank"].astype(bool)


def _is_red(table: pd.DataFrame) -> "pd.Series[bool]":
    return table["authors_rating"].eq(Rating.RED.value)


SUITE = Suite(
    Kind.RESPONSE,
    prepare,
    (
        common.blank(
            "The form is blank: no challenge has been answered.",
            "Answer the challenges and send the form again. If you did, check that you attached the right file.",
        ),
        Check(
            "response.missing",
            QUERY,
            "rows",
            lambda t: _is_due(t) & _is_red(t) & ~t["has_answer"],
            'The challenge to "{title}", which is rated RED, has no answer.',
            "Answer it with further evidence, an acknowledgement that more is needed, or an update.",
            column="response",
        ),
        Check(
            "response.not_answered",
            WARN,
            "rows",
            lambda t: _is_due(t) & ~_is_red(t) & ~t["has_answer"],
            'The challenge to "{title}" has no answer. It will be asked again at the event.',
            "Answer it beforehand if you can.",
            column="response",
        ),
        Check(
            "response.kind_missing",
            QUERY,
            "rows",
            lambda t: _is_due(t) & t["has_answer"] & ~t["has_kind"],
            "It is not said which kind of answer this is.",
            "Choose one: further evidence, acknowledgement, or update. Your words stay as they are.",
            column="response_kind",
        ),
        Check(
            "response.only_kind",
            WARN,
            "rows",
            lambda t: _is_due(t) & ~_is_red(t) & ~t["has_answer"] & t["has_kind"],
            "A kind of answer was chosen, but there are no words to go with it.",
            "Add a sentence, so that your peers know what is meant.",
            column="response_kind",
        ),
        Check(
            "challenge.changed",
            WARN,
            "rows",
            lambda t: t["is_challenge_changed"].astype(bool),
            "The words of the challenge were changed. The challenge stands as your peers wrote it.",
            "Leave the challenge as it is, and put what you want to say into your answer.",
            column="commentary",
        ),
        common.over_limit(),
        common.PRIVATE_LINK,
        common.EVIDENCE_NOT_THERE,
        *common.disclosure_checks(),
        *common.sign_off_checks(WARN),
        *common.SHARED,
    ),
)
