"""The days and Chairs that each event could have, and why it could not have others."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from peer_challenge.clock import local_day
from peer_challenge.dates.holiday_files import school_holidays
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.events.clashes import list_names_of_chair, list_people_of_event
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Chair, Cycle, Participant
from peer_challenge.model.cycle_rules import DateRange
from peer_challenge.model.independent_chair import list_independent_chairs


@dataclass(frozen=True, slots=True)
class EventRequest:
    """An event that needs a working day from `first` to `last`, both included."""

    challenge: str
    author: str
    challenger: str
    first: date
    last: date


@dataclass(slots=True)
class Diary:
    """What is taken: the events of each day, when each person is busy, how many events each Chair has."""

    count: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    busy: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))
    load: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def of(cls, agreed: Iterable[EventFacts], elsewhere: Iterable[EventFacts]) -> "Diary":
        """The diary with the `agreed` events of this cycle, and those of other cycles `elsewhere`."""
        diary = cls()
        for event in agreed:
            diary.count[local_day(event.starts_at)] += 1
            diary.load[event.chair.id] += 1
            diary._mark_people_busy(event)
        for event in elsewhere:
            diary._mark_people_busy(event)
        return diary

    def _mark_people_busy(self, event: EventFacts) -> None:
        for person in list_people_of_event(event):
            self.busy[person].add(local_day(event.starts_at))


def is_among_days(days: Iterable[date | DateRange], day: date) -> bool:
    """Whether `day` is one of `days` or lies in one of the ranges."""
    return any(d.first <= day <= d.last if isinstance(d, DateRange) else d == day for d in days)


def is_chair_available(chair: Chair, day: date) -> bool:
    """Whether `day` is one of those that the Chair has named, or any where none is, and not ruled out."""
    is_named = not chair.available or is_among_days(chair.available, day)
    return is_named and not is_among_days(chair.unavailable, day)


class Options:
    """The days and Chairs that each event could have, given what is in the diary."""

    def __init__(self, cycle: Cycle, diary: Diary) -> None:
        self.cycle = cycle
        self.diary = diary
        self.working = WorkingDays(cycle.rules.extra_bank_holidays)
        self._school = (*cycle.rules.school_holidays, *school_holidays(cycle.rules.school_calendars))
        self._local = {
            area.id: school_holidays([area.school_calendar]) if area.school_calendar else ()
            for area in cycle.participants
        }

    def window(self, request: EventRequest) -> list[date]:
        """The working days of a request's window."""
        span = (request.last - request.first).days
        days = (request.first + timedelta(days=n) for n in range(span + 1))
        return [day for day in days if self.working.is_working_day(day)]

    def days(self, request: EventRequest) -> list[date]:
        """The days of the window on which both areas are free and there is room for one more event."""
        return [day for day in self.window(request) if self.obstacle(request, day) is None]

    def obstacle(self, request: EventRequest, day: date) -> str | None:
        """Why the event cannot be on a working day, whichever Chair it has; None when it can."""
        for area in (self.cycle.participant[request.author], self.cycle.participant[request.challenger]):
            if is_among_days(area.unavailable, day):
                return f"{area.name} is not available"
            if day in self.diary.busy[area.id]:
                return f"{area.name} has another event"
        if self.is_school_holiday(request, day):
            return "school holidays"
        return None if self.room(day) > 0 else "the day is full"

    def is_school_holiday(self, request: EventRequest, day: date) -> bool:
        """Whether `day` lies in school holidays of the cycle or of either area."""
        return is_among_days(
            (*self._school, *self._local[request.author], *self._local[request.challenger]), day
        )

    def room(self, day: date) -> int:
        """How many more events `day` can have."""
        return self.cycle.rules.events_per_day - self.diary.count[day]

    def without_conflict(self, request: EventRequest) -> list[Chair]:
        """The Chairs that are still with us and have no conflict with either area."""
        return list_independent_chairs(self.cycle, (request.author, request.challenger))

    def is_busy(self, chair: Chair, day: date) -> bool:
        """Whether a Chair has another event on `day`, in this cycle or another."""
        return any(day in self.diary.busy[name] for name in list_names_of_chair(chair))

    def is_free(self, chair: Chair, day: date) -> bool:
        """Whether a Chair has no other event on `day` and is available then."""
        return not self.is_busy(chair, day) and is_chair_available(chair, day)

    def free_chairs(self, request: EventRequest, day: date) -> list[str]:
        """The ids of the Chairs that could chair a request on `day`."""
        return [chair.id for chair in self.without_conflict(request) if self.is_free(chair, day)]

    def area(self, id_: str) -> Participant:
        """A participant by id."""
        return self.cycle.participant[id_]
