"""Finds clashes among events: people in two places, events after their window, days that are too full.

Nobody has two events on one day, whatever their hours: people travel, and events run late. Everything that
sets, moves or shows events uses this module.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from peer_challenge.clock import local_day
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Chair, Cycle
from peer_challenge.model.days_in_words import day_in_words


@dataclass(frozen=True, slots=True)
class Clash:
    """A clash of events: a sentence about it, and the ids of the areas whose events are concerned."""

    told: str
    areas: tuple[str, ...]


def list_names_of_chair(chair: Chair) -> tuple[str, ...]:
    """The keys by which a Chair is recognised in every cycle: the id, and the email address where given."""
    return (f"chair {chair.id}", *([f"mail {chair.email.lower()}"] if chair.email else []))


def list_people_of_event(event: EventFacts) -> tuple[str, ...]:
    """The keys of all people that an event keeps busy: its two areas, and all keys of its Chair."""
    return (event.author.id, event.challenger.id, *list_names_of_chair(event.chair))


def find_double_booked(event: EventFacts, other: EventFacts) -> list[str]:
    """The names of the areas and the Chair that have both events on one day; empty when there are none."""
    if local_day(event.starts_at) != local_day(other.starts_at):
        return []
    busy = set(list_people_of_event(other))
    areas = [area.name for area in (event.author, event.challenger) if area.id in busy]
    return [*areas, *([event.chair.name] if busy.intersection(list_names_of_chair(event.chair)) else [])]


def find_clashes(cycle: Cycle, events: Sequence[EventFacts], last_days: Mapping[str, date]) -> list[Clash]:
    """Every clash among a cycle's events.

    `last_days` has the last day of each event window, by the author's id.
    """
    return [*_find_late(events, last_days), *_find_in_two_places(events), *_find_full_days(cycle, events)]


def _find_late(events: Sequence[EventFacts], last_days: Mapping[str, date]) -> Iterator[Clash]:
    for event in events:
        last = last_days.get(event.author.id)
        if last is not None and local_day(event.starts_at) > last:
            told = f"{event.author.name}: the event is after the end of its window, {day_in_words(last)}."
            yield Clash(told, (event.author.id,))


def _find_in_two_places(events: Sequence[EventFacts]) -> Iterator[Clash]:
    for one, other in combinations(events, 2):
        for name in find_double_booked(one, other):
            yield Clash(
                f"{name} has two events on {day_in_words(local_day(one.starts_at))}: "
                f"{one.author.name} and {other.author.name}.",
                (one.author.id, other.author.id),
            )


def _find_full_days(cycle: Cycle, events: Sequence[EventFacts]) -> Iterator[Clash]:
    by_day: dict[date, list[str]] = {}
    for event in events:
        by_day.setdefault(local_day(event.starts_at), []).append(event.author.id)
    most = cycle.rules.events_per_day
    for day, areas in sorted(by_day.items()):
        if len(areas) > most:
            yield Clash(f"{len(areas)} events on {day_in_words(day)}: the cycle allows {most}.", tuple(areas))
