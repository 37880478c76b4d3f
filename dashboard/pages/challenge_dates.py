"""Changing the dates of one challenge: what would move, then doing it; and taking such a change back."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import Signed, Visit
from dashboard.find_challenge import Found, find_challenge_for_office
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import Id
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.typed_adjustment import Typed
from peer_challenge.dates.deadlines import Change
from peer_challenge.errors import WrongUse
from peer_challenge.register import challenges, date_adjustments, listings
from peer_challenge.steering import change_dates as adjusting

router = APIRouter(include_in_schema=False)


@router.get("/challenges/{cycle_id}/{author_id}/dates")
def show_dates(request: Request, visit: Signed, cycle_id: str, author_id: str) -> Response:
    """The form for an extension or a pause."""
    found = find_challenge_for_office(visit, cycle_id, author_id)
    return _render_dates_page(request, visit, found, {}, None, None)


def _render_dates_page(
    request: Request,
    visit: Visit,
    found: Found,
    asked: dict[str, str],
    changes: list[Change] | None,
    problem: Problem | None,
) -> Response:
    with visit.register.reading() as connection:
        deadlines = listings.deadlines_of(connection, found.row.id)
    return render_page(
        request,
        "dates.html",
        status=422 if problem else 200,
        title=f"Change dates: {found.name(found.row.author_id)}",
        found=found,
        deadlines=deadlines,
        asked=asked,
        changes=changes,
        mark=adjusting.make_mark([(found.row.id, changes or ())]),
        problem=problem,
        today=visit.office.today(),
    )


@router.post("/challenges/{cycle_id}/{author_id}/dates")
def change_dates(request: Request, visit: Checked, cycle_id: str, author_id: str, typed: Typed) -> Response:
    """Show what an extension or pause would move; do it once that is confirmed."""
    found = find_challenge_for_office(visit, cycle_id, author_id)
    try:
        proposed = typed.read()
        with visit.register.reading() as connection:
            changes = adjusting.list_moved_dates(connection, found.cycle, found.row, proposed)
    except WrongUse as refused:
        return _render_dates_page(
            request, visit, found, typed.asked, None, tell_problem(refused, **typed.fields)
        )
    if not typed.is_confirmed:
        return _render_dates_page(request, visit, found, typed.asked, changes, None)
    try:
        with visit.register.writing() as connection:
            row = challenges.find_challenge(connection, found.row.id) or found.row
            now = adjusting.list_moved_dates(connection, found.cycle, row, proposed)
            adjusting.check_mark(typed.is_confirmed, [(row.id, now)])
            adjusting.change_dates(
                connection, found.cycle, row.id, proposed, at=visit.office.now(), actor=visit.person.name
            )
    except WrongUse as refused:
        return _render_dates_page(
            request, visit, found, typed.asked, changes, tell_problem(refused, **typed.fields)
        )
    return RedirectResponse(f"{found.path}?done=dates", 303)


@router.get("/challenges/{cycle_id}/{author_id}/dates/{number}")
def show_dates_taken_back(
    request: Request, visit: Signed, cycle_id: str, author_id: str, number: Id
) -> Response:
    """What would move if an extension or a pause were taken back, and the form for it."""
    found = find_challenge_for_office(visit, cycle_id, author_id)
    return _render_taking_back(request, visit, found, number, "", None)


def _render_taking_back(
    request: Request, visit: Visit, found: Found, number: int, reason: str, problem: Problem | None
) -> Response:
    made, changes = None, []
    try:
        with visit.register.reading() as connection:
            changes = adjusting.list_dates_moved_back(connection, found.cycle, found.row, number)
            made = date_adjustments.load_adjustment(connection, found.row.id, number)
    except WrongUse as refused:
        problem = tell_problem(refused)
    return render_page(
        request,
        "dates-taken-back.html",
        status=422 if problem else 200,
        title=f"Take back a change of dates: {found.name(found.row.author_id)}",
        found=found,
        number=number,
        made=made,
        changes=changes,
        mark=adjusting.make_mark([(found.row.id, changes)]),
        is_overdue=any(one.after and one.after < visit.office.today() for one in changes),
        reason=reason,
        problem=problem,
    )


@router.post("/challenges/{cycle_id}/{author_id}/dates/{number}")
def take_back_dates(
    request: Request,
    visit: Checked,
    cycle_id: str,
    author_id: str,
    number: Id,
    reason: Text = "",
    is_confirmed: Text = "",
) -> Response:
    """Take back an extension or a pause for a reason; those who were told of the dates get a letter."""
    found = find_challenge_for_office(visit, cycle_id, author_id)
    try:
        with visit.register.writing() as connection:
            row = challenges.find_challenge(connection, found.row.id) or found.row
            changes = adjusting.list_dates_moved_back(connection, found.cycle, row, number)
            adjusting.check_mark(is_confirmed, [(row.id, changes)])
            adjusting.take_back_adjustment(
                connection,
                found.cycle,
                row.id,
                number,
                reason=reason,
                at=visit.office.now(),
                actor=visit.person.name,
            )
    except WrongUse as refused:
        return _render_taking_back(request, visit, found, number, reason, tell_problem(refused))
    return RedirectResponse(f"{found.path}?done=dates-back", 303)
