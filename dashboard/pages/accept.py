"""Accepting a document in spite of a finding: what is open, what would follow, and taking it back."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import Signed, Visit
from dashboard.done import say_done
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import LARGEST, Id, read_count
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.take_back_page import render_take_back_page
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.vocabulary import KIND_NAMES
from peer_challenge.register.cycles import load_stored
from peer_challenge.steering import accept_findings as accepting
from peer_challenge.steering import undo_acceptance as undoing
from peer_challenge.steering.preview import Preview
from peer_challenge.submissions.ratings_told_to_office import RATINGS_TO_TELL, read_told_rating

router = APIRouter(include_in_schema=False)
_DONE = {
    "accepted": "You accepted this. {follows}",
    "undone": "You took the decision back. The finding is open again.",
}


@router.get("/accept/{submission_id}")
def show_findings(request: Request, visit: Signed, submission_id: Id, done: str = "") -> Response:
    """What is open in a document, with the words that it is about, and the form for accepting it."""
    check_user_can_run_cycle(visit.person)
    return _render_accept_page(request, visit, submission_id, {}, None, None, done=done)


def _render_accept_page(
    request: Request,
    visit: Visit,
    submission_id: int,
    asked: dict[str, str],
    preview: Preview | None,
    problem: Problem | None,
    *,
    done: str = "",
) -> Response:
    with visit.register.reading() as connection:
        document = accepting.describe_decidable(connection, submission_id)
        known = document.row.cycle_id
        cycle = load_stored(connection, known)[0] if known else None
    row = document.row
    return render_page(
        request,
        "accept.html",
        status=422 if problem else 200,
        title=f"Accept as it is: {KIND_NAMES[row.kind]} of {document.area}"
        if row.kind
        else "Accept as it is",
        document=document,
        row=row,
        asked={"finding": "", "rating": "", "reason": "", "message": ""} | asked,
        ratings=[rating.value for rating in RATINGS_TO_TELL],
        preview=preview,
        problem=problem,
        done=say_done(_DONE, done, visit, cycle),
    )


@router.post("/accept/{submission_id}")
def accept_finding(
    request: Request,
    visit: Checked,
    submission_id: Id,
    finding: Text = "",
    rating: Text = "",
    reason: Text = "",
    message: Text = "",
    is_confirmed: Text = "",
) -> Response:
    """Show what would follow from accepting a finding; do it once that is confirmed."""
    check_user_can_run_cycle(visit.person)
    asked = {"finding": finding, "rating": rating, "reason": reason, "message": message}
    try:
        told = read_told_rating(rating)
        if not finding:
            raise WrongUse(
                "You did not choose what to accept.", remedy="Choose one of the findings.", about="finding"
            )
        if not is_confirmed:
            read_reason(reason)
            preview = accepting.preview_acceptance(
                visit.register,
                visit.settings,
                submission_id,
                finding,
                message=message,
                rating=told,
                at=visit.office.now(),
            )
            return _render_accept_page(request, visit, submission_id, asked, preview, None)
        accepting.accept_finding(
            visit.register,
            visit.settings,
            submission_id,
            finding,
            reason=reason,
            message=message,
            rating=told,
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except WrongUse as refused:
        problem = tell_problem(refused, finding="finding-1", rating="rating-1")
        return _render_accept_page(request, visit, submission_id, asked, None, problem)
    return RedirectResponse(f"/accept/{submission_id}?done=accepted", 303)


@router.get("/accept/{submission_id}/undo")
def show_undoing(request: Request, visit: Signed, submission_id: Id) -> Response:
    """What was accepted last, what would follow from taking that back, and the form for it."""
    check_user_can_run_cycle(visit.person)
    return _render_undoing(request, visit, submission_id, "", None)


def _render_undoing(
    request: Request, visit: Visit, submission_id: int, reason: str, problem: Problem | None
) -> Response:
    found = None
    try:
        found = undoing.preview_undoing_acceptance(
            visit.register, visit.settings, submission_id, at=visit.office.now()
        )
    except WrongUse as refused:
        problem = problem or tell_problem(refused)
    return render_take_back_page(
        request,
        found,
        problem,
        title="Take back what you accepted",
        action=f"/accept/{submission_id}/undo",
        back=(f"/accept/{submission_id}", "Accept as it is"),
        reason=reason,
    )


@router.post("/accept/{submission_id}/undo")
def undo_acceptance(
    request: Request, visit: Checked, submission_id: Id, decision: Text = "", reason: Text = ""
) -> Response:
    """Take back the last decision, as long as nothing that follows from it has gone out."""
    check_user_can_run_cycle(visit.person)
    try:
        undoing.undo_acceptance(
            visit.register,
            visit.settings,
            read_count(decision, 1, LARGEST) or 0,
            reason=reason,
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except WrongUse as refused:
        return _render_undoing(request, visit, submission_id, reason, tell_problem(refused))
    return RedirectResponse(f"/accept/{submission_id}?done=undone", 303)
