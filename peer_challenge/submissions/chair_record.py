"""The Chair's record of an event: the checks that it must pass."""

# ruff: noqa: E501 - a message reads better on one line

from collections import Counter
from datetime import date

from peer_challenge.model.cycle import Chair
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.vocabulary import ItemKind, Kind
from peer_challenge.submissions import cell_text, shared_checks
from peer_challenge.submissions.check import (
    QUERY,
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
from peer_challenge.submissions.item_table import item_rows, spell_ordinal
from peer_challenge.submissions.row_tables import context_of, read_text_value, text_rows
from peer_challenge.word.answers.days import read_written_day

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


def prepare_chair_record_tables(batch: Batch) -> Tables:
    """The tables that the checks of Chairs' records run on, for a batch of records."""
    rows = with_blank(item_rows(batch, _COLUMNS), ["text", "subheading_as_written"])
    filled: Counter[tuple[str, str]] = Counter()
    for row in rows:
        context, of_kind = context_of(batch, row["submission"]), (row["submission"], row["kind"])
        filled[of_kind] += bool(row["text"])
        row |= {
            "limit": context.rules.agreed_items,
            "office": context.office,
            "what": _WORDS.get(row["kind"], "item"),
            "place": filled[of_kind],
            "ordinal": spell_ordinal(filled[of_kind]),
        }
    return {
        "rows": rows,
        "texts": text_rows(batch, Kind.CHAIR_RECORD, ("text",), rows),
        "documents": _build_document_rows(batch, rows),
    }


def _build_document_rows(batch: Batch, rows: list[Row]) -> list[Row]:
    having = {(row["submission"], row["kind"]) for row in rows if row["text"]}
    documents = document_rows(batch, rows)
    for row in documents:
        row.update({name: read_text_value(row.get(name)).strip() for name in _FIELDS})
        row.update(_collect_event_facts(row, context_of(batch, row["submission"])))
        row.update({f"has_{kind.value}": (row["submission"], kind.value) in having for kind in ItemKind})
    return documents


def _collect_event_facts(row: Row, context: SubmissionContext) -> Row:
    held, last = read_written_day(row["held_on"]), context.event_by
    chair, appointed = _find_named_chair(row["chair"], context), context.chair
    return {
        "held": held,
        "event_by": day_in_words(last) if last else "",
        "is_late": bool(held and last and held > last),
        "is_early": _is_before(held, context),
        "is_conflicted": _has_chair_conflict(chair, context),
        "is_other_chair": bool(chair and appointed and chair.id != appointed.id),
    }


def _is_before(held: date | None, context: SubmissionContext) -> bool:
    """Whether the event is said to have been held before the cycle had even opened."""
    return bool(held and context.cycle is not None and held < context.cycle.dates.opens)


def _find_named_chair(written: str, context: SubmissionContext) -> Chair | None:
    """The Chair that a record names; the one appointed when it names nobody that is known."""
    chairs: tuple[Chair, ...] = context.cycle.chairs if context.cycle is not None else ()
    named = [chair for chair in chairs if chair.name.casefold() in written.casefold()]
    return max(named, key=lambda chair: len(chair.name), default=context.chair)


def _has_chair_conflict(chair: Chair | None, context: SubmissionContext) -> bool:
    pair = {p.id for p in (context.participant, context.challenger) if p is not None}
    return chair is not None and bool(pair & set(chair.not_for))


def _is_form_filled(row: Row) -> bool:
    return not row["is_blank"]


def _make_missing_rule(name: str) -> Breaks:
    def breaks(row: Row) -> bool:
        return cell_text.is_nothing(row[name]) and _is_form_filled(row)

    return breaks


SUITE = Suite(
    Kind.CHAIR_RECORD,
    prepare_chair_record_tables,
    (
        shared_checks.make_blank_check(
            "The form is blank: nothing has been recorded.",
            "Fill in what was agreed and send the form again. If you did, check that you attached the right file and wrote in its tables.",
        ),
        Check(
            "agreed.too_many",
            QUERY,
            "rows",
            lambda row: row["text"] and row["place"] > row["limit"],
            "This is the {ordinal} {what}; a record of this cycle holds no more than {limit}, so this one was not taken in.",
            "Ask the leads of both partnerships which {limit} matter most, and leave the others out. "
            "If more must stand, ask {office}.",
            column="text",
            limit="agreed_items",
        ),
        Check(
            "agreed.no_text",
            QUERY,
            "rows",
            lambda row: (
                _is_form_filled(row) and not row["text"] and (row["subheading_as_written"] or row["linked"])
            ),
            "A sub-heading was chosen, but it is not said what was agreed.",
            "Say in a sentence what was agreed, or clear the line.",
            column="text",
        ),
        Check(
            "agreed.no_subheading",
            QUERY,
            "rows",
            lambda row: (
                row["text"] and not row["linked"] and cell_text.is_nothing(row["subheading_as_written"])
            ),
            "This {what} is not linked to a sub-heading.",
            "Choose the sub-heading that it belongs to.",
            column="subheading",
        ),
        Check(
            "agreed.unknown_subheading",
            QUERY,
            "rows",
            lambda row: (
                row["text"] and not row["linked"] and not cell_text.is_nothing(row["subheading_as_written"])
            ),
            "The sub-heading of this {what} is none of the framework's.",
            "Choose one from the list, as it stands in the schedule.",
            column="subheading",
        ),
        Check(
            "consensus.not_stated",
            QUERY,
            "rows",
            lambda row: row["text"] and cell_text.is_nothing(row["consensus"]),
            "It is not said whether both partnerships agreed to this {what}.",
            "Answer Yes or No.",
            column="consensus",
        ),
        Check(
            "consensus.not_reached",
            WARN,
            "rows",
            lambda row: row["text"] and cell_text.is_negative_answer(row["consensus"]),
            "The two partnerships did not both agree to this {what}. It is recorded as such.",
            "Say in the notes where they differ, if that helps.",
            column="consensus",
        ),
        Check(
            "consensus.missing",
            QUERY,
            "documents",
            _make_missing_rule("consensus"),
            "It is not stated whether consensus was reached.",
            "State it: Yes, No, or in part, and on what not.",
            column="consensus",
        ),
        Check(
            "agreed.no_strengths",
            WARN,
            "documents",
            lambda row: _is_form_filled(row) and not row["has_strength"],
            "No strength was recorded.",
            "Record the key strengths that both partnerships agreed on, if there were any.",
        ),
        Check(
            "agreed.no_developments",
            WARN,
            "documents",
            lambda row: _is_form_filled(row) and not row["has_development"],
            "No area for development was recorded, so there will be nothing to plan for.",
            "Record the areas for development that both partnerships agreed on, if there were any.",
        ),
        Check(
            "event.no_date",
            QUERY,
            "documents",
            _make_missing_rule("held_on"),
            "The date of the event is missing.",
            "Give the day on which it was held.",
            column="held_on",
        ),
        Check(
            "event.date_unclear",
            QUERY,
            "documents",
            lambda row: (
                _is_form_filled(row) and row["held"] is None and not cell_text.is_nothing(row["held_on"])
            ),
            "The date of the event can't be read as one day.",
            "Write it as day, month and year, such as 14 May 2027.",
            column="held_on",
        ),
        Check(
            "event.outside_window",
            QUERY,
            "documents",
            lambda row: _is_form_filled(row) and row["is_late"] and cell_text.is_nothing(row["late_reason"]),
            "The event was held after {event_by}, the last day of its window, and no reason is given.",
            "Say why it was later, or correct the date.",
            column="late_reason",
        ),
        Check(
            "event.before_cycle",
            QUERY,
            "documents",
            lambda row: row["is_early"] and _is_form_filled(row),
            "The date of the event lies before the cycle opened.",
            "Correct the date. Check the year.",
            column="held_on",
        ),
        Check(
            "chair.missing",
            QUERY,
            "documents",
            _make_missing_rule("chair"),
            "It is not said who chaired the event.",
            "Give the Chair's name.",
            column="chair",
        ),
        Check(
            "chair.conflict",
            QUERY,
            "documents",
            make_flag_rule("is_conflicted"),
            "The Chair is listed as having a conflict of interest with one of the two partnerships.",
            "Tell {office}, who decides whether the record can stand.",
            column="chair",
        ),
        Check(
            "chair.other",
            WARN,
            "documents",
            make_flag_rule("is_other_chair"),
            "Another Chair is named than the one appointed for this event.",
            "If that is right, nothing needs doing; {office} has been told.",
            column="chair",
        ),
        Check(
            "chair.no_sign_off",
            QUERY,
            "documents",
            _make_missing_rule("signed_off"),
            "The Chair's sign-off is missing.",
            "Have the Chair agree the record, then give name and date.",
            column="signed_off",
            limit="sign_off",
        ),
        Check(
            "event.no_author_present",
            WARN,
            "documents",
            _make_missing_rule("author_present"),
            "It is not said who was present for the author.",
            "Name the roles (not the persons) that were there.",
            column="author_present",
        ),
        Check(
            "event.no_challenger_present",
            WARN,
            "documents",
            _make_missing_rule("challenger_present"),
            "It is not said who was present for the challenger.",
            "Name the roles (not the persons) that were there.",
            column="challenger_present",
        ),
        *shared_checks.disclosure_checks(),
        *shared_checks.SHARED,
    ),
)
