"""The inbox: what waits, what was taken in, queried or rejected and why; and sending files in."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.challenges import names_of
from dashboard.choosing import linker
from dashboard.context import Signed, Visit
from dashboard.limits import upload_limits
from dashboard.numbers import PageNumber
from dashboard.remembering import remembered
from dashboard.views import page
from peer_challenge.intake import inbox_of
from peer_challenge.policy import check_user_can_run_cycle
from peer_challenge.register import listings

router = APIRouter(include_in_schema=False)
_MOST_WAITING = 50
_DONE = {
    "again": "The document is back in the inbox. It will be read anew within a minute.",
    "identified": "You said whose the document is. What follows from that goes out within a minute.",
    "nobodys": "The document was rejected as nobody's. Nothing goes to anybody.",
}


@router.get("/inbox")
def inbox(
    request: Request, visit: Signed, outcome: str = "", number: PageNumber = 1, done: str = ""
) -> Response:
    """What is in the inbox, and every document that came in, newest first."""
    check_user_can_run_cycle(visit.person)
    waiting = tuple((path.name, _since(path)) for path in inbox_of(visit.settings).waiting())
    return remembered(
        request,
        visit,
        lambda anybody: _inbox(request, anybody, outcome, number, _DONE.get(done), waiting),
        waiting,
    )


def _inbox(
    request: Request,
    visit: Visit,
    outcome: str,
    number: int,
    done: str | None,
    waiting: tuple[tuple[str, datetime | None], ...],
) -> Response:
    with visit.register.reading() as connection:
        found = listings.submissions(connection, number, outcome=outcome)
        findings = listings.findings_of(connection, [row.id for row in found.rows])
        counts = listings.outcomes(connection)
        names = names_of(connection, [row.challenge_id for row in found.rows if row.challenge_id])
    return page(
        request,
        "inbox.html",
        title="Inbox",
        waiting=waiting[:_MOST_WAITING],
        waiting_total=len(waiting),
        found=found,
        findings=findings,
        counts=counts,
        names=names,
        outcome=outcome,
        link=linker(request),
        limits=upload_limits(visit.settings),
        done=done,
    )


def _since(path: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC)  # type: ignore[attr-defined]
    except OSError:  # taken in meanwhile
        return None
