"""The journal: who did what and when, searchable; and whether its chain is whole.

What is looked for may be a person's name. It is only ever in a form, never in an address, which browsers and
the logs of proxies keep.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.context import Signed, Visit
from dashboard.form_fields import Text
from dashboard.numbers import FormPageNumber, PageNumber
from dashboard.query_string import make_link_builder
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.register import listings
from peer_challenge.steering.describe_journal import describe_entries
from peer_challenge.steering.journal_words import name_kind_of_entry

router = APIRouter(include_in_schema=False)


@router.get("/journal")
def journal(
    request: Request,
    visit: Signed,
    event: str = "",
    challenge: str = "",
    number: PageNumber = 1,
) -> Response:
    """The journal's entries, newest first."""
    return _render_journal(request, visit, {"q": "", "event": event, "challenge": challenge}, number)


@router.post("/journal")
def search_journal(
    request: Request,
    visit: Checked,
    q: Text = "",
    event: Text = "",
    challenge: Text = "",
    number: FormPageNumber = 1,
) -> Response:
    """The journal's entries that hold what was typed, newest first."""
    return _render_journal(request, visit, {"q": q, "event": event, "challenge": challenge}, number)


def _render_journal(request: Request, visit: Visit, asked: dict[str, str], number: int) -> Response:
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        found = listings.list_journal_entries(
            connection, number, text=asked["q"], event=asked["event"], challenge_id=asked["challenge"]
        )
        told = describe_entries(connection, found.rows)
        events = listings.journal_events(connection)
        total = listings.read_newest_sequence(connection)
        broken = visit.office.chain.broken_at(connection)
    return render_page(
        request,
        "journal.html",
        title="Journal",
        found=found,
        entries=told,
        events=[("", "Everything"), *((name, name_kind_of_entry(name)) for name in events)],
        asked=asked,
        total=total,
        broken=broken,
        link=make_link_builder(request),
    )
