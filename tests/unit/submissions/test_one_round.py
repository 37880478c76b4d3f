"""Who answers a question about a row is not asked for more of it a round later: the question names it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import chain, combinations, product

import pytest

from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind, Rating, Severity
from tests.factories import a_filled
from tests.fill_form import fill_form
from tests.judged import judge_reading
from tests.unit.submissions.test_in_word import a_context, read

PIVOTS = {
    Kind.SELF_ASSESSMENT: (
        "rating",
        ("RED", "AMBER", "GREEN", "NOT_APPLICABLE"),
        ("strengths", "development"),
    ),
    Kind.RESPONSE: ("response", ("We have begun to look into this.",), ("response_kind",)),
    Kind.CHAIR_RECORD: ("text", ("Both areas look into this.",), ("subheading", "consensus")),
    Kind.ACTION_PLAN: ("action", ("Look into it.",), ("owner", "due_on", "measure")),
    Kind.PROGRESS_REPORT: (
        "status",
        ("done", "under way", "not started", "changed", "dropped"),
        ("evidence", "difference"),
    ),
}
"""By kind: the column by which the others are needed, what may be written there, and those others."""
SECOND_ACTION = {"owner": "Head of service", "due_on": "30 September 2027", "measure": "An audit shows it."}
UNCLEAR = {Kind.SELF_ASSESSMENT: "purple", Kind.PROGRESS_REPORT: "who knows"}
NAMED = {
    "strengths.missing": ("what is working well",),
    "development.missing": ("what needs to get better",),
    "not_applicable.no_reason": ("does not apply in your area, say why",),
    "response.kind_missing": ("kind of answer",),
    "consensus.not_stated": ("Yes or No",),
    "action.no_owner": ("by whom", "the role that will see it through"),
    "action.no_date": ("by when",),
    "action.no_measure": ("how you will know",),
    "progress.no_evidence": ("what shows it",),
    "progress.no_reason": ("changed or dropped, say why", "changed or dropped, please also say why"),
    "progress.no_difference": ("what difference it made", "what is different for children now"),
}
"""By what would be asked a round later, words by which the first question asks for it."""


def _subsets(columns: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    return chain.from_iterable(combinations(columns, size) for size in range(len(columns) + 1))


def _choose_row(kind: Kind) -> str:
    """A row in which the column may be asked for: in a response one that is RED."""
    reading = read(a_filled(kind))
    if kind is Kind.SELF_ASSESSMENT:
        return str(reading.rows[0]["subheading"])
    if kind is Kind.RESPONSE:
        context = a_context()
        assert context.authors_rows is not None
        own = context.authors_rows.set_index("subheading")["rating"]
        return next(str(row["subheading"]) for row in reading.rows if own[row["subheading"]] == Rating.RED)
    wanted = {Kind.CHAIR_RECORD: "text", Kind.ACTION_PLAN: "action", Kind.PROGRESS_REPORT: "evidence"}[kind]
    return next(str(item["address"]) for item in reading.items if item[wanted])


def _ask(kind: Kind, address: str, typed: dict[str, str]) -> list[Finding]:
    """The questions about a row with these cells, of a form that was filled in without a mistake."""
    form = fill_form(a_filled(kind), {(address, column): text for column, text in typed.items()})
    return [
        finding
        for finding in judge_reading(read(form), a_context())
        if finding.subheading == address and finding.severity is Severity.QUERY
    ]


@pytest.mark.parametrize(("kind", "line"), [*((kind, "") for kind in PIVOTS), (Kind.ACTION_PLAN, "/2")])
def test_all_that_a_row_lacks_is_asked_for_at_once(kind: Kind, line: str) -> None:
    """`line` leads to the second action of an area for development."""
    pivot, values, others = PIVOTS[kind]
    address, late, asked = f"{_choose_row(kind)}{line}", [], 0
    filled = dict(SECOND_ACTION if line else {})
    for empty, first in product(_subsets(others), ("", *filter(None, [UNCLEAR.get(kind)]))):
        blank = dict.fromkeys(empty, "")
        before = _ask(kind, address, {**filled, **blank, pivot: first})
        codes, words = {one.code for one in before}, " ".join(one.remedy for one in before)
        asked += bool(before)
        for value in values if before else ():
            after = [one.code for one in _ask(kind, address, {**filled, **blank, pivot: value})]
            late += [
                (empty, first, value, code)
                for code in after
                if code not in codes and not any(one in words for one in NAMED.get(code, ()))
            ]
    assert asked and late == []


def test_a_question_asks_for_nothing_that_is_there() -> None:
    kind = Kind.SELF_ASSESSMENT
    (asked,) = _ask(kind, _choose_row(kind), {"rating": "", "strengths": "We audit.", "development": "More."})
    assert asked.remedy == "Please give one rating: RED, AMBER, GREEN or not applicable."
    (asked,) = _ask(kind, _choose_row(kind), {"rating": "", "strengths": "We audit.", "development": "none"})
    assert asked.remedy.endswith("If it is AMBER or RED, please also say what needs to get better.")


def test_a_day_that_is_missing_is_asked_for_with_the_reason_for_a_late_one() -> None:
    form = fill_form(a_filled(Kind.CHAIR_RECORD), {"held_on": "", "late_reason": ""})
    context = replace(a_context(), event_by=date(2027, 7, 1))
    (asked,) = [one for one in judge_reading(read(form), context) if one.column == "held_on"]
    assert asked.remedy.endswith("If that was after 1 July 2027, please also say why it was late.")
