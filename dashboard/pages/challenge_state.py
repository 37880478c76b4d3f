"""Ending a challenge or a cycle, and taking it up again: what would follow, the reason, the decision."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import NotFound, Signed, Visit
from dashboard.find_challenge import Found, find_challenge_for_office
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.cycle import Cycle
from peer_challenge.outbox.who_is_reminded import list_reminder_marks, remind_everybody_awaited
from peer_challenge.post.new_contacts import list_forms_not_got
from peer_challenge.register.cycles import is_cycle_stored, load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.steering import end_challenge as ending

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class _Way:
    """One decision about a challenge as its page shows it."""

    title: str
    lead: str
    button: str
    done: str
    is_warning: bool = False


def _remind(
    connection: Transaction,
    cycle: Cycle,
    challenge_id: str,
    *,
    reason: str,
    at: datetime,
    actor: str,
    seen: str | None = None,
) -> None:
    """Remind everybody whom the challenge waits for, or those of `seen`: marks with spaces between."""
    marks = (seen.split() or [""]) if seen is not None else None
    remind_everybody_awaited(connection, cycle, challenge_id, at, actor=actor, reason=reason, seen=marks)


_WAYS = {
    "remind": _Way(
        "Remind now: {area}",
        "A reminder of what this challenge waits for goes out now, at most once a day. The reminders that "
        "follow the rules go out as well.",
        "Remind now",
        "reminded",
    ),
    "close": _Way(
        "Close the challenge of {area}",
        "Use this where nothing more will come. What came in and went out stays. Nobody is asked for "
        "anything any more. Those who know of the challenge get a letter that it has ended; where an action "
        "plan is followed up, its area alone. You can reopen it later.",
        "Close the challenge",
        "closed",
        is_warning=True,
    ),
    "reopen": _Way(
        "Reopen the challenge of {area}",
        "It goes on where you closed it. If it had run its course, it waits for its last form again. "
        "Those who have dates to come get a letter with them.",
        "Reopen the challenge",
        "reopened",
    ),
    "bring-back": _Way(
        "Bring {area} back",
        "It goes on where it was withdrawn. If its challenger was at work, it waits for one again. If its "
        "event was called off, it gets another. Areas that it was to challenge keep the challengers they "
        "have now. Partners that are proposed and not approved are dropped: propose them again.",
        "Bring the area back",
        "brought-back",
    ),
}
_DECIDE: Mapping[str, Callable[..., None]] = {
    "remind": _remind,
    "close": ending.close_challenge,
    "reopen": ending.reopen_challenge,
    "bring-back": ending.bring_area_back,
}


def _render_way_page(
    request: Request, visit: Visit, found: Found, way: str, problem: Problem | None, reason: str = ""
) -> Response:
    """The page of one decision: what would follow, worked out now."""
    told: tuple[str, ...] = ()
    try:
        told = ending.preview_decision(
            visit.register,
            found.cycle,
            found.row.id,
            lambda connection, cycle, which: _DECIDE[way](
                connection, cycle, which, reason="preview", at=visit.office.now(), actor=""
            ),
        ).told
    except WrongUse as refused:
        problem = problem or tell_problem(refused)
    seen, not_got = "", []
    if way == "remind":
        with visit.register.reading() as connection:
            seen = " ".join(list_reminder_marks(connection, found.row))
            forms = list_forms_not_got(connection, found.cycle)
        not_got = [form for form in forms if form.author_id == found.row.author_id]
    shown = _WAYS[way]
    return render_page(
        request,
        "decide.html",
        status=422 if problem else 200,
        title=shown.title.format(area=found.name(found.row.author_id)),
        back=(found.path, found.name(found.row.author_id)),
        action=f"{found.path}/{way}",
        way=shown,
        told=told,
        seen=seen,
        not_got=not_got,
        reason=reason,
        problem=problem,
    )


def _show_way(request: Request, visit: Visit, cycle_id: str, author_id: str, way: str) -> Response:
    return _render_way_page(request, visit, find_challenge_for_office(visit, cycle_id, author_id), way, None)


def _make_decision(
    request: Request,
    visit: Visit,
    cycle_id: str,
    author_id: str,
    way: str,
    reason: str,
    **shown: str,
) -> Response:
    """Make a decision, or show its page again; `shown` goes to what decides."""
    found = find_challenge_for_office(visit, cycle_id, author_id)
    try:
        with visit.register.writing() as connection:
            _DECIDE[way](
                connection,
                found.cycle,
                found.row.id,
                reason=reason,
                at=visit.office.now(),
                actor=visit.person.name,
                **shown,
            )
    except WrongUse as refused:
        return _render_way_page(request, visit, found, way, tell_problem(refused), reason)
    return RedirectResponse(f"{found.path}?done={_WAYS[way].done}", 303)


@router.get("/challenges/{cycle_id}/{author_id}/close")
def show_close(request: Request, visit: Signed, cycle_id: str, author_id: str) -> Response:
    """What closing a challenge would do, and the form for it."""
    return _show_way(request, visit, cycle_id, author_id, "close")


@router.post("/challenges/{cycle_id}/{author_id}/close")
def close(request: Request, visit: Checked, cycle_id: str, author_id: str, reason: Text = "") -> Response:
    """Close a challenge for a reason."""
    return _make_decision(request, visit, cycle_id, author_id, "close", reason)


@router.get("/challenges/{cycle_id}/{author_id}/reopen")
def show_reopen(request: Request, visit: Signed, cycle_id: str, author_id: str) -> Response:
    """What reopening a challenge would do, and the form for it."""
    return _show_way(request, visit, cycle_id, author_id, "reopen")


@router.post("/challenges/{cycle_id}/{author_id}/reopen")
def reopen(request: Request, visit: Checked, cycle_id: str, author_id: str, reason: Text = "") -> Response:
    """Reopen a closed challenge for a reason; its cycle opens with it."""
    return _make_decision(request, visit, cycle_id, author_id, "reopen", reason)


@router.get("/challenges/{cycle_id}/{author_id}/bring-back")
def show_bring_back(request: Request, visit: Signed, cycle_id: str, author_id: str) -> Response:
    """What bringing an area back would do, and the form for it."""
    return _show_way(request, visit, cycle_id, author_id, "bring-back")


@router.post("/challenges/{cycle_id}/{author_id}/bring-back")
def bring_back(
    request: Request, visit: Checked, cycle_id: str, author_id: str, reason: Text = ""
) -> Response:
    """Let a withdrawn area take part again, for a reason."""
    return _make_decision(request, visit, cycle_id, author_id, "bring-back", reason)


@router.get("/challenges/{cycle_id}/{author_id}/remind")
def show_remind(request: Request, visit: Signed, cycle_id: str, author_id: str) -> Response:
    """To whom a reminder would go now, and the form for it."""
    return _show_way(request, visit, cycle_id, author_id, "remind")


@router.post("/challenges/{cycle_id}/{author_id}/remind")
def remind(
    request: Request, visit: Checked, cycle_id: str, author_id: str, reason: Text = "", seen: Text = ""
) -> Response:
    """Send a reminder now, if it is the one that the page showed."""
    return _make_decision(request, visit, cycle_id, author_id, "remind", reason, seen=seen)


def _find_cycle(visit: Visit, cycle_id: str) -> Cycle:
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        if not is_cycle_stored(connection, cycle_id):
            raise NotFound("There is no such cycle.")
        return load_stored(connection, cycle_id)[0]


_CYCLE_WAYS = {
    "close": _Way(
        "Close {cycle}",
        "A cycle closes by itself once every challenge is over.",
        "Close the cycle",
        "",
        is_warning=True,
    ),
    "reopen": _Way(
        "Reopen {cycle}",
        "Every challenge that was closed with the cycle goes on where it was. Those that ended before stay "
        "as they are.",
        "Reopen the cycle",
        "",
    ),
}
_PREVIEW_OF_CYCLE = {"close": ending.preview_closing_cycle, "reopen": ending.preview_reopening_cycle}
_DECIDE_OF_CYCLE = {"close": ending.close_cycle, "reopen": ending.reopen_cycle_by_decision}


def _render_cycle_way_page(
    request: Request,
    visit: Visit,
    cycle: Cycle,
    way: str,
    problem: Problem | None = None,
    reason: str = "",
) -> Response:
    """The page of one decision about a cycle: what would follow, worked out now."""
    told: list[str] = []
    try:
        told = _PREVIEW_OF_CYCLE[way](visit.register, cycle, visit.office.now())
    except WrongUse as refused:
        problem = problem or tell_problem(refused)
    return render_page(
        request,
        "decide.html",
        status=422 if problem else 200,
        title=_CYCLE_WAYS[way].title.format(cycle=cycle.name),
        back=(f"/?cycle={cycle.id}", "Board"),
        action=f"/cycles/{cycle.id}/{way}",
        way=_CYCLE_WAYS[way],
        told=told,
        is_refused=not told,
        reason=reason,
        problem=problem,
    )


def _decide_on_cycle(request: Request, visit: Visit, cycle_id: str, way: str, reason: str) -> Response:
    """Make a decision about a cycle, or show its page again."""
    cycle = _find_cycle(visit, cycle_id)
    try:
        with visit.register.writing() as connection:
            _DECIDE_OF_CYCLE[way](
                connection, cycle, reason=reason, at=visit.office.now(), actor=visit.person.name
            )
    except WrongUse as refused:
        return _render_cycle_way_page(request, visit, cycle, way, tell_problem(refused), reason)
    return RedirectResponse(f"/?cycle={cycle_id}", 303)


@router.get("/cycles/{cycle_id}/close")
def show_close_cycle(request: Request, visit: Signed, cycle_id: str) -> Response:
    """What closing a cycle would do, and the form for it."""
    return _render_cycle_way_page(request, visit, _find_cycle(visit, cycle_id), "close")


@router.post("/cycles/{cycle_id}/close")
def close_cycle(request: Request, visit: Checked, cycle_id: str, reason: Text = "") -> Response:
    """Close a cycle for a reason, with every challenge that still runs."""
    return _decide_on_cycle(request, visit, cycle_id, "close", reason)


@router.get("/cycles/{cycle_id}/reopen")
def show_reopen_cycle(request: Request, visit: Signed, cycle_id: str) -> Response:
    """What reopening a cycle would do, and the form for it."""
    return _render_cycle_way_page(request, visit, _find_cycle(visit, cycle_id), "reopen")


@router.post("/cycles/{cycle_id}/reopen")
def reopen_cycle(request: Request, visit: Checked, cycle_id: str, reason: Text = "") -> Response:
    """Reopen a cycle for a reason, with every challenge that was closed with it."""
    return _decide_on_cycle(request, visit, cycle_id, "reopen", reason)
