"""The journal: who did what and when, searchable; and whether its chain is whole."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.choosing import linker
from dashboard.context import Office, Signed
from dashboard.views import page
from peer_challenge.policy import check_run_cycle
from peer_challenge.register import journal as chain
from peer_challenge.register import listings

router = APIRouter(include_in_schema=False)
_checked: dict[int, tuple[int, int | None]] = {}


@router.get("/journal")
def journal(
    request: Request,
    visit: Signed,
    q: str = "",
    event: str = "",
    challenge: str = "",
    number: int = 1,
) -> Response:
    """Entries, newest first."""
    check_run_cycle(visit.person)
    with visit.register.reading() as connection:
        found = listings.journal(connection, number, text=q, event=event, challenge_id=challenge)
        events = listings.journal_events(connection)
        total = listings.pulse(connection)
    return page(
        request,
        "journal.html",
        title="Journal",
        found=found,
        events=[("", "everything"), *((name, name) for name in events)],
        asked={"q": q, "event": event, "challenge": challenge},
        total=total,
        broken=broken_at(visit.office, total),
        link=linker(request),
    )


def broken_at(office: Office, total: int) -> int | None:
    """The first entry that does not follow from the one before; looked for when the journal has grown."""
    if _checked.get(id(office.register), (-1, None))[0] != total:
        with office.register.reading() as connection:
            _checked[id(office.register)] = (total, chain.broken_at(connection))
    return _checked[id(office.register)][1]
