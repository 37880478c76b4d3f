"""A cycle in preparation before it opens: the check of everything, previews of documents, and opening it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.attachment import attach_file
from dashboard.context import NotFound, Signed, Visit
from dashboard.draft_context import PART_NAMES, describe_remarks, list_frameworks, load_checked
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import Id
from dashboard.pages.draft_parts import WAYS
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.take_back_page import render_take_back_page
from peer_challenge.cycle_file.load_framework import tell_what_to_compare
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.sentences import capitalise_first_letter
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.post.say_what_goes_out import say_what_waits
from peer_challenge.register.cycles import is_cycle_stored
from peer_challenge.register.drafts import CycleDraft
from peer_challenge.register.drafts import load_draft as find_draft
from peer_challenge.register.work_out import ChangedMeanwhile
from peer_challenge.steering.draft_cycle import DraftGone, Part, list_warnings_on
from peer_challenge.steering.open_cycle import describe_opening, open_draft
from peer_challenge.steering.preview_draft import PREVIEWS, Preview, preview_document
from peer_challenge.steering.undo_opening import describe_undoing_opening, undo_opening

router = APIRouter(include_in_schema=False)
_OWN = "This is how it goes to your first area."
_SAMPLE = (
    "This goes out later. Areas, days and answers in it are invented. The name, the office and the rules "
    "are yours."
)


@router.get("/drafts/{draft_id}/check")
def check(request: Request, visit: Signed, draft_id: Id) -> Response:
    """All that is missing or wrong, each with a link to where it is corrected, and documents to look at."""
    checked = load_checked(visit, draft_id)
    draft, cycle = checked.draft, checked.cycle
    noticed = list_warnings_on(checked, visit.office.today())
    framework = list_frameworks(visit)[cycle.framework].without(cycle.omit) if cycle else None
    return render_page(
        request,
        "draft-check.html",
        title="Check everything",
        draft=draft,
        cycle=cycle,
        to_compare=tell_what_to_compare(framework) if framework else "",
        left=len(checked.problems),
        to_correct=[
            (PART_NAMES[part][0], describe_remarks(draft, found))
            for part in Part
            if (found := checked.list_problems(part))
        ],
        warnings=[one | {"whose": ""} for one in describe_remarks(draft, noticed)],
        previews=[(kind.value, capitalise_first_letter(kind.in_words)) for kind in PREVIEWS],
    )


def _make_preview(visit: Visit, draft_id: int, kind: str) -> tuple[CycleDraft, DispatchKind, Preview]:
    checked = load_checked(visit, draft_id)
    wanted = next((one for one in PREVIEWS if one.value == kind), None)
    if wanted is None or checked.cycle is None:
        raise NotFound(
            "This can't be shown yet.", remedy="Check everything, and correct what is listed there first."
        )
    made = preview_document(
        visit.register,
        visit.settings,
        checked.cycle,
        list_frameworks(visit),
        wanted,
        visit.office.today(),
    )
    return checked.draft, wanted, made


@router.get("/drafts/{draft_id}/preview/{kind}.docx")
def preview_as_word(visit: Signed, draft_id: Id, kind: str) -> Response:
    """A document of the cycle as it would go out, in Word."""
    _, wanted, made = _make_preview(visit, draft_id, kind)
    return attach_file(made.document, f"Preview {wanted.in_words}.docx")


@router.get("/drafts/{draft_id}/preview/{kind}")
def preview_as_page(request: Request, visit: Signed, draft_id: Id, kind: str) -> Response:
    """The words of a document of the cycle, as a page."""
    draft, wanted, made = _make_preview(visit, draft_id, kind)
    return render_page(
        request,
        "draft-preview.html",
        title=capitalise_first_letter(wanted.in_words),
        draft=draft,
        kind=wanted.value,
        blocks=made.blocks,
        intro=_SAMPLE if made.is_sample else _OWN,
    )


@router.get("/drafts/{draft_id}/open")
def show_opening(request: Request, visit: Signed, draft_id: Id) -> Response:
    """What happens when the cycle is opened; where something is missing, the check says what."""
    return _render_opening(request, visit, draft_id)


def _render_opening(
    request: Request, visit: Visit, draft_id: int, problem: Problem | None = None
) -> Response:
    checked = load_checked(visit, draft_id)
    if checked.cycle is None:
        return RedirectResponse(f"/drafts/{draft_id}/check", 303)
    settings = visit.settings
    return render_page(
        request,
        "draft-open.html",
        status=422 if problem else 200,
        title=f"Open {checked.cycle.name}?",
        draft=checked.draft,
        cycle=checked.cycle,
        opening=describe_opening(checked.cycle, visit.office.today(), settings.way_to_deliver),
        way=f"{WAYS[settings.way_to_deliver]} {say_what_waits(settings)}",
        problem=problem,
    )


@router.post("/drafts/{draft_id}/open")
def open_cycle(
    request: Request,
    visit: Checked,
    draft_id: Id,
    version: Annotated[Id, Form()] = 0,
    cycle: Text = "",
) -> Response:
    """Open the cycle as it was confirmed. A second press, or a colleague's, finds it open."""
    check_user_can_run_cycle(visit.person)
    try:
        opened = open_draft(
            visit.register,
            draft_id,
            list_frameworks(visit),
            seen=version,
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except DraftGone as gone:
        with visit.register.reading() as connection:
            is_open = bool(cycle) and is_cycle_stored(connection, cycle)
        if not is_open:
            raise NotFound(str(gone), remedy="Look at the list of cycles in preparation.") from None
        return RedirectResponse(f"/?cycle={cycle}", 303)
    except WrongUse as refused:
        with visit.register.reading() as connection:
            if find_draft(connection, draft_id, CycleDraft) is None:
                raise
        return _render_opening(request, visit, draft_id, tell_problem(refused))
    return RedirectResponse(f"/?cycle={opened.id}", 303)


@router.get("/cycles/{cycle_id}/undo-opening")
def show_undoing(request: Request, visit: Signed, cycle_id: str) -> Response:
    """What would follow from taking back that a cycle was opened, and the form for it."""
    check_user_can_run_cycle(visit.person)
    return _render_undoing(request, visit, cycle_id)


def _render_undoing(
    request: Request,
    visit: Visit,
    cycle_id: str,
    *,
    reason: str = "",
    is_nothing_sent: bool = False,
    problem: Problem | None = None,
) -> Response:
    found = None
    with visit.register.reading() as connection:
        if not is_cycle_stored(connection, cycle_id):
            raise NotFound("There is no such cycle.")
        try:
            found = describe_undoing_opening(connection, cycle_id)
        except WrongUse as refused:
            problem = problem or tell_problem(refused)
    return render_take_back_page(
        request,
        found,
        problem,
        title="Take back the opening of a cycle",
        action=f"/cycles/{cycle_id}/undo-opening",
        back=(f"/cycle?cycle={cycle_id}", "Cycle"),
        reason=reason,
        is_nothing_sent=is_nothing_sent,
    )


@router.post("/cycles/{cycle_id}/undo-opening")
def take_back_opening(
    request: Request, visit: Checked, cycle_id: str, reason: Text = "", is_nothing_sent: Text = ""
) -> Response:
    """Bring a cycle back into preparation, as long as nothing has gone out or come in."""
    check_user_can_run_cycle(visit.person)
    try:
        number = undo_opening(
            visit.register,
            visit.settings,
            cycle_id,
            reason=reason,
            is_nothing_sent=bool(is_nothing_sent),
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except (WrongUse, ChangedMeanwhile) as refused:
        return _render_undoing(
            request,
            visit,
            cycle_id,
            reason=reason,
            is_nothing_sent=bool(is_nothing_sent),
            problem=tell_problem(refused),
        )
    return RedirectResponse(f"/drafts/{number}", 303)
