"""The calendar: every deadline that lies ahead and every event, what clashes, and a calendar file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from dashboard.attachment import attach_file
from dashboard.context import NotFound, Signed
from dashboard.query_string import chosen_cycle, options_of
from dashboard.render_page import page
from dashboard.timeline import timeline_of
from peer_challenge.dates.calendar_file import event_calendar
from peer_challenge.dates.deadlines import NAMES
from peer_challenge.model.access import check_user_can_see_board
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.vocabulary import DEADLINE_NAMES, Stage
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.events import events_of
from peer_challenge.register.known_challenges import KnownChallenge, ahead_of, challenges_for

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
        events = _known_events(connection, loaded, known) if loaded else []
        ahead = ahead_of(known)
        table = _by_area(known)
    entries = [(row.due_on, row.name, row.author_id) for row in ahead]
    found = clashes(loaded, events, table) if loaded else []
    names = {p.id: p.name for p in loaded.participants} if loaded else {}
    return page(
        request,
        "calendar.html",
        title="Calendar",
        cycle=chosen,
        cycles=options_of(cycles),
        names=names,
        events=events,
        months=_by_month(entries),
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


def _by_month(entries: Sequence[tuple[date, str, str]]) -> list[tuple[date, list[tuple[date, str, str]]]]:
    found: dict[date, list[tuple[date, str, str]]] = {}
    for entry in sorted(entries):
        found.setdefault(entry[0].replace(day=1), []).append(entry)
    return list(found.items())


def _by_area(known: Sequence[KnownChallenge]) -> list[tuple[str, str, dict[str, date]]]:
    return [
        (one.author_id, one.stage.value, {deadline.name: deadline.due_on for deadline in one.deadlines})
        for one in known
        if one.stage is not Stage.WITHDRAWN
    ]


def _known_events(connection: Connection, cycle: Cycle, known: Sequence[KnownChallenge]) -> list[EventFacts]:
    """The events of a cycle that the visitor may know of, earliest first."""
    seen = {one.id for one in known if one.event is not None}
    return [event for event in events_of(connection, cycle) if event.challenge in seen]


@dataclass(frozen=True, slots=True)
class Clash:
    """What can't be as it is set: in a sentence, and whose events it is about."""

    told: str
    areas: tuple[str, ...]


def clashes(
    cycle: Cycle, events: Sequence[EventFacts], table: Sequence[tuple[str, str, dict[str, date]]]
) -> list[Clash]:
    """People in two places, events past their window, days with more events than the cycle allows."""
    window = {area: due["event_by"] for area, _, due in table if "event_by" in due}
    return [*_late(events, window), *_at_once(cycle, events), *_full_days(cycle, events)]


def _late(events: Sequence[EventFacts], window: Mapping[str, date]) -> Iterator[Clash]:
    for event in events:
        last = window.get(event.author.id)
        if last is not None and event.starts_at.date() > last:
            told = f"{event.author.name}: the event is after the end of its window, {last.day} {last:%B %Y}."
            yield Clash(told, (event.author.id,))


def _at_once(cycle: Cycle, events: Sequence[EventFacts]) -> Iterator[Clash]:
    for one, other in combinations(events, 2):
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
            for who in sorted(_people(one) & _people(other)):
                held = cycle.participant.get(who) or cycle.chair[who]
                yield Clash(
                    f"{held.name} has two events at once on {one.starts_at.day} {one.starts_at:%B %Y}: "
                    f"{one.author.name} and {other.author.name}.",
                    (one.author.id, other.author.id),
                )


def _people(event: EventFacts) -> set[str]:
    return {event.author.id, event.challenger.id, event.chair.id}


def _full_days(cycle: Cycle, events: Sequence[EventFacts]) -> Iterator[Clash]:
    by_day: dict[date, list[str]] = {}
    for event in events:
        by_day.setdefault(event.starts_at.date(), []).append(event.author.id)
    most = cycle.rules.events_per_day
    for day, areas in sorted(by_day.items()):
        if len(areas) > most:
            yield Clash(
                f"{len(areas)} events on {day.day} {day:%B %Y}: the cycle allows {most}.", tuple(areas)
            )


@router.get("/calendar.ics")
def calendar_file(visit: Signed, cycle: str = "") -> Response:
    """A cycle's events and deadlines for anybody's calendar."""
    check_user_can_see_board(visit.person)
    with visit.register.reading() as connection:
        _, chosen = chosen_cycle(connection, cycle)
        if chosen is None:
            raise NotFound("No cycle is open.")
        loaded, _ = load_stored(connection, chosen.id)
        known = list(challenges_for(visit.person, connection, loaded, visit.office.today()))
        events = _known_events(connection, loaded, known)
        deadlines = [
            (row.challenge_id, row.name, row.due_on) for row in ahead_of(known) if row.name != "event_on"
        ]
    data = event_calendar(events, stamped_at=visit.office.now(), deadlines=deadlines)
    return attach_file(data, f"{chosen.id}.ics")
