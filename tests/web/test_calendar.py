"""The calendar: what is drawn is what the tables say, and what clashes is told and ringed."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.app import create_app
from dashboard.timeline import timeline_of
from peer_challenge.clock import SimulatedClock
from peer_challenge.events.clashes import find_clashes
from peer_challenge.events.move_events import move_event
from peer_challenge.events.move_rules import Consent
from peer_challenge.model.vocabulary import DEADLINE_NAMES
from peer_challenge.register import challenges
from peer_challenge.register.events import events_of
from tests.web.conftest import As, Served, client_as
from tests.web.world import NOW, OFFICE, World

TODAY = date(2027, 4, 12)
DAYS = st.dates(date(2026, 1, 1), date(2029, 12, 31))
ROWS = st.dictionaries(
    st.sampled_from(["ashcombe", "eastholme", "fallowby"]),
    st.dictionaries(st.sampled_from(list(DEADLINE_NAMES)), DAYS),
)


@given(ROWS, DAYS)
def test_every_date_is_drawn_within_the_picture_and_later_ones_further_right(
    rows: dict[str, dict[str, date]], today: date
) -> None:
    drawn = timeline_of([(area, area.title(), due) for area, due in rows.items()], [], [], today)
    if not any(rows.values()):
        assert drawn.bars == []
        return
    assert [bar.area for bar in drawn.bars] == [area.title() for area in rows]
    placed = []
    for bar, due in zip(drawn.bars, rows.values(), strict=True):
        assert {mark.kind for mark in bar.marks} == set(due)
        assert all(0 <= mark.x <= 100 and bar.start <= mark.x <= bar.end for mark in bar.marks)
        placed += [(due[mark.kind], mark.x) for mark in bar.marks]
    assert [x for _, x in sorted(placed)] == sorted(x for _, x in placed)
    told = [month for month in drawn.months if month.name]
    assert 1 <= len(told) <= 9 and told[0].year


@pytest.mark.parametrize(
    ("day", "is_ahead", "state"),
    [
        (TODAY - timedelta(days=1), True, "overdue"),
        (TODAY, True, "ahead"),  # on the due day a document is due, not overdue
        (TODAY + timedelta(days=1), True, "ahead"),
        (TODAY - timedelta(days=1), False, "met"),
        (TODAY + timedelta(days=1), False, "met"),
    ],
)
def test_a_date_is_met_ahead_or_overdue(day: date, is_ahead: bool, state: str) -> None:
    ahead = [("ashcombe", "analysis_due")] if is_ahead else []
    drawn = timeline_of([("ashcombe", "Ashcombe", {"analysis_due": day})], ahead, [], TODAY)
    assert drawn.bars[0].marks[0].state == state


def test_what_is_drawn_stands_in_the_table_too(as_: As, world: World) -> None:
    page = as_(OFFICE).get("/calendar").text
    drawing, tables = page.split("</figure>")
    marks = re.findall(r"<title>([^<]+): (\w{3} \d+ \w{3} \d{4})</title>", drawing)
    with world.register.reading() as connection:
        due = challenges.due_dates_in(connection, world.cycle.id)
    assert len(marks) == sum(len(dates) for dates in due.values())
    assert all(day in tables for _, day in marks)
    assert '<a class="govuk-link" href="/calendar.ics?cycle=northern-2027">' in page


def test_people_in_two_places_and_full_days_are_told(world: World) -> None:
    with world.register.reading() as connection:
        (event,) = events_of(connection, world.cycle)
    assert find_clashes(world.cycle, [event], {}) == []
    other = replace(event, author=world.cycle.participant["north-wolds"], challenge="another")
    found = find_clashes(world.cycle, [event, other], {})
    assert all(clash.areas == (event.author.id, "north-wolds") for clash in found)
    people = {event.challenger.name, event.chair.name}
    assert {clash.told.split(" has two")[0] for clash in found} == people
    later = replace(other, starts_at=event.ends_at, ends_at=event.ends_at + timedelta(hours=2))
    assert len(find_clashes(world.cycle, [event, later], {})) == len(found)
    next_day = replace(other, starts_at=event.starts_at + timedelta(days=1))
    assert find_clashes(world.cycle, [event, next_day], {}) == []
    many = [replace(event, challenge=str(n)) for n in range(world.cycle.rules.events_per_day + 1)]
    assert "the cycle allows" in find_clashes(world.cycle, many, {})[-1].told


def test_an_event_after_its_window_is_told_and_ringed_on_the_page(own_world: World) -> None:
    with own_world.register.writing() as connection:
        (event,) = events_of(connection, own_world.cycle)
        move_event(
            connection,
            own_world.cycle,
            event.challenge,
            event.starts_at + timedelta(days=100),
            minutes=120,
            place="Online",
            reason="to try it",
            actor="office",
            at=NOW,
            consent=Consent(may_be_late=True),
        )
    server = Served(create_app(own_world.settings, own_world.register, SimulatedClock(NOW)))
    with client_as(server, own_world, OFFICE) as client:
        page = client.get("/calendar").text
    server.stop()
    assert f"{event.author.name}: the event is after the end of its window" in page
    rows = page.split('<div class="pc-time__row">')[1:]
    (ringed,) = [row for row in rows if "pc-mark__clash" in row]
    assert f">{event.author.name}</span>" in ringed
