"""The action plan: the checks that it must pass."""

from datetime import date

from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.vocabulary import ItemKind, Kind
from peer_challenge.submissions import cell_text, shared_checks
from peer_challenge.submissions.check import QUERY, WARN, Batch, Breaks, Check, Row, Suite, Tables
from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.submissions.document_table import document_rows, with_blank
from peer_challenge.submissions.item_table import item_rows
from peer_challenge.submissions.row_tables import context_of, index_earlier_rows, partner_rows, text_rows
from peer_challenge.word.answers.days import read_written_day

_COLUMNS = ("development", "action", "owner", "due_on", "due_on_as_written", "measure")
_ENTERED = ("action", "owner", "due_on_as_written", "due_on", "measure")


def prepare_action_plan_tables(batch: Batch) -> Tables:
    """The tables that the checks of action plans run on, for a batch of plans."""
    rows = with_blank(_with_unplanned(batch, item_rows(batch, _COLUMNS)), _ENTERED)
    for row in rows:
        event_on, due = context_of(batch, row["submission"]).event_on, _read_due_date(row)
        row |= {
            "event_on": day_in_words(event_on) if event_on else "",
            "due": due,
            "is_too_early": bool(due and event_on and due <= event_on),
            "has_action": not cell_text.is_nothing(row["action"]),
            "has_anything": any(row[column] for column in _ENTERED),
        }
    planned = {(row["submission"], row["number"]) for row in rows if row["has_action"]}
    for row in rows:
        is_first = row["address"].count("/") <= 1
        row["is_unplanned"] = is_first and (row["submission"], row["number"]) not in planned
    documents = document_rows(batch, rows)
    return {
        "rows": rows,
        "texts": text_rows(batch, Kind.ACTION_PLAN, ("action", "measure"), rows),
        "partners": partner_rows(documents),
        "documents": documents,
    }


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


def _is_planned_action(row: Row) -> bool:
    return bool(row["has_action"] and not row["is_blank"])


def _make_missing_rule(name: str) -> Breaks:
    def breaks(row: Row) -> bool:
        return _is_planned_action(row) and cell_text.is_nothing(row[name])

    return breaks


def _is_written(row: Row) -> bool:
    return not cell_text.is_nothing(row["due_on_as_written"])


SUITE = Suite(
    Kind.ACTION_PLAN,
    prepare_action_plan_tables,
    (
        shared_checks.make_blank_check(
            "The form is blank: no action has been planned.",
            "Fill in the plan and send it again. If you did, check that you attached the right file and "
            "wrote in its tables.",
        ),
        Check(
            "action.missing",
            QUERY,
            "rows",
            lambda row: row["is_unplanned"] and not row["is_blank"],
            "Area for development {number}, which was agreed at the event, has no action.",
            "Say what will be done about it, by whom, by when, and how you will know.",
            column="action",
        ),
        Check(
            "action.no_words",
            QUERY,
            "rows",
            lambda row: row["has_anything"] and not row["has_action"] and not row["is_unplanned"],
            "This line has an owner, a date or a measure, but it is not said what will be done.",
            "Say what will be done, or clear the line.",
            column="action",
        ),
        Check(
            "action.no_owner",
            QUERY,
            "rows",
            _make_missing_rule("owner"),
            "This action has no owner.",
            "Give the role that will see it through.",
            column="owner",
        ),
        Check(
            "action.owner_is_person",
            WARN,
            "rows",
            lambda row: _is_planned_action(row) and cell_text.is_persons_name(row["owner"]),
            "The owner looks like a person's name.",
            "Give the role instead: the plan outlasts people's posts.",
            column="owner",
        ),
        Check(
            "action.no_date",
            QUERY,
            "rows",
            lambda row: _is_planned_action(row) and row["due"] is None and not _is_written(row),
            "This action has no date.",
            "Say by when it will be done.",
            column="due_on",
        ),
        Check(
            "action.date_unclear",
            QUERY,
            "rows",
            lambda row: _is_planned_action(row) and row["due"] is None and _is_written(row),
            "The date of this action can't be read as one day.",
            "Write it as day, month and year, such as 30 September 2027. For work that goes on, "
            "give the day on which it will be looked at.",
            column="due_on",
        ),
        Check(
            "action.date_before_event",
            QUERY,
            "rows",
            lambda row: _is_planned_action(row) and row["is_too_early"],
            "This action's date is not after the event ({event_on}).",
            "Give a date after the event. Check the year.",
            column="due_on",
        ),
        Check(
            "action.no_measure",
            QUERY,
            "rows",
            _make_missing_rule("measure"),
            "It is not said how one will know that this action has worked.",
            "Name what will be different, and what will show it.",
            column="measure",
        ),
        shared_checks.over_limit(),
        *shared_checks.disclosure_checks(),
        *shared_checks.sign_off_checks(WARN),
        *shared_checks.SHARED,
    ),
)
