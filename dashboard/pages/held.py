"""The page of a held document: what is unclear, whose the office says it is, and what would follow."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import Signed, Visit
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import Id
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.take_back_page import render_take_back_page
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.challenge_ids import make_challenge_id, split_challenge_id
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.sentences import capitalise_first_letter
from peer_challenge.model.vocabulary import KIND_NAMES, Kind
from peer_challenge.model.whose_document import Candidate
from peer_challenge.register import received_emails
from peer_challenge.steering import identify_submission as identifying
from peer_challenge.steering import undo_identification as undoing
from peer_challenge.steering.preview import Preview

router = APIRouter(include_in_schema=False)


@router.get("/held/{submission_id}")
def show_held(request: Request, visit: Signed, submission_id: Id) -> Response:
    """What is known of a held document, and the form for saying whose it is."""
    check_user_can_run_cycle(visit.person)
    return _render_held_page(request, visit, submission_id, {}, None, None)


def _render_held_page(
    request: Request,
    visit: Visit,
    submission_id: int,
    asked: dict[str, str],
    preview: Preview | None,
    problem: Problem | None,
) -> Response:
    with visit.register.reading() as connection:
        held = identifying.describe_held(connection, submission_id)
        areas = identifying.areas_to_choose(connection)
        email = received_emails.load_email_of(connection, submission_id)
    whose = "/".join(held.agreed_area or ())
    kind = held.agreed_kind.value if held.agreed_kind else ""
    return render_page(
        request,
        "held.html",
        status=422 if problem else 200,
        title="Whose form is this?",
        held=held,
        email=email,
        areas=[("", "Choose"), *((make_challenge_id(cycle, area), name) for cycle, area, name in areas)],
        kinds=[
            ("", "Choose"),
            *((kind.value, capitalise_first_letter(name)) for kind, name in KIND_NAMES.items()),
        ],
        asked={"whose": whose, "kind": kind, "reason": ""} | asked,
        preview=preview,
        problem=problem,
    )


def _read_answer(whose: str, kind: str) -> Candidate:
    """What the form says. Raises WrongUse when nothing is chosen."""
    cycle_id, author_id = split_challenge_id(whose)
    if not author_id:
        raise WrongUse(
            "You have not said whose form it is.", remedy="Choose an area, or reject it below.", about="whose"
        )
    if kind not in tuple(Kind):
        raise WrongUse("You have not said which form it is.", remedy="Choose one of the forms.", about="kind")
    return Candidate(cycle_id, author_id, Kind(kind))


@router.post("/held/{submission_id}")
def decide_held(
    request: Request,
    visit: Checked,
    submission_id: Id,
    whose: Text = "",
    kind: Text = "",
    reason: Text = "",
    is_confirmed: Text = "",
) -> Response:
    """Show what would follow from the office's answer; do it once that is confirmed."""
    check_user_can_run_cycle(visit.person)
    asked = {"whose": whose, "kind": kind, "reason": reason}
    try:
        answer = _read_answer(whose, kind)
        if not is_confirmed:
            read_reason(reason)
            preview = identifying.preview_identification(
                visit.register, visit.settings, submission_id, answer
            )
            return _render_held_page(request, visit, submission_id, asked, preview, None)
        identifying.identify_submission(
            visit.register,
            visit.settings,
            submission_id,
            answer,
            reason=reason,
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except WrongUse as refused:
        return _render_held_page(request, visit, submission_id, asked, None, tell_problem(refused))
    return RedirectResponse("/inbox?done=identified", 303)


@router.post("/held/{submission_id}/nobody")
def reject_held(request: Request, visit: Checked, submission_id: Id, reason: Text = "") -> Response:
    """Reject a held document as nobody's: nothing goes to anybody."""
    check_user_can_run_cycle(visit.person)
    try:
        identifying.reject_as_nobodys(
            visit.register, submission_id, reason=reason, at=visit.office.now(), actor=visit.person.name
        )
    except WrongUse as refused:
        problem = tell_problem(refused, reason="reason--nobody")
        return _render_held_page(request, visit, submission_id, {}, None, problem)
    return RedirectResponse("/inbox?done=nobodys", 303)


@router.get("/held/{submission_id}/undo")
def show_undoing(request: Request, visit: Signed, submission_id: Id) -> Response:
    """What was said of a document, what would follow from taking that back, and the form for it."""
    check_user_can_run_cycle(visit.person)
    return _render_undoing(request, visit, submission_id, "", None)


def _render_undoing(
    request: Request, visit: Visit, submission_id: int, reason: str, problem: Problem | None
) -> Response:
    found = None
    try:
        with visit.register.reading() as connection:
            found = undoing.describe_undoing(connection, submission_id)
    except WrongUse as refused:
        problem = problem or tell_problem(refused)
    return render_take_back_page(
        request,
        found,
        problem,
        title="Take back what was said of a document",
        action=f"/held/{submission_id}/undo",
        back=("/inbox", "Inbox"),
        reason=reason,
    )


@router.post("/held/{submission_id}/undo")
def undo_identification(request: Request, visit: Checked, submission_id: Id, reason: Text = "") -> Response:
    """Hold the document again, as long as nothing that follows has gone out."""
    check_user_can_run_cycle(visit.person)
    try:
        undoing.undo_identification(
            visit.register,
            visit.settings,
            submission_id,
            reason=reason,
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except WrongUse as refused:
        return _render_undoing(request, visit, submission_id, reason, tell_problem(refused))
    return RedirectResponse("/inbox?done=unsaid", 303)
