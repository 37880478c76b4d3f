"""Restoring a backup on the page, while nothing has been opened in this installation."""

from typing import Annotated

from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import Response

from dashboard.checked_backup import CheckedBackup, check_backup
from dashboard.context import NotFound, Signed, Visit
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.house_sheet import forget_page_styles
from dashboard.pages.sign_in import begin_session
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.uploads import safe_name
from peer_challenge.errors import PeerChallengeError, WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.operations.backup_seal import parse_backup_key
from peer_challenge.operations.backups_folder import (
    find_backup,
    keep_uploaded_backup,
    list_backups,
)
from peer_challenge.operations.restore_here import check_can_restore_here, restore_backup_here
from peer_challenge.register import drafts

router = APIRouter(include_in_schema=False)


def _render_restore_page(
    request: Request,
    visit: Visit,
    *,
    problem: Problem | None = None,
    checked: str = "",
    found: CheckedBackup | None = None,
) -> Response:
    with visit.register.reading() as connection:
        prepared = len(drafts.list_drafts(connection, drafts.CycleDraft))
    return render_page(
        request,
        "restore.html",
        status=422 if problem else 200,
        title="Restore a backup",
        why_not=_explain_why_not(visit),
        names=[(one.name, one.name) for one in list_backups(visit.settings) if one.is_readable],
        prepared=prepared,
        checked=checked,
        found=found,
        problem=problem,
    )


def _explain_why_not(visit: Visit) -> str:
    try:
        check_can_restore_here(visit.register, visit.settings)
    except WrongUse as refused:
        return refused.in_full
    return ""


@router.get("/restore")
def show_restore(request: Request, visit: Signed) -> Response:
    """The form for a backup and its key, or why none can be restored here."""
    check_user_can_run_cycle(visit.person)
    return _render_restore_page(request, visit)


@router.post("/restore")
def check(
    request: Request,
    visit: Checked,
    file: Annotated[UploadFile | None, File()] = None,
    name: Text = "",
    secret: Text = "",
) -> Response:
    """Check a backup that was sent, or one in the folder, and show what is in it; nothing is restored."""
    check_user_can_run_cycle(visit.person)
    is_sent = file is not None and bool(file.filename)
    try:
        check_can_restore_here(visit.register, visit.settings)
        if file is not None and file.filename:
            at, actor = visit.office.now(), visit.person.name
            told = safe_name(file.filename)
            name = keep_uploaded_backup(visit.register, visit.settings, told, file.file, at, actor=actor)
    except WrongUse as refused:
        return _render_restore_page(request, visit, problem=tell_problem(refused))
    except OSError as error:
        told = f"We can't keep this file ({error.strerror}). Free some space, then send it again."
        return _render_restore_page(request, visit, problem=Problem(told, "file"))
    path = find_backup(visit.settings, name)
    if path is None:
        return _render_restore_page(request, visit, problem=Problem("Choose a backup first.", "file"))
    found = check_backup(visit, path, secret)
    if found.is_damaged and is_sent:
        path.unlink(missing_ok=True)
    if found.contents is None:
        return _render_restore_page(request, visit, problem=found.problem, checked=name)
    return _render_restore_page(request, visit, checked=name, found=found)


@router.post("/restore/use")
def restore(request: Request, visit: Checked, name: Text = "", secret: Text = "") -> Response:
    """Restore the backup that was checked, and sign the person in to what was restored."""
    check_user_can_run_cycle(visit.person)
    path = find_backup(visit.settings, name)
    if path is None:
        raise NotFound("There is no such backup.", remedy="Go back to the list of backups.")
    try:
        restored = restore_backup_here(
            visit.register,
            visit.settings,
            path,
            key=parse_backup_key(secret, "What you typed") if secret.strip() else None,
            user_id=visit.person.id,
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except PeerChallengeError as refused:
        return _render_restore_page(request, visit, problem=Problem(str(refused), refused.about))
    except OSError as error:
        told = f"The backup was not restored ({error.strerror}). Free some space, then try again."
        return _render_restore_page(request, visit, problem=Problem(told))
    visit.office.chain.forget()
    forget_page_styles()
    aside = "&aside=yes" if restored.has_settings_aside else ""
    return begin_session(request, restored.user_id, f"/?done=restored{aside}")
