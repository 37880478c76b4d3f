"""What is somebody's own: an area's challenges and documents, a Chair's events."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.boards import standing
from dashboard.context import NotFound, Signed, Visit
from dashboard.limits import upload_limits
from dashboard.remembering import remembered
from dashboard.views import page
from peer_challenge import policy
from peer_challenge.calendars import event_calendar
from peer_challenge.dispatches.region import events_of
from peer_challenge.register import listings
from peer_challenge.register.cycles import load_stored
from peer_challenge.vocabulary import Role

router = APIRouter(include_in_schema=False)


@router.get("/mine")
def mine(request: Request, visit: Signed) -> Response:
    """The challenges in which one holds a role, what was sent to one, and sending documents in."""
    if policy.can_see_board(visit.person):
        return RedirectResponse("/", 303)
    return remembered(request, visit, lambda anybody: _mine(request, anybody))


def _mine(request: Request, visit: Visit) -> Response:
    _, names = standing(visit)
    with visit.register.reading() as connection:
        found = listings.challenges_for(connection, visit.person)
        scopes = {row.id: listings.scope_of(row) for row in found}
        sent = [
            row
            for row in listings.dispatches_to(connection, visit.person)
            if policy.can_download_dispatch(
                visit.person, scopes.get(row.challenge_id), Role(row.role), row.recipient_id
            )
        ]
    return page(
        request,
        "mine.html",
        title="Your challenges",
        found=found,
        sent=sent,
        names=names.get(visit.person.cycle_id or "", {}),
        limits=upload_limits(visit.settings),
    )


@router.get("/mine/events.ics")
def my_events(visit: Signed) -> Response:
    """One's own events as a calendar file."""
    if visit.person.cycle_id is None:
        raise NotFound("There are no events of your own.")
    with visit.register.reading() as connection:
        cycle, _ = load_stored(connection, visit.person.cycle_id)
        mine = {row.id for row in listings.challenges_for(connection, visit.person)}
        events = [event for event in events_of(connection, cycle) if event.challenge in mine]
    data = event_calendar(events, stamped_at=visit.office.now())
    headers = {"Content-Disposition": 'attachment; filename="events.ics"'}
    return Response(data, media_type="text/calendar", headers=headers)
