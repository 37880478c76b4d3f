"""The day on which a document came: correcting it, with what follows shown first."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import Signed, Visit
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import Id
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.typed_days import read_typed_day
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.reasons import read_reason
from peer_challenge.steering import correct_day as correcting
from peer_challenge.steering.accept_findings import load_decidable
from peer_challenge.steering.preview import Preview

router = APIRouter(include_in_schema=False)


@router.get("/came/{submission_id}")
def show_day(request: Request, visit: Signed, submission_id: Id) -> Response:
    """When a document came, and the form for correcting it."""
    check_user_can_run_cycle(visit.person)
    return _render_day_page(request, visit, submission_id, {}, None, None)


def _render_day_page(
    request: Request,
    visit: Visit,
    submission_id: int,
    asked: dict[str, str],
    preview: Preview | None,
    problem: Problem | None,
) -> Response:
    with visit.register.reading() as connection:
        row = load_decidable(connection, submission_id)
    return render_page(
        request,
        "came.html",
        status=422 if problem else 200,
        title="When did it come?",
        row=row,
        asked={"day": "", "reason": ""} | asked,
        preview=preview,
        problem=problem,
        today=visit.office.today(),
    )


@router.post("/came/{submission_id}")
def correct_day(
    request: Request,
    visit: Checked,
    submission_id: Id,
    day: Text = "",
    reason: Text = "",
    is_confirmed: Text = "",
) -> Response:
    """Show what would follow from another day; correct it once that is confirmed."""
    check_user_can_run_cycle(visit.person)
    asked = {"day": day, "reason": reason}
    with visit.register.reading() as connection:
        challenge_id = load_decidable(connection, submission_id).challenge_id
    try:
        came_on = read_typed_day(day)
        if not is_confirmed:
            read_reason(reason)
            preview = correcting.preview_correction(
                visit.register, visit.settings, submission_id, came_on, at=visit.office.now()
            )
            return _render_day_page(request, visit, submission_id, asked, preview, None)
        correcting.correct_day(
            visit.register,
            visit.settings,
            submission_id,
            came_on,
            reason=reason,
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except WrongUse as refused:
        return _render_day_page(request, visit, submission_id, asked, None, tell_problem(refused))
    return RedirectResponse(f"/challenges/{challenge_id}?done=came", 303)
