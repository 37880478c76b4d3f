"""The peer analysis: the checks that it must pass."""

# ruff: noqa: E501 - a message reads better on one line

from collections import Counter
from collections.abc import Iterable

from peer_challenge.advice.identifying_details import find_kinds
from peer_challenge.advice.tone import coach_commentary, in_plain_words
from peer_challenge.model.vocabulary import Kind, Rating
from peer_challenge.submissions import cell_text, shared_checks
from peer_challenge.submissions.check_suite import QUERY, REJECT, WARN, Batch, Check, Row, Suite, Tables
from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.submissions.disclosure_checks import disclosure_checks
from peer_challenge.submissions.document_table import count_filled_rows, document_rows
from peer_challenge.submissions.load_great_expectations import Column, gxe
from peer_challenge.submissions.row_tables import (
    context_of,
    detail_rows,
    index_earlier_rows,
    partner_rows,
    read_answer,
    read_text_value,
    schedule_rows,
    text_rows,
)
from peer_challenge.submissions.version_changes import describe_changes
from peer_challenge.word.answers.ratings import read_rating
from peer_challenge.word.form.forms import FORMS

_OWN = ("strengths", "development")
_HEADERS = {column.id: column.header for column in FORMS[Kind.ANALYSIS].columns}


def prepare_analysis_tables(batch: Batch) -> Tables:
    """The tables that the checks of analyses run on, for a batch of analyses."""
    rows = schedule_rows(batch, (*_OWN, "rating_as_written", "commentary"))
    own = {key: index_earlier_rows(context.authors_rows) for key, context in batch.contexts.items()}
    for row in rows:
        row["authors_rating"] = _authors_rating(own.get(row["submission"], {}), row)
    documents = _build_document_rows(batch, rows)
    texts = text_rows(batch, Kind.ANALYSIS, ("commentary",), rows)
    return {
        "rows": rows,
        "answers": _collect_answers(batch, rows, own),
        "texts": texts,
        "details": detail_rows(texts),
        "partners": partner_rows(documents),
        "documents": documents,
    }


def _collect_answers(
    batch: Batch, rows: Iterable[Row], own: dict[str, dict[str, dict[str, str]]]
) -> list[Row]:
    """The rows that were sent, each with the author's own words beside what came back, and the coaching."""
    seen: dict[str, set[str]] = {}
    found = []
    for row in rows:
        context, others = context_of(batch, row["submission"]), seen.setdefault(row["submission"], set())
        coaching = _coach_commentary(row["commentary"], others, context)
        if row["sent"]:
            said = own.get(row["submission"], {}).get(row["subheading"])
            changes = [_compare_words(said, row, column, context) for column in _OWN]
            answer = read_answer(row["commentary"])
            more = {"commentary": answer, **_read_returned_rating(row, context)}
            found.append(row | coaching | changes[0] | changes[1] | more)
    return found


def _authors_rating(own: dict[str, dict[str, str]], row: Row) -> str | None:
    """The rating the author gave: from its own form where that is known."""
    return (own.get(row["subheading"], {}).get("rating") or None) if own else row["rating"]


def _read_returned_rating(row: Row, context: SubmissionContext) -> Row:
    """The rating that came back, which may disagree with the shade that the pack prints, and its words.

    Where something is written that is no one rating it is "unclear".
    """
    written = row["rating_as_written"]
    read = read_rating(written, None, context.rules.rating_map)[0] if written.strip() else None
    rating = row["rating"] or (read.value if read else None)
    said = f" to {rating}" if rating else ""
    return {"returned_rating": rating or ("unclear" if written.strip() else None), "to_rating": said}


def _compare_words(said: dict[str, str] | None, row: Row, column: str, context: SubmissionContext) -> Row:
    """A column's words, the author's own words, and how they differ, as a sentence.

    Both are given without what makes no difference, such as bullets and kinds of quotation marks. The
    author's own are None where they are not known.
    """
    own = None if said is None else cell_text.normalise_text(said[column])
    now = cell_text.normalise_text(row[column])
    change = "" if own is None or own == now else _describe_change(own, now, context)
    return {column: now, f"own_{column}": own, f"changed_{column}": change}


def _describe_change(before: str, after: str, context: SubmissionContext) -> str:
    if not after:
        return "all of it was taken out"
    told = describe_changes(before, after)
    return "some words" if find_kinds(told, context.areas) or not told else told


def _coach_commentary(commentary: str, others: set[str], context: SubmissionContext) -> Row:
    """The coaching for a commentary, as `tone` and `question`.

    The commentary joins the `others`, so that of words used twice only the second use is commented on.
    """
    coaching = None if cell_text.is_nothing(commentary) else coach_commentary(commentary, others)
    others.add(in_plain_words(commentary))
    if coaching is None:
        return {"tone": None, "question": None}
    # a question quotes, so it is a plain one where the words may identify a child
    plain = "What has changed for children, and what shows it?"
    return {
        "tone": coaching.code,
        "question": plain if find_kinds(commentary, context.areas) else coaching.question,
    }


def _build_document_rows(batch: Batch, rows: list[Row]) -> list[Row]:
    """The documents with how many rows they have, and how many of them a peer might challenge."""
    documents = document_rows(batch, count_filled_rows(rows, ["commentary"]))
    of_all = Counter(row["submission"] for row in rows)
    to_challenge = [row for row in rows if row["authors_rating"] in (Rating.RED, Rating.AMBER)]
    amber = [row for row in to_challenge if row["authors_rating"] == Rating.AMBER]
    due, ambers = (Counter(row["submission"] for row in some) for some in (to_challenge, amber))
    asked = Counter(row["submission"] for row in amber if read_answer(row["commentary"]) is not None)
    for row in documents:
        key = row["submission"]
        challenger = context_of(batch, key).challenger
        row |= {
            "rows": of_all[key],
            "rows_to_challenge": due[key],
            "amber_rows": ambers[key],
            "amber_commentaries": asked[key],
            "challenger": read_text_value(row.get("challenger")) or None,
            "paired_challenger": challenger.id if challenger is not None else None,
        }
    return documents


_ABOUT_A_CHANGE = (
    "You do not need to do anything. If you want to say this to the area, send us a new version with it among "
    "your questions."
)


def _build_change_check(column: str) -> Check:
    return Check(
        f"authors_text.{column}_changed",
        WARN,
        "answers",
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A=f"own_{column}", column_B=column, ignore_row_if="either_value_is_missing"
        ),
        f"Your copy changes what the area wrote under “{_HEADERS[column]}” ({{changed_{column}}}). "
        "The area gets its own words back.",
        _ABOUT_A_CHANGE,
        column=column,
    )


def _build_tone_check(tone: str, message: str, remedy: str) -> Check:
    expects = gxe.ExpectColumnValuesToNotBeInSet(column="tone", value_set=[tone])
    return Check(f"commentary.{tone}", WARN, "answers", expects, message, remedy, column="commentary")


_IS_DUE = (Column("rows") == 0) | (Column("rows_to_challenge") > 0)
"""An area that is GREEN throughout may be given no commentary at all."""


SUITE = Suite(
    Kind.ANALYSIS,
    prepare_analysis_tables,
    (
        shared_checks.make_blank_check(
            "The form is blank: no question has been written.",
            "Please write your questions and send the form again. If you did, check that you attached the right file and wrote in its tables.",
            _IS_DUE,
        ),
        Check(
            "partner.wrong",
            REJECT,
            "documents",
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="challenger",
                column_B="paired_challenger",
                ignore_row_if="either_value_is_missing",
            ),
            "These questions were written on the form of another pair: your area challenges somebody else in this cycle.",
            "Please send the form that came with your own analysis pack. If you have none, ask us.",
        ),
        shared_checks.ROW_MISSING,
        shared_checks.ROW_UNKNOWN,
        Check(
            "commentary.missing",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(
                column="commentary", row_condition=Column("authors_rating") == Rating.RED.value
            ),
            '"{title}" is rated RED, and there is no question about it.',
            "Please ask the area at least one question about it. If you have none, please tell us why in your email.",
            column="commentary",
        ),
        Check(
            "commentary.no_amber",
            WARN,
            "documents",
            gxe.ExpectColumnValuesToBeBetween(
                column="amber_commentaries", min_value=1, row_condition=Column("amber_rows") > 0
            ),
            "There is no question about any AMBER sub-heading.",
            "Some of them usually deserve a question. Look through them once more.",
        ),
        _build_change_check("strengths"),
        _build_change_check("development"),
        Check(
            "authors_text.rating_changed",
            WARN,
            "answers",
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="authors_rating", column_B="returned_rating", ignore_row_if="either_value_is_missing"
            ),
            "Your copy changes the area's rating ({authors_rating}){to_rating}. "
            "The area gets its own rating back.",
            "You do not need to do anything. If you think that it should be another, send us a new version in which you ask why it is {authors_rating}.",
            column="rating",
        ),
        _build_tone_check(
            "repeated",
            "You wrote these words beside another sub-heading too.",
            "Please ask something about this sub-heading alone, or leave it empty.",
        ),
        _build_tone_check(
            "bare_assertion",
            "Your comment says what you think and has no question. We will pass it on as it is.",
            "You do not need to change it. At the event you may want to ask: {question}",
        ),
        _build_tone_check(
            "not_questioning",
            "Your comment has no question that the area can answer. We will pass it on as it is.",
            "You do not need to change it. At the event you may want to ask: {question}",
        ),
        shared_checks.over_limit(),
        shared_checks.PRIVATE_LINK,
        *disclosure_checks(),
        *shared_checks.sign_off_checks(QUERY),
        *shared_checks.SHARED,
    ),
)
