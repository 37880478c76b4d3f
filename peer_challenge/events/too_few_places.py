"""Crowds: events with fewer places between them than they are (Hall's theorem, by augmenting paths)."""

from collections.abc import Sequence
from datetime import date

from peer_challenge.events.possible_days import EventRequest, Options

Crowd = tuple[list[EventRequest], list[date], int]


class _Seating:
    """Each event on a day that it could have, no day with more events than it has places."""

    def __init__(self, requests: Sequence[EventRequest], options: Options) -> None:
        chairs = options.cycle.chairs
        self.free = {r: [d for d in options.days(r) if options.free_chairs(r, d)] for r in requests}
        self.places = {
            day: min(options.room(day), sum(options.is_free(chair, day) for chair in chairs))
            for day in sorted({day for days in self.free.values() for day in days})
        }
        self.on: dict[date, list[EventRequest]] = {day: [] for day in self.places}
        self.unplaced = [request for request in requests if not self._place(request, set())]

    def _place(self, request: EventRequest, seen: set[date]) -> bool:
        """Place `request`, moving others where that makes room; those placed keep a place."""
        for day in self.free[request]:
            if day in seen:
                continue
            seen.add(day)
            if len(self.on[day]) < self.places[day]:
                self.on[day].append(request)
                return True
            for other in self.on[day]:
                if self._place(other, seen):
                    self.on[day].remove(other)
                    self.on[day].append(request)
                    return True
        return False

    def reach(self, request: EventRequest) -> tuple[set[EventRequest], set[date]]:
        """All events that would have to move for `request` to have a place, and all their days."""
        events, days, look = {request}, set[date](), [request]
        while look:
            for day in self.free[look.pop()]:
                if day not in days:
                    days.add(day)
                    look += [other for other in self.on[day] if other not in events]
                    events.update(self.on[day])
        return events, days


def crowds(requests: Sequence[EventRequest], options: Options) -> list[Crowd]:
    """Each crowd as its events, their days, and how many places those days have; none shares a day."""
    seating = _Seating(requests, options)
    found: list[tuple[set[EventRequest], set[date]]] = []
    for request in seating.unplaced:
        events, days = seating.reach(request)
        for other in [crowd for crowd in found if crowd[1] & days]:
            found.remove(other)
            events, days = events | other[0], days | other[1]
        found.append((events, days))
    return [
        ([r for r in requests if r in events], sorted(days), sum(seating.places[day] for day in days))
        for events, days in found
    ]
