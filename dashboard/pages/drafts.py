"""Cycles in preparation: the list, a new one, and the parts of one with how far each is."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from dashboard.attachment import attach_file
from dashboard.context import Signed, Visit
from dashboard.draft_context import PART_NAMES, list_frameworks, load_checked
from dashboard.form_fields import Text
from dashboard.form_problem import Problem
from dashboard.numbers import Id
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.uploads import safe_name
from peer_challenge.cycle_file.uploaded_files import read_uploaded_cycle
from peer_challenge.cycle_file.write_cycle_file import write_cycle_file
from peer_challenge.cycle_file.yaml_with_lines import MOST_BYTES, Entry
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.cycle import make_id_from_name
from peer_challenge.register.drafts import CycleDraft, list_drafts
from peer_challenge.steering.draft_cycle import (
    CheckedDraft,
    DraftGone,
    Part,
    PartState,
    begin_draft,
    describe_draft,
    discard_draft,
    entries_from_last_cycle,
    find_last_cycle,
)

router = APIRouter(include_in_schema=False)
_DONE = {
    "discarded": "It was thrown away.",
    "saved": "Saved.",
    "begun": "Everything that the file says is here.",
    "areas": "What the file says is here. Its areas are in a table of their own: upload it under Areas.",
}
_STATES = {
    PartState.TO_DO: ("Not yet started", "blue"),
    PartState.TO_CORRECT: ("To correct", "red"),
    PartState.DONE: ("Completed", ""),
    PartState.USUAL: ("As usual", ""),
}


@dataclass(frozen=True, slots=True)
class Task:
    """A part on the list: its page, what it is called, and how far it is."""

    id: str
    href: str
    name: str
    hint: str
    state: str
    colour: str


@router.get("/drafts")
def show_drafts(request: Request, visit: Signed, done: str = "") -> Response:
    """The cycles in preparation, and the ways to begin another."""
    check_user_can_run_cycle(visit.person)
    return _render_list(request, visit, done=_DONE.get(done))


def _render_list(
    request: Request,
    visit: Visit,
    *,
    problems: list[Problem] | None = None,
    done: str | None = None,
) -> Response:
    with visit.register.reading() as connection:
        found, last = list_drafts(connection, CycleDraft), find_last_cycle(connection)
    return render_page(
        request,
        "drafts.html",
        status=422 if problems else 200,
        title="Prepare a new cycle",
        found=[(draft, describe_draft(draft)) for draft in found],
        last=last,
        problems=problems or [],
        problem=bool(problems),
        done=done,
    )


@router.post("/drafts")
def begin(
    request: Request,
    visit: Checked,
    how: Text = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Begin a draft: empty, with what the last cycle had, or with what a file says."""
    check_user_can_run_cycle(visit.person)
    entries: Entry = {}
    if how == "last":
        with visit.register.reading() as connection:
            entries = entries_from_last_cycle(connection, list_frameworks(visit))
    elif how == "file":
        name = safe_name((file.filename if file else "") or "file")
        uploaded = read_uploaded_cycle(name, file.file.read(MOST_BYTES + 1) if file else b"")
        if uploaded.entries is None or uploaded.problems:
            problems = [Problem(f"{place}: {words}", "file") for place, words in uploaded.problems]
            return _render_list(request, visit, problems=problems)
        entries = uploaded.entries
    number = begin_draft(visit.register, entries, at=visit.office.now(), actor=visit.person.name)
    done = "" if how != "file" else "?done=begun" if "participants" in entries else "?done=areas"
    return RedirectResponse(f"/drafts/{number}{done}", 303)


@router.get("/drafts/{draft_id}")
def show_draft(request: Request, visit: Signed, draft_id: Id, done: str = "") -> Response:
    """The parts of a cycle in preparation, each with how far it is."""
    checked = load_checked(visit, draft_id)
    tasks = _list_tasks(checked)
    return render_page(
        request,
        "draft.html",
        title=describe_draft(checked.draft),
        draft=checked.draft,
        tasks=tasks,
        left=sum(bool(task.colour) for task in tasks),
        done=_DONE.get(done),
    )


def _list_tasks(checked: CheckedDraft) -> list[Task]:
    tasks = []
    for part in Part:
        name, hint = PART_NAMES[part]
        state = checked.find_state(part)
        told, colour = _STATES[state]
        if part is Part.CHAIRS and state is PartState.USUAL:
            told = "None yet"
        if state is PartState.TO_CORRECT:
            told = f"{len(checked.list_problems(part))} to correct"
        shown = "?shown=problems" if state is PartState.TO_CORRECT else ""
        href = f"/drafts/{checked.draft.id}/{part.value}{shown}"
        tasks.append(Task(part.value, href, name, hint, told, colour))
    return tasks


@router.get("/drafts/{draft_id}/cycle.yaml")
def download(visit: Signed, draft_id: Id) -> Response:
    """A cycle in preparation as a cycle file."""
    draft = load_checked(visit, draft_id).draft
    name = make_id_from_name(describe_draft(draft)) or "cycle"
    return attach_file(write_cycle_file(draft.entries).encode(), f"{name}.yaml")


@router.post("/drafts/{draft_id}/discard")
def discard(visit: Checked, draft_id: Id) -> Response:
    """Throw a draft away; one that is gone already needs nothing more."""
    check_user_can_run_cycle(visit.person)
    try:
        discard_draft(visit.register, draft_id, at=visit.office.now(), actor=visit.person.name)
    except DraftGone:
        return RedirectResponse("/drafts", 303)
    return RedirectResponse("/drafts?done=discarded", 303)
