"""A look at a document before it goes: the office opens the finished file, then lets exactly that file go."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.attachment import attach_file
from dashboard.context import NotFound, Signed, Visit
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import Id
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.shown_messages import show_document
from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.sentences import capitalise_first_letter
from peer_challenge.outbox.look_before_sending import read_file_to_look_at
from peer_challenge.register import access_facts
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.records import Dispatch, DispatchState
from peer_challenge.steering import send_messages

router = APIRouter(include_in_schema=False)


def _load_dispatch(visit: Visit, dispatch_id: int) -> Dispatch:
    """A dispatch that waits for a look, for the office alone. Raises NotFound."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        found = access_facts.load_dispatch(connection, dispatch_id)
    if found is None or found[0].state is not DispatchState.TO_LOOK_AT:
        raise NotFound("This document does not wait to be looked at (any more).")
    return found[0]


@router.get("/looks/{dispatch_id}")
def show_look(request: Request, visit: Signed, dispatch_id: Id) -> Response:
    """What waits, for whom, and the button that lets it go."""
    return _render_look_page(request, visit, _load_dispatch(visit, dispatch_id), None)


def _render_look_page(
    request: Request, visit: Visit, dispatch: Dispatch, problem: Problem | None
) -> Response:
    with visit.register.reading() as connection:
        cycle, _ = load_stored(connection, dispatch.cycle_id)
        is_opened = send_messages.has_been_opened_to_look_at(connection, dispatch)
    return render_page(
        request,
        "look.html",
        status=422 if problem else 200,
        title="Look at this before it goes",
        dispatch=dispatch,
        document=show_document(cycle, dispatch),
        cycle=cycle,
        is_opened=is_opened,
        problem=problem,
    )


@router.get("/looks/{dispatch_id}/file")
def open_file_to_look_at(visit: Signed, dispatch_id: Id) -> Response:
    """The finished file, byte for byte as it will go."""
    dispatch = _load_dispatch(visit, dispatch_id)
    data = read_file_to_look_at(visit.settings, dispatch)
    if data is None:
        raise NotFound("The file is being made once more. Try again in a minute.")
    with visit.register.writing() as connection:
        send_messages.note_opened_to_look_at(
            connection, dispatch, at=visit.office.now(), actor=visit.person.name
        )
    what = capitalise_first_letter(dispatch.kind.in_words)
    ending = dispatch.parameters.get("ending") or KINDS[dispatch.kind].ending
    return attach_file(data, f"{what} for {dispatch.recipient_id}.{ending}")


@router.post("/looks/{dispatch_id}")
def let_document_go(request: Request, visit: Checked, dispatch_id: Id, sha256: Text = "") -> Response:
    """Let the file go that was looked at; the next run places and sends it."""
    dispatch = _load_dispatch(visit, dispatch_id)
    try:
        with visit.register.writing() as connection:
            send_messages.let_opened_document_go(
                connection, dispatch, sha256, at=visit.office.now(), actor=visit.person.name
            )
    except WrongUse as refused:
        return _render_look_page(request, visit, dispatch, tell_problem(refused))
    return RedirectResponse(f"/messages?cycle={dispatch.cycle_id}&done=looked", 303)
