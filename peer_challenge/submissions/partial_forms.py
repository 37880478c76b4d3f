"""Self-assessments that are filled in only in part: how much is there, and what may be the rest."""

from collections.abc import Iterable

from peer_challenge.submissions import cell_text
from peer_challenge.submissions.check_suite import Batch, Row
from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.submissions.row_tables import context_of, index_earlier_rows, read_text_value
from peer_challenge.word.form.forms import PARTNERS

_ANSWERS = ("strengths", "development", "rating")
_FEW = 3
"""So many empty rows may be an oversight; from here on, and from a quarter, it is a part."""


def with_parts(batch: Batch, documents: list[Row], rows: Iterable[Row]) -> list[Row]:
    """The documents with `filled` and `total` (numbers of rows), `most_of_a_part`, and `part_of`.

    `most_of_a_part` is as many filled rows as a form can have that is filled in only in part. `part_of` says
    why the document looks like one part of a form, None when it does not. The other part may come at the same
    time or may have come before, or only one partner may be named in the form (variation 44).
    """
    known: dict[str, list[Row]] = {}
    for row in rows:
        if row["known"] is not None:
            known.setdefault(row["submission"], []).append(row)
    filled = {key: _find_filled_subheadings(theirs) for key, theirs in known.items()}
    total = {key: len(theirs) for key, theirs in known.items()}
    partial = {key for key, those in filled.items() if _is_partial(len(those), total[key])}
    for document in documents:
        key = document["submission"]
        context = context_of(batch, key)
        others = [filled[other] for other in partial - {key} if _is_same_sender(batch, key, other)]
        before = _filled_before(context)
        if _is_partial(len(before), total.get(key, 0)):
            others.append(before)
        document["filled"], document["total"] = len(filled.get(key, ())), total.get(key, 0)
        document["most_of_a_part"] = _count_most_of_part(document["total"])
        document["part_of"] = (
            _explain_why_partial(document, filled.get(key, set()), others) if key in partial else None
        )
    return documents


def _find_filled_subheadings(rows: Iterable[Row]) -> set[str]:
    return {
        row["subheading"]
        for row in rows
        if any(not cell_text.is_nothing(read_text_value(row.get(column))) for column in _ANSWERS)
    }


def _filled_before(context: SubmissionContext) -> set[str]:
    before = index_earlier_rows(context.last_rows)
    return _find_filled_subheadings({"subheading": address, **row} for address, row in before.items())


def _is_partial(filled: int, total: int) -> bool:
    return 0 < filled <= _count_most_of_part(total)


def _count_most_of_part(total: int) -> float:
    return total - max(_FEW, total / 4)


def _is_same_sender(batch: Batch, one: str, other: str) -> bool:
    mine, theirs = context_of(batch, one), context_of(batch, other)
    if None in (mine.cycle, mine.participant, theirs.cycle, theirs.participant):
        return False
    return mine.cycle == theirs.cycle and mine.participant == theirs.participant


def _explain_why_partial(document: Row, filled: set[str], others: Iterable[set[str]]) -> str | None:
    if any(not filled & other for other in others):
        return "another form from your area fills in other sub-headings"
    involved = [label for partner, label in PARTNERS.items() if _is_involved(document, partner)]
    return f"of the three partners only one is named in it ({involved[0]})" if len(involved) == 1 else None


def _is_involved(document: Row, partner: str) -> bool:
    said = (read_text_value(document.get(f"{what}_{partner}")) for what in ("took_part", "signed_off"))
    return any(not cell_text.is_nothing(text) for text in said)
