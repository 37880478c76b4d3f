"""The journal: who did what and when, searchable; and whether its chain is whole."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.context import Signed
from dashboard.numbers import PageNumber
from dashboard.query_string import linker
from dashboard.render_page import page
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.register import listings

router = APIRouter(include_in_schema=False)


@router.get("/journal")
def journal(
    request: Request,
    visit: Signed,
    q: str = "",
    event: str = "",
    challenge: str = "",
    number: PageNumber = 1,
) -> Response:
    """Entries, newest first."""
    check_user_can_run_cycle(visit.person)
    asked = {"q": q, "event": event, "challenge": challenge}
    with visit.register.reading() as connection:
        found = listings.journal(
            connection, number, text=asked["q"], event=asked["event"], challenge_id=asked["challenge"]
        )
        events = listings.journal_events(connection)
        total = listings.pulse(connection)
        broken = visit.office.chain.broken_at(connection)
    return page(
        request,
        "journal.html",
        title="Journal",
        found=found,
        events=[("", "everything"), *((name, name) for name in events)],
        asked=asked,
        total=total,
        broken=broken,
        link=linker(request),
    )
