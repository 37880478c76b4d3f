"""The timetable: nobody in two places, every event in its window, agreed events stay, and why when not."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peer_challenge.clock import LONDON, local_day
from peer_challenge.cycle import Chair, Cycle, DateRange, Dates, Participant, Rules
from peer_challenge.dispatches.facts import EventFacts
from peer_challenge.timetable import EventRequest, Timetable, timetable
from peer_challenge.working_days import WorkingDays

FIRST, LAST = date(2027, 4, 12), date(2027, 6, 8)


def _cycle(areas: int, chairs: int, **rules: object) -> Cycle:
    return Cycle(
        id="c",
        name="C",
        framework="f",
        dates=Dates(opens=date(2027, 1, 11), self_assessment_due=date(2027, 2, 26)),
        rules=Rules(**rules),  # type: ignore[arg-type]
        chairs=tuple(Chair(id=f"chair-{n}", name=f"Chair {n}") for n in range(chairs)),
        participants=tuple(Participant(id=f"area-{n}", name=f"Area {n}") for n in range(areas)),
    )


def _requests(areas: int, first: date = FIRST, last: date = LAST) -> list[EventRequest]:
    return [
        EventRequest(f"c/area-{n}", f"area-{n}", f"area-{(n + 1) % areas}", first, last) for n in range(areas)
    ]


def _check(cycle: Cycle, requests: list[EventRequest], found: Timetable) -> None:
    """The rules, held independently of the model."""
    of = {request.challenge: request for request in requests}
    days = WorkingDays(cycle.rules.extra_bank_holidays)
    busy: Counter[tuple[str, date]] = Counter()
    for slot in found.slots:
        request, day = of[slot.challenge], local_day(slot.starts_at)
        assert request.first <= day <= request.last
        assert days.is_working_day(day)
        assert not {request.author, request.challenger} & set(cycle.chair[slot.chair].not_for)
        busy.update((person, day) for person in (request.author, request.challenger, slot.chair))
    assert max(busy.values(), default=1) == 1
    per_day = Counter(local_day(slot.starts_at) for slot in found.slots)
    assert max(per_day.values(), default=0) <= cycle.rules.events_per_day


@given(st.integers(2, 9), st.integers(1, 4), st.integers(0, 40), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_whatever_is_set_keeps_every_rule(areas: int, chairs: int, span: int, per_day: int) -> None:
    cycle = _cycle(areas, chairs, events_per_day=per_day)
    requests = _requests(areas, FIRST, FIRST + timedelta(days=span))
    found = timetable(cycle, requests)
    _check(cycle, requests, found)
    assert (found.status == "infeasible") == (len(found.slots) < areas) == bool(found.conflict)


def test_the_same_question_has_the_same_answer_in_any_order() -> None:
    cycle, requests = _cycle(9, 3), _requests(9)
    assert timetable(cycle, requests) == timetable(cycle, requests[::-1])


def test_agreed_events_stay_and_their_people_are_busy() -> None:
    cycle, requests = _cycle(4, 1), _requests(4)
    starts_at = datetime.combine(FIRST, datetime.min.time(), LONDON).replace(hour=10)
    agreed = EventFacts(
        "c/area-0",
        cycle.participant["area-0"],
        cycle.participant["area-1"],
        cycle.chairs[0],
        starts_at,
        starts_at + timedelta(hours=3),
    )
    found = timetable(cycle, requests[1:], agreed=[agreed])
    assert found.status == "optimal"
    assert FIRST not in {local_day(slot.starts_at) for slot in found.slots}


def test_nobody_is_asked_for_a_day_on_which_they_are_away() -> None:
    cycle = _cycle(3, 1)
    away = cycle.participants[0].model_copy(
        update={"unavailable": (DateRange(first=FIRST, last=date(2027, 5, 7)),)}
    )
    cycle = cycle.model_copy(update={"participants": (away, *cycle.participants[1:])})
    found = timetable(Cycle.model_validate(cycle.model_dump()), _requests(3))
    theirs = [slot for slot in found.slots if slot.challenge in ("c/area-0", "c/area-2")]
    assert theirs
    assert all(local_day(slot.starts_at) > date(2027, 5, 7) for slot in theirs)


def test_no_event_is_in_school_holidays_or_on_a_bank_holiday() -> None:
    cycle = _cycle(6, 2, school_holidays=(DateRange(first=FIRST, last=date(2027, 4, 16)),))
    found = timetable(cycle, _requests(6))
    assert min(local_day(slot.starts_at) for slot in found.slots) >= date(2027, 4, 19)
    assert date(2027, 5, 3) not in {local_day(slot.starts_at) for slot in found.slots}


def test_a_chair_with_a_conflict_is_not_asked() -> None:
    cycle = _cycle(3, 2)
    first = cycle.chairs[0].model_copy(update={"not_for": ("area-0",)})
    cycle = Cycle.model_validate(cycle.model_copy(update={"chairs": (first, cycle.chairs[1])}).model_dump())
    found = timetable(cycle, _requests(3))
    _check(cycle, _requests(3), found)
    assert found.status == "optimal"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"not_for": ("area-0", "area-1", "area-2")}, "every Chair has a conflict"),
        ({"available": (date(2027, 1, 4),)}, "no Chair is free or the day is full"),
    ],
)
def test_an_impossible_event_is_named_with_the_reason(change: dict[str, object], says: str) -> None:
    cycle = _cycle(3, 1)
    chair = cycle.chairs[0].model_copy(update=change)
    cycle = Cycle.model_validate(cycle.model_copy(update={"chairs": (chair,)}).model_dump())
    found = timetable(cycle, _requests(3))
    assert found.status == "infeasible"
    assert len(found.conflict) == 3
    assert all(says in line for line in found.conflict)
    assert any("Chair" in way for way in found.way_out)


def test_one_impossible_event_does_not_hold_up_the_others() -> None:
    requests = [
        *_requests(5)[:4],
        EventRequest("c/area-4", "area-4", "area-0", date(2027, 4, 17), date(2027, 4, 18)),
    ]
    found = timetable(_cycle(5, 2), requests)
    assert {slot.challenge for slot in found.slots} == {f"c/area-{n}" for n in range(4)}
    assert "no working day" in found.conflict[0]
