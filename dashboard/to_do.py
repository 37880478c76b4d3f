"""What waits for the office, as sentences with where to go: the first thing that its board says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from dashboard.board_figures import Board
from dashboard.context import Visit
from peer_challenge.model.sentences import counted
from peer_challenge.partners.pins_and_bans import standing_of
from peer_challenge.register import assignments, listings, submissions
from peer_challenge.register.records import Assignment, AssignmentStatus, CycleState

_REJECTED_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing to do, and the page where it is done."""

    told: str
    href: str


def to_do(visit: Visit, cycle: Any, board: Board) -> list[ToDo]:
    """What waits for the office in an open cycle, the most pressing first; nothing for anybody else."""
    if not visit.person.is_office or cycle is None or cycle.state != CycleState.OPEN:
        return []
    with visit.register.reading() as connection:
        held = listings.held_total(connection)
        unidentified = submissions.held_total(connection)
        refused = listings.refused_uploads_total(connection, since=visit.office.now() - _REJECTED_WITHIN)
        rejected = listings.rejected_total(connection, since=visit.office.now() - _REJECTED_WITHIN)
        row = assignments.load_standing(connection, cycle.id)
    senders = _of_senders(unidentified, refused)
    return [
        *senders,
        *_of_documents(held, rejected),
        *_of_partners(cycle.id, row),
        *_of_areas(cycle.id, board.counts),
    ]


def _of_senders(unidentified: int, refused: int) -> Iterator[ToDo]:
    if unidentified:
        told = f"{counted(unidentified, 'document')} held: say whose form it is. Nothing goes out before."
        yield ToDo(told, "/inbox?outcome=held")
    if refused:
        told = (
            f"{counted(refused, 'upload')} refused within the last week: it was not the sender's form. "
            "See who sent it, and speak to them."
        )
        yield ToDo(told, "/journal?event=upload+refused")


def _of_documents(held: int, rejected: int) -> Iterator[ToDo]:
    if held:
        yield ToDo(f"{counted(held, 'document')} could not be made: see why, and release.", "/system#held")
    if rejected:
        told = f"{counted(rejected, 'document')} rejected within the last week: tell the sender what to do."
        yield ToDo(told, "/inbox?outcome=rejected")


def _of_partners(cycle_id: str, row: Assignment | None) -> Iterator[ToDo]:
    if row is None or row.status is not AssignmentStatus.PROPOSED:
        return
    href = f"/partners?cycle={cycle_id}"
    if standing_of(row).get("pairs"):
        yield ToDo("Partners are proposed and wait for your approval.", href)
    else:
        yield ToDo("No partners keep every rule: see which rules stand against each other.", href)


def _of_areas(cycle_id: str, counts: Mapping[str, int]) -> Iterator[ToDo]:
    for show, told in (
        ("overdue", "overdue: reminders go out by themselves; speak to them, or extend the date."),
        ("questions", "with questions open: they have a letter, and wait for no one but themselves."),
    ):
        if counts[show]:
            yield ToDo(f"{counted(counts[show], 'area')} {told}", f"/?cycle={cycle_id}&show={show}")
