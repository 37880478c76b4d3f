"""The timetable of a cycle: what is proposed, changed by hand, and agreed; nobody is told before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.context import Signed, Visit
from dashboard.done import say_done
from dashboard.find_challenge import find_open_cycle
from dashboard.form_fields import FormFields
from dashboard.form_problem import Problem, tell_problem
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.typed_days import read_typed_minutes, read_typed_moment
from peer_challenge.errors import WrongUse
from peer_challenge.events.agree_events import (
    Remarks,
    Waiting,
    WantedEvent,
    agree_events,
    explain_missing_days,
    find_remarks,
    keep_changed_proposals,
    list_changed_proposals,
    list_waiting,
)
from peer_challenge.events.objections import RefusedEvent
from peer_challenge.events.propose_or_set_events import propose_events_again
from peer_challenge.events.timetable import LENGTH
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.model.challenge_ids import find_author_id
from peer_challenge.model.cycle import Cycle
from peer_challenge.register.events import events_of
from peer_challenge.register.work_out import ChangedMeanwhile

router = APIRouter(include_in_schema=False)
_FIELDS = ("day", "at", "minutes", "chair", "place")
_DONE = {
    "kept": "Your changes were kept. Nobody is told before you agree the events.",
    "again": "Days were worked out again. What you chose by hand has stayed.",
    "agreed": "Agreed. {leaves:Invitations}",
    "ahead": "The days are agreed ahead. Nobody is told of them now.",
    "both": "Agreed. {leaves:Invitations} Of the days that are agreed ahead nobody is told now.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One challenge that waits for an event, with what its fields hold, by the field's name.

    `about` says where the values come from.
    """

    author_id: str
    author: str
    challenger: str
    values: Mapping[str, str]
    is_chosen: bool
    about: str


@router.get("/cycle/{cycle_id}/timetable")
def show_timetable(request: Request, visit: Signed, cycle_id: str, done: str = "") -> Response:
    """Every event that is proposed, each with what speaks against it."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        cycle = find_open_cycle(connection, cycle_id)
        waiting = list_waiting(connection, cycle)
        rows = [_make_row(cycle, one, {}) for one in waiting]
        wanted, _ = _read_wanted(cycle, waiting, _list_typed(rows))
        remarks = find_remarks(connection, cycle, wanted, visit.office.now())
    return _render_timetable(request, visit, cycle, rows, {}, remarks, done=done)


@router.post("/cycle/{cycle_id}/timetable")
def change_timetable(request: Request, visit: Checked, cycle_id: str, fields: FormFields) -> Response:
    """Keep changes, work the days out again, or agree what is ticked once it is confirmed with a reason."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        cycle = find_open_cycle(connection, cycle_id)
        waiting = list_waiting(connection, cycle)
        early = {one.challenge.id for one in waiting if one.is_early}
        rows = [_make_row(cycle, one, fields) for one in waiting]
        wanted, wrong = _read_wanted(cycle, waiting, fields)
        remarks = find_remarks(connection, cycle, wanted, visit.office.now())
        chosen = [one for one in wanted if fields.get(f"is-{find_author_id(one.challenge_id)}")]
        left = list_changed_proposals(connection, cycle, [one for one in wanted if one not in chosen])
        refused_events = remarks.refused
        if fields.get("act") in ("agree", "confirm"):  # what is left as it was speaks against nothing
            refused_events = find_remarks(connection, cycle, [*chosen, *left], visit.office.now()).refused
            remarks = find_remarks(connection, cycle, chosen, visit.office.now())
    problems, act = [*wrong, *map(_place_refused, refused_events)], fields.get("act", "")
    agreeing: list[WantedEvent] = []
    try:
        if act == "again":
            return _propose_again(visit, cycle)
        if problems or act not in ("keep", "agree", "confirm"):
            return _render_timetable(request, visit, cycle, rows, fields, remarks, problems=problems)
        if act == "keep":
            return _keep(visit, cycle, wanted)
        if not chosen:
            raise WrongUse("No event is ticked.", remedy="Tick each event that you agree.")
        agreeing = chosen
        if act == "confirm":
            return _agree(visit, cycle, chosen, left, fields, early=early)
    except (WrongUse, ChangedMeanwhile) as refused:
        problems = [tell_problem(refused)]
    return _render_timetable(
        request,
        visit,
        cycle,
        rows,
        fields,
        remarks,
        problems=problems,
        agreeing=agreeing,
        early=early,
        left=left,
    )


def _propose_again(visit: Visit, cycle: Cycle) -> Response:
    propose_events_again(visit.register, cycle, visit.office.now(), actor=visit.person.name)
    return RedirectResponse(f"/cycle/{cycle.id}/timetable?done=again", 303)


def _keep(visit: Visit, cycle: Cycle, wanted: Sequence[WantedEvent]) -> Response:
    with visit.register.writing() as connection:
        keep_changed_proposals(connection, cycle, wanted, actor=visit.person.name, at=visit.office.now())
    return RedirectResponse(f"/cycle/{cycle.id}/timetable?done=kept", 303)


def _agree(
    visit: Visit,
    cycle: Cycle,
    chosen: Sequence[WantedEvent],
    left: Sequence[WantedEvent],
    fields: Mapping[str, str],
    *,
    early: Collection[str],
) -> Response:
    """Agree what is chosen, and keep what was changed of the events that are left for another day.

    `early` are the challenges whose analysis is not in yet.
    """
    with visit.register.writing() as connection:
        agree_events(
            connection,
            cycle,
            chosen,
            reason=fields.get("reason", ""),
            actor=visit.person.name,
            at=visit.office.now(),
            accepted=fields.get("accepted", "").splitlines(),
        )
        keep_changed_proposals(connection, cycle, left, actor=visit.person.name, at=visit.office.now())
    are_early = {one.challenge_id in early for one in chosen}
    done = "both" if are_early == {True, False} else "ahead" if are_early == {True} else "agreed"
    return RedirectResponse(f"/cycle/{cycle.id}/timetable?done={done}", 303)


def _make_row(cycle: Cycle, waiting: Waiting, typed: Mapping[str, str]) -> Row:
    """A row of the form, with what was typed in place of the proposal where something was."""
    challenge, proposed = waiting.challenge, waiting.proposed
    author = challenge.author_id
    event = proposed.event if proposed else None
    values = {
        "day": event.starts_at.date().isoformat() if event else "",
        "at": event.starts_at.strftime("%H:%M") if event else "10:00",
        "minutes": str(_count_minutes(event.ends_at - event.starts_at if event else LENGTH)),
        "chair": event.chair.id if event else "",
        "place": event.place if event else "Online",
    }
    about = "No day was found." if proposed is None else "Worked out from everybody's days."
    if proposed is not None and proposed.changed_by:
        about = f"Chosen by {proposed.changed_by}."
    if waiting.is_early:
        about = _describe_early(waiting)
    return Row(
        author,
        cycle.participant[author].name,
        cycle.participant[challenge.challenger_id or ""].name,
        {name: typed.get(f"{name}-{author}", value) for name, value in values.items()},
        bool(typed.get(f"is-{author}"))
        if typed.get("act")
        else proposed is not None and not waiting.is_early,
        about,
    )


def _describe_early(waiting: Waiting) -> str:
    """A sentence or two on a challenge whose analysis is not in yet."""
    if waiting.is_agreed:
        return "Agreed ahead. We have told nobody. We invite when the analysis is in, if the day still fits."
    chosen = f" Chosen by {waiting.proposed.changed_by}." if waiting.proposed else ""
    return f"Its analysis is not in yet. You can choose a date ahead.{chosen}"


def _count_minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


def _list_typed(rows: Sequence[Row]) -> dict[str, str]:
    """The fields of all rows, as a form would send them."""
    return {f"{name}-{row.author_id}": row.values[name] for row in rows for name in _FIELDS}


def _read_wanted(
    cycle: Cycle, waiting: Sequence[Waiting], typed: Mapping[str, str]
) -> tuple[list[WantedEvent], list[Problem]]:
    """The events that are typed, and what is wrong with the others; a row without a day is left out."""
    wanted, wrong = [], []
    for one in waiting:
        author = one.challenge.author_id
        values = {name: typed.get(f"{name}-{author}", "").strip() for name in _FIELDS}
        if not values["day"]:
            if typed.get(f"is-{author}"):
                told = f"{cycle.participant[author].name}: give a day, or take the tick away."
                wrong.append(Problem(told, f"day-{author}"))
            continue
        try:
            wanted.append(_read_row(one.challenge.id, values))
        except WrongUse as refused:
            told = f"{cycle.participant[author].name}: {refused.in_full}"
            wrong.append(Problem(told, f"{refused.about}-{author}"))
    return wanted, wrong


def _place_refused(found: RefusedEvent) -> Problem:
    """Why an event can't be as it is typed, at the field that is to change."""
    return Problem(found.told, f"{found.about}-{find_author_id(found.challenge)}" if found.about else "")


def _read_row(challenge_id: str, values: Mapping[str, str]) -> WantedEvent:
    lasts = read_typed_minutes(values["minutes"])
    starts_at = read_typed_moment(values["day"], values["at"])
    return WantedEvent(challenge_id, values["chair"], starts_at, lasts, values["place"])


def _render_timetable(
    request: Request,
    visit: Visit,
    cycle: Cycle,
    rows: Sequence[Row],
    typed: Mapping[str, str],
    remarks: Remarks,
    *,
    problems: Sequence[Problem] = (),
    agreeing: Sequence[WantedEvent] = (),
    early: Collection[str] = (),
    left: Sequence[WantedEvent] = (),
    done: str = "",
) -> Response:
    with visit.register.reading() as connection:
        agreed = events_of(connection, cycle)
        missing = explain_missing_days(connection, cycle)
    named = {row.author_id: row for row in rows}

    def name_event(one: WantedEvent) -> tuple[Row, WantedEvent, str]:
        return named[find_author_id(one.challenge_id)], one, cycle.chair[one.chair_id].name

    return render_page(
        request,
        "cycle-timetable.html",
        status=422 if problems else 200,
        title="Timetable of events",
        cycle=cycle,
        rows=rows,
        agreed=agreed,
        agreeing=[name_event(one) for one in agreeing if one.challenge_id not in early],
        planning=[name_event(one) for one in agreeing if one.challenge_id in early],
        left=[name_event(one) for one in left] if agreeing else [],
        typed={name: value for name, value in typed.items() if name not in ("csrf_token", "act", "reason")},
        reason=typed.get("reason", ""),
        chairs=[("", "Choose a Chair"), *((chair.id, chair.name) for chair in cycle.present_chairs)],
        remarks=remarks,
        missing=missing if any(not row.values["day"] for row in rows) else [],
        problems=problems,
        problem=bool(problems),
        done=say_done(_DONE, done, visit, cycle),
    )
