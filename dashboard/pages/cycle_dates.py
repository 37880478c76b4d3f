"""Extending a date, or pausing the clock, for every area of a cycle that it concerns."""

from collections.abc import Collection

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import Signed, Visit
from dashboard.find_challenge import find_open_cycle
from dashboard.form_fields import Chosen, Text, Ticked
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import Id
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
from peer_challenge.steering.change_dates import (
    change_dates_of_all,
    check_mark,
    find_change_of_several,
    list_all_moved_back,
    list_challenges_that_move,
    list_changes_of_several,
    make_mark,
    take_back_for_all,
)

router = APIRouter(include_in_schema=False)


@router.get("/cycle/{cycle_id}/dates")
def show_dates_of_all(request: Request, visit: Signed, cycle_id: str, area: Chosen = None) -> Response:
    """The form for an extension or a pause of all areas, or of those that were chosen on the board."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        cycle = find_open_cycle(connection, cycle_id)
    return _render_dates_of_all(request, visit, cycle, area or (), {}, [], None)


def _render_dates_of_all(
    request: Request,
    visit: Visit,
    cycle: Cycle,
    areas: Collection[str],
    asked: dict[str, str],
    moving: list[tuple[Challenge, list[Change]]],
    problem: Problem | None,
) -> Response:
    with visit.register.reading() as connection:
        made = list_changes_of_several(connection, cycle)
    return render_page(
        request,
        "cycle-dates.html",
        status=422 if problem else 200,
        title=f"Extend a date for {'the areas that are ticked' if areas else 'all areas'}",
        areas=[(one.id, one.name) for one in cycle.participants if one.id in areas],
        cycle=cycle,
        extendable=[(name, DEADLINE_NAMES[name]) for name in EXTENDABLE],
        asked=asked,
        moving=_name_areas(cycle, moving),
        made=made,
        mark=make_mark((row.id, changes) for row, changes in moving),
        problem=problem,
        today=visit.office.today(),
    )


def _name_areas(cycle: Cycle, moving: list[tuple[Challenge, list[Change]]]) -> list[tuple[str, list[Change]]]:
    return [(cycle.participant[row.author_id].name, changes) for row, changes in moving]


@router.post("/cycle/{cycle_id}/dates")
def change_dates_of_every_area(
    request: Request,
    visit: Checked,
    cycle_id: str,
    typed: Typed,
    area: Ticked = None,
) -> Response:
    """Show what an extension or pause would move in each area; do it for all once that is confirmed."""
    areas = area or ()
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        cycle = find_open_cycle(connection, cycle_id)
    moving: list[tuple[Challenge, list[Change]]] = []
    try:
        proposed = typed.read()
        with visit.register.reading() as connection:
            moving = list_challenges_that_move(connection, cycle, proposed, areas)
        if typed.is_confirmed or not moving:
            with visit.register.writing() as connection:
                now = list_challenges_that_move(connection, cycle, proposed, areas)
                if now:
                    check_mark(typed.is_confirmed, [(row.id, changes) for row, changes in now])
                change_dates_of_all(
                    connection, cycle, proposed, areas, at=visit.office.now(), actor=visit.person.name
                )
            return RedirectResponse(f"/cycle?cycle={cycle.id}&done=dates", 303)
    except WrongUse as refused:
        problem = tell_problem(refused, **typed.fields)
        return _render_dates_of_all(request, visit, cycle, areas, typed.asked, moving, problem)
    return _render_dates_of_all(request, visit, cycle, areas, typed.asked, moving, None)


@router.get("/cycle/{cycle_id}/dates/{number}/back")
def show_dates_of_all_taken_back(request: Request, visit: Signed, cycle_id: str, number: Id) -> Response:
    """What would move in each area if a change of several were taken back, and the form for it."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        cycle = find_open_cycle(connection, cycle_id)
    return _render_taking_back(request, visit, cycle, number, "", None)


def _render_taking_back(
    request: Request, visit: Visit, cycle: Cycle, number: int, reason: str, problem: Problem | None
) -> Response:
    made, moving = None, []
    try:
        with visit.register.reading() as connection:
            made = find_change_of_several(connection, cycle, number)
            moving = list_all_moved_back(connection, cycle, made)
    except WrongUse as refused:
        problem = tell_problem(refused)
    return render_page(
        request,
        "cycle-dates-back.html",
        status=422 if problem else 200,
        title="Take back a change of dates for all",
        cycle=cycle,
        made=made,
        moving=_name_areas(cycle, moving),
        mark=make_mark((row.id, changes) for row, changes in moving),
        is_overdue=any(
            one.after and one.after < visit.office.today() for _, those in moving for one in those
        ),
        reason=reason,
        problem=problem,
    )


@router.post("/cycle/{cycle_id}/dates/{number}/back")
def take_back_dates_of_all(
    request: Request,
    visit: Checked,
    cycle_id: str,
    number: Id,
    reason: Text = "",
    is_confirmed: Text = "",
) -> Response:
    """Take back a change of several areas for a reason; those who were told of the dates get a letter."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        cycle = find_open_cycle(connection, cycle_id)
    try:
        with visit.register.writing() as connection:
            moving = list_all_moved_back(connection, cycle, find_change_of_several(connection, cycle, number))
            check_mark(is_confirmed, [(row.id, changes) for row, changes in moving])
            take_back_for_all(
                connection, cycle, number, reason=reason, at=visit.office.now(), actor=visit.person.name
            )
    except WrongUse as refused:
        return _render_taking_back(request, visit, cycle, number, reason, tell_problem(refused))
    return RedirectResponse(f"/cycle?cycle={cycle.id}&done=dates-back", 303)
