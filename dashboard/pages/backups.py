"""Backups: make one, download it, check what is in it; the key; and how to restore."""

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from dashboard.attachment import content_disposition
from dashboard.checked_backup import check_backup
from dashboard.confirm import ask_again, confirm_visitor
from dashboard.context import NotFound, Signed, Visit
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.operations.backup_seal import locate_backup_key
from peer_challenge.operations.backups_folder import (
    find_backup,
    find_last_backup,
    list_backups,
    locate_backups,
    make_backup,
    note_backup_checked,
    note_backup_taken,
    show_backup_key,
)
from peer_challenge.operations.restore_backup import BackupContents
from peer_challenge.register import listings
from peer_challenge.register.database import RegisterUnavailable

router = APIRouter(include_in_schema=False)
_DONE = {"made": "The backup is made. Download it, and keep it on another machine."}


def _render_backups_page(
    request: Request,
    visit: Visit,
    *,
    problem: Problem | None = None,
    done: str | None = None,
    key: str = "",
    checked: str = "",
    contents: BackupContents | None = None,
    since: tuple[int, int] = (0, 0),
) -> Response:
    with visit.register.reading() as connection:
        last = find_last_backup(connection)
    return render_page(
        request,
        "backups.html",
        status=422 if problem else 200,
        title="Backups",
        last=last,
        backups=list_backups(visit.settings),
        folder=locate_backups(visit.settings),
        home=visit.settings.home,
        has_key=locate_backup_key(visit.settings).exists(),
        key=key,
        asked=ask_again(request, visit, "/backups"),
        checked=checked,
        contents=contents,
        since=since,
        problem=problem,
        done=done,
    )


@router.get("/backups")
def show_backups(request: Request, visit: Signed, done: str = "") -> Response:
    """The last backup, the backups that are here, and what can be done."""
    check_user_can_run_cycle(visit.person)
    return _render_backups_page(request, visit, done=_DONE.get(done))


@router.post("/backups")
def make(request: Request, visit: Checked, plain: Text = "") -> Response:
    """Make a backup in the folder of backups; encrypted unless `plain` is asked for."""
    check_user_can_run_cycle(visit.person)
    try:
        make_backup(
            visit.register,
            visit.settings,
            visit.office.now(),
            encrypts=not plain,
            actor=visit.person.name,
        )
    except (WrongUse, RegisterUnavailable) as refused:
        return _render_backups_page(request, visit, problem=tell_problem(refused))
    except OSError as error:
        folder = locate_backups(visit.settings)
        told = (
            f"We can't write in {folder} ({error.strerror}). Free some space there, or let the service write."
        )
        return _render_backups_page(request, visit, problem=Problem(told))
    return RedirectResponse("/backups?done=made", 303)


@router.get("/backups/files/{name}")
def download_backup(visit: Signed, name: str) -> Response:
    """One backup, as a file."""
    check_user_can_run_cycle(visit.person)
    path = find_backup(visit.settings, name)
    if path is None:
        raise NotFound("There is no such backup.")
    note_backup_taken(visit.register, name, visit.office.now(), actor=visit.person.name)
    headers = {"Content-Disposition": content_disposition(name)}
    return FileResponse(path, media_type="application/octet-stream", headers=headers)


@router.post("/backups/check")
def check(request: Request, visit: Checked, name: Text = "", secret: Text = "") -> Response:
    """What is in a backup, once its seal and every file have been checked; nothing is restored."""
    check_user_can_run_cycle(visit.person)
    path = find_backup(visit.settings, name)
    if path is None:
        raise NotFound("There is no such backup.")
    found = check_backup(visit, path, secret)
    if found.contents is None:
        names = [one.name for one in list_backups(visit.settings)]
        secret_of_it = f"secret-{names.index(name) + 1}" if name in names else ""
        return _render_backups_page(request, visit, problem=found.tell(secret=secret_of_it))
    note_backup_checked(visit.register, found.contents.made_at, visit.office.now(), actor=visit.person.name)
    with visit.register.reading() as connection:
        since = listings.count_arrivals_since(connection, found.contents.made_at)
    return _render_backups_page(request, visit, checked=name, contents=found.contents, since=since)


@router.post("/backups/key")
def show_key(request: Request, visit: Checked, present: Text = "") -> Response:
    """The key that opens the backups, on this answer alone, for somebody who shows again who they are."""
    check_user_can_run_cycle(visit.person)
    try:
        confirm_visitor(visit, present)()
    except WrongUse as refused:
        return _render_backups_page(request, visit, problem=tell_problem(refused))
    key = show_backup_key(visit.register, visit.settings, visit.office.now(), actor=visit.person.name)
    return _render_backups_page(request, visit, key=key.text)
