"""The action plan: what makes it valid."""

from datetime import date
from typing import Any

import pandas as pd

from peer_challenge.submissions import common, wording
from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.submissions.documents import document_rows, with_blank
from peer_challenge.submissions.items import item_rows
from peer_challenge.submissions.suite import QUERY, WARN, Batch, Breaks, Check, Suite
from peer_challenge.submissions.tables import context_of, earlier, partner_rows, text_of, text_rows
from peer_challenge.vocabulary import ItemKind, Kind
from peer_challenge.word.days import read_day

_COLUMNS = ("development", "action", "owner", "due_on", "due_on_as_written", "measure")
_ENTERED = ("action", "owner", "due_on_as_written", "due_on", "measure")


def prepare(batch: Batch) -> dict[str, pd.DataFrame]:
    """The suite's tables for a batch of action plans."""
    rows = with_blank(_with_unplanned(batch, item_rows(batch, _COLUMNS)), _ENTERED)
    events = {s: context_of(batch, s).event_on for s in rows["submission"].unique()}
    rows["event_on"] = [_day(events[s]) for s in rows["submission"]]
    rows["has_action"] = ~rows["action"].map(wording.is_nothing).astype(bool)
    rows["has_anything"] = (rows[list(_ENTERED)] != "").any(axis=1)
    rows["due"] = [_due(record) for record in rows.to_dict("records")]
    rows["has_due_text"] = rows["due_on_as_written"].ne("") | rows["due_on"].ne("")
    rows["is_too_early"] = [
        bool(due and events[submission] and due <= events[submission])
        for due, submission in zip(rows["due"], rows["submission"], strict=True)
    ]
    first = rows["address"].str.count("/").le(1)
    planned = rows["has_action"].groupby([rows["submission"], rows["number"]]).transform("any")
    rows["is_unplanned"] = first & ~planned.astype(bool)
    documents = document_rows(batch, rows)
    particulars = batch.particulars.assign(is_blank=documents["is_blank"].to_numpy())
    return {
        "rows": rows,
        "texts": text_rows(batch, Kind.ACTION_PLAN, ("action", "measure"), rows),
        "partners": partner_rows(Batch(batch.rows, particulars, batch.contexts)),
        "documents": documents,
    }


def _with_unplanned(batch: Batch, rows: pd.DataFrame) -> pd.DataFrame:
    """The items sent, and an empty one for each agreed area for development that the plan leaves out."""
    submissions = dict.fromkeys([*batch.particulars["submission"], *rows["submission"]])
    lacking = []
    for submission in submissions:
        sent = set(rows.loc[rows["submission"].eq(submission), "number"])
        for number, said in _agreed(context_of(batch, str(submission))).items():
            if number not in sent:
                lacking.append(_empty(str(submission), number, said))
    if not lacking:
        return rows
    return pd.concat([rows, pd.DataFrame(lacking, columns=rows.columns, dtype=object)], ignore_index=True)


def _agreed(context: SubmissionContext) -> dict[int, str]:
    """The agreed areas for development, by their number on the form: in order, from 1."""
    items = earlier(context.agreed_items, ("text",))
    said = [row["text"] for address, row in items.items() if address.startswith(ItemKind.DEVELOPMENT.value)]
    return dict(enumerate((text for text in said if text.strip()), 1))


def _empty(submission: str, number: int, said: str) -> dict[str, Any]:
    address = f"{ItemKind.DEVELOPMENT.value}/{number}"
    blank = dict.fromkeys(_COLUMNS, "")
    about = {
        "submission": submission,
        "address": address,
        "linked": "",
        "kind": "development",
        "number": number,
    }
    return about | blank | {"development": said}


def _due(record: dict[Any, Any]) -> date | None:
    return read_day(text_of(record["due_on"])) or read_day(text_of(record["due_on_as_written"]))


def _day(day: date | None) -> str:
    return day.strftime("%-d %B %Y") if day else ""


def _live(table: pd.DataFrame) -> "pd.Series[bool]":
    return table["has_action"].astype(bool) & ~table["is_blank"].astype(bool)


def _lacks(name: str) -> Breaks:
    def breaks(table: pd.DataFrame) -> "pd.Series[bool]":
        return _live(table) & table[name].map(wording.is_nothing).astype(bool)

    return breaks


SUITE = Suite(
    Kind.ACTION_PLAN,
    prepare,
    (
        common.blank(
            "The form is blank: no action has been planned.",
            "Fill in the plan and send it again. If you did, check that you attached the right file.",
        ),
        Check(
            "action.missing",
            QUERY,
            "rows",
            lambda t: t["is_unplanned"].astype(bool) & ~t["is_blank"].astype(bool),
            "Area for development {number}, which was agreed at the event, has no action.",
            "Say what will be done about it, by whom, by when, and how you will know.",
            column="action",
        ),
        Check(
            "action.no_words",
            QUERY,
            "rows",
            lambda t: (
                ~t["has_action"].astype(bool)
                & t["has_anything"].astype(bool)
                & ~t["is_unplanned"].astype(bool)
            ),
            "This line has an owner, a date or a measure, but it is not said what will be done.",
            "Say what will be done, or clear the line.",
            column="action",
        ),
        Check(
            "action.no_owner",
            QUERY,
            "rows",
            _lacks("owner"),
            "This action has no owner.",
            "Give the role that will see it through.",
            column="owner",
        ),
        Check(
            "action.owner_is_person",
            WARN,
            "rows",
            lambda t: _live(t) & t["owner"].map(wording.is_persons_name).astype(bool),
            "The owner looks like a person's name.",
            "Give the role instead: the plan outlasts people's posts.",
            column="owner",
        ),
        Check(
            "action.no_date",
            QUERY,
            "rows",
            lambda t: _live(t) & t["due"].isna() & ~_is_written(t),
            "This action has no date.",
            "Say by when it will be done.",
            column="due_on",
        ),
        Check(
            "action.date_unclear",
            QUERY,
            "rows",
            lambda t: _live(t) & t["due"].isna() & _is_written(t),
            "The date of this action can't be read as one day.",
            "Write it as day, month and year, such as 30 September 2027. For work that goes on, "
            "give the day on which it will be looked at.",
            column="due_on",
        ),
        Check(
            "action.date_before_event",
            QUERY,
            "rows",
            lambda t: _live(t) & t["is_too_early"].astype(bool),
            "This action's date is not after the event ({event_on}).",
            "Give a date after the event. Check the year.",
            column="due_on",
        ),
        Check(
            "action.no_measure",
            QUERY,
            "rows",
            _lacks("measure"),
            "It is not said how one will know that this action has worked.",
            "Name what will be different, and what will show it.",
            column="measure",
        ),
        common.over_limit(),
        *common.disclosure_checks(),
        *common.sign_off_checks(WARN),
        *common.SHARED,
    ),
)


def _is_written(table: pd.DataFrame) -> "pd.Series[bool]":
    return ~table["due_on_as_written"].map(wording.is_nothing).astype(bool)
