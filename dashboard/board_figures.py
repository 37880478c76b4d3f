"""The board's figures: the stage of every challenge of a cycle, counted, filtered and sorted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.context import Visit
from peer_challenge.model.access import user_can_see_what_is_untold
from peer_challenge.model.journey import ORDER
from peer_challenge.model.names_alike import fold_letters
from peer_challenge.model.overdue_or_at_risk import Risk
from peer_challenge.register.status import ChallengeStatus, Status, read_names_by_cycle, status_of

SHOWN = {
    "": "All areas",
    "overdue": "Overdue",
    "soon": "Due within a week",
    "office": "Areas that wait for the office",
    "questions": "Questions are open",
    "rejected": "A document was rejected",
}
SORTED_BY = {
    "area": "Area",
    "challenger": "Challenged by",
    "stage": "Stage",
    "waiting": "Waiting on",
    "next": "Next",
    "due": "By",
}
"""The columns of the board by which it can be sorted, and their headings."""
_STAGES = [stage.value for stage in ORDER] + ["withdrawn"]
_WEEK = timedelta(days=7)
"""Due soon means what it means where a challenge is at risk (model/overdue_or_at_risk.py)."""


def load_board_status(visit: Visit) -> tuple[Status, dict[str, dict[str, str]]]:
    """What `status --json` prints, and by cycle the names of its areas and Chairs.

    The office sees the real stage of each challenge; viewers see the stage that the areas have been told.
    """
    office, as_told = visit.office, not user_can_see_what_is_untold(visit.person)
    status = status_of(office.register, office.now(), as_told=as_told)
    return status, read_names_by_cycle(office.register, [cycle["id"] for cycle in status["cycles"]])


@dataclass(frozen=True, slots=True)
class Board:
    """One cycle's board: `rows` filtered and sorted, the counts over all of them."""

    rows: list[ChallengeStatus]
    stages: list[tuple[str, int]]
    counts: dict[str, int]
    total: int


def build_board(
    rows: list[ChallengeStatus], today: date, show: str, stage: str, text: str, sort: str
) -> Board:
    """The board of a cycle, from the `rows` of its challenges that `status_of` gives.

    `sort` names a column of `SORTED_BY`; with "-" in front, the last comes first.
    """
    counts = {name: sum(_is_row_shown(row, name, today) for row in rows) for name in SHOWN}
    stages = [(name, sum(row["stage"] == name for row in rows)) for name in _STAGES]
    wanted = [
        row
        for row in rows
        if _is_row_shown(row, show, today)
        and (not stage or row["stage"] == stage)
        and _has_matching_name(row, text)
    ]
    ordered = sorted(wanted, key=_make_sort_key(sort.removeprefix("-")), reverse=sort.startswith("-"))
    return Board(ordered, stages, counts, len(rows))


def _is_row_shown(row: ChallengeStatus, show: str, today: date) -> bool:
    due = row["next_due_on"]
    if show == "overdue":
        return bool(row["is_overdue"])
    if show == "soon":
        return due is not None and today <= date.fromisoformat(due) <= today + _WEEK
    if show == "office":
        return bool(row["waiting_on"] == "office")
    if show == "questions":
        return row["risk"] is not None and Risk(row["risk"]).has_questions
    if show == "rejected":
        return row["risk"] is not None and Risk(row["risk"]).is_of_rejected
    return True


def _has_matching_name(row: ChallengeStatus, text: str) -> bool:
    names = (row["author_name"], row["challenger_name"] or "")
    return any(fold_letters(text.strip()) in fold_letters(name) for name in names)


def _make_sort_key(sort: str) -> Callable[[ChallengeStatus], tuple[str | int, str]]:
    places: dict[str, Callable[[ChallengeStatus], str | int]] = {
        "challenger": lambda row: row["challenger_name"] or "~",
        "stage": lambda row: _STAGES.index(row["stage"]),
        "waiting": lambda row: row["waiting_on"] or "~",
        "next": lambda row: row["next_step"] or row["next_due"] or "~",
        "due": lambda row: row["next_due_on"] or "9",
    }
    first: Callable[[ChallengeStatus], str | int] = places.get(sort, lambda row: "")
    return lambda row: (first(row), row["author_name"])
