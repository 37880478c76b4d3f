"""Extending a date, or pausing the clock, for every area of a cycle that it concerns."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import Signed, Visit
from dashboard.find_challenge import find_open_cycle
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.typed_adjustment import Typed
from peer_challenge.dates.deadline_counting import EXTENDABLE
from peer_challenge.dates.deadlines import Change
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.vocabulary import DEADLINE_NAMES
from peer_challenge.register.records import Challenge
from peer_challenge.steering.change_dates import change_dates_of_all, list_challenges_that_move

router = APIRouter(include_in_schema=False)


@router.get("/cycle/{cycle_id}/dates")
def show_dates_of_all(request: Request, visit: Signed, cycle_id: str) -> Response:
    """The form for an extension or a pause of all areas."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        cycle = find_open_cycle(connection, cycle_id)
    return _render_dates_of_all(request, visit, cycle, {}, [], None)


def _render_dates_of_all(
    request: Request,
    visit: Visit,
    cycle: Cycle,
    asked: dict[str, str],
    moving: list[tuple[Challenge, list[Change]]],
    problem: str | None,
) -> Response:
    return render_page(
        request,
        "cycle-dates.html",
        status=422 if problem else 200,
        title="Extend a date for all areas",
        cycle=cycle,
        extendable=[(name, DEADLINE_NAMES[name]) for name in EXTENDABLE],
        asked=asked,
        moving=[(cycle.participant[row.author_id].name, changes) for row, changes in moving],
        problem=problem,
        today=visit.office.today(),
    )


@router.post("/cycle/{cycle_id}/dates")
def change_dates_of_every_area(request: Request, visit: Checked, cycle_id: str, typed: Typed) -> Response:
    """Show what an extension or pause would move in each area; do it for all once that is confirmed."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        cycle = find_open_cycle(connection, cycle_id)
    try:
        proposed = typed.read()
        with visit.register.reading() as connection:
            moving = list_challenges_that_move(connection, cycle, proposed)
        if typed.is_confirmed or not moving:
            with visit.register.writing() as connection:
                change_dates_of_all(
                    connection, cycle, proposed, at=visit.office.now(), actor=visit.person.name
                )
            return RedirectResponse(f"/cycle?cycle={cycle.id}&done=dates", 303)
    except WrongUse as refused:
        return _render_dates_of_all(request, visit, cycle, typed.asked, [], refused.in_full)
    return _render_dates_of_all(request, visit, cycle, typed.asked, moving, None)
