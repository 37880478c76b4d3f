"""What happened since somebody was last here, in words."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.context import Signed
from dashboard.render_page import render_page
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.steering.tell_what_happened import WINDOWS, find_last_visit, tell_what_happened

router = APIRouter(include_in_schema=False)
_CHOICES = {
    "": "Since you were last here",
    "day": "In the last 24 hours",
    "week": "In the last 7 days",
    "month": "In the last 31 days",
}


@router.get("/since")
def show_since(request: Request, visit: Signed, window: str = "") -> Response:
    """What others and the program did since the visitor's last visit, or within a day, a week or a month."""
    check_user_can_run_cycle(visit.person)
    at, asked = visit.office.now(), window if window in WINDOWS else ""
    with visit.register.reading() as connection:
        last = find_last_visit(connection, visit.person.id, visit.person.name)
        moment = at - WINDOWS[asked] if asked else last or at - WINDOWS["week"]
        told = tell_what_happened(connection, moment, but="" if asked else visit.person.name)
    return render_page(
        request,
        "since.html",
        title="What happened",
        told=told,
        last=last,
        window=asked,
        choices=list(_CHOICES.items()),
    )
