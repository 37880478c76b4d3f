"""Finds crowds: sets of events that have fewer places between them than there are events."""

from collections.abc import Sequence
from datetime import date

from peer_challenge.events.possible_days import EventRequest, Options
from peer_challenge.model.seating import Seating, assign_places

Room = dict[date, int]
Crowd = tuple[list[EventRequest], list[date], int]


def _seat_all_events(
    requests: Sequence[EventRequest], options: Options
) -> tuple[Seating[EventRequest, date], Room]:
    """Each event on a day that it could have, and how many places each day has."""
    chairs = options.cycle.present_chairs
    wishes = {r: [d for d in options.days(r) if options.free_chairs(r, d)] for r in requests}
    room = {
        day: min(options.room(day), sum(options.is_free(chair, day) for chair in chairs))
        for day in sorted({day for days in wishes.values() for day in days})
    }
    return assign_places(wishes, room), room


def find_crowded_events(requests: Sequence[EventRequest], options: Options) -> list[Crowd]:
    """Each crowd as its events, their days, and how many places those days have.

    No two crowds share a day.
    """
    seating, room = _seat_all_events(requests, options)
    found: list[tuple[set[EventRequest], set[date]]] = []
    for request in seating.unplaced:
        events, days = seating.find_crowd(request)
        for other in [crowd for crowd in found if crowd[1] & days]:
            found.remove(other)
            events, days = events | other[0], days | other[1]
        found.append((events, days))
    return [
        ([r for r in requests if r in events], sorted(days), sum(room[day] for day in days))
        for events, days in found
    ]
