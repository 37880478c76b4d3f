"""A challenge: its journey, documents, findings, dates and golden thread, as far as a visitor may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.context import Signed, Visit
from dashboard.find_challenge import Found, find_challenge
from dashboard.render_page import render_page
from peer_challenge.model import access
from peer_challenge.model.journey import ORDER, can_withdraw, find_next_deadline
from peer_challenge.model.vocabulary import DeadlineName, Stage
from peer_challenge.register import challenges, listings, messages, received_emails, rights
from peer_challenge.register.database import Transaction
from peer_challenge.register.golden_thread import Step, challenge_thread
from peer_challenge.register.known_challenges import KnownChallenge
from peer_challenge.register.records import Challenge, Dispatch, Submission

router = APIRouter(include_in_schema=False)
DONE = {
    "dates": "The dates were changed.",
    "event": "The event was moved. Everybody concerned gets a new invitation.",
    "chair": "Another Chair has the event. Everybody concerned is told.",
    "withdrawn": "The challenge was withdrawn. Those who know of it are told within a minute.",
    "withdrawn-proposed": "The challenge was withdrawn. Those who know of it are told within a minute. Other "
    "partners are proposed for those that it was to challenge: approve them on Partners.",
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
    with visit.register.reading() as connection:
        found = find_challenge(visit, connection, cycle_id, author_id)
        known = found.known
        arrived = seen_submissions(visit, connection, found)
        adjustments = challenges.adjustments_of(connection, found.row.id)
        context: dict[str, Any] = {
            "steps": list_stage_steps(known, listings.read_stage_times(connection, found.row.id)),
            "adjustments": adjustments if access.user_can_read_reasons(visit.person) else [],
            "arrived": arrived,
            "findings": listings.findings_of(connection, [row.id for row in arrived]),
            "emails": received_emails.load_emails_of(connection, [row.id for row in arrived])
            if access.user_can_run_cycle(visit.person)
            else {},
            "sent": seen_dispatches(visit, connection, found),
            "strands": _list_strands(connection, visit, found),
        }
    due = {deadline.name: deadline.due_on for deadline in known.deadlines}
    runs, waits_on = find_next_deadline(known.stage, is_response_in=known.is_response_in)
    return render_page(
        request,
        "challenge.html",
        title=found.name(author_id),
        found=found,
        known=known,
        runs=runs,
        waits_on=waits_on,
        next_on=due.get(DeadlineName(runs)) if runs else None,
        may_withdraw=access.user_can_run_cycle(visit.person) and can_withdraw(known.stage),
        may_run=access.user_can_run_cycle(visit.person),
        done=DONE.get(done),
        **context,
    )


def _list_strands(connection: Transaction, visit: Visit, found: Found) -> list[Strand] | None:
    """The golden thread of every sub-heading, in the framework's order; None for those who have none."""
    if not access.user_can_see_thread(visit.person, found.scope):
        return None
    told = challenge_thread(connection, visit.person, found.row.id, found.framework.subheadings)
    return [
        Strand(
            row.title,
            found.framework.focus_area_of[address].title,
            next((text for what, _, text in told[address] if what == "Rating"), None),
            [step for step in told[address] if step[0] != "Rating"],
        )
        for address, row in found.framework.subheadings.items()
    ]


def list_stage_steps(known: KnownChallenge, moved: Mapping[str, date]) -> list[tuple[str, str, date | None]]:
    """Every stage in order: its name, whether it is past, now or ahead, and when it began.

    An event was held on its day, not on the later one on which the challenge was moved on. When a
    stage began is left out where the visitor may not know of it.
    """
    stage = known.stage
    moved = {name: at for name, at in moved.items() if name in known.stages or name == stage.value}
    if known.event_held_on is not None and Stage.EVENT_HELD.value in moved:
        moved = {**moved, Stage.EVENT_HELD.value: known.event_held_on}
    if stage is Stage.WITHDRAWN:
        reached = [s for s in ORDER if s.value in moved]
        past = [(s.value, "past", moved[s.value]) for s in reached]
        return [*past, (stage.value, "now", moved.get(stage.value))]
    here = ORDER.index(stage)
    return [
        (s.value, "past" if n < here else "now" if n == here else "ahead", moved.get(s.value))
        for n, s in enumerate(ORDER)
    ]


def seen_submissions(visit: Visit, connection: Transaction, found: Found) -> list[Submission]:
    """The documents that came in and whose original the visitor may have."""
    return [
        row
        for row, document in rights.submissions_of(connection, found.row.id)
        if access.user_can_download_submission(visit.person, document)
    ]


def seen_dispatches(visit: Visit, connection: Transaction, found: Found) -> list[Dispatch]:
    """The documents that went out and that the visitor may have; the office also sees those to come."""
    rows = listings.dispatches_of(connection, found.row.id)
    gone = messages.list_gone_dispatches(connection, [row.id for row in rows])
    return [
        row
        for row in rows
        if access.user_can_download_dispatch(
            visit.person, rights.find_addressee(row), is_issued=row.id in gone
        )
    ]


def find_stage_start(known: KnownChallenge, row: Challenge, moved: Mapping[str, datetime]) -> datetime | None:
    """When a challenge came to the stage in which the visitor knows it; None for its first stage."""
    return row.stage_since_at if known.stage is row.stage else moved.get(known.stage.value)
