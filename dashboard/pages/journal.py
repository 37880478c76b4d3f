"""The journal: who did what and when, searchable; and whether its chain is whole."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.context import Signed
from dashboard.numbers import PageNumber
from dashboard.query_string import make_link_builder
from dashboard.render_page import render_page
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
    """The journal's entries, newest first."""
    check_user_can_run_cycle(visit.person)
    asked = {"q": q, "event": event, "challenge": challenge}
    with visit.register.reading() as connection:
        found = listings.list_journal_entries(
            connection, number, text=asked["q"], event=asked["event"], challenge_id=asked["challenge"]
        )
        events = listings.journal_events(connection)
        total = listings.read_newest_sequence(connection)
        broken = visit.office.chain.broken_at(connection)
    return render_page(
        request,
        "journal.html",
        title="Journal",
        found=found,
        events=[("", "everything"), *((name, name) for name in events)],
        asked=asked,
        total=total,
        broken=broken,
        link=make_link_builder(request),
    )
