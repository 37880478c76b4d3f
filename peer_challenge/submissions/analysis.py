"""The peer analysis: what makes it valid, and the authors' words put back where they were changed."""

# ruff: noqa: E501 - a message reads better on one line

from typing import Any

import pandas as pd

from peer_challenge.advice.tone import Coaching, coach
from peer_challenge.compare import in_words
from peer_challenge.submissions import common, wording
from peer_challenge.submissions.documents import document_rows, with_blank
from peer_challenge.submissions.suite import QUERY, REJECT, WARN, Batch, Breaks, Check, Suite, column_or, flag
from peer_challenge.submissions.tables import (
    context_of,
    earlier,
    kinds_of_detail,
    partner_rows,
    schedule_rows,
    text_of,
    text_rows,
)
from peer_challenge.vocabulary import Kind, Rating
from peer_challenge.word.forms import FORMS

_OWN = ("strengths", "development")
_HEADERS = {column.id: column.header for column in FORMS[Kind.ANALYSIS].columns}


def prepare(batch: Batch) -> dict[str, pd.DataFrame]:
    """The suite's tables for a batch of analyses."""
    rows = schedule_rows(batch, (*_OWN, "rating_as_written", "commentary"))
    rows = with_blank(rows, ["commentary"])
    rows["has_commentary"] = ~rows["commentary"].map(wording.is_nothing).astype(bool)
    own = {s: earlier(context_of(batch, s).authors_rows) for s in rows["submission"].unique()}
    rows["authors_rating"] = [_authors_rating(own[r["submission"]], r) for r in rows.to_dict("records")]
    rows = _with_blank_only_where_due(rows)
    for column in _OWN:
        rows[f"changed_{column}"] = [
            _change(own[r["submission"]], r, column, context_of(batch, r["submission"]).areas)
            for r in rows.to_dict("records")
        ]
    rows["is_rating_changed"] = [
        bool(r["rating"] and r["authors_rating"] and r["rating"] != r["authors_rating"])
        for r in rows.to_dict("records")
    ]
    coached = _coached(rows)
    rows["tone"] = [c.code if c else "" for c in coached]
    rows["question"] = [
        _question(coaching, text, context_of(batch, submission).areas)
        for coaching, text, submission in zip(coached, rows["commentary"], rows["submission"], strict=True)
    ]
    documents = _documents(batch, rows)
    particulars = batch.particulars.assign(is_blank=documents["is_blank"].to_numpy())
    live = rows[rows["is_present"].astype(bool)]
    return {
        "rows": rows.drop(columns=[*_OWN, "commentary", "rating_as_written"]),
        "texts": text_rows(batch, Kind.ANALYSIS, ("commentary",), live),
        "partners": partner_rows(Batch(batch.rows, particulars, batch.contexts)),
        "documents": documents,
    }


def _with_blank_only_where_due(rows: pd.DataFrame) -> pd.DataFrame:
    """An area that is GREEN throughout may be given no commentary at all."""
    is_due = rows["authors_rating"].isin([Rating.RED.value, Rating.AMBER.value])
    due = is_due.groupby(rows["submission"]).transform("any") if len(rows) else is_due
    return rows.assign(is_blank=rows["is_blank"].astype(bool) & due.astype(bool))


def _authors_rating(own: dict[str, dict[str, str]], row: dict[Any, Any]) -> str | None:
    """The rating the author gave: from its own form where that is known."""
    return (own.get(str(row["subheading"]), {}).get("rating") or None) if own else row["rating"]


def _change(own: dict[str, dict[str, str]], row: dict[Any, Any], column: str, areas: tuple[str, ...]) -> str:
    """What was changed in the author's words, in words; "" when nothing was."""
    said = own.get(str(row["subheading"]))
    if said is None or not row["is_present"]:
        return ""
    before, after = wording.squeezed(said[column]), wording.squeezed(row[column])
    if before == after:
        return ""
    if not after:
        return "all of it was taken out"
    told = in_words(before, after)
    return "some words" if kinds_of_detail(told, areas) or not told else told


def _coached(rows: pd.DataFrame) -> list[Coaching | None]:
    """Coaching for each row's commentary; of words used twice the first is left alone."""
    seen: dict[str, list[str]] = {}
    found = []
    for submission, text in zip(rows["submission"], rows["commentary"], strict=True):
        others = seen.setdefault(submission, [])
        found.append(None if wording.is_nothing(text) else coach(text, others))
        others.append(text)
    return found


def _question(coaching: Coaching | None, text: str, areas: tuple[str, ...]) -> str:
    """The question that coaching offers; one that quotes nothing where the text may identify a child."""
    if coaching is None:
        return ""
    return (
        "What has changed for children, and what shows it?"
        if kinds_of_detail(text, areas)
        else coaching.question
    )


def _documents(batch: Batch, rows: pd.DataFrame) -> pd.DataFrame:
    table = document_rows(batch, rows)
    is_amber = rows["authors_rating"].eq(Rating.AMBER.value)
    amber = rows[is_amber].groupby("submission")["has_commentary"].agg(["size", "any"])
    blank = rows.groupby("submission")["is_blank"].any().to_dict() if len(rows) else {}
    table["is_blank"] = [bool(blank.get(submission, True)) for submission in table["submission"]]
    table["is_amber_untouched"] = [
        submission in amber.index and not amber.loc[submission, "any"] for submission in table["submission"]
    ]
    table["is_wrong_partner"] = [
        _is_other(marked, context_of(batch, str(submission)))
        for marked, submission in zip(column_or(table, "challenger"), table["submission"], strict=True)
    ]
    return table


def _is_other(marked: Any, context: Any) -> bool:
    return bool(text_of(marked)) and context.challenger is not None and marked != context.challenger.id


def _live(table: pd.DataFrame) -> "pd.Series[bool]":
    return table["is_present"].astype(bool) & ~table["is_blank"].astype(bool)


def _changed(column: str) -> Check:
    return Check(
        f"authors_text.{column}_changed",
        WARN,
        "rows",
        lambda t: t[f"changed_{column}"].ne(""),
        f"The author's own words under “{_HEADERS[column]}” were changed ({{changed_{column}}}). "
        "What goes back to the author carries its own words.",
        "Leave the author's columns as they are, and put what you want to say into your commentary.",
        column=column,
    )


def _tone(code: str) -> Breaks:
    def breaks(table: pd.DataFrame) -> "pd.Series[bool]":
        return table["tone"].eq(code)

    return breaks


def restore_authors_words(analysis_rows: pd.DataFrame, authors_rows: pd.DataFrame) -> pd.DataFrame:
    """The analysis with each author's column as the author wrote it; only the commentary is the peers'.

    Both have `subheading`. Every row of the author is there, in its order, with "" for commentary
    where the analysis has none.
    """
    said = {}
    if not analysis_rows.empty:
        said = dict(zip(analysis_rows["subheading"], analysis_rows["commentary"], strict=True))
    restored = authors_rows.copy()
    restored["commentary"] = [text_of(said.get(address)) for address in restored["subheading"]]
    return restored


SUITE = Suite(
    Kind.ANALYSIS,
    prepare,
    (
        common.blank(
            "The form is blank: no commentary has been written.",
            "Write your commentary and send the form again. If you did, check that you attached the right file.",
        ),
        Check(
            "partner.wrong",
            REJECT,
            "documents",
            flag("is_wrong_partner"),
            "This analysis was made on the form of another pair: your area challenges somebody else in this cycle.",
            "Send the form that came with your own analysis pack. If you have none, ask {office}.",
        ),
        common.ROW_MISSING,
        common.ROW_UNKNOWN,
        Check(
            "commentary.missing",
            QUERY,
            "rows",
            lambda t: _live(t) & t["authors_rating"].eq(Rating.RED.value) & ~t["has_commentary"],
            '"{title}" is rated RED, and there is no commentary on it.',
            "Every RED sub-heading is challenged: ask the area at least one question about it.",
            column="commentary",
        ),
        Check(
            "commentary.no_amber",
            WARN,
            "documents",
            lambda t: t["is_amber_untouched"].astype(bool) & ~t["is_blank"].astype(bool),
            "None of the AMBER sub-headings has any commentary.",
            "Some of them usually deserve a question. Look through them once more.",
        ),
        _changed("strengths"),
        _changed("development"),
        Check(
            "authors_text.rating_changed",
            WARN,
            "rows",
            lambda t: t["is_rating_changed"].astype(bool),
            "The author's rating ({authors_rating}) was changed to {rating}. "
            "What goes back to the author carries its own rating.",
            "Leave the rating as it is. If you think that it should be another, ask why it is {authors_rating}.",
            column="rating",
        ),
        Check(
            "commentary.repeated",
            WARN,
            "rows",
            _tone("repeated"),
            "The same words stand beside another sub-heading.",
            "Ask something about this sub-heading alone, or leave it empty.",
            column="commentary",
        ),
        Check(
            "commentary.bare_assertion",
            WARN,
            "rows",
            _tone("bare_assertion"),
            "The commentary says what you think, and asks nothing.",
            "A question may open more. For instance: {question}",
            column="commentary",
        ),
        Check(
            "commentary.not_questioning",
            WARN,
            "rows",
            _tone("not_questioning"),
            "The commentary asks nothing that the area can answer.",
            "A question may open more. For instance: {question}",
            column="commentary",
        ),
        common.over_limit(),
        common.PRIVATE_LINK,
        *common.disclosure_checks(),
        *common.sign_off_checks(QUERY),
        *common.SHARED,
    ),
)
