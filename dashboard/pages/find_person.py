"""Finding everything that is held about a person, for a request to see, correct or erase it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.context import Signed
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.operations.personal_data import HeldData, find_personal_data

router = APIRouter(include_in_schema=False)


@router.get("/find-person")
def show_person_form(request: Request, visit: Signed) -> Response:
    """The form that asks for whom to look."""
    check_user_can_run_cycle(visit.person)
    return _render_person_page(request, "", None)


@router.post("/find-person")
def find_person(request: Request, visit: Checked, name: Text = "") -> Response:
    """What is held about somebody. It is sent as a form, so that the name is in no address and no log."""
    check_user_can_run_cycle(visit.person)
    try:
        found = find_personal_data(
            visit.register, visit.settings, name, at=visit.office.now(), actor=visit.person.name
        )
    except WrongUse as refused:
        return _render_person_page(request, name, None, tell_problem(refused))
    return _render_person_page(request, name, found)


def _render_person_page(
    request: Request, name: str, found: list[HeldData] | None, problem: Problem | None = None
) -> Response:
    return render_page(
        request,
        "find-person.html",
        status=422 if problem else 200,
        title="What we hold about a person",
        name=name,
        found=found,
        problem=problem,
    )
