"""The timetable of challenge events: nobody in two places, inside every window, on early and fair dates.

The days that each event could have are in possible_days.py, the model in cp_sat_model.py, and what to
say and do when not every event can be set in explain_conflict.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from peer_challenge.clock import LONDON
from peer_challenge.events.cp_sat_model import DayModel, share_out_chairs
from peer_challenge.events.explain_conflict import explain_conflicts, list_ways_out
from peer_challenge.events.possible_days import Diary, EventRequest, Options
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Cycle

__all__ = ["LENGTH", "STARTS", "EventRequest", "Slot", "Timetable", "make_timetable"]

STARTS = (time(10), time(14))
LENGTH = timedelta(hours=3)
"""The minutes of USUAL_AGENDA together (model/agenda.py): a morning, or an afternoon from 14:00."""


@dataclass(frozen=True, slots=True)
class Slot:
    """When an event is, and who chairs it; times are aware, London."""

    challenge: str
    chair: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Timetable:
    """`status` is optimal, feasible or infeasible.

    When not every event can be set, `slots` has those that can. `conflict` has a sentence for each
    smallest set of events that collide, `way_out` the cheapest things to do, all of them together.
    """

    status: str
    slots: tuple[Slot, ...] = ()
    conflict: tuple[str, ...] = ()
    way_out: tuple[str, ...] = ()


def make_timetable(
    cycle: Cycle,
    requests: Sequence[EventRequest],
    agreed: Sequence[EventFacts] = (),
    *,
    elsewhere: Sequence[EventFacts] = (),
) -> Timetable:
    """A day, time and Chair for every event of `requests`. Events already `agreed` keep theirs.

    `elsewhere` are the events of other cycles, which keep people busy. Each event is on a working day inside
    its window, on which neither area is away or has school holidays. No author, challenger or Chair is in two
    places on one day, at most `rules.events_per_day` events are on one day, and no Chair has a conflict. As
    many events as possible are set, as early as possible with none much later than the rest; Chairs share the
    work. The order of the requests makes no difference.
    """
    if not requests:
        return Timetable("optimal")
    ordered = sorted(requests, key=lambda request: (request.last, request.challenge))
    of = {request.challenge: request for request in ordered}
    options = Options(cycle, Diary.of(agreed, elsewhere))
    chosen, is_proven = DayModel(ordered, options).best()
    slots = _with_times(share_out_chairs(chosen, of, options), options)
    missing = [of[c] for c in of if c not in {slot.challenge for slot in slots}]
    if not missing:
        return Timetable("optimal" if is_proven else "feasible", slots)
    return Timetable(
        "infeasible",
        slots,
        tuple(explain_conflicts(ordered, missing, options)),
        tuple(list_ways_out(ordered, options)),
    )


def _with_times(chosen: Iterable[tuple[str, date, str]], options: Options) -> tuple[Slot, ...]:
    """The time of day of each event: mornings first, then afternoons, in the order of challenges."""
    slots = []
    taken = dict(options.diary.count)
    for challenge, day, chair in sorted(chosen, key=lambda key: (key[1], key[0])):
        number = taken.get(day, 0)
        taken[day] = number + 1
        starts_at = datetime.combine(day, STARTS[number % len(STARTS)], LONDON)
        slots.append(Slot(challenge, chair, starts_at, starts_at + LENGTH))
    return tuple(slots)
