"""The Chair's record of an event: the checks that it must pass."""

# ruff: noqa: E501 - a message reads better on one line

from collections import Counter

from peer_challenge.model.agreed_by_both import Agreement, read_agreement
from peer_challenge.model.cycle import Chair
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.independent_chair import list_conflicts
from peer_challenge.model.names_alike import make_name_key
from peer_challenge.model.vocabulary import ItemKind, Kind, Severity
from peer_challenge.submissions import shared_checks
from peer_challenge.submissions.check_suite import QUERY, WARN, Batch, Check, Row, Suite, Tables
from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.submissions.disclosure_checks import disclosure_checks
from peer_challenge.submissions.document_table import count_filled_rows, document_rows
from peer_challenge.submissions.item_table import item_rows, spell_ordinal
from peer_challenge.submissions.load_great_expectations import Column, gxe
from peer_challenge.submissions.row_tables import (
    context_of,
    detail_rows,
    particular_text_rows,
    read_answer,
    read_text_value,
    short_text_rows,
    text_rows,
)
from peer_challenge.word.answers.written_days import read_written_day

_COLUMNS = ("text", "subheading_as_written", "consensus")
_WORDS = {ItemKind.STRENGTH.value: "strength", ItemKind.DEVELOPMENT.value: "area for development"}
_WORDS_OF_THE_ROLE = frozenset(
    [
        "a",
        "an",
        "and",
        "appointed",
        "by",
        "chair",
        "chaired",
        "chairing",
        "chairman",
        "chairperson",
        "chairwoman",
        "challenge",
        "event",
        "facilitator",
        "for",
        "independent",
        "is",
        "lead",
        "of",
        "our",
        "peer",
        "person",
        "reviewer",
        "scrutineer",
        "the",
    ]
)
"""Words by which a Chair is called without a name."""
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
    rows = item_rows(batch, _COLUMNS)
    texts = text_rows(batch, Kind.CHAIR_RECORD, ("text",), rows)
    short = short_text_rows(batch, Kind.CHAIR_RECORD, ("subheading_as_written", "consensus"), rows)
    return {
        "answers": _number_items(batch, rows),
        "texts": texts,
        "details": detail_rows([*texts, *short, *particular_text_rows(batch, Kind.CHAIR_RECORD)]),
        "documents": _build_document_rows(batch, rows),
    }


def _number_items(batch: Batch, rows: list[Row]) -> list[Row]:
    """The items with what their cells say, and which of its kind each is (`place`), empty ones left out."""
    filled: Counter[tuple[str, str]] = Counter()
    found = []
    for row in rows:
        context, of_kind = context_of(batch, row["submission"]), (row["submission"], row["kind"])
        filled[of_kind] += bool(row["text"])
        facts = {
            "limit": context.rules.agreed_items,
            "what": _WORDS.get(row["kind"], "item"),
            "place": filled[of_kind],
            "ordinal": spell_ordinal(filled[of_kind]),
            "text": row["text"] or None,
            "subheading_as_written": row["subheading_as_written"] or None,
            "subheading_named": read_answer(row["subheading_as_written"]),
            **_read_consensus(row["consensus"]),
        }
        found.append(row | facts)
    return found


def _read_consensus(written: str) -> Row:
    """What an answer says of whether both agreed, None where there is none, and what it plainly comes to."""
    agreement = read_agreement(written)
    said = agreement.value if agreement else None
    return {"consensus": written if said else read_answer(written), "agreement": said}


def _build_document_rows(batch: Batch, rows: list[Row]) -> list[Row]:
    having = Counter((row["submission"], row["kind"]) for row in rows if row["text"])
    documents = document_rows(batch, count_filled_rows(rows, ["text", "subheading_as_written"]))
    for row in documents:
        row.update(_collect_event_facts(row, context_of(batch, row["submission"])))
        row.update({name: read_answer(row.get(name)) for name in _FIELDS})
        row.update(_read_consensus(read_text_value(row.get("consensus"))))
        row.update({f"{kind.value}s": having[row["submission"], kind.value] for kind in ItemKind})
    return documents


def _collect_event_facts(row: Row, context: SubmissionContext) -> Row:
    """When the event was held, as days that can be compared, and who chaired it."""
    held, last = read_written_day(read_text_value(row.get("held_on")).strip()), context.event_by
    agreed = context.event_on
    written, appointed = read_text_value(row.get("chair")), context.chair
    chair = _find_named_chair(written, context)
    return {
        "held": held.isoformat() if held else None,
        "agreed": agreed.isoformat() if agreed else None,
        "agreed_on": day_in_words(agreed) if agreed else "",
        "opens": context.cycle.dates.opens.isoformat() if context.cycle is not None else None,
        "event_by": day_in_words(last) if last else "",
        "if_late": f" If that was after {day_in_words(last)}, please also say why it was late."
        if last and not read_answer(row.get("late_reason"))
        else "",
        "days_late": (held - last).days if held and last else 0,
        "conflict_with": _find_chair_conflict(chair, context),
        "named_chair": chair.id if chair else None,
        "has_unknown_chair": True if chair is None and _has_name_to_compare(written, context) else None,
        "appointed_chair": appointed.id if appointed else None,
    }


def _find_named_chair(written: str, context: SubmissionContext) -> Chair | None:
    """The Chair that a record names, the one appointed when it names nobody, None for a name nobody has.

    Without a cycle, or where its Chairs are not listed, names can't be compared: it is the one appointed.
    """
    if context.cycle is None or not _has_name_to_compare(written, context):
        return context.chair
    return context.cycle.find_chair_named_in(written)


def _has_name_to_compare(written: str, context: SubmissionContext) -> bool:
    """Whether the Chair's field holds more than "Independent Chair", and the cycle lists Chairs."""
    is_role_alone = _WORDS_OF_THE_ROLE.issuperset(make_name_key(written).split())
    return not is_role_alone and context.cycle is not None and bool(context.cycle.chairs)


def _find_chair_conflict(chair: Chair | None, context: SubmissionContext) -> str | None:
    """The partnerships of the pair that the Chair has a conflict of interest with, None where there is none."""
    pair = sorted({p.id for p in (context.participant, context.challenger) if p is not None})
    return ", ".join(list_conflicts(chair, pair)) or None if chair is not None else None


def _build_field_check(code: str, severity: Severity, column: str, message: str, remedy: str) -> Check:
    """The check that a field of the record says something."""
    expects = gxe.ExpectColumnValuesToNotBeNull(column=column)
    return Check(code, severity, "documents", expects, message, remedy, column=column)


_HAS_TEXT = Column("text").is_not_null()


SUITE = Suite(
    Kind.CHAIR_RECORD,
    prepare_chair_record_tables,
    (
        shared_checks.make_blank_check(
            "The form is blank: nothing has been recorded.",
            "Please fill in what was agreed and send the form again. If you did, check that you attached the right file and wrote in its tables.",
        ),
        Check(
            "agreed.too_many",
            QUERY,
            "answers",
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="limit", column_B="place", or_equal=True, row_condition=_HAS_TEXT
            ),
            "This is the {ordinal} {what}. The form asks for up to {limit}.",
            "Please agree with both areas which {limit} matter most, and leave the rest out: we can put you in touch. "
            "If both want to keep more, tell us why in your email.",
            column="text",
            limit="agreed_items",
        ),
        Check(
            "agreed.no_text",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(
                column="text",
                row_condition=Column("subheading_as_written").is_not_null() | Column("linked").is_not_null(),
            ),
            "You chose a sub-heading, but did not write what was agreed.",
            "Please say in a sentence what was agreed, or clear the line.",
            column="text",
        ),
        Check(
            "agreed.no_subheading",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(
                column="subheading_named", row_condition=_HAS_TEXT & Column("linked").is_null()
            ),
            "This {what} is not linked to a sub-heading.",
            "Please choose the sub-heading that it belongs to.",
            column="subheading",
        ),
        Check(
            "agreed.unknown_subheading",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(
                column="linked", row_condition=Column("subheading_named").is_not_null()
            ),
            "The sub-heading of this {what} is not one of those in the list.",
            "Please choose one from the list.",
            column="subheading",
        ),
        Check(
            "consensus.not_stated",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(column="consensus", row_condition=_HAS_TEXT),
            "The record does not say whether both partnerships agreed to this {what}.",
            "Please answer Yes or No.",
            column="consensus",
        ),
        Check(
            "consensus.unclear",
            QUERY,
            "answers",
            gxe.ExpectColumnValuesToNotBeNull(
                column="agreement", row_condition=_HAS_TEXT & Column("consensus").is_not_null()
            ),
            "It is not clear whether both partnerships agreed to this {what}.",
            "Please answer Yes or No. If they agreed in part, choose “In part”, and say in the notes where they differ.",
            column="consensus",
        ),
        Check(
            "consensus.not_reached",
            WARN,
            "answers",
            gxe.ExpectColumnValuesToNotBeInSet(
                column="agreement",
                value_set=[Agreement.NO.value, Agreement.IN_PART.value],
                row_condition=_HAS_TEXT,
            ),
            "The two partnerships did not both agree to this {what}. It is printed apart, and makes no action.",
            "If that is right, you do not need to do anything. You may say in the notes where they differ.",
            column="consensus",
        ),
        Check(
            "consensus.none_reached",
            WARN,
            "documents",
            gxe.ExpectColumnValuesToNotBeInSet(column="agreement", value_set=[Agreement.NO.value]),
            "The record says that no consensus was reached. So nothing in it is printed as agreed, and nothing makes an action.",
            "If that is right, you do not need to do anything. If some points were agreed, choose “In part”, and answer for each point.",
            column="consensus",
        ),
        Check(
            "consensus.record_unclear",
            QUERY,
            "documents",
            gxe.ExpectColumnValuesToNotBeNull(
                column="agreement", row_condition=Column("consensus").is_not_null()
            ),
            "It is not clear whether consensus was reached.",
            "Please answer Yes or No. If some points were agreed, choose “In part”, and answer for each point.",
            column="consensus",
        ),
        _build_field_check(
            "consensus.missing",
            QUERY,
            "consensus",
            "The record does not say whether the two areas reached consensus.",
            "Please choose yes, in part or no. If they agreed in part, answer for each point too.",
        ),
        Check(
            "agreed.no_strengths",
            WARN,
            "documents",
            gxe.ExpectColumnValuesToBeBetween(column="strengths", min_value=1),
            "No strength was recorded.",
            "Please record the key strengths that both partnerships agreed on, if there were any.",
        ),
        Check(
            "agreed.no_developments",
            WARN,
            "documents",
            gxe.ExpectColumnValuesToBeBetween(column="developments", min_value=1),
            "No area for development was recorded, so there will be nothing to plan for.",
            "Please record the areas for development that both partnerships agreed on, if there were any.",
        ),
        _build_field_check(
            "event.no_date",
            QUERY,
            "held_on",
            "The date of the event is missing.",
            "Please give the day on which it was held.{if_late}",
        ),
        Check(
            "event.date_unclear",
            QUERY,
            "documents",
            gxe.ExpectColumnValuesToNotBeNull(column="held", row_condition=Column("held_on").is_not_null()),
            "The date of the event can't be read as one day.",
            "Please write it as day, month and year, such as 14 May 2027.{if_late}",
            column="held_on",
        ),
        Check(
            "event.other_day",
            WARN,
            "documents",
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="held", column_B="agreed", ignore_row_if="either_value_is_missing"
            ),
            "The record gives another day than {agreed_on}, which was agreed for the event. We go by the record.",
            "If that is right, you do not need to do anything: we have noted it. If not, please correct the date.",
            column="held_on",
        ),
        Check(
            "event.outside_window",
            QUERY,
            "documents",
            gxe.ExpectColumnValuesToNotBeNull(column="late_reason", row_condition=Column("days_late") > 0),
            "The event was held after {event_by}, the last day of its window, and no reason is given.",
            "Please say why it was later, or correct the date.",
            column="late_reason",
        ),
        Check(
            "event.before_cycle",
            QUERY,
            "documents",
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="held", column_B="opens", or_equal=True, ignore_row_if="either_value_is_missing"
            ),
            "The date of the event is before the cycle opened.",
            "Please correct the date. Check the year.",
            column="held_on",
        ),
        _build_field_check(
            "chair.missing",
            QUERY,
            "chair",
            "The record does not say who chaired the event.",
            "Please give the Chair's name.",
        ),
        Check(
            "chair.conflict",
            QUERY,
            "documents",
            gxe.ExpectColumnValuesToBeNull(column="conflict_with"),
            "The Chair is listed as having a conflict of interest with one of the two partnerships.",
            "Please tell us: we decide whether we can accept the record.",
            column="chair",
        ),
        Check(
            "chair.other",
            WARN,
            "documents",
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="named_chair",
                column_B="appointed_chair",
                ignore_row_if="either_value_is_missing",
            ),
            "Another Chair is named than the one appointed for this event.",
            "If that is right, you do not need to do anything: we have noted it.",
            column="chair",
        ),
        Check(
            "chair.unknown",
            WARN,
            "documents",
            gxe.ExpectColumnValuesToBeNull(column="has_unknown_chair"),
            "The record names somebody who is not one of the Chairs of this cycle.",
            "If the name is right, you do not need to do anything. If it is a slip, please correct it and send the record again.",
            column="chair",
        ),
        Check(
            "chair.no_sign_off",
            QUERY,
            "documents",
            gxe.ExpectColumnValuesToNotBeNull(column="signed_off"),
            "The Chair's sign-off is missing.",
            "Please have the Chair agree the record, then give name and date.",
            column="signed_off",
            limit="sign_off",
        ),
        _build_field_check(
            "event.no_author_present",
            WARN,
            "author_present",
            "The record does not say who was present for the area challenged.",
            "Please give the job titles (not the names) of those who were there.",
        ),
        _build_field_check(
            "event.no_challenger_present",
            WARN,
            "challenger_present",
            "The record does not say who was present for the challenger.",
            "Please give the job titles (not the names) of those who were there.",
        ),
        *disclosure_checks(),
        *shared_checks.SHARED,
    ),
)
