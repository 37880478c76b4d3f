"""What can be done with several areas of a cycle at once, once they are named: notes and documents.

Reminders and dates of several have pages of their own, to which this one leads.
"""

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.attachment import attach_large_file
from dashboard.context import NotFound, Signed, Visit
from dashboard.find_challenge import find_open_cycle
from dashboard.form_fields import Chosen, Text, Ticked
from dashboard.form_problem import Problem, tell_problem
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.typed_days import read_typed_day
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.cycle import Cycle
from peer_challenge.register import challenges
from peer_challenge.register.records import Challenge
from peer_challenge.steering.collect_documents import write_documents_zip
from peer_challenge.steering.keep_notes import write_notes

router = APIRouter(include_in_schema=False)
_PAGES = {"remind": "/remind/{}", "dates": "/cycle/{}/dates"}
_TITLES = {"note": "Write a note on several areas", "documents": "Download the documents of several areas"}


def _load_ticked(visit: Visit, cycle_id: str, areas: Collection[str]) -> tuple[Cycle, list[Challenge]]:
    """The cycle, and the challenges of the areas that are ticked. Raises Forbidden and NotFound."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        cycle = find_open_cycle(connection, cycle_id)
        rows = challenges.list_challenges_in_cycle(connection, cycle.id)
    return cycle, [row for row in rows if row.author_id in areas]


def _nobody_is_ticked() -> WrongUse:
    return WrongUse("No area is ticked.", remedy="Go back to the board, and tick those that you mean.")


def _render_several_page(
    request: Request,
    visit: Visit,
    what: str,
    cycle: Cycle,
    rows: Sequence[Challenge],
    asked: Mapping[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    return render_page(
        request,
        "several.html",
        status=422 if problem else 200,
        title=_TITLES[what],
        what=what,
        cycle=cycle,
        areas=[(row.author_id, cycle.participant[row.author_id].name) for row in rows],
        asked={"text": "", "remind_on": ""} | dict(asked or {}),
        today=visit.office.today(),
        problem=problem,
    )


@router.get("/several/{cycle_id}")
def show_several(
    request: Request,
    visit: Signed,
    cycle_id: str,
    what: str = "note",
    area: Chosen = None,
    listed: str = "",
    is_all: str = "",
) -> Response:
    """The areas that are ticked, or all that the board listed, by name, and what is to be done with them."""
    cycle, rows = _load_ticked(visit, cycle_id, listed.split() if is_all else area or ())
    if what in _PAGES and rows:
        query = urlencode({"area": [row.author_id for row in rows]}, doseq=True)
        return RedirectResponse(f"{_PAGES[what].format(cycle.id)}?{query}", 303)
    if what not in _TITLES and what not in _PAGES:
        raise NotFound("There is no such page.")
    nobody = None if rows else tell_problem(_nobody_is_ticked())
    return _render_several_page(request, visit, what if rows else "note", cycle, rows, problem=nobody)


@router.post("/several/{cycle_id}/note")
def write_note_on_several(
    request: Request,
    visit: Checked,
    cycle_id: str,
    area: Ticked = None,
    text: Text = "",
    remind_on: Text = "",
) -> Response:
    """Keep a note of the same words on each area that is named."""
    cycle, rows = _load_ticked(visit, cycle_id, area or ())
    try:
        if not rows:
            raise _nobody_is_ticked()
        day = read_typed_day(remind_on, about="remind_on") if remind_on else None
        with visit.register.writing() as connection:
            write_notes(connection, rows, text, day, at=visit.office.now(), actor=visit.person.name)
    except WrongUse as refused:
        asked = {"text": text, "remind_on": remind_on}
        return _render_several_page(request, visit, "note", cycle, rows, asked, tell_problem(refused))
    return RedirectResponse(f"/?cycle={cycle.id}&done=note", 303)


@router.post("/several/{cycle_id}/documents")
def download_documents_of_several(visit: Checked, cycle_id: str, area: Ticked = None) -> Response:
    """The documents of each area that is named, in one ZIP file."""
    cycle, rows = _load_ticked(visit, cycle_id, area or ())
    if not rows:
        raise _nobody_is_ticked()
    at, actor = visit.office.now(), visit.person.name
    return attach_large_file(
        lambda path: write_documents_zip(visit.register, visit.settings, rows, path, at=at, actor=actor),
        f"{cycle.id} documents.zip",
    )
