"""The peer analysis: its checks, and restoring the authors' words where they were changed."""

# ruff: noqa: E501 - a message reads better on one line

import pandas as pd

from peer_challenge.advice.tone import coach_commentary, in_plain_words
from peer_challenge.model.vocabulary import Kind, Rating
from peer_challenge.submissions import cell_text, shared_checks
from peer_challenge.submissions.check import (
    QUERY,
    REJECT,
    WARN,
    Batch,
    Breaks,
    Check,
    Row,
    Suite,
    Tables,
    make_flag_rule,
)
from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.submissions.document_table import document_rows, with_blank
from peer_challenge.submissions.row_tables import (
    context_of,
    index_earlier_rows,
    kinds_of_detail,
    partner_rows,
    read_text_value,
    schedule_rows,
    text_rows,
)
from peer_challenge.submissions.version_changes import describe_changes
from peer_challenge.word.form.forms import FORMS

_OWN = ("strengths", "development")
_HEADERS = {column.id: column.header for column in FORMS[Kind.ANALYSIS].columns}


def prepare_analysis_tables(batch: Batch) -> Tables:
    """The tables that the checks of analyses run on, for a batch of analyses."""
    rows = with_blank(schedule_rows(batch, (*_OWN, "rating_as_written", "commentary")), ["commentary"])
    own = {key: index_earlier_rows(context.authors_rows) for key, context in batch.contexts.items()}
    seen: dict[str, set[str]] = {}
    for row in rows:
        theirs, context = own.get(row["submission"], {}), context_of(batch, row["submission"])
        rating = _authors_rating(theirs, row)
        row |= {
            "has_commentary": not cell_text.is_nothing(row["commentary"]),
            "authors_rating": rating,
            "is_rating_changed": bool(row["rating"] and rating and row["rating"] != rating),
            **{f"changed_{column}": _describe_change(theirs, row, column, context) for column in _OWN},
            **_coach_commentary(row["commentary"], seen.setdefault(row["submission"], set()), context),
        }
    documents = _build_document_rows(batch, _with_blank_only_where_due(rows))
    return {
        "rows": rows,
        "texts": text_rows(batch, Kind.ANALYSIS, ("commentary",), rows),
        "partners": partner_rows(documents),
        "documents": documents,
    }


def _with_blank_only_where_due(rows: list[Row]) -> list[Row]:
    """An area that is GREEN throughout may be given no commentary at all."""
    due = {row["submission"] for row in rows if row["authors_rating"] in (Rating.RED, Rating.AMBER)}
    for row in rows:
        row["is_blank"] = row["is_blank"] and row["submission"] in due
    return rows


def _authors_rating(own: dict[str, dict[str, str]], row: Row) -> str | None:
    """The rating the author gave: from its own form where that is known."""
    return (own.get(row["subheading"], {}).get("rating") or None) if own else row["rating"]


def _describe_change(
    own: dict[str, dict[str, str]], row: Row, column: str, context: SubmissionContext
) -> str:
    """What was changed in the author's words, as a sentence; "" when nothing was."""
    said = own.get(row["subheading"])
    if said is None or not row["is_present"] or cell_text.is_same_wording(said[column], row[column]):
        return ""
    before, after = cell_text.normalise_text(said[column]), cell_text.normalise_text(row[column])
    if not after:
        return "all of it was taken out"
    told = describe_changes(before, after)
    return "some words" if kinds_of_detail(told, context.areas) or not told else told


def _coach_commentary(commentary: str, others: set[str], context: SubmissionContext) -> Row:
    """The coaching for a commentary, as `tone` and `question`.

    The commentary joins the `others`, so that of words used twice only the second use is commented on.
    """
    coaching = None if cell_text.is_nothing(commentary) else coach_commentary(commentary, others)
    others.add(in_plain_words(commentary))
    if coaching is None:
        return {"tone": "", "question": ""}
    # a question quotes, so it is a plain one where the words may identify a child
    plain = "What has changed for children, and what shows it?"
    return {
        "tone": coaching.code,
        "question": plain if kinds_of_detail(commentary, context.areas) else coaching.question,
    }


def _build_document_rows(batch: Batch, rows: list[Row]) -> list[Row]:
    documents = document_rows(batch, rows)
    blank = {row["submission"]: row["is_blank"] for row in rows}
    amber = {row["submission"] for row in rows if row["authors_rating"] == Rating.AMBER}
    touched = {
        row["submission"] for row in rows if row["authors_rating"] == Rating.AMBER and row["has_commentary"]
    }
    for row in documents:
        submission = row["submission"]
        row |= {
            "is_blank": blank.get(submission, True),
            "is_amber_untouched": submission in amber - touched,
            "is_wrong_partner": _is_wrong_challenger(row.get("challenger"), context_of(batch, submission)),
        }
    return documents


def _is_wrong_challenger(marked: object, context: SubmissionContext) -> bool:
    return (
        bool(read_text_value(marked)) and context.challenger is not None and marked != context.challenger.id
    )


def _is_row_to_check(row: Row) -> bool:
    return bool(row["is_present"] and not row["is_blank"])


def _build_change_check(column: str) -> Check:
    return Check(
        f"authors_text.{column}_changed",
        WARN,
        "rows",
        lambda row: row[f"changed_{column}"] != "",
        f"The author's own words under “{_HEADERS[column]}” were changed ({{changed_{column}}}). "
        "What goes back to the author carries its own words.",
        "Leave the author's columns as they are, and put what you want to say into your commentary.",
        column=column,
    )


def _make_tone_rule(code: str) -> Breaks:
    def breaks(row: Row) -> bool:
        return bool(row["tone"] == code)

    return breaks


def restore_authors_words(analysis_rows: pd.DataFrame, authors_rows: pd.DataFrame) -> pd.DataFrame:
    """The analysis with the author's columns as the author wrote them; only the commentary is the peers'.

    Both tables have `subheading`. The result has every row of the author, in the author's order, with "" for
    `commentary` where the analysis has none.
    """
    said = {}
    if not analysis_rows.empty:
        said = dict(zip(analysis_rows["subheading"], analysis_rows["commentary"], strict=True))
    restored = authors_rows.copy()
    restored["commentary"] = [read_text_value(said.get(address)) for address in restored["subheading"]]
    return restored


SUITE = Suite(
    Kind.ANALYSIS,
    prepare_analysis_tables,
    (
        shared_checks.make_blank_check(
            "The form is blank: no commentary has been written.",
            "Write your commentary and send the form again. If you did, check that you attached the right file and wrote in its tables.",
        ),
        Check(
            "partner.wrong",
            REJECT,
            "documents",
            make_flag_rule("is_wrong_partner"),
            "This analysis was made on the form of another pair: your area challenges somebody else in this cycle.",
            "Send the form that came with your own analysis pack. If you have none, ask {office}.",
        ),
        shared_checks.ROW_MISSING,
        shared_checks.ROW_UNKNOWN,
        Check(
            "commentary.missing",
            QUERY,
            "rows",
            lambda row: (
                _is_row_to_check(row) and row["authors_rating"] == Rating.RED and not row["has_commentary"]
            ),
            '"{title}" is rated RED, and there is no commentary on it.',
            "Every RED sub-heading is challenged: ask the area at least one question about it.",
            column="commentary",
        ),
        Check(
            "commentary.no_amber",
            WARN,
            "documents",
            lambda row: row["is_amber_untouched"] and not row["is_blank"],
            "None of the AMBER sub-headings has any commentary.",
            "Some of them usually deserve a question. Look through them once more.",
        ),
        _build_change_check("strengths"),
        _build_change_check("development"),
        Check(
            "authors_text.rating_changed",
            WARN,
            "rows",
            make_flag_rule("is_rating_changed"),
            "The author's rating ({authors_rating}) was changed to {rating}. "
            "What goes back to the author carries its own rating.",
            "Leave the rating as it is. If you think that it should be another, ask why it is {authors_rating}.",
            column="rating",
        ),
        Check(
            "commentary.repeated",
            WARN,
            "rows",
            _make_tone_rule("repeated"),
            "The same words stand beside another sub-heading.",
            "Ask something about this sub-heading alone, or leave it empty.",
            column="commentary",
        ),
        Check(
            "commentary.bare_assertion",
            WARN,
            "rows",
            _make_tone_rule("bare_assertion"),
            "The commentary says what you think, and asks nothing.",
            "A question may open more. For instance: {question}",
            column="commentary",
        ),
        Check(
            "commentary.not_questioning",
            WARN,
            "rows",
            _make_tone_rule("not_questioning"),
            "The commentary asks nothing that the area can answer.",
            "A question may open more. For instance: {question}",
            column="commentary",
        ),
        shared_checks.over_limit(),
        shared_checks.PRIVATE_LINK,
        *shared_checks.disclosure_checks(),
        *shared_checks.sign_off_checks(QUERY),
        *shared_checks.SHARED,
    ),
)
