"""The rehearsal: a fictional region runs through a whole cycle, to be looked at; nobody is written to."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.attachment import attach_file, attach_large_file
from dashboard.context import NotFound, Signed, Visit
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import Id
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.operations.kept_rehearsal import (
    AREAS,
    RehearsalState,
    begin_rehearsal,
    list_rehearsal_documents,
    look_at_rehearsal,
    read_rehearsal_document,
    remove_rehearsal,
    stop_rehearsal,
    write_rehearsal_zip,
)

router = APIRouter(include_in_schema=False)
_DONE = {
    "deleted": "The rehearsal and all its documents are deleted.",
    "stopped": "The rehearsal is told to stop. It takes some seconds.",
}


def _render_rehearsal_page(
    request: Request, visit: Visit, *, problem: Problem | None = None, done: str | None = None
) -> Response:
    found = look_at_rehearsal(visit.settings)
    is_done = found.state is RehearsalState.DONE
    return render_page(
        request,
        "rehearsal.html",
        status=422 if problem else 200,
        title="Rehearsal",
        found=found,
        areas=AREAS,
        documents=list_rehearsal_documents(visit.settings) if is_done else [],
        problem=problem,
        done=done,
    )


@router.get("/rehearsal")
def show_rehearsal(request: Request, visit: Signed, done: str = "") -> Response:
    """How far the rehearsal is; once it has ended, its board and its documents."""
    check_user_can_run_cycle(visit.person)
    return _render_rehearsal_page(request, visit, done=_DONE.get(done))


@router.post("/rehearsal")
def start_rehearsal(request: Request, visit: Checked) -> Response:
    """Begin the rehearsal, or go on with one that stopped."""
    check_user_can_run_cycle(visit.person)
    try:
        begin_rehearsal(visit.register, visit.settings, at=visit.office.now(), actor=visit.person.name)
    except WrongUse as refused:
        return _render_rehearsal_page(request, visit, problem=tell_problem(refused))
    except OSError as error:
        told = f"The rehearsal could not be started ({error.strerror}). Free some space, then try again."
        return _render_rehearsal_page(request, visit, problem=Problem(told))
    return RedirectResponse("/rehearsal", 303)


@router.post("/rehearsal/stop")
def end_rehearsal(request: Request, visit: Checked) -> Response:
    """End the rehearsal before its end: what it has made so far stays."""
    return _act_on_rehearsal(request, visit, stop_rehearsal, "stopped")


def _act_on_rehearsal(request: Request, visit: Visit, act: Callable[..., None], done: str) -> Response:
    """Do something with the rehearsal as the office, and say on its page that it is done, or why not."""
    check_user_can_run_cycle(visit.person)
    try:
        act(visit.register, visit.settings, at=visit.office.now(), actor=visit.person.name)
    except WrongUse as refused:
        return _render_rehearsal_page(request, visit, problem=tell_problem(refused))
    return RedirectResponse(f"/rehearsal?done={done}", 303)


@router.get("/rehearsal/documents/{dispatch_id}")
def download_document(visit: Signed, dispatch_id: Id) -> Response:
    """One document of the rehearsal."""
    check_user_can_run_cycle(visit.person)
    found = read_rehearsal_document(visit.settings, dispatch_id)
    if found is None:
        raise NotFound("The rehearsal has no such document.", remedy="Go back to the rehearsal.")
    name, data = found
    return attach_file(data, name)


@router.get("/rehearsal/documents.zip")
def download_documents(visit: Signed) -> Response:
    """All documents of the rehearsal, a folder for each recipient."""
    check_user_can_run_cycle(visit.person)
    if look_at_rehearsal(visit.settings).state is not RehearsalState.DONE:
        raise NotFound("No rehearsal has ended here.", remedy="Go back to the rehearsal.")
    return attach_large_file(lambda path: write_rehearsal_zip(visit.settings, path), "rehearsal.zip")


@router.post("/rehearsal/remove")
def delete_rehearsal(request: Request, visit: Checked) -> Response:
    """Delete the rehearsal with all that is in it."""
    return _act_on_rehearsal(request, visit, remove_rehearsal, "deleted")
