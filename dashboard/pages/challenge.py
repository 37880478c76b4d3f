"""A challenge: its journey, documents, findings, dates and golden thread, as far as one may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection, Row

from dashboard.challenges import Found, find
from dashboard.context import Signed, Visit
from dashboard.remembering import remembered
from dashboard.views import page
from peer_challenge import policy
from peer_challenge.journey import ORDER, awaited, can_withdraw
from peer_challenge.register import challenges, listings
from peer_challenge.thread import Step, challenge_thread
from peer_challenge.vocabulary import Kind, Role, Stage

router = APIRouter(include_in_schema=False)
DONE = {
    "dates": "The dates were changed.",
    "event": "The event was moved. Everybody concerned gets a new invitation.",
    "withdrawn": "The challenge was withdrawn.",
}


@dataclass(frozen=True, slots=True)
class Strand:
    """One sub-heading: its rating, and its steps as (what, where, text)."""

    title: str
    focus_area: str
    rating: str | None
    steps: list[Step]


@router.get("/challenges/{cycle_id}/{author_id}")
def challenge(request: Request, visit: Signed, cycle_id: str, author_id: str, done: str = "") -> Response:
    """One challenge, to the office, its author, its challenger and its Chair."""
    return remembered(
        request, visit, lambda anybody: _challenge(request, anybody, cycle_id, author_id, DONE.get(done))
    )


def _challenge(request: Request, visit: Visit, cycle_id: str, author_id: str, done: str | None) -> Response:
    with visit.register.reading() as connection:
        found = find(visit, connection, cycle_id, author_id)
        arrived = seen_submissions(visit, connection, found)
        sees_contents = policy.can_see_contents(visit.person, found.scope)
        context: dict[str, Any] = {
            "steps": steps_of(found.row, listings.moves_of(connection, found.row.id)),
            "deadlines": listings.deadlines_of(connection, found.row.id),
            "adjustments": challenges.adjustments_of(connection, found.row.id),
            "event": listings.event_of(connection, found.row.id),
            "arrived": arrived,
            "findings": listings.findings_of(connection, [row.id for row in arrived]),
            "sent": seen_dispatches(visit, connection, found),
            "strands": _strands(connection, found) if sees_contents else None,
        }
    stage = Stage(found.row.stage)
    due = {row.name: row.due_on for row in context["deadlines"]}
    runs, waits_on = awaited(Stage(found.row.stage), is_response_in=bool(found.row.response_received_at))
    return page(
        request,
        "challenge.html",
        title=found.name(author_id),
        found=found,
        runs=runs,
        waits_on=waits_on,
        next_on=due.get(runs or ""),
        may_withdraw=visit.person.is_office and can_withdraw(stage),
        may_run=policy.can_run_cycle(visit.person),
        done=done,
        **context,
    )


def _strands(connection: Connection, found: Found) -> list[Strand]:
    """The golden thread of every sub-heading, in the framework's order."""
    told = challenge_thread(connection, found.row.id, found.framework.subheadings)
    return [
        Strand(
            row.title,
            found.framework.focus_area_of[address].title,
            next((text for what, _, text in told[address] if what == "Rating"), None),
            [step for step in told[address] if step[0] != "Rating"],
        )
        for address, row in found.framework.subheadings.items()
    ]


def steps_of(row: Row[Any], moved: Mapping[str, date]) -> list[tuple[str, str, date | None]]:
    """Every stage in order: its name, whether it is past, now or ahead, and when it began.

    An event was held on its day, not on the later one on which the challenge was moved on.
    """
    stage = Stage(row.stage)
    if row.event_held_on is not None and Stage.EVENT_HELD.value in moved:
        moved = {**moved, Stage.EVENT_HELD.value: row.event_held_on}
    if stage is Stage.WITHDRAWN:
        reached = [s for s in ORDER if s.value in moved]
        past = [(s.value, "past", moved[s.value]) for s in reached]
        return [*past, (stage.value, "now", row.stage_since_at)]
    here = ORDER.index(stage)
    return [
        (s.value, "past" if n < here else "now" if n == here else "ahead", moved.get(s.value))
        for n, s in enumerate(ORDER)
    ]


def seen_submissions(visit: Visit, connection: Connection, found: Found) -> Sequence[Row[Any]]:
    """The documents that came in, of which the visitor may have the original."""
    return [
        row
        for row in listings.submissions_of(connection, found.row.id)
        if policy.can_download_submission(visit.person, found.scope, Kind(row.kind) if row.kind else None)
    ]


def seen_dispatches(visit: Visit, connection: Connection, found: Found) -> Sequence[Row[Any]]:
    """The documents that went out, of which the visitor may have a copy; the office sees those to come."""
    return [
        row
        for row in listings.dispatches_of(connection, found.row.id)
        if policy.can_download_dispatch(visit.person, found.scope, Role(row.role), row.recipient_id)
        and (visit.person.is_office or row.state == "issued")
    ]
