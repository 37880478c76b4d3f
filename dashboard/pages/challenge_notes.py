"""The office's notes on a challenge: all of them, writing one, and ticking one off."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import Signed, Visit
from dashboard.find_challenge import Found, find_challenge_for_office
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.numbers import Id
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.typed_days import read_typed_day
from peer_challenge.errors import WrongUse
from peer_challenge.register import notes
from peer_challenge.steering import keep_notes

router = APIRouter(include_in_schema=False)


@router.get("/challenges/{cycle_id}/{author_id}/notes")
def show_notes(request: Request, visit: Signed, cycle_id: str, author_id: str) -> Response:
    """The notes on a challenge, and the form for another."""
    return _render_notes_page(request, visit, find_challenge_for_office(visit, cycle_id, author_id), {}, None)


def _render_notes_page(
    request: Request, visit: Visit, found: Found, asked: dict[str, str], problem: Problem | None
) -> Response:
    with visit.register.reading() as connection:
        written = notes.list_notes(connection, found.row.id)
    return render_page(
        request,
        "notes.html",
        status=422 if problem else 200,
        title=f"Notes: {found.name(found.row.author_id)}",
        found=found,
        notes=written,
        asked={"text": "", "remind_on": ""} | asked,
        today=visit.office.today(),
        problem=problem,
    )


@router.post("/challenges/{cycle_id}/{author_id}/notes")
def write_note(
    request: Request, visit: Checked, cycle_id: str, author_id: str, text: Text = "", remind_on: Text = ""
) -> Response:
    """Keep a note."""
    found = find_challenge_for_office(visit, cycle_id, author_id)
    try:
        day = read_typed_day(remind_on, about="remind_on") if remind_on else None
        with visit.register.writing() as connection:
            keep_notes.write_note(
                connection, found.row, text, day, at=visit.office.now(), actor=visit.person.name
            )
    except WrongUse as refused:
        asked = {"text": text, "remind_on": remind_on}
        return _render_notes_page(request, visit, found, asked, tell_problem(refused))
    return RedirectResponse(f"{found.path}?done=note#notes", 303)


@router.post("/challenges/{cycle_id}/{author_id}/notes/{note_id}/done")
def tick_off_note(request: Request, visit: Checked, cycle_id: str, author_id: str, note_id: Id) -> Response:
    """Tick a note off."""
    found = find_challenge_for_office(visit, cycle_id, author_id)
    with visit.register.writing() as connection:
        keep_notes.tick_off_note(
            connection, found.row, note_id, at=visit.office.now(), actor=visit.person.name
        )
    return RedirectResponse(f"{found.path}?done=note-done#notes", 303)
