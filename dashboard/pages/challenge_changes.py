"""What the office changes in a challenge: its event, its withdrawal; each with a reason."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import Signed, Visit
from dashboard.find_challenge import Found, find_challenge_for_office
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.typed_days import read_typed_minutes, read_typed_moment
from peer_challenge.clock import LONDON
from peer_challenge.errors import WrongUse
from peer_challenge.events.change_chair import give_event, has_chair_to_change, list_candidates
from peer_challenge.events.move_events import Move, move_event
from peer_challenge.events.move_rules import Consent
from peer_challenge.model.vocabulary import DeadlineName
from peer_challenge.partners.withdraw_area import explain_no_partners, find_affected, withdraw_area
from peer_challenge.partners.withdraw_challenge import find_told
from peer_challenge.register import challenges, listings
from peer_challenge.register.events import load_event
from peer_challenge.register.work_out import ChangedMeanwhile
from peer_challenge.steering.preview_move import (
    check_event_mark,
    mark_event,
    preview_chair_change,
    preview_move,
)

router = APIRouter(include_in_schema=False)


@router.get("/challenges/{cycle_id}/{author_id}/withdraw")
def show_withdraw(request: Request, visit: Signed, cycle_id: str, author_id: str) -> Response:
    """What withdrawing would do, and the form for it."""
    return _render_withdraw_page(request, visit, find_challenge_for_office(visit, cycle_id, author_id), None)


def _render_withdraw_page(
    request: Request, visit: Visit, found: Found, problem: Problem | None, asked: str = ""
) -> Response:
    with visit.register.reading() as connection:
        waiting = listings.count_cancellable(connection, found.row.id)
        told = find_told(connection, found.cycle.id, found.row.author_id, visit.office.now())
        affected = find_affected(connection, found.cycle, found.row.author_id)
    conflict, remedies = explain_no_partners(visit.register, found.cycle, found.row.author_id)
    holders = {role: found.name(found.scope.holder(role)) for role in told.of_withdrawal}
    return render_page(
        request,
        "withdraw.html",
        status=422 if problem else 200,
        title=f"Withdraw {found.name(found.row.author_id)}",
        found=found,
        waiting=waiting,
        told=[name for name in holders.values() if name],
        invited=[holders[role] for role in told.of_cancelled_event if role in holders],
        orphans=[found.name(area) for area in affected.orphans],
        settled=[found.name(area) for area in affected.settled],
        conflict=conflict,
        remedies=remedies,
        asked=asked,
        problem=problem,
    )


@router.post("/challenges/{cycle_id}/{author_id}/withdraw")
def withdraw(request: Request, visit: Checked, cycle_id: str, author_id: str, reason: Text = "") -> Response:
    """Withdraw an area for a reason; who needs another challenger for it gets one proposed."""
    found = find_challenge_for_office(visit, cycle_id, author_id)
    try:
        is_proposed = withdraw_area(
            visit.register,
            found.cycle,
            found.row.author_id,
            reason,
            at=visit.office.now(),
            actor=visit.person.name,
        )
    except (WrongUse, ChangedMeanwhile) as refused:
        return _render_withdraw_page(request, visit, found, tell_problem(refused), reason)
    return RedirectResponse(f"{found.path}?done={'withdrawn-proposed' if is_proposed else 'withdrawn'}", 303)


@router.get("/challenges/{cycle_id}/{author_id}/event")
def show_event(request: Request, visit: Signed, cycle_id: str, author_id: str) -> Response:
    """The form for moving an event."""
    return _render_event_page(request, visit, find_challenge_for_office(visit, cycle_id, author_id), {}, None)


def _render_event_page(
    request: Request,
    visit: Visit,
    found: Found,
    asked: dict[str, str],
    problem: Problem | None,
    follows: tuple[list[str], list[str]] | None = None,
    chair_follows: list[str] | None = None,
) -> Response:
    """The form; with `follows`, the warnings and the dates of a move, what it would do instead.

    With `chair_follows` what another Chair would mean.
    """
    with visit.register.reading() as connection:
        event = load_event(connection, found.row.id)
        candidates = list_candidates(connection, found.cycle, found.row.id, visit.office.now())
        due = challenges.due_dates(connection, found.row.id)
    return render_page(
        request,
        "event.html",
        status=422 if problem else 200,
        title=f"Move the event: {found.name(found.row.author_id)}",
        found=found,
        event=event,
        event_by=due.get(DeadlineName.EVENT_BY),
        starts=event.starts_at.astimezone(LONDON) if event else None,
        minutes=int((event.ends_at - event.starts_at).total_seconds() // 60) if event else 120,
        asked=asked,
        mark=mark_event(event),
        follows=follows,
        chair_follows=chair_follows,
        new_start=read_typed_moment(asked["day"], asked["at"]) if follows else None,
        is_over=event is not None and event.ends_at <= visit.office.now(),
        chair=found.cycle.chair[event.chair_id].name if event else "",
        free_chairs=[(one.chair.id, one.chair.name) for one in candidates if not one.why_not],
        busy_chairs=[one.why_not for one in candidates if one.why_not],
        has_chair=has_chair_to_change(found.row),
        problem=problem,
    )


@router.post("/challenges/{cycle_id}/{author_id}/event")
def change_event(
    request: Request,
    visit: Checked,
    cycle_id: str,
    author_id: str,
    day: Text = "",
    at: Text = "",
    minutes: Text = "120",
    place: Text = "",
    reason: Text = "",
    may_be_late: Text = "",
    may_be_again: Text = "",
    is_confirmed: Text = "",
    is_edited: Text = "",
) -> Response:
    """Show what moving an event would do; move it and tell the people who take part once confirmed."""
    found = find_challenge_for_office(visit, cycle_id, author_id)
    asked = {
        "day": day,
        "at": at,
        "minutes": minutes,
        "place": place,
        "reason": reason,
        "may_be_late": may_be_late,
        "may_be_again": may_be_again,
    }
    consent = Consent(may_be_late=bool(may_be_late), may_be_again=bool(may_be_again))
    if is_edited:
        return _render_event_page(request, visit, found, asked, None)
    try:
        starts, lasts = read_typed_moment(day, at), read_typed_minutes(minutes)
        if not is_confirmed:
            move, now = Move(found.row.id, starts, lasts, place), visit.office.now()
            follows = preview_move(visit.register, found.cycle, move, reason=reason, at=now, consent=consent)
            return _render_event_page(request, visit, found, asked, None, follows)
        with visit.register.writing() as connection:
            check_event_mark(connection, found.row.id, is_confirmed)
            move_event(
                connection,
                found.cycle,
                found.row.id,
                starts,
                minutes=lasts,
                place=place,
                reason=reason,
                actor=visit.person.name,
                at=visit.office.now(),
                consent=consent,
            )
    except WrongUse as refused:
        return _render_event_page(request, visit, found, asked, tell_problem(refused))
    return RedirectResponse(f"{found.path}?done=event", 303)


@router.post("/challenges/{cycle_id}/{author_id}/chair")
def change_chair(
    request: Request,
    visit: Checked,
    cycle_id: str,
    author_id: str,
    chair: Text = "",
    chair_reason: Text = "",
    is_confirmed: Text = "",
) -> Response:
    """Show what follows from another Chair; give the event to them and tell all people once confirmed."""
    found = find_challenge_for_office(visit, cycle_id, author_id)
    asked = {"chair": chair, "chair_reason": chair_reason}
    try:
        if not is_confirmed:
            told = preview_chair_change(
                visit.register, found.cycle, found.row.id, chair, reason=chair_reason, at=visit.office.now()
            )
            return _render_event_page(request, visit, found, asked, None, chair_follows=told)
        with visit.register.writing() as connection:
            check_event_mark(connection, found.row.id, is_confirmed)
            give_event(
                connection,
                found.cycle,
                found.row.id,
                chair,
                reason=chair_reason,
                actor=visit.person.name,
                at=visit.office.now(),
            )
    except WrongUse as refused:
        problem = tell_problem(refused, reason="chair_reason")
        return _render_event_page(request, visit, found, asked, problem)
    return RedirectResponse(f"{found.path}?done=chair", 303)
