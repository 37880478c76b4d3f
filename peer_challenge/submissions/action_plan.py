"""The action plan: the checks that it must pass."""

from collections import Counter
from datetime import date

from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.vocabulary import ItemKind, Kind
from peer_challenge.submissions import shared_checks
from peer_challenge.submissions.cell_text import normalise_text
from peer_challenge.submissions.check_suite import QUERY, WARN, Batch, Check, Row, Suite, Tables
from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.submissions.disclosure_checks import disclosure_checks
from peer_challenge.submissions.document_table import count_filled_rows, document_rows
from peer_challenge.submissions.item_table import item_rows
from peer_challenge.submissions.load_great_expectations import Column, gxe
from peer_challenge.submissions.own_expectations import ExpectColumnValuesToBeRoles
from peer_challenge.submissions.row_tables import (
    context_of,
    detail_rows,
    index_earlier_rows,
    partner_rows,
    read_answer,
    text_rows,
)
from peer_challenge.word.answers.written_days import read_written_day

_COLUMNS = ("development", "action", "owner", "due_on", "due_on_as_written", "measure")
_ENTERED = ("action", "owner", "due_on_as_written", "due_on", "measure")


def prepare_action_plan_tables(batch: Batch) -> Tables:
    """The tables that the checks of action plans run on, for a batch of plans."""
    rows = _with_unplanned(batch, item_rows(batch, _COLUMNS))
    documents = document_rows(batch, count_filled_rows(rows, _ENTERED))
    for row in documents:
        context = context_of(batch, row["submission"])
        is_known = context.agreed_items is not None
        row["to_plan"] = len(_list_agreed_developments(context)) if is_known else 1
    texts = text_rows(batch, Kind.ACTION_PLAN, ("development", "action", "measure"), rows)
    return {
        "answers": _read_answers(batch, rows),
        "texts": texts,
        "details": detail_rows(texts),
        "partners": partner_rows(documents),
        "documents": documents,
    }


def _read_answers(batch: Batch, rows: list[Row]) -> list[Row]:
    """The lines of the plans with what their cells say.

    Each has also `line` (1 for the first of its area for development), `actions` (how many that area has),
    `entries` (how many of its cells are filled in), and the days as they can be compared. `agreed` and
    `agreed_returned` are what was agreed and what the plan says of it, None where one is not known.
    """
    planned = Counter((row["submission"], row["number"]) for row in rows if read_answer(row["action"]))
    found = []
    for row in rows:
        context = context_of(batch, row["submission"])
        event_on, due = context.event_on, _read_due_date(row)
        all_agreed = _list_agreed_developments(context)
        agreed = all_agreed.get(row["number"])
        facts = {
            "line": row["address"].count("/") or 1,
            "actions": planned[row["submission"], row["number"]],
            "entries": sum(bool(row[column]) for column in _ENTERED),
            "action": read_answer(row["action"]),
            "owner": read_answer(row["owner"]),
            "owner_as_written": row["owner"] or None,
            "measure": read_answer(row["measure"]),
            "due_as_written": read_answer(row["due_on_as_written"]),
            "due": due.isoformat() if due else None,
            "event_on": day_in_words(event_on) if event_on else "",
            "event_day": event_on.isoformat() if event_on else None,
            "is_agreed": "yes" if not all_agreed or agreed is not None else None,
            "agreed": None if agreed is None else normalise_text(agreed),
            "agreed_returned": normalise_text(row["development"]) if row["development"] else None,
        }
        found.append(row | facts)
    return found


def _with_unplanned(batch: Batch, rows: list[Row]) -> list[Row]:
    """The items sent, and an empty one for each agreed area for development that the plan leaves out."""
    sent = {(row["submission"], row["number"]) for row in rows}
    lacking = [
        _make_empty_row(submission, number, said)
        for submission in dict.fromkeys(row["submission"] for row in (*batch.particulars, *rows))
        for number, said in _list_agreed_developments(context_of(batch, submission)).items()
        if (submission, number) not in sent
    ]
    return [*rows, *lacking]


def _list_agreed_developments(context: SubmissionContext) -> dict[int, str]:
    """The agreed areas for development, numbered from 1 in the order of the form."""
    items = index_earlier_rows(context.agreed_items, ("text",))
    said = [row["text"] for address, row in items.items() if address.startswith(ItemKind.DEVELOPMENT.value)]
    return dict(enumerate((text for text in said if text.strip()), 1))


def _make_empty_row(submission: str, number: int, said: str) -> Row:
    about = {
        "submission": submission,
        "address": f"{ItemKind.DEVELOPMENT.value}/{number}",
        "linked": "",
        "kind": "development",
        "number": number,
    }
    return about | dict.fromkeys(_COLUMNS, "") | {"development": said}


def _read_due_date(row: Row) -> date | None:
    return read_written_day(row["due_on"]) or read_written_day(row["due_on_as_written"])


_IS_PLANNED = Column("action").is_not_null()


SUITE = Suite(
    Kind.ACTION_PLAN,
    prepare_action_plan_tables,
    (
        shared_checks.make_blank_check(
            "The form is blank: no action has been planned.",
            "Please fill in the plan and send it again. If you did, check that you attached the right file "
            "and wrote in its tables.",
            Column("to_plan") > 0,
        ),
        Check(
            "action.missing",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToBeBetween(
                column="actions", min_value=1, row_condition=Column("line") == 1
            ),
            "Area for development {number}, which was agreed at the event, has no action.",
            "Please say what will be done about it, by whom, by when, and how you will know.",
            column="action",
        ),
        Check(
            "action.no_words",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(
                column="action",
                row_condition=((Column("entries") > 0) & (Column("line") > 1))
                | ((Column("entries") > 0) & (Column("actions") > 0)),
            ),
            "This line has an owner, a date or a measure, but does not say what will be done.",
            "Please say what will be done, or clear the line.",
            column="action",
        ),
        Check(
            "action.no_owner",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(column="owner", row_condition=_IS_PLANNED),
            "This action has no owner.",
            "Please give the role that will see it through.",
            column="owner",
        ),
        Check(
            "action.owner_is_person",
            WARN,
            "answers",
            ExpectColumnValuesToBeRoles(column="owner_as_written", row_condition=_IS_PLANNED),
            "The owner looks like a person's name.",
            "Please give the role instead: the plan outlasts people's posts.",
            column="owner",
        ),
        Check(
            "action.no_date",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(
                column="due", row_condition=_IS_PLANNED & Column("due_as_written").is_null()
            ),
            "This action has no date.",
            "Please say by when it will be done.",
            column="due_on",
        ),
        Check(
            "action.date_unclear",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(
                column="due", row_condition=Column("due_as_written").is_not_null()
            ),
            "The date of this action can't be read as one day.",
            "Please write it as day, month and year, such as 30 September 2027. For work that goes on, "
            "give the day on which it will be looked at.",
            column="due_on",
        ),
        Check(
            "action.date_before_event",
            QUERY,
            "answers",
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="due",
                column_B="event_day",
                ignore_row_if="either_value_is_missing",
            ),
            "This action's date is not after the event ({event_on}).",
            "Give a date after the event. Check the year.",
            column="due_on",
        ),
        Check(
            "action.no_measure",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(column="measure", row_condition=_IS_PLANNED),
            "The plan does not say how you will know that this action has worked.",
            "Please name what will be different, and what will show it.",
            column="measure",
        ),
        Check(
            "action.not_agreed",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(column="is_agreed", row_condition=Column("entries") > 0),
            "No area for development {number} was agreed at the event.",
            "Please check that each action is beside the area for development that it is for. If you added "
            "this one, tell us.",
            column="action",
        ),
        Check(
            "action.agreed_changed",
            WARN,
            "answers",
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="agreed", column_B="agreed_returned", ignore_row_if="either_value_is_missing"
            ),
            "The words of what was agreed were changed here, or are in another row. "
            "The Chair’s record stays as it is.",
            "Please leave what was agreed as it is, and write what you will do beside it.",
            column="development",
        ),
        shared_checks.over_limit(),
        *disclosure_checks(),
        *shared_checks.sign_off_checks(WARN),
        *shared_checks.SHARED,
    ),
)
