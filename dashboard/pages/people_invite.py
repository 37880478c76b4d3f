"""Inviting the contacts and Chairs of a cycle to sign in, several at once."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.context import NotFound, Signed, Visit
from dashboard.form_fields import Text, Ticked
from dashboard.form_problem import Problem, tell_problem
from dashboard.query_string import chosen_cycle, options_of
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.register.cycles import load_stored
from peer_challenge.steering.invite_people import explain_no_email, invite_guests, list_guests

router = APIRouter(include_in_schema=False)


def _render_invite_page(
    request: Request,
    visit: Visit,
    cycle: str,
    problem: Problem | None = None,
    ticked: tuple[str, ...] = (),
) -> Response:
    with visit.register.reading() as connection:
        cycles, chosen = chosen_cycle(connection, cycle)
        guests = list_guests(connection, load_stored(connection, chosen.id)[0]) if chosen else []
    return render_page(
        request,
        "people-invite.html",
        status=422 if problem else 200,
        title="Invite people",
        cycle=chosen,
        cycles=options_of(cycles),
        guests=guests,
        ticked=set(ticked),
        why_no_email=explain_no_email(visit.settings),
        link_hours=visit.settings.one_time_link_hours,
        problem=problem,
        results=(),
    )


@router.get("/people/invite")
def show_guests(request: Request, visit: Signed, cycle: str = "") -> Response:
    """Who of a cycle has no access yet, and what an invitation is."""
    check_user_can_run_cycle(visit.person)
    return _render_invite_page(request, visit, cycle)


@router.post("/people/invite")
def invite(
    request: Request,
    visit: Checked,
    cycle: Text = "",
    guest: Ticked = None,
) -> Response:
    """Give access to everybody who is ticked; links that could not be sent are shown on this answer alone."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        cycles, chosen = chosen_cycle(connection, cycle)
        if chosen is None:
            raise NotFound("There is no such cycle.")
        loaded = load_stored(connection, chosen.id)[0]
    try:
        results = invite_guests(
            visit.register,
            visit.settings,
            loaded,
            guest or [],
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except WrongUse as refused:
        problem = tell_problem(refused, guest="guest-1")
        return _render_invite_page(request, visit, cycle, problem, tuple(guest or ()))
    return render_page(
        request,
        "people-invite.html",
        title="Invited",
        cycle=chosen,
        cycles=options_of(cycles),
        guests=[],
        ticked=set(),
        why_no_email=explain_no_email(visit.settings),
        link_hours=visit.settings.one_time_link_hours,
        problem=None,
        results=results,
    )
