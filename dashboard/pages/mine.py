"""The visitor's own page: an area's challenges and documents, or a Chair's events."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.attachment import attach_file
from dashboard.board_figures import load_board_status
from dashboard.body_limits import upload_limits
from dashboard.context import NotFound, Signed, Visit
from dashboard.render_page import render_page
from dashboard.uploads import takes_evidence
from peer_challenge.dates.calendar_entry import event_calendar
from peer_challenge.model import access
from peer_challenge.model.vocabulary import Role, Severity, Stage, thing_due
from peer_challenge.register import access_facts, corrections, frames, listings, messages
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.register.events import events_of
from peer_challenge.register.known_challenges import KnownChallenge, known_challenge, list_documents_due_from
from peer_challenge.register.records import Submission

router = APIRouter(include_in_schema=False)


@router.get("/mine")
def mine(request: Request, visit: Signed) -> Response:
    """The visitor's own challenges, what was sent to them, and a form for sending documents in."""
    if access.user_can_see_board(visit.person):
        return RedirectResponse("/", 303)
    _, names = load_board_status(visit)
    with visit.register.reading() as connection:
        found = _list_own_challenges(visit, connection)
        to_settle = list(_count_corrections_to_settle(connection, found))
        issued = listings.dispatches_to(connection, visit.person)
        sent_at = messages.find_sent_times(connection, [row.id for row in issued])
        sent = [
            row
            for row in issued
            if access.user_can_download_dispatch(
                visit.person, access_facts.find_addressee(row), is_issued=row.id in sent_at
            )
        ]
        written = [
            row
            for row, document in access_facts.submissions_by(connection, visit.person)
            if access.user_can_download_submission(visit.person, document)
        ]
        rejected = list(_rejected(visit, connection, {row.id for row in written}))
    return render_page(
        request,
        "mine.html",
        title="Your challenges",
        found=found,
        to_settle=to_settle,
        due=_list_due(found, visit.office.today()),
        today=visit.office.today(),
        sent=sent,
        sent_at=sent_at,
        written=written,
        rejected=rejected,
        names=names.get(visit.person.cycle_id or "", {}),
        limits=upload_limits(visit.settings),
        takes_evidence=takes_evidence(visit),
    )


def _rejected(
    visit: Visit, connection: Transaction, shown: Collection[int]
) -> Iterator[tuple[Submission, str, str]]:
    """What the visitor sent in that was not taken in, each with why and what to do.

    What the disclosure guard refused may name a child: the office speaks to its sender.
    """
    for row, document in access_facts.rejected_uploads_of(connection, visit.person):
        if row.id in shown:
            continue
        why = next((f for f in frames.findings_of(connection, row.id) if f.severity is Severity.REJECT), None)
        is_told = why is not None and not document.is_refused_by_guard
        yield (
            (row, why.message, why.remedy) if is_told and why else (row, "", "The office will tell you more.")
        )


def _list_own_challenges(visit: Visit, connection: Transaction) -> list[tuple[Role, KnownChallenge]]:
    """The challenges in which the visitor holds a role and has been told so, their own area's first."""
    if visit.person.cycle_id is None:
        return []
    cycle, _ = load_stored(connection, visit.person.cycle_id)
    found = []
    for row, scope in access_facts.challenges_of_cycle(connection, cycle.id):
        role = access.find_role_in_challenge(visit.person, scope)
        if role is not None and access.user_can_see_challenge(visit.person, scope):
            known = known_challenge(connection, cycle, row, scope, role, visit.office.today())
            found.append((role, known))
    return sorted(found, key=lambda one: one[0] is not Role.AUTHOR)


def _list_due(
    found: Iterable[tuple[Role, KnownChallenge]], today: date
) -> list[tuple[str, KnownChallenge, date]]:
    """What is due from the visitor: what, for which challenge and by when, the earliest first."""
    due = [
        (thing_due(name), known, due_on)
        for role, known in found
        for name, due_on in list_documents_due_from(role, known, today)
    ]
    return sorted(due, key=lambda one: one[2])


def _count_corrections_to_settle(
    connection: Transaction, found: Iterable[tuple[Role, KnownChallenge]]
) -> Iterator[tuple[KnownChallenge, int]]:
    """The challenges whose draft summary has corrections that wait for this Chair, with how many."""
    for role, known in found:
        if role is Role.CHAIR and known.stage is Stage.DRAFTED:
            count = sum(len(one.open) for one in corrections.list_corrected_drafts(connection, known.id))
            if count:
                yield known, count


@router.get("/mine/events.ics")
def my_events(visit: Signed) -> Response:
    """The visitor's own events, once they are invited to them, as a calendar file."""
    if visit.person.cycle_id is None:
        raise NotFound("There are no events of your own.")
    with visit.register.reading() as connection:
        cycle, _ = load_stored(connection, visit.person.cycle_id)
        mine = {known.id for _, known in _list_own_challenges(visit, connection) if known.event is not None}
        events = [event for event in events_of(connection, cycle) if event.challenge in mine]
    data = event_calendar(events, office=cycle.office, stamped_at=visit.office.now())
    return attach_file(data, "events.ics")
