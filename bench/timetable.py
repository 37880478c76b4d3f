"""Setting challenge events: 15 and 150 of them, with room, with little, with too little; and one more."""

import random
import time
from collections.abc import Sequence
from datetime import date, timedelta

from peer_challenge.events.timetable import EventRequest, Slot, Timetable, make_timetable
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Chair, Cycle, Dates, Participant
from peer_challenge.model.cycle_rules import DateRange, Rules

FIRST, TIMES = date(2027, 4, 12), 3
BARS = {15: 1.0, 150: 20.0}
CASES = (
    # events, days in a window, Chairs, events a day
    (15, 57, 3, 2),
    (15, 20, 2, 1),
    (15, 12, 1, 1),
    (150, 57, 12, 4),
    (150, 57, 6, 4),
    (150, 57, 3, 4),
    (150, 20, 8, 4),
)


def a_cycle(areas: int, chairs: int, per_day: int) -> Cycle:
    """A cycle in which areas are away for a week now and then, and Chairs have conflicts and days off."""
    dice = random.Random(areas)
    away = [FIRST + timedelta(days=dice.randrange(57)) for _ in range(areas)]
    return Cycle(
        id="c",
        name="C",
        framework="f",
        dates=Dates(opens=date(2027, 1, 11), self_assessment_due=date(2027, 2, 26)),
        rules=Rules(events_per_day=per_day),
        chairs=tuple(
            Chair(
                id=f"chair-{n}",
                name=f"Chair {n}",
                not_for=(f"area-{dice.randrange(areas)}", f"area-{dice.randrange(areas)}"),
                available=(DateRange(first=FIRST + timedelta(days=n), last=date(2027, 9, 1)),),
            )
            for n in range(chairs)
        ),
        participants=tuple(
            Participant(
                id=f"area-{n}",
                name=f"Area {n}",
                unavailable=(DateRange(first=away[n], last=away[n] + timedelta(days=4)),),
            )
            for n in range(areas)
        ),
    )


def requests_of(cycle: Cycle, span: int) -> list[EventRequest]:
    """An event for every area, in windows that begin within a fortnight of each other."""
    areas = [area.id for area in cycle.participants]
    dice = random.Random(span)
    starts = [FIRST + timedelta(days=dice.randrange(14)) for _ in areas]
    return [
        EventRequest(
            f"c/{area}", area, areas[(n + 1) % len(areas)], starts[n], starts[n] + timedelta(days=span)
        )
        for n, area in enumerate(areas)
    ]


def agreed_of(cycle: Cycle, requests: Sequence[EventRequest], slots: Sequence[Slot]) -> list[EventFacts]:
    """Slots as events that are agreed."""
    of = {request.challenge: request for request in requests}
    return [
        EventFacts(
            slot.challenge,
            cycle.participant[of[slot.challenge].author],
            cycle.participant[of[slot.challenge].challenger],
            cycle.chair[slot.chair],
            slot.starts_at,
            slot.ends_at,
        )
        for slot in slots
    ]


def timed(
    cycle: Cycle, requests: Sequence[EventRequest], agreed: Sequence[EventFacts] = ()
) -> tuple[Timetable, float]:
    """The timetable, and the least seconds of several tries."""
    seconds = []
    for _ in range(TIMES):
        began = time.perf_counter()
        found = make_timetable(cycle, requests, agreed)
        seconds.append(time.perf_counter() - began)
    return found, min(seconds)


def main() -> None:
    """Print a table: what was asked, what was set, seconds against the bar."""
    import ortools.sat.python.cp_model  # noqa: F401  # its import is not what is measured

    print("events  days Chairs a day  status      set  seconds   bar")
    for events, span, chairs, per_day in CASES:
        cycle = a_cycle(events, chairs, per_day)
        requests = requests_of(cycle, span)
        found, seconds = timed(cycle, requests)
        asked = f"{events:>6} {span:>5} {chairs:>6} {per_day:>5}"
        print(f"{asked}  {found.status:<10} {len(found.slots):>4} {seconds:>8.2f} {BARS[events]:>5.0f}")
    cycle = a_cycle(150, 12, 4)
    requests = requests_of(cycle, 57)
    agreed = agreed_of(cycle, requests, make_timetable(cycle, requests[:-1]).slots)
    found, seconds = timed(cycle, requests[-1:], agreed)
    print(f"one more beside 149 that stay put: {found.status}, {seconds:.2f} s")


if __name__ == "__main__":
    main()
