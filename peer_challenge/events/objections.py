"""What speaks against a day, a time or a Chair for an event: what is refused, and what is only a warning.

All that sets, moves or agrees events asks here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from peer_challenge.clock import local_day
from peer_challenge.dates.holiday_files import school_holidays
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.events.clashes import find_double_booked
from peer_challenge.events.possible_days import is_among_days, is_chair_available
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.challenge_ids import split_challenge_id
from peer_challenge.model.cycle import Chair, Cycle
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.independent_chair import list_conflicts
from peer_challenge.model.sentences import join_in_words, say_how_many


class About(StrEnum):
    """What an objection is about."""

    PAST = "past"
    DAY_OFF = "day off"
    BUSY = "busy"
    CONFLICT = "conflict"
    LATE = "late"
    SHORT_NOTICE = "short notice"
    SCHOOL_HOLIDAYS = "school holidays"
    AREA_AWAY = "area away"
    CHAIR_AWAY = "Chair away"
    FULL = "full"


REFUSED = frozenset({About.PAST, About.DAY_OFF, About.BUSY, About.CONFLICT})
"""What nobody can agree to. The rest is for the office to decide: it is warned."""


@dataclass(frozen=True, slots=True)
class Objection:
    """One thing that speaks against an event: what it is about, a sentence, and what to do."""

    about: About
    told: str
    remedy: str

    @property
    def is_refusal(self) -> bool:
        """Whether the event can't be so, whatever the office says."""
        return self.about in REFUSED


@dataclass(frozen=True, slots=True)
class RefusedEvent:
    """Why an event can't be as somebody wants it, in a sentence that begins with the area.

    `about` is what of it has to change: "day", "chair" or "place"; "" for none of them.
    """

    challenge: str
    told: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """The first day that gives people enough notice, and the last day of the window, where there is one."""

    first: date | None = None
    last: date | None = None


def list_objections(
    cycle: Cycle, event: EventFacts, others: Sequence[EventFacts], window: Window, at: datetime
) -> list[Objection]:
    """All that speaks against an event as it stands in `event`, looked at at the time `at` (aware).

    `others` are all events of all open cycles; the event itself may be among them and does not count.
    """
    beside = [other for other in others if other.challenge != event.challenge]
    return [
        *_find_day_off(cycle, event, at),
        *_find_outside_window(event, window),
        *_find_busy(event, beside),
        *find_conflicts(event.chair, event),
        *find_absence(event.chair, event),
        *_find_awkward_day(cycle, event),
        *_find_full_day(cycle, event, beside),
    ]


def _find_day_off(cycle: Cycle, event: EventFacts, at: datetime) -> Iterator[Objection]:
    if event.starts_at <= at:
        yield Objection(About.PAST, "That is in the past.", "Choose a date and time in the future.")
    if why := WorkingDays(cycle.rules.extra_bank_holidays).why_not(local_day(event.starts_at)):
        yield Objection(About.DAY_OFF, f"That day is {why}.", "Choose a working day.")


def _find_outside_window(event: EventFacts, window: Window) -> Iterator[Objection]:
    day = local_day(event.starts_at)
    if window.last is not None and day > window.last:
        yield Objection(
            About.LATE,
            f"That is after the last day of the event window ({day_in_words(window.last)}).",
            "Choose an earlier day, extend the window first, or tick that it may be late.",
        )
    if window.first is not None and day < window.first:
        yield Objection(
            About.SHORT_NOTICE,
            f"That is short notice: {day_in_words(window.first)} is the first day that gives enough.",
            "Choose a later day, or ask everybody whether they can come.",
        )


def _find_busy(event: EventFacts, beside: Sequence[EventFacts]) -> Iterator[Objection]:
    if busy := sorted({name for other in beside for name in find_double_booked(event, other)}):
        told = f"{join_in_words(busy)} {'has' if len(busy) == 1 else 'have'} another event on that day."
        yield Objection(About.BUSY, told, "Choose another day.")


def find_conflicts(chair: Chair, event: EventFacts) -> Iterator[Objection]:
    """Why a Chair can't take an event on any day: has left, or is not independent of one of its areas."""
    if chair.left:
        yield Objection(About.CONFLICT, f"{chair.name} has left.", "Choose another Chair.")
    name_of = {area.id: area.name for area in (event.author, event.challenger)}
    for area in list_conflicts(chair, name_of):
        told = f"{chair.name} has a conflict with {name_of[area]}."
        yield Objection(About.CONFLICT, told, "Choose another Chair.")


def find_absence(chair: Chair, event: EventFacts) -> Iterator[Objection]:
    """Whether the Chair can't come on the day of an event."""
    day = local_day(event.starts_at)
    if not is_chair_available(chair, day):
        told = f"{chair.name} is not available on {day_in_words(day)}."
        yield Objection(About.CHAIR_AWAY, told, "Choose another day or Chair, or ask whether they can come.")


def _find_awkward_day(cycle: Cycle, event: EventFacts) -> Iterator[Objection]:
    day, areas = local_day(event.starts_at), (event.author, event.challenger)
    for area in areas:
        if is_among_days(area.unavailable, day):
            told = f"{area.name} is not available on {day_in_words(day)}."
            yield Objection(About.AREA_AWAY, told, "Choose another day, or ask whether they can come.")
    calendars = [*cycle.rules.school_calendars, *(a.school_calendar for a in areas if a.school_calendar)]
    if is_among_days((*cycle.rules.school_holidays, *school_holidays(calendars)), day):
        yield Objection(About.SCHOOL_HOLIDAYS, "That is in school holidays.", "Choose another day.")


def _find_full_day(cycle: Cycle, event: EventFacts, beside: Sequence[EventFacts]) -> Iterator[Objection]:
    day, most = local_day(event.starts_at), cycle.rules.events_per_day
    own = (other for other in beside if split_challenge_id(other.challenge)[0] == cycle.id)
    count = 1 + sum(local_day(other.starts_at) == day for other in own)
    if count > most:
        told = f"{say_how_many(count, 'event')} would be on that day. The cycle allows {most}."
        yield Objection(About.FULL, told, "Choose another day.")
