"""Moving several events of a cycle at once: what would move, then all of it or nothing."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import Signed, Visit
from dashboard.find_challenge import find_open_cycle
from dashboard.form_fields import FormFields
from dashboard.form_problem import Problem, tell_problem
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.typed_days import read_typed_moment
from peer_challenge.errors import WrongUse
from peer_challenge.events.move_events import (
    Move,
    find_obstacles_to_moves,
    list_warnings_of_moves,
    move_events,
)
from peer_challenge.events.move_rules import Consent
from peer_challenge.events.objections import RefusedEvent
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.challenge_ids import find_author_id
from peer_challenge.model.cycle import Cycle
from peer_challenge.register.database import Transaction
from peer_challenge.register.events import events_of

router = APIRouter(include_in_schema=False)
_OWN = ("csrf_token", "is_confirmed", "is_edited", "reason")


@router.get("/cycle/{cycle_id}/events")
def show_events(request: Request, visit: Signed, cycle_id: str) -> Response:
    """The form with every event to come."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        cycle, events = _load_events(connection, visit, cycle_id)
    return _render_events_page(request, cycle, events, {}, None, [])


def _load_events(connection: Transaction, visit: Visit, cycle_id: str) -> tuple[Cycle, list[EventFacts]]:
    cycle = find_open_cycle(connection, cycle_id)
    return cycle, [event for event in events_of(connection, cycle) if event.ends_at > visit.office.now()]


def _render_events_page(
    request: Request,
    cycle: Cycle,
    events: Sequence[EventFacts],
    typed: Mapping[str, str],
    moves: Sequence[Move] | None,
    problems: Sequence[Problem],
    warnings: Sequence[str] = (),
) -> Response:
    names = {event.challenge: event for event in events}
    return render_page(
        request,
        "cycle-events.html",
        status=422 if problems else 200,
        title="Move several events",
        cycle=cycle,
        events=events,
        typed={name: value for name, value in typed.items() if name not in _OWN},
        reason=typed.get("reason", ""),
        moving=[(names[move.challenge_id], move.starts_at) for move in moves or ()],
        problems=problems,
        warnings=warnings,
        problem=bool(problems),
    )


def _read_moves(events: Sequence[EventFacts], typed: Mapping[str, str]) -> tuple[list[Move], list[Problem]]:
    """The events that have another day or time, and what is typed that is none."""
    moves, wrong = [], []
    for event in events:
        day, at = typed.get(f"day-{event.author.id}", ""), typed.get(f"at-{event.author.id}", "")
        try:
            starts_at = read_typed_moment(day, at)
        except WrongUse as refused:
            told = f"{event.author.name}: {refused.in_full}"
            wrong.append(Problem(told, f"{refused.about}-{event.author.id}"))
            continue
        minutes = int((event.ends_at - event.starts_at).total_seconds() // 60)
        if starts_at != event.starts_at:
            moves.append(Move(event.challenge, starts_at, minutes, event.place))
    return moves, wrong


def _place_refused(found: Sequence[RefusedEvent]) -> list[Problem]:
    """What keeps events from being moved, each at the field that is to change: it has no place to type."""
    return [Problem(one.told, f"day-{find_author_id(one.challenge)}" if one.about else "") for one in found]


@router.post("/cycle/{cycle_id}/events")
def change_events(request: Request, visit: Checked, cycle_id: str, fields: FormFields) -> Response:
    """Show what would move; move all of it once that is confirmed with a reason."""
    check_user_can_run_cycle(visit.person)
    consent = Consent(may_be_late=bool(fields.get("may_be_late")))
    with visit.register.reading() as connection:
        cycle, events = _load_events(connection, visit, cycle_id)
        moves, wrong = _read_moves(events, fields)
        if wrong:
            return _render_events_page(request, cycle, events, fields, None, wrong)
        found = find_obstacles_to_moves(connection, cycle, moves, visit.office.now(), consent)
        warnings = list_warnings_of_moves(connection, cycle, moves, visit.office.now())
    problems = _place_refused(found)
    if not moves:
        problems = [Problem("No event has another day or time. Change at least one.")]
    if problems or fields.get("is_edited"):
        return _render_events_page(request, cycle, events, fields, None, problems)
    if not fields.get("is_confirmed"):
        return _render_events_page(request, cycle, events, fields, moves, [], warnings)
    try:
        with visit.register.writing() as connection:
            move_events(
                connection,
                cycle,
                moves,
                reason=fields.get("reason", ""),
                actor=visit.person.name,
                at=visit.office.now(),
                consent=consent,
            )
    except WrongUse as refused:
        return _render_events_page(request, cycle, events, fields, moves, [tell_problem(refused)])
    return RedirectResponse(f"/cycle?cycle={cycle.id}&done=events", 303)
