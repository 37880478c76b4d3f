"""The calendar: every deadline that lies ahead and every event, what clashes, and a calendar file."""

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.attachment import attach_file
from dashboard.context import NotFound, Signed
from dashboard.query_string import chosen_cycle, options_of
from dashboard.render_page import render_page
from dashboard.timeline import timeline_of
from peer_challenge.dates.calendar_entry import DeadlineEntry, event_calendar
from peer_challenge.dates.deadlines import NAMES
from peer_challenge.events.clashes import find_clashes
from peer_challenge.model.access import check_user_can_see_board
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.vocabulary import DEADLINE_NAMES, DeadlineName, Stage
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.register.events import events_of
from peer_challenge.register.known_challenges import KnownChallenge, challenges_for, list_deadlines_ahead

router = APIRouter(include_in_schema=False)


@router.get("/calendar")
def calendar(request: Request, visit: Signed, cycle: str = "") -> Response:
    """A cycle's dates by month, and by area."""
    check_user_can_see_board(visit.person)
    with visit.register.reading() as connection:
        cycles, chosen = chosen_cycle(connection, cycle)
        loaded = load_stored(connection, chosen.id)[0] if chosen else None
        today = visit.office.today()
        known = list(challenges_for(visit.person, connection, loaded, today)) if loaded else []
        events = _list_known_events(connection, loaded, known) if loaded else []
        ahead = list_deadlines_ahead(known)
        table = _list_dates_by_area(known)
    entries = [(row.due_on, row.name, row.author_id) for row in ahead]
    found = find_clashes(loaded, events, _find_last_event_days(table)) if loaded else []
    names = {p.id: p.name for p in loaded.participants} if loaded else {}
    return render_page(
        request,
        "calendar.html",
        title="Calendar",
        cycle=chosen,
        cycles=options_of(cycles),
        names=names,
        events=events,
        months=_group_by_month(entries),
        columns=NAMES,
        table=table,
        clashes=[clash.told for clash in found],
        timeline=timeline_of(
            [(area, names.get(area, area), due) for area, _, due in table],
            {(row.author_id, row.name) for row in ahead},
            {area for clash in found for area in clash.areas},
            today,
        ),
        kinds=DEADLINE_NAMES,
        today=today,
    )


def _group_by_month(
    entries: Sequence[tuple[date, str, str]],
) -> list[tuple[date, list[tuple[date, str, str]]]]:
    found: dict[date, list[tuple[date, str, str]]] = {}
    for entry in sorted(entries):
        found.setdefault(entry[0].replace(day=1), []).append(entry)
    return list(found.items())


def _list_dates_by_area(known: Sequence[KnownChallenge]) -> list[tuple[str, str, dict[str, date]]]:
    return [
        (one.author_id, one.stage.value, {deadline.name: deadline.due_on for deadline in one.deadlines})
        for one in known
        if one.stage is not Stage.WITHDRAWN
    ]


def _list_known_events(
    connection: Transaction, cycle: Cycle, known: Sequence[KnownChallenge]
) -> list[EventFacts]:
    """The events of a cycle that the visitor may know of, earliest first."""
    seen = {one.id for one in known if one.event is not None}
    return [event for event in events_of(connection, cycle) if event.challenge in seen]


def _find_last_event_days(table: Sequence[tuple[str, str, dict[str, date]]]) -> dict[str, date]:
    """The last day of each event window, by area."""
    return {area: due[DeadlineName.EVENT_BY] for area, _, due in table if DeadlineName.EVENT_BY in due}


@router.get("/calendar.ics")
def calendar_file(visit: Signed, cycle: str = "") -> Response:
    """A cycle's events and deadlines as a calendar file."""
    check_user_can_see_board(visit.person)
    with visit.register.reading() as connection:
        _, chosen = chosen_cycle(connection, cycle)
        if chosen is None:
            raise NotFound("No cycle is open.")
        loaded, _ = load_stored(connection, chosen.id)
        known = list(challenges_for(visit.person, connection, loaded, visit.office.today()))
        events = _list_known_events(connection, loaded, known)
        deadlines = [
            DeadlineEntry(row.challenge_id, row.name, loaded.participant[row.author_id].name, row.due_on)
            for row in list_deadlines_ahead(known)
            if row.name is not DeadlineName.EVENT_ON
        ]
    data = event_calendar(events, office=loaded.office, stamped_at=visit.office.now(), deadlines=deadlines)
    return attach_file(data, f"{chosen.id}.ics")
