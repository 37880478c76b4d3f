"""Frameworks: those that a cycle can choose, those in preparation, and the ways to begin another."""

from typing import Annotated

from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from dashboard.attachment import attach_file
from dashboard.context import NotFound, Signed, Visit
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.uploads import safe_name
from peer_challenge.errors import WrongUse
from peer_challenge.frameworks.outline import UnreadableFile
from peer_challenge.frameworks.read_uploaded import MOST_BYTES, read_uploaded_framework
from peer_challenge.frameworks.write_framework import entries_of_framework, write_framework_file
from peer_challenge.frameworks.write_framework_sheet import write_framework_sheet
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.framework import Framework
from peer_challenge.steering.check_framework_draft import list_known_frameworks
from peer_challenge.steering.framework_drafts import (
    begin_empty_framework,
    begin_framework_from,
    begin_framework_from_file,
    list_framework_drafts,
)
from peer_challenge.steering.own_frameworks import (
    delete_framework,
    explain_why_kept,
    list_frameworks_to_choose,
)

router = APIRouter(include_in_schema=False)
_DONE = {
    "saved": "Saved. New cycles can use this framework now.",
    "discarded": "It was thrown away.",
    "deleted": "The framework is deleted.",
}


@router.get("/frameworks")
def show_frameworks(request: Request, visit: Signed, done: str = "") -> Response:
    """The frameworks, and the ways to begin another."""
    check_user_can_run_cycle(visit.person)
    return _render_list(request, visit, done=_DONE.get(done, ""))


def _render_list(
    request: Request, visit: Visit, *, problem: Problem | None = None, done: str = ""
) -> Response:
    with visit.register.reading() as connection:
        listed = list_frameworks_to_choose(connection, visit.settings)
        drafts = list_framework_drafts(connection)
    return render_page(
        request,
        "frameworks.html",
        status=422 if problem else 200,
        title="Frameworks",
        own=[one for one in listed if one.is_own and not one.followed_by],
        earlier=[one for one in listed if one.followed_by],
        shipped=[one for one in listed if not one.is_own],
        drafts=[(draft, str(draft.entries.get("title") or "Without a title")) for draft in drafts],
        problem=problem,
        done=done,
    )


@router.post("/frameworks")
def begin_framework(
    request: Request,
    visit: Checked,
    how: Text = "",
    framework: Text = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Begin a framework: empty, from another one, or with what a file says."""
    check_user_can_run_cycle(visit.person)
    at, actor = visit.office.now(), visit.person.name
    page = ""
    try:
        if how == "file":
            name = safe_name((file.filename if file else "") or "file")
            if file is None or not file.filename:
                return _render_list(request, visit, problem=Problem("Choose a file first.", "file"))
            uploaded = read_uploaded_framework(name, file.file.read(MOST_BYTES + 1))
            number = begin_framework_from_file(visit.register, visit.settings, uploaded, at=at, actor=actor)
            page = "/file" if uploaded.outline is not None else ""
        elif how == "other":
            number = begin_framework_from(visit.register, visit.settings, framework, at=at, actor=actor)
        else:
            number = begin_empty_framework(visit.register, visit.settings, at=at, actor=actor)
            page = "/words"
    except UnreadableFile as why:
        return _render_list(request, visit, problem=Problem(str(why), "file"))
    except WrongUse as refused:
        return _render_list(request, visit, problem=tell_problem(refused))
    return RedirectResponse(f"/framework-drafts/{number}{page}", 303)


@router.get("/frameworks/{framework_id}/framework.yaml")
def download_framework(visit: Signed, framework_id: str) -> Response:
    """A framework as a framework file."""
    found = _load_framework(visit, framework_id)
    return attach_file(write_framework_file(entries_of_framework(found)).encode(), f"{found.id}.yaml")


@router.get("/frameworks/{framework_id}/framework.xlsx")
def download_framework_sheet(visit: Signed, framework_id: str) -> Response:
    """A framework as an Excel sheet, which can be changed and uploaded again."""
    found = _load_framework(visit, framework_id)
    return attach_file(write_framework_sheet(found), f"{found.id}.xlsx")


def _load_framework(visit: Visit, framework_id: str) -> Framework:
    """A framework, for the office. Raises Forbidden and NotFound."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        found = list_known_frameworks(connection, visit.settings).get(framework_id)
    if found is None:
        raise NotFound("There is no such framework.", remedy="Go back to the list of frameworks.")
    return found


@router.get("/frameworks/{framework_id}/delete")
def show_deletion(request: Request, visit: Signed, framework_id: str) -> Response:
    """What follows if a framework is deleted, or why it can't be."""
    return _render_deletion(request, visit, framework_id)


def _render_deletion(
    request: Request, visit: Visit, framework_id: str, problem: Problem | None = None
) -> Response:
    found = _load_framework(visit, framework_id)
    with visit.register.reading() as connection:
        why_not = explain_why_kept(connection, visit.settings, framework_id)
    return render_page(
        request,
        "framework-delete.html",
        status=422 if problem else 200,
        title=f"Delete {found.title}",
        framework=found,
        why_not=why_not,
        problem=problem,
    )


@router.post("/frameworks/{framework_id}/delete")
def delete(request: Request, visit: Checked, framework_id: str) -> Response:
    """Delete a framework of the office's own that nothing uses."""
    check_user_can_run_cycle(visit.person)
    try:
        delete_framework(
            visit.register, visit.settings, framework_id, at=visit.office.now(), actor=visit.person.name
        )
    except WrongUse as refused:
        return _render_deletion(request, visit, framework_id, tell_problem(refused))
    return RedirectResponse("/frameworks?done=deleted", 303)
