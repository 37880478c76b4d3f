"""The timetable: nobody in two places, every event in its window, agreed events stay, and why when not."""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peer_challenge.clock import LONDON, local_day
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.events.timetable import EventRequest, Timetable, make_timetable
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Chair, Cycle, Dates, Participant
from peer_challenge.model.cycle_rules import DateRange, Rules

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
    found = make_timetable(cycle, requests)
    _check(cycle, requests, found)
    assert (found.status == "infeasible") == (len(found.slots) < areas) == bool(found.conflict)


def test_the_same_question_has_the_same_answer_in_any_order() -> None:
    cycle, requests = _cycle(9, 3), _requests(9)
    assert make_timetable(cycle, requests) == make_timetable(cycle, requests[::-1])


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
    found = make_timetable(cycle, requests[1:], agreed=[agreed])
    assert found.status == "optimal"
    assert FIRST not in {local_day(slot.starts_at) for slot in found.slots}


def test_nobody_is_asked_for_a_day_on_which_they_are_away() -> None:
    cycle = _cycle(3, 1)
    away = cycle.participants[0].model_copy(
        update={"unavailable": (DateRange(first=FIRST, last=date(2027, 5, 7)),)}
    )
    cycle = cycle.model_copy(update={"participants": (away, *cycle.participants[1:])})
    found = make_timetable(Cycle.model_validate(cycle.model_dump()), _requests(3))
    theirs = [slot for slot in found.slots if slot.challenge in ("c/area-0", "c/area-2")]
    assert theirs
    assert all(local_day(slot.starts_at) > date(2027, 5, 7) for slot in theirs)


def test_a_chair_is_not_asked_for_a_day_on_which_they_cannot_come() -> None:
    cycle = _cycle(3, 1)
    away = cycle.chairs[0].model_copy(
        update={"unavailable": (DateRange(first=FIRST, last=date(2027, 5, 7)),)}
    )
    found = make_timetable(Cycle.model_validate({**dict(cycle), "chairs": (away,)}), _requests(3))
    assert found.status == "optimal"
    assert all(local_day(slot.starts_at) > date(2027, 5, 7) for slot in found.slots)


def test_no_event_is_in_school_holidays_or_on_a_bank_holiday() -> None:
    cycle = _cycle(6, 2, school_holidays=(DateRange(first=FIRST, last=date(2027, 4, 16)),))
    found = make_timetable(cycle, _requests(6))
    assert min(local_day(slot.starts_at) for slot in found.slots) >= date(2027, 4, 19)
    assert date(2027, 5, 3) not in {local_day(slot.starts_at) for slot in found.slots}


def test_a_chair_with_a_conflict_is_not_asked() -> None:
    cycle = _cycle(3, 2)
    first = cycle.chairs[0].model_copy(update={"not_for": ("area-0",)})
    cycle = Cycle.model_validate(cycle.model_copy(update={"chairs": (first, cycle.chairs[1])}).model_dump())
    found = make_timetable(cycle, _requests(3))
    _check(cycle, _requests(3), found)
    assert found.status == "optimal"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"not_for": ("area-0", "area-1", "area-2")}, "every Chair has a conflict"),
        ({"available": (date(2027, 1, 4),)}, "no Chair is free on 40 days"),
    ],
)
def test_an_impossible_event_is_named_with_the_reason(change: dict[str, object], says: str) -> None:
    cycle = _cycle(3, 1)
    chair = cycle.chairs[0].model_copy(update=change)
    cycle = Cycle.model_validate(cycle.model_copy(update={"chairs": (chair,)}).model_dump())
    found = make_timetable(cycle, _requests(3))
    assert found.status == "infeasible"
    assert len(found.conflict) == 3
    assert all(says in line for line in found.conflict)
    assert any("Chair" in way for way in found.way_out)


def test_one_impossible_event_does_not_hold_up_the_others() -> None:
    requests = [
        *_requests(5)[:4],
        EventRequest("c/area-4", "area-4", "area-0", date(2027, 4, 17), date(2027, 4, 18)),
    ]
    found = make_timetable(_cycle(5, 2), requests)
    assert {slot.challenge for slot in found.slots} == {f"c/area-{n}" for n in range(4)}
    assert "no working day" in found.conflict[0]


def _with_area(cycle: Cycle, number: int, **changes: object) -> Cycle:
    areas = list(cycle.participants)
    areas[number] = areas[number].model_copy(update=changes)
    return Cycle.model_validate(cycle.model_copy(update={"participants": tuple(areas)}).model_dump())


def _event(cycle: Cycle, challenge: str, author: str, challenger: str, day: date, chair: Chair) -> EventFacts:
    starts_at = datetime.combine(day, datetime.min.time(), LONDON).replace(hour=10)
    areas = cycle.participant
    return EventFacts(
        challenge, areas[author], areas[challenger], chair, starts_at, starts_at + timedelta(hours=3)
    )


def _best_by_trying_all(cycle: Cycle, requests: list[EventRequest]) -> tuple[int, int]:
    """How many events can be set at most, and the least sum of squared waits, by trying everything."""
    days = WorkingDays()
    choices: list[list[tuple[date, str] | None]] = []
    for request in requests:
        window = [request.first + timedelta(days=n) for n in range((request.last - request.first).days + 1)]
        choices.append([None, *product([d for d in window if days.is_working_day(d)], cycle.chair)])
    best = (0, 0)
    for picks in product(*choices):
        held = [(request, *pick) for request, pick in zip(requests, picks, strict=True) if pick]
        busy = Counter((who, day) for r, day, chair in held for who in (r.author, r.challenger, chair))
        full = Counter(day for _, day, _ in held)
        conflict = any({r.author, r.challenger} & set(cycle.chair[c].not_for) for r, _, c in held)
        if conflict or max(busy.values(), default=0) > 1:
            continue
        if max(full.values(), default=0) <= cycle.rules.events_per_day:
            waits = sum((day - r.first).days ** 2 for r, day, _ in held)
            best = max(best, (len(held), -waits))
    return best


@pytest.mark.parametrize("areas", [2, 3, 4])
@pytest.mark.parametrize("span", [0, 1, 2])
@pytest.mark.parametrize("per_day", [1, 2])
def test_no_timetable_sets_more_events_or_fairer(areas: int, span: int, per_day: int) -> None:
    cycle = _cycle(areas, 2, events_per_day=per_day)
    chairs = (cycle.chairs[0].model_copy(update={"not_for": ("area-1",)}), cycle.chairs[1])
    cycle = Cycle.model_validate(cycle.model_copy(update={"chairs": chairs}).model_dump())
    requests = _requests(areas, FIRST, FIRST + timedelta(days=span))
    found = make_timetable(cycle, requests)
    first = {request.challenge: request.first for request in requests}
    waits = sum((local_day(slot.starts_at) - first[slot.challenge]).days ** 2 for slot in found.slots)
    assert (len(found.slots), -waits) == _best_by_trying_all(cycle, requests)


def test_events_of_another_cycle_keep_their_people_busy() -> None:
    cycle = _cycle(4, 1)
    known_by_mail = Chair(id="somebody", name="Somebody", email="Chair@Example.org")
    cycle = Cycle.model_validate(
        cycle.model_copy(
            update={"chairs": (cycle.chairs[0].model_copy(update={"email": "chair@example.org"}),)}
        ).model_dump()
    )
    other = _event(cycle, "d/area-2", "area-2", "area-3", FIRST, known_by_mail)
    requests = _requests(4)[:1]
    assert local_day(make_timetable(cycle, requests).slots[0].starts_at) == FIRST
    found = make_timetable(cycle, requests, elsewhere=[other])
    assert local_day(found.slots[0].starts_at) == FIRST + timedelta(days=1)


def test_events_of_another_cycle_take_no_room_of_this_one() -> None:
    cycle = _cycle(4, 2, events_per_day=1)
    other = _event(cycle, "d/area-2", "area-2", "area-3", FIRST, Chair(id="x", name="X"))
    found = make_timetable(cycle, _requests(4)[:1], elsewhere=[other])
    assert local_day(found.slots[0].starts_at) == FIRST


def test_school_holidays_of_one_area_keep_its_events_away() -> None:
    cycle = _with_area(_cycle(3, 2), 0, school_calendar="coastal")  # 29 March to 12 April 2027
    found = make_timetable(cycle, _requests(3, date(2027, 4, 12), date(2027, 4, 14)))
    on = {slot.challenge: local_day(slot.starts_at) for slot in found.slots}
    assert on["c/area-1"] == date(2027, 4, 12)
    assert min(on["c/area-0"], on["c/area-2"]) > date(2027, 4, 12)


def test_chairs_share_the_work_and_what_they_have_counts() -> None:
    cycle = _cycle(6, 2, events_per_day=1)
    has_two = [
        _event(cycle, f"c/x{n}", "area-4", "area-5", date(2027, 6, 1 + n), cycle.chairs[0]) for n in range(2)
    ]
    load = Counter(slot.chair for slot in make_timetable(cycle, _requests(6)[:4], agreed=has_two).slots)
    assert load == {"chair-0": 1, "chair-1": 3}


def test_a_crowd_with_too_few_places_is_named_with_its_days() -> None:
    found = make_timetable(_cycle(6, 1), _requests(6, FIRST, FIRST + timedelta(days=3)))
    assert len(found.slots) == 4
    assert len(found.conflict) == 1
    assert "6 events (Area 0, Area 1" in found.conflict[0]
    assert "share 4 places on 4 days from Mon 12 Apr 2027 to Thu 15 Apr 2027" in found.conflict[0]
    assert len(found.way_out) == 2
    assert all("after the end of its window" in way for way in found.way_out)


def test_two_events_that_need_one_area_on_one_day_are_named() -> None:
    requests = [
        EventRequest("c/area-0", "area-0", "area-1", FIRST, FIRST),
        EventRequest("c/area-1", "area-1", "area-2", FIRST, FIRST),
        EventRequest("c/area-3", "area-3", "area-4", FIRST, FIRST + timedelta(days=30)),
    ]
    found = make_timetable(_cycle(5, 5, events_per_day=5), requests)
    assert len(found.slots) == 2
    assert len(found.conflict) == 1
    assert "can't all be held" in found.conflict[0]
    assert "Area 1 would be at 2 of them" in found.conflict[0]
    assert "Area 3" not in found.conflict[0]
    assert found.way_out == (
        "Hold the event of Area 1 on Tue 13 Apr 2027, 1 working day after the end of its window.",
    )


def test_the_cheapest_way_out_may_be_a_chair_to_ask() -> None:
    cycle = _cycle(3, 1)
    chair = cycle.chairs[0].model_copy(update={"available": (date(2027, 4, 12), date(2027, 9, 1))})
    cycle = Cycle.model_validate(cycle.model_copy(update={"chairs": (chair,)}).model_dump())
    found = make_timetable(cycle, _requests(3)[:2])
    assert len(found.slots) == 1
    assert found.way_out == ("Ask Chair 0 for Tue 13 Apr 2027.",)


def test_holidays_that_fill_a_window_can_be_given_up() -> None:
    cycle = _cycle(2, 1, school_holidays=(DateRange(first=FIRST, last=date(2027, 6, 30)),))
    found = make_timetable(cycle, _requests(2, FIRST, FIRST + timedelta(days=2))[:1])
    assert "school holidays on 3 days" in found.conflict[0]
    assert found.way_out == ("Hold the event of Area 0 on Mon 12 Apr 2027, in school holidays.",)
