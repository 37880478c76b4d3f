"""The progress report on an action plan: the checks that it must pass."""

from peer_challenge.model.empty_words import is_unused
from peer_challenge.model.vocabulary import ActionStatus, Kind
from peer_challenge.submissions import cell_text, shared_checks
from peer_challenge.submissions.check_suite import QUERY, WARN, Batch, Check, Row, Suite, Tables
from peer_challenge.submissions.disclosure_checks import disclosure_checks
from peer_challenge.submissions.document_table import count_filled_rows, document_rows
from peer_challenge.submissions.item_table import item_rows
from peer_challenge.submissions.load_great_expectations import Column, gxe
from peer_challenge.submissions.row_tables import (
    context_of,
    detail_rows,
    partner_rows,
    pick_seen_code,
    read_answer,
    read_text_value,
    records_of,
    short_text_rows,
    text_rows,
)
from peer_challenge.word.answers.planned_action import describe_planned_action, name_action

_COLUMNS = ("development", "action", "status", "status_as_written", "evidence", "difference")
_ENTERED = ("status", "status_as_written", "evidence", "difference")
_STATUSES = tuple(status.value for status in ActionStatus)
_OTHER_THAN_PLANNED = (ActionStatus.CHANGED.value, ActionStatus.DROPPED.value)


def prepare_progress_report_tables(batch: Batch) -> Tables:
    """The tables that the checks of progress reports run on, for a batch of reports."""
    rows = _with_unreported(batch, item_rows(batch, _COLUMNS))
    texts = text_rows(batch, Kind.PROGRESS_REPORT, ("development", "action", "evidence", "difference"), rows)
    short = short_text_rows(batch, Kind.PROGRESS_REPORT, ("status_as_written",), rows)
    documents = document_rows(batch, count_filled_rows(rows, _ENTERED))
    return {
        "answers": [row | _read_row(batch, row) for row in rows],
        "texts": texts,
        "details": detail_rows([*texts, *short]),
        "partners": partner_rows(documents),
        "documents": documents,
    }


def _read_row(batch: Batch, row: Row) -> Row:
    """What a line says of its action, beside what was planned.

    `named` is the action as people find it in their plan. `is_planned` is None where the
    plan has no such action; `entries` counts what was entered.
    """
    planned = _list_planned_actions(batch, row["submission"])
    said = describe_planned_action(planned[row["address"]]) if row["address"] in planned else None
    seen = batch.seen.get((row["submission"], row["address"]), frozenset())
    return {
        "named": name_action(row["address"]),
        "status": row["status"] if row["status"] in _STATUSES else None,
        "reader_on_status": pick_seen_code({"seen": seen}, ["progress.status_unclear"]),
        "is_other_than_planned": "yes" if row["status"] in _OTHER_THAN_PLANNED else None,
        "evidence": read_answer(row["evidence"]),
        "difference": read_answer(row["difference"]),
        "entries": sum(bool(read_answer(row[column])) for column in _ENTERED),
        "is_planned": "yes" if not planned or row["address"] in planned else None,
        "action_planned": None if said is None else cell_text.normalise_text(said),
        "action_returned": cell_text.normalise_text(row["action"]) if row["action"] else None,
    }


def _list_planned_actions(batch: Batch, submission: str) -> dict[str, Row]:
    """The actions of the accepted plan by address; empty where it is not known."""
    table = context_of(batch, submission).planned_actions
    rows = [] if table is None else records_of(table)
    return {str(row["address"]): row for row in rows if not is_unused(read_text_value(row.get("action")))}


def _with_unreported(batch: Batch, rows: list[Row]) -> list[Row]:
    """The lines sent, and an empty one for each action of the plan of which the report says nothing."""
    sent = {(row["submission"], row["address"]) for row in rows}
    lacking = [
        _make_empty_row(submission, address)
        for submission in dict.fromkeys(row["submission"] for row in (*batch.particulars, *rows))
        for address in _list_planned_actions(batch, submission)
        if (submission, address) not in sent
    ]
    return [*rows, *lacking]


def _make_empty_row(submission: str, address: str) -> Row:
    kind, _, number = address.partition("/")
    about = {
        "submission": submission,
        "address": address,
        "linked": None,
        "kind": kind,
        "number": int(number.partition("/")[0]),
    }
    return about | dict.fromkeys(_COLUMNS, "")


_IS_SAID = Column("entries") > 0


SUITE = Suite(
    Kind.PROGRESS_REPORT,
    prepare_progress_report_tables,
    (
        shared_checks.make_blank_check(
            "The form is blank: nothing is said about any action.",
            "Fill in the report and send it again. If you did, check that you attached the right file and "
            "wrote in its table.",
        ),
        Check(
            "progress.missing",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToBeBetween(column="entries", min_value=1),
            "Nothing is said about the {named} of your plan.",
            "Say how far it is, what shows it, and what difference it made. If it was changed or dropped, "
            "say why. If nothing was done yet, say so.",
            column="status",
        ),
        Check(
            "progress.no_status",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(
                column="status", row_condition=_IS_SAID & Column("reader_on_status").is_null()
            ),
            "The report does not say how far this action is.",
            "Choose one: done, under way, not started, changed or dropped. Your words stay as they are.",
            column="status",
        ),
        Check(
            "progress.no_evidence",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(
                column="evidence", row_condition=Column("status") == ActionStatus.DONE.value
            ),
            "You say that this action is done, but not what shows it.",
            "Please say in a sentence or two what shows that it was done.",
            column="evidence",
        ),
        Check(
            "progress.no_reason",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(
                column="evidence",
                row_condition=Column("is_other_than_planned") == "yes",
            ),
            "You say that this action was changed or dropped, but not why.",
            'Say why under "What shows it", and what you do instead.',
            column="evidence",
        ),
        Check(
            "progress.no_difference",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(
                column="difference", row_condition=Column("status") == ActionStatus.DONE.value
            ),
            "You say that this action is done, but not what difference it made for children.",
            "Say what is different for children now. If it is too early to know, say when you will know.",
            column="difference",
        ),
        Check(
            "progress.not_planned",
            WARN,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(column="is_planned", row_condition=_IS_SAID),
            "Your action plan has no {named}. We kept what you say about it.",
            "You do not need to do anything. To add an action, please send a new version of the action plan.",
        ),
        Check(
            "progress.plan_changed",
            WARN,
            "answers",
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="action_planned",
                column_B="action_returned",
                ignore_row_if="either_value_is_missing",
            ),
            "The words of the plan were changed here. The action plan stays as you sent it.",
            "Write what has changed under the other headings. To change the plan, please send a new version "
            "of it.",
            column="action",
        ),
        shared_checks.over_limit(),
        shared_checks.PRIVATE_LINK,
        shared_checks.EVIDENCE_NOT_THERE,
        *disclosure_checks(),
        *shared_checks.sign_off_checks(WARN),
        *shared_checks.SHARED,
    ),
)
