"""The Chair's record of an event: what makes it valid."""

# ruff: noqa: E501 - a message reads better on one line

from datetime import date
from typing import Any

import pandas as pd

from peer_challenge.cycle import Chair
from peer_challenge.submissions import common, wording
from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.submissions.documents import document_rows, with_blank
from peer_challenge.submissions.items import in_order, item_rows
from peer_challenge.submissions.suite import QUERY, WARN, Batch, Check, Suite, column_or, flag
from peer_challenge.submissions.tables import context_of, text_of, text_rows
from peer_challenge.vocabulary import ItemKind, Kind
from peer_challenge.word.days import read_day

_COLUMNS = ("text", "subheading_as_written", "consensus")
_WORDS = {ItemKind.STRENGTH.value: "strength", ItemKind.DEVELOPMENT.value: "area for development"}
_FIELDS = (
    "held_on",
    "chair",
    "author_present",
    "challenger_present",
    "consensus",
    "late_reason",
    "signed_off",
)


def prepare(batch: Batch) -> dict[str, pd.DataFrame]:
    """The suite's tables for a batch of Chairs' records."""
    rows = with_blank(item_rows(batch, _COLUMNS), ["text", "subheading_as_written"])
    contexts = {s: context_of(batch, s) for s in rows["submission"].unique()}
    rows["limit"] = [contexts[s].rules.agreed_items for s in rows["submission"]]
    rows["office"] = [contexts[s].office for s in rows["submission"]]
    rows["what"] = rows["kind"].map(_WORDS).fillna("item")
    filled = rows["text"].ne("")
    rows["place"] = filled.astype(int).groupby([rows["submission"], rows["kind"]]).cumsum()
    rows["ordinal"] = rows["place"].map(in_order)
    return {
        "rows": rows,
        "texts": text_rows(batch, Kind.CHAIR_RECORD, ("text",), rows),
        "documents": _documents(batch, rows),
    }


def _documents(batch: Batch, rows: pd.DataFrame) -> pd.DataFrame:
    table = document_rows(batch, rows)
    for name in _FIELDS:
        table[name] = column_or(table, name).map(text_of).map(str.strip)
    contexts = [context_of(batch, str(submission)) for submission in table["submission"]]
    table["held"] = [read_day(written) for written in table["held_on"]]
    by = [context.event_by for context in contexts]
    table["event_by"] = [day.strftime("%-d %B %Y") if day else "" for day in by]
    table["is_late"] = [
        bool(held and last and held > last) for held, last in zip(table["held"], by, strict=True)
    ]
    table["is_early"] = [
        _is_before(held, context) for held, context in zip(table["held"], contexts, strict=True)
    ]
    chairs = [_who(written, context) for written, context in zip(table["chair"], contexts, strict=True)]
    table["is_conflicted"] = [_conflicts(chair, c) for chair, c in zip(chairs, contexts, strict=True)]
    table["is_other_chair"] = [
        chair is not None and context.chair is not None and chair.id != context.chair.id
        for chair, context in zip(chairs, contexts, strict=True)
    ]
    for kind in ItemKind:
        having = set(rows.loc[rows["kind"].eq(kind.value) & rows["text"].ne(""), "submission"])
        table[f"has_{kind.value}"] = [submission in having for submission in table["submission"]]
    return table


def _is_before(held: date | None, context: SubmissionContext) -> bool:
    """Whether the event is said to have been held before the cycle had even opened."""
    return bool(held and context.cycle is not None and held < context.cycle.dates.opens)


def _who(written: str, context: SubmissionContext) -> Chair | None:
    """The Chair that a record names; the one appointed when it names nobody that is known."""
    chairs: tuple[Chair, ...] = context.cycle.chairs if context.cycle is not None else ()
    named = [chair for chair in chairs if chair.name.casefold() in written.casefold()]
    return max(named, key=lambda chair: len(chair.name), default=context.chair)


def _conflicts(chair: Chair | None, context: SubmissionContext) -> bool:
    pair = {p.id for p in (context.participant, context.challenger) if p is not None}
    return chair is not None and bool(pair & set(chair.not_for))


def _live(table: pd.DataFrame) -> "pd.Series[bool]":
    return ~table["is_blank"].astype(bool)


def _missing(name: str) -> Any:
    def breaks(table: pd.DataFrame) -> "pd.Series[bool]":
        return table[name].map(wording.is_nothing).astype(bool) & _live(table)

    return breaks


SUITE = Suite(
    Kind.CHAIR_RECORD,
    prepare,
    (
        common.blank(
            "The form is blank: nothing has been recorded.",
            "Fill in what was agreed and send the form again. If you did, check that you attached the right file.",
        ),
        Check(
            "agreed.too_many",
            QUERY,
            "rows",
            lambda t: t["text"].ne("") & t["place"].astype(int).gt(t["limit"].astype(int)),
            "This is the {ordinal} {what}; a record of this cycle holds no more than {limit}, so it was not taken in.",
            "Ask the leads of both partnerships which {limit} matter most, and leave the others out. "
            "If more must stand, ask {office}.",
            column="text",
            limit="agreed_items",
        ),
        Check(
            "agreed.no_text",
            QUERY,
            "rows",
            lambda t: _live(t) & t["text"].eq("") & (t["subheading_as_written"].ne("") | t["linked"].ne("")),
            "A sub-heading was chosen, but it is not said what was agreed.",
            "Say in a sentence what was agreed, or clear the line.",
            column="text",
        ),
        Check(
            "agreed.no_subheading",
            QUERY,
            "rows",
            lambda t: (
                t["text"].ne("") & t["linked"].eq("") & t["subheading_as_written"].map(wording.is_nothing)
            ),
            "This {what} is not linked to a sub-heading.",
            "Choose the sub-heading that it belongs to.",
            column="subheading",
        ),
        Check(
            "agreed.unknown_subheading",
            QUERY,
            "rows",
            lambda t: (
                t["text"].ne("") & t["linked"].eq("") & ~t["subheading_as_written"].map(wording.is_nothing)
            ),
            "The sub-heading of this {what} is none of the framework's.",
            "Choose one from the list, as it stands in the schedule.",
            column="subheading",
        ),
        Check(
            "consensus.not_stated",
            QUERY,
            "rows",
            lambda t: t["text"].ne("") & t["consensus"].map(wording.is_nothing).astype(bool),
            "It is not said whether both partnerships agreed to this {what}.",
            "Answer Yes or No.",
            column="consensus",
        ),
        Check(
            "consensus.not_reached",
            WARN,
            "rows",
            lambda t: t["text"].ne("") & t["consensus"].map(wording.is_no).astype(bool),
            "Both partnerships did not agree to this {what}. It is recorded as such.",
            "Say in the notes where they differ, if that helps.",
            column="consensus",
        ),
        Check(
            "consensus.missing",
            QUERY,
            "documents",
            _missing("consensus"),
            "It is not stated whether consensus was reached.",
            "State it: Yes, No, or in part, and on what not.",
            column="consensus",
        ),
        Check(
            "agreed.no_strengths",
            WARN,
            "documents",
            lambda t: _live(t) & ~t["has_strength"].astype(bool),
            "No strength was recorded.",
            "Record the key strengths that both partnerships agreed on, if there were any.",
        ),
        Check(
            "agreed.no_developments",
            WARN,
            "documents",
            lambda t: _live(t) & ~t["has_development"].astype(bool),
            "No area for development was recorded, so there will be nothing to plan for.",
            "Record the areas for development that both partnerships agreed on, if there were any.",
        ),
        Check(
            "event.no_date",
            QUERY,
            "documents",
            _missing("held_on"),
            "The date of the event is missing.",
            "Give the day on which it was held.",
            column="held_on",
        ),
        Check(
            "event.date_unclear",
            QUERY,
            "documents",
            lambda t: _live(t) & t["held"].isna() & ~t["held_on"].map(wording.is_nothing).astype(bool),
            "The date of the event can't be read as one day.",
            "Write it as day, month and year, such as 14 May 2027.",
            column="held_on",
        ),
        Check(
            "event.outside_window",
            QUERY,
            "documents",
            lambda t: (
                (t["is_late"].astype(bool) & t["late_reason"].map(wording.is_nothing).astype(bool)) & _live(t)
            ),
            "The event was held after {event_by}, the last day of its window, and no reason is given.",
            "Say why it was later, or correct the date.",
            column="late_reason",
        ),
        Check(
            "event.before_cycle",
            QUERY,
            "documents",
            lambda t: t["is_early"].astype(bool) & _live(t),
            "The date of the event lies before the cycle opened.",
            "Correct the date. Check the year.",
            column="held_on",
        ),
        Check(
            "chair.missing",
            QUERY,
            "documents",
            _missing("chair"),
            "It is not said who chaired the event.",
            "Give the Chair's name.",
            column="chair",
        ),
        Check(
            "chair.conflict",
            QUERY,
            "documents",
            flag("is_conflicted"),
            "The Chair is listed as having a conflict of interest with one of the two partnerships.",
            "Tell {office}, who decides whether the record can stand.",
            column="chair",
        ),
        Check(
            "chair.other",
            WARN,
            "documents",
            flag("is_other_chair"),
            "Another Chair is named than the one appointed for this event.",
            "If that is right, nothing needs doing; {office} has been told.",
            column="chair",
        ),
        Check(
            "chair.no_sign_off",
            QUERY,
            "documents",
            _missing("signed_off"),
            "The Chair has not signed off the record.",
            "Have the Chair agree the record, then give name and date.",
            column="signed_off",
            limit="sign_off",
        ),
        Check(
            "event.no_author_present",
            WARN,
            "documents",
            _missing("author_present"),
            "It is not said who was present for the author.",
            "Name the roles (not the persons) that were there.",
            column="author_present",
        ),
        Check(
            "event.no_challenger_present",
            WARN,
            "documents",
            _missing("challenger_present"),
            "It is not said who was present for the challenger.",
            "Name the roles (not the persons) that were there.",
            column="challenger_present",
        ),
        *common.disclosure_checks(),
        *common.SHARED,
    ),
)
