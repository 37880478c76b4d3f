"""A challenge: its journey, documents, findings, dates and golden thread, as far as a visitor may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.context import Signed, Visit
from dashboard.done import say_done
from dashboard.find_challenge import Found, find_challenge
from dashboard.render_page import render_page
from peer_challenge.events.move_events import has_event_to_move
from peer_challenge.events.who_comes import find_event, list_answers
from peer_challenge.model import access
from peer_challenge.model.cycle import Contact
from peer_challenge.model.event_replies import Reply
from peer_challenge.model.journey import ORDER, can_withdraw
from peer_challenge.model.partnership_mix import compare_who_took_part
from peer_challenge.model.vocabulary import ActionStatus, Kind, Stage
from peer_challenge.register import (
    access_facts,
    corrections,
    date_adjustments,
    evidence,
    frames,
    listings,
    messages,
    notes,
    received_emails,
)
from peer_challenge.register.database import Transaction
from peer_challenge.register.golden_thread import Step, challenge_thread
from peer_challenge.register.known_challenges import KnownChallenge, list_known_waits
from peer_challenge.register.records import Challenge, Dispatch, Submission
from peer_challenge.steering.accept_findings import list_decidable

router = APIRouter(include_in_schema=False)
DONE = {
    "dates": "The dates were changed.",
    "dates-back": "The change of dates was taken back. Those who knew of it get the dates in a letter.",
    "reminded": "You asked for a reminder. {leaves:It}",
    "closed": "The challenge was closed.",
    "reopened": "The challenge was reopened. What it waits for is on this page.",
    "brought-back": "The area takes part again. {follows}",
    "note": "Your note was kept.",
    "note-done": "The note was ticked off.",
    "came": "The day was corrected. {follows}",
    "event": "The event was moved. {leaves:New invitations}",
    "chair": "Another Chair has the event. {leaves:Letters to everybody concerned}",
    "withdrawn": "The challenge was withdrawn. {leaves:Letters to those who know of it}",
    "withdrawn-proposed": "The challenge was withdrawn. {leaves:Letters to those who know of it} Other "
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
        adjustments = date_adjustments.number_adjustments(connection, found.row.id)
        findings = listings.findings_of(connection, [row.id for row in arrived])
        may_run = access.user_can_run_cycle(visit.person)
        context: dict[str, Any] = {
            "notes": notes.list_notes(connection, found.row.id) if may_run else [],
            "people": _list_people_to_ring(found) if may_run else [],
            "decidable": list_decidable(arrived, findings) if may_run else set(),
            "steps": list_stage_steps(known, listings.read_stage_times(connection, found.row.id)),
            "adjustments": adjustments if access.user_can_read_reasons(visit.person) else {},
            "arrived": arrived,
            "findings": findings,
            "evidence": evidence.list_of_submissions(connection, [row.id for row in arrived]),
            "outside": frames.unmapped_of(connection, [row.id for row in arrived]) if may_run else {},
            "emails": received_emails.load_emails_of(connection, [row.id for row in arrived])
            if may_run
            else {},
            "dispatches": list_seen_dispatches(visit, connection, found),
            "strands": _list_strands(connection, visit, found),
            "reports": _list_reports(connection, visit, found),
            "who_comes": _count_answers(connection, found) if may_run else "",
            "mixes": _compare_mixes(connection, found) if may_run else [],
            "may_move_event": may_run and has_event_to_move(connection, found.row),
            "has_form_to_send": may_run
            and any(
                which == found.row.id for which, _ in messages.list_waiting_for_office(connection, cycle_id)
            ),
            "drafts": corrections.list_corrected_drafts(connection, found.row.id)
            if access.user_can_settle_corrections(visit.person, found.scope)
            else None,
        }
    return render_page(
        request,
        "challenge.html",
        title=found.name(author_id),
        found=found,
        known=known,
        waits=list_known_waits(known, visit.office.today()),
        may_withdraw=may_run and can_withdraw(known.stage),
        may_run=may_run,
        done=say_done(DONE, done, visit, found.cycle),
        **context,
    )


def _list_people_to_ring(found: Found) -> list[tuple[str, Sequence[Contact]]]:
    """The area's contacts, its challenger's and the Chair, each under what they are called."""
    areas, chairs = found.cycle.participant, found.cycle.chair
    who = (found.row.author_id, found.row.challenger_id or "")
    listed: list[tuple[str, Sequence[Contact]]] = [
        (areas[one].name, areas[one].contacts) for one in who if one in areas
    ]
    chair = chairs.get(found.known.chair_id or "")
    return [*listed, ("Chair", (Contact(name=chair.name, email=chair.email),))] if chair else listed


def _compare_mixes(connection: Transaction, found: Found) -> list[str]:
    """Where other partners took part than before, a sentence each."""
    told = frames.read_who_took_part(connection, found.cycle.id, author=found.row.author_id)
    challenger = found.name(found.row.challenger_id) or "the challenger"
    return compare_who_took_part(
        found.name(found.row.author_id), challenger, told.get(found.row.author_id, {})
    )


@dataclass(frozen=True, slots=True)
class Report:
    """An accepted progress report: its number, its review, and how far the actions are, in words."""

    id: int
    review: int
    received_at: datetime
    in_brief: str


def _list_reports(connection: Transaction, visit: Visit, found: Found) -> list[Report]:
    """The accepted progress report of each review that the visitor may read, in the order of the reviews."""
    seen = [
        row
        for row, document in access_facts.submissions_of(connection, found.row.id)
        if row.kind is Kind.PROGRESS_REPORT and row.is_current
        if access.user_can_read_submission(visit.person, document)
    ]
    return [
        Report(row.id, row.review, row.received_at, _count_statuses(connection, row.id))
        for row in sorted(seen, key=lambda row: row.review)
    ]


def _count_statuses(connection: Transaction, submission_id: int) -> str:
    """How far the actions are: "2 done, 1 under way"."""
    said = [row["status"] for row in frames.records_of(connection, Kind.PROGRESS_REPORT, submission_id)]
    return ", ".join(f"{count} {one.value}" for one in ActionStatus if (count := said.count(one.value)))


def _count_answers(connection: Transaction, found: Found) -> str:
    """How many of those invited have answered, in words: for the office. Empty without an event."""
    event = find_event(connection, found.cycle, found.row.id)
    if event is None:
        return ""
    answers = list_answers(connection, event)
    said = [one.reply.reply for one in answers if one.reply and not one.is_old]
    cannot = said.count(Reply.CANNOT)
    return f"{len(said)} of {len(answers)} have answered" + (f", {cannot} can’t come." if cannot else ".")


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
        (s.value, "ahead", None)  # it was taken back, where there is a time
        if n > here
        else (s.value, "past" if n < here else "now", moved.get(s.value))
        for n, s in enumerate(ORDER)
    ]


def seen_submissions(visit: Visit, connection: Transaction, found: Found) -> list[Submission]:
    """The documents that came in and whose original the visitor may have."""
    return [
        row
        for row, document in access_facts.submissions_of(connection, found.row.id)
        if access.user_can_download_submission(visit.person, document)
    ]


def list_seen_dispatches(
    visit: Visit, connection: Transaction, found: Found
) -> list[tuple[Dispatch, datetime | None]]:
    """The documents that the visitor may have, and when each was sent; the office also sees those to come."""
    rows = listings.dispatches_of(connection, found.row.id)
    sent_at = messages.find_sent_times(connection, [row.id for row in rows])
    return [
        (row, sent_at.get(row.id))
        for row in rows
        if access.user_can_download_dispatch(
            visit.person, access_facts.find_addressee(row), is_issued=row.id in sent_at
        )
    ]


def find_stage_start(known: KnownChallenge, row: Challenge, moved: Mapping[str, datetime]) -> datetime | None:
    """When a challenge came to the stage in which the visitor knows it; None for its first stage."""
    return row.stage_since_at if known.stage is row.stage else moved.get(known.stage.value)
