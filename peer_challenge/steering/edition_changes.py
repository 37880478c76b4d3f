"""Whether an edition without names, laid beside an earlier one, would tell what a single area wrote.

Each edition hides small numbers. Two of them don't: where one more self-assessment is in, the difference of
their counts is that area's ratings.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from peer_challenge.errors import WrongUse
from peer_challenge.model.challenge_ids import find_author_id
from peer_challenge.model.vocabulary import DispatchKind, Kind, Role
from peer_challenge.register import outbox, submissions
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Dispatch

_COUNTED = {
    Kind.SELF_ASSESSMENT: "self-assessments",
    Kind.ANALYSIS: "analyses",
    Kind.CHAIR_RECORD: "Chairs' records",
    Kind.PROGRESS_REPORT: "progress reports",
}
"""What an edition counts: the kinds of documents, and what they are called."""
_MADE_OF = "documents"


@dataclass(frozen=True, slots=True)
class Document:
    """The document of an area that counts: its number, and when we took it in."""

    id: int
    taken_in_at: datetime


Documents = Mapping[Kind, Mapping[str, Document]]
"""By kind and area."""


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition that areas have: the numbers of the documents in it, by kind and area.

    `numbers` is None for an edition of before they were kept. `made_by` is when the last copy of it
    had been made; None while one is still to be made.
    """

    numbers: Mapping[str, Mapping[str, int]] | None
    made_by: datetime | None


def list_documents(connection: Transaction, cycle_id: str) -> Documents:
    """What an edition of now would count, by kind and area."""
    found: dict[Kind, dict[str, Document]] = {kind: {} for kind in _COUNTED}
    for row in submissions.list_current_in_cycle(connection, cycle_id, tuple(_COUNTED)):
        if row.kind is not None:
            area = find_author_id(row.challenge_id)
            found[row.kind][area] = Document(row.id, row.taken_in_at)
    return found


def describe_documents(documents: Documents) -> dict[str, object]:
    """The numbers of an edition's documents, as its dispatches keep them."""
    return {
        _MADE_OF: {
            kind.value: {area: one.id for area, one in of_kind.items()} for kind, of_kind in documents.items()
        }
    }


def list_earlier_editions(connection: Transaction, cycle_id: str) -> list[Edition]:
    """Every edition of a cycle that areas were given, the oldest first."""
    kind = DispatchKind.REGIONAL_OVERVIEW_ANONYMISED
    given = outbox.list_given(connection, cycle_id, kind, Role.AUTHOR)
    editions: dict[str, list[Dispatch]] = {}
    for one in given:
        editions.setdefault(str(one.parameters.get(_MADE_OF)), []).append(one)
    return [
        Edition(_read_numbers(copies[0]), _find_last_time([one.issued_at for one in copies]))
        for copies in editions.values()
    ]


def _read_numbers(copy: Dispatch) -> dict[str, dict[str, int]] | None:
    kept = copy.parameters.get(_MADE_OF)
    return {str(kind): dict(of_kind) for kind, of_kind in kept.items()} if isinstance(kept, dict) else None


def _find_last_time(times: list[datetime | None]) -> datetime | None:
    known = [time for time in times if time is not None]
    return max(known) if len(known) == len(times) else None


def check_editions_can_be_compared(now: Documents, earlier: Iterable[Edition], smallest: int) -> None:
    """Raise WrongUse where a new edition beside one of `earlier` would tell of fewer than `smallest` areas.

    Of each kind of document either none has changed, or those of at least `smallest` areas that were taken in
    after the earlier edition was made. What was there before, and was accepted meanwhile, may be in both.
    """
    for edition in earlier:
        for kind, of_kind in now.items():
            if edition.numbers is None:  # what came before it is taken to be in it
                other = {area for area, one in of_kind.items() if _may_be_new(one, edition.made_by)}
            else:
                before = edition.numbers.get(kind.value, {})
                other = {
                    area
                    for area in {*of_kind, *before}
                    if area not in of_kind or of_kind[area].id != before.get(area)
                }
            new = [area for area in other if _is_surely_new(of_kind.get(area), edition.made_by)]
            if other and len(new) < smallest:
                _refuse(kind, len(new), smallest)


def _may_be_new(document: Document, made_by: datetime | None) -> bool:
    return made_by is None or document.taken_in_at > made_by


def _is_surely_new(document: Document | None, made_by: datetime | None) -> bool:
    return document is not None and made_by is not None and document.taken_in_at > made_by


def _refuse(kind: Kind, new: int, smallest: int) -> None:
    raise WrongUse(
        f"Too few {_COUNTED[kind]} are new since an edition that the areas have: {new} of the {smallest} "
        "that it takes. The two editions could be compared to work out what one area wrote.",
        remedy=f"Wait until those of {smallest} areas are new. Meanwhile you can download the overview for "
        "yourself.",
    )
