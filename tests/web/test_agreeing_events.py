"""Events are looked at, changed and agreed before anybody is told: rules, page and what then goes out."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from dashboard.app import create_app
from peer_challenge.clock import LONDON, SimulatedClock, local_day
from peer_challenge.errors import WrongUse
from peer_challenge.events.agree_events import (
    WantedEvent,
    agree_events,
    find_remarks,
    keep_changed_proposals,
    list_waiting,
)
from peer_challenge.events.propose_or_set_events import propose_events_again
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.cycle_rules import DateRange
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind, Kind, Stage
from peer_challenge.partners.proposals import take_back_pairing
from peer_challenge.register import challenges, journal, listings
from peer_challenge.register.cycles import replace_cycle
from peer_challenge.register.events import events_of
from peer_challenge.register.proposed_events import list_planned_events, list_proposed_events
from tests.web.conftest import Client, Served, client_as, context_as, copy_of
from tests.web.test_day import faults
from tests.web.world import NOW, OFFICE, World, an_empty_world, day, pair_all_areas, send_self_assessments

ONE, TWO = "ashcombe", "eastholme"
TELLS = {DispatchKind.EVENT_INVITATION, DispatchKind.EVENT_CALENDAR, DispatchKind.EVENT_TIMETABLE}


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two analyses are back in a cycle whose office looks first. Copied for each test, never changed."""
    world = an_empty_world(tmp_path_factory.mktemp("proposed") / "home")
    rules = world.cycle.rules.model_copy(update={"look_at_events": True})
    change_cycle(world, rules=rules)
    send_self_assessments(world)
    pair_all_areas(world)
    for author in (ONE, TWO):
        world.send_in(Kind.ANALYSIS, author, day(3, 19))
    world.advance(day(3, 19))
    return world


@pytest.fixture
def world(proposed: World, tmp_path: Path) -> Iterator[World]:
    copy = copy_of(proposed, tmp_path / "home")
    yield copy
    copy.register.close()


@pytest.fixture
def server(world: World) -> Iterator[Served]:
    served = Served(create_app(world.settings, world.register, SimulatedClock(NOW)))
    yield served
    served.stop()


@pytest.fixture
def office(server: Served, world: World) -> Iterator[Client]:
    with client_as(server, world, OFFICE) as client:
        yield client


def change_cycle(world: World, **changes: object) -> None:
    world.cycle = Cycle.model_validate(world.cycle.model_copy(update=changes).model_dump())
    with world.register.writing() as connection:
        replace_cycle(connection, world.cycle, at=NOW, actor="Office", reason="as agreed")


def stage_of(world: World, author: str) -> Stage:
    with world.register.reading() as connection:
        found = challenges.find_challenge(connection, f"{world.cycle.id}/{author}")
    assert found is not None
    return found.stage


def told(world: World) -> list[tuple[DispatchKind, str]]:
    """What tells of events, whatever became of it: kind and recipient."""
    with world.register.reading() as connection:
        rows = listings.list_dispatches(connection, 1, size=500).rows
    return sorted((row.kind, row.recipient_id) for row in rows if row.kind in TELLS)


def wanted(world: World) -> list[WantedEvent]:
    """What is proposed, as somebody would agree it."""
    with world.register.reading() as connection:
        rows = [one.event for one in list_proposed_events(connection, world.cycle)]
    rows.sort(key=lambda event: event.challenge)
    return [WantedEvent(e.challenge, e.chair.id, e.starts_at, 180, e.place) for e in rows]


def remarks_on(world: World, *events: WantedEvent) -> tuple[str, str]:
    """What is refused and what is a warning, each as one text."""
    with world.register.reading() as connection:
        found = find_remarks(connection, world.cycle, events, NOW)
    return " ".join(found.refusals), " ".join(found.warnings)


def at_ten(on: date) -> datetime:
    return datetime.combine(on, time(10), LONDON)


def test_events_are_proposed_once_and_nobody_is_told(world: World) -> None:
    first = wanted(world)
    assert [one.challenge_id for one in first] == [f"{world.cycle.id}/{a}" for a in (ONE, TWO)]
    assert told(world) == [] and stage_of(world, ONE) is Stage.RETURNED
    world.advance(NOW)
    assert wanted(world) == first
    with world.register.reading() as connection:
        assert events_of(connection, world.cycle) == []
    remarks = remarks_on(world, *first)
    assert remarks == ("", "")


def test_what_is_agreed_is_set_as_it_was_changed_and_its_people_are_invited(world: World) -> None:
    mine, _ = wanted(world)
    mine = replace(
        mine, starts_at=mine.starts_at + timedelta(hours=1), place="https://meet.example/" + "x" * 250
    )
    with world.register.writing() as connection:
        agree_events(connection, world.cycle, [mine], reason="all can come", actor="Jo", at=NOW)
    world.advance(NOW)
    with world.register.reading() as connection:
        [event] = events_of(connection, world.cycle)
        entry = journal.find_newest_entry(connection, world.cycle.id, ("event agreed",))
    assert (event.starts_at, event.place) == (mine.starts_at, mine.place)
    assert entry is not None and entry[1]["reason"] == "all can come"
    people = {event.author.id, event.challenger.id, event.chair.id}
    kinds = (DispatchKind.EVENT_CALENDAR, DispatchKind.EVENT_INVITATION)
    assert told(world) == sorted((kind, who) for kind in kinds for who in people)
    assert stage_of(world, TWO) is Stage.RETURNED and len(wanted(world)) == 1
    with pytest.raises(WrongUse, match="does not wait"), world.register.writing() as connection:
        agree_events(connection, world.cycle, [mine], reason="once more", actor="Jo", at=NOW)


@pytest.mark.parametrize(
    ("on", "refused", "warned"),
    [
        (date(2027, 3, 19), "in the past", "short notice"),
        (date(2027, 4, 18), "Choose a working day", "school holidays"),
        (date(2027, 3, 25), "", "short notice"),
        (date(2027, 4, 7), "", "school holidays"),
        (date(2027, 7, 20), "", "after the last day of the event window"),
    ],
)
def test_a_day_is_refused_or_only_warned_of(world: World, on: date, refused: str, warned: str) -> None:
    refusals, warnings = remarks_on(world, replace(wanted(world)[0], starts_at=at_ten(on)))
    assert refused in refusals and bool(refused) == bool(refusals)
    if on != date(2027, 4, 18):
        assert warned in warnings


def test_changes_that_cannot_be_kept_are_refused_as_changes(world: World) -> None:
    past = replace(wanted(world)[0], starts_at=at_ten(date(2027, 3, 19)))
    with world.register.writing() as connection, pytest.raises(WrongUse) as refused:
        keep_changed_proposals(connection, world.cycle, [past], actor="Jo", at=NOW)
    assert refused.value.remedy == "Your changes were not kept."


def test_problems_of_all_events_are_told_at_once_and_none_is_agreed(world: World) -> None:
    one, two = wanted(world)
    chair = next(chair for chair in world.cycle.chairs if chair.id == one.chair_id)
    away = DateRange(first=date(2027, 4, 19), last=date(2027, 4, 23))
    area = world.cycle.participant[TWO].model_copy(update={"unavailable": (away,)})
    change_cycle(
        world,
        chairs=tuple(
            c.model_copy(update={"not_for": (ONE,)}) if c.id == chair.id else c for c in world.cycle.chairs
        ),
        participants=tuple(area if area.id == p.id else p for p in world.cycle.participants),
    )
    both = [replace(e, chair_id=chair.id, starts_at=at_ten(date(2027, 4, 20))) for e in (one, two)]
    refusals, warnings = remarks_on(world, *both)
    assert "has a conflict with Ashcombe" in refusals
    assert refusals.count("another event on that day") == 2  # said of both
    assert "Eastholme is not available" in warnings
    with pytest.raises(WrongUse, match="conflict"), world.register.writing() as connection:
        agree_events(connection, world.cycle, both, reason="it must be", actor="Jo", at=NOW)
    assert told(world) == [] and stage_of(world, ONE) is Stage.RETURNED


def test_a_warning_that_nobody_has_seen_stops_an_agreement(world: World) -> None:
    soon = replace(wanted(world)[0], starts_at=at_ten(date(2027, 3, 25)))
    _, warning = remarks_on(world, soon)

    def agree(*accepted: str) -> None:
        with world.register.writing() as connection:
            agree_events(
                connection, world.cycle, [soon], reason="they asked", actor="Jo", at=NOW, accepted=accepted
            )

    with pytest.raises(WrongUse, match="short notice"):
        agree()
    agree(warning)
    assert stage_of(world, ONE) is Stage.EVENT_SET


def test_what_was_chosen_by_hand_stays_when_days_are_worked_out_again(world: World) -> None:
    one, two = wanted(world)
    by_hand = replace(one, starts_at=at_ten(date(2027, 4, 22)))
    with world.register.writing() as connection:
        assert keep_changed_proposals(connection, world.cycle, [by_hand, two], actor="Jo", at=NOW) == 1
    change_cycle(
        world,
        rules=world.cycle.rules.model_copy(update={"event_notice_working_days": 25}),
    )
    assert propose_events_again(world.register, world.cycle, NOW, actor="Jo") == 1
    mine, other = wanted(world)
    assert mine == by_hand and local_day(other.starts_at) >= date(2027, 4, 26)
    with world.register.reading() as connection:
        assert [w.proposed.changed_by for w in list_waiting(connection, world.cycle) if w.proposed] == [
            "Jo",
            "",
        ]
    world.advance(NOW)
    assert told(world) == []


def test_a_cycle_that_is_made_automatic_sets_what_was_proposed(world: World) -> None:
    change_cycle(world, rules=world.cycle.rules.model_copy(update={"look_at_events": False}))
    world.advance(NOW)
    assert wanted(world) == [] and stage_of(world, ONE) is stage_of(world, TWO) is Stage.EVENT_SET


@pytest.mark.parametrize("has_javascript", [True, False])
def test_the_office_agrees_on_the_page(
    chromium: Browser, server: Served, world: World, has_javascript: bool
) -> None:
    context = context_as(
        chromium,
        server,
        world,
        OFFICE,
        java_script_enabled=has_javascript,
        viewport={"width": 320, "height": 800},
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="2 events are proposed").click()
    see = _see_faults if has_javascript else _see_nothing
    see(page)
    page.locator(f"#day-{ONE}").fill("2027-03-25")
    page.locator(f"#is-{TWO}").uncheck()
    page.get_by_role("button", name="Agree what is ticked").click()
    expect(page.get_by_text("short notice")).to_be_visible()
    see(page)
    page.get_by_role("button", name="Agree and invite").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no reason given")
    page.get_by_label("Why these days").fill("They asked for it")
    page.get_by_role("button", name="Agree and invite").click()
    expect(page.get_by_text("Agreed. Invitations")).to_be_visible()
    see(page)
    assert stage_of(world, ONE) is Stage.EVENT_SET and stage_of(world, TWO) is Stage.RETURNED
    context.close()


def _see_faults(page: object) -> None:
    assert faults(page) == []  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth") <= 320  # type: ignore[attr-defined]


def _see_nothing(page: object) -> None:
    """Without JavaScript nothing can be measured."""


def test_the_page_keeps_changes_and_tells_every_problem_at_once(office: Client, world: World) -> None:
    path = f"/cycle/{world.cycle.id}/timetable"
    fields = {"csrf_token": office.csrf, "act": "keep"}
    for one in wanted(world):
        area = one.challenge_id.partition("/")[2]
        fields |= {f"day-{area}": "2027-04-20", f"at-{area}": "10:00", f"minutes-{area}": "120"}
        fields |= {f"chair-{area}": one.chair_id, f"place-{area}": "Town hall"}
    answer = office.post(path, data={**fields, f"minutes-{ONE}": "long", f"day-{TWO}": "2027-04-18"})
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert "Ashcombe: An event lasts" in page and "Eastholme: That day is" in page and 'value="long"' in page
    chairs = [chair.id for chair in world.cycle.chairs if not chair.available and not chair.not_for]
    fields |= {f"chair-{ONE}": chairs[0], f"day-{TWO}": "2027-04-27"}
    assert office.post(path, data=fields).status_code == 303
    assert [one.place for one in wanted(world)] == ["Town hall", "Town hall"]
    assert office.post(path, data={"csrf_token": office.csrf, "act": "again"}).status_code == 303
    assert told(world) == []


def test_what_was_changed_of_the_events_without_a_tick_is_shown_and_kept(
    office: Client, world: World
) -> None:
    path, fields = f"/cycle/{world.cycle.id}/timetable", {"csrf_token": office.csrf}
    for one in wanted(world):
        area = one.challenge_id.partition("/")[2]
        fields |= {f"day-{area}": one.starts_at.date().isoformat(), f"at-{area}": f"{one.starts_at:%H:%M}"}
        fields |= {f"minutes-{area}": "120", f"chair-{area}": one.chair_id, f"place-{area}": one.place}
    fields |= {f"place-{TWO}": "County hall, room 4", f"is-{ONE}": "yes"}
    page = unescape(office.post(path, data=fields | {"act": "agree"}).text)
    assert "You also changed these." in page and "County hall, room 4" in page
    accepted = re.search(r'name="accepted" value="([^"]*)"', page)
    assert accepted is not None
    done = fields | {"act": "confirm", "accepted": accepted[1], "reason": "All can come"}
    assert office.post(path, data=done).status_code == 303
    (left,) = wanted(world)
    assert (left.challenge_id, left.place) == (f"{world.cycle.id}/{TWO}", "County hall, room 4")
    with world.register.reading() as connection:
        assert [one.author.id for one in events_of(connection, world.cycle)] == [ONE]


def ahead(world: World, author: str, at: datetime) -> WantedEvent:
    chair = world.cycle.chairs[-1].id
    return WantedEvent(f"{world.cycle.id}/{author}", chair, at, 180, "Town hall")


def author_in_analysis(world: World) -> str:
    with world.register.reading() as connection:
        return next(one.challenge.author_id for one in list_waiting(connection, world.cycle) if one.is_early)


def test_a_day_is_agreed_ahead_and_its_people_are_invited_once_the_analysis_is_in(world: World) -> None:
    author = author_in_analysis(world)
    known = told(world)
    with world.register.writing() as connection:
        due = challenges.due_dates(connection, f"{world.cycle.id}/{author}")
        early = ahead(world, author, at_ten(due[DeadlineName.ANALYSIS_DUE] + timedelta(days=3)))
        refused, warned = remarks_on(world, early)
        assert not refused and "notice" in warned
        event = ahead(world, author, at_ten(due[DeadlineName.EVENT_BY] - timedelta(days=20)))
    assert remarks_on(world, event)[0] == ""
    by = {"reason": "everybody can", "actor": "Office", "at": NOW}
    with world.register.writing() as connection:
        seen = find_remarks(connection, world.cycle, [event], NOW).warnings
        agree_events(connection, world.cycle, [event], accepted=seen, **by)
        (plan,) = [one for one in list_waiting(connection, world.cycle) if one.challenge.author_id == author]
        assert plan.is_early and plan.is_agreed
    assert stage_of(world, author) is Stage.IN_ANALYSIS and told(world) == known
    world.advance(NOW + timedelta(days=1))
    assert stage_of(world, author) is Stage.IN_ANALYSIS and told(world) == known
    world.send_in(Kind.ANALYSIS, author, NOW + timedelta(days=2))
    world.advance(NOW + timedelta(days=2))
    assert stage_of(world, author) is Stage.EVENT_SET
    with world.register.reading() as connection:
        (agreed,) = [one for one in events_of(connection, world.cycle) if one.author.id == author]
    assert (agreed.starts_at, agreed.place) == (event.starts_at, "Town hall")
    assert (DispatchKind.EVENT_INVITATION, author) in told(world)


def plan_day(world: World, author: str) -> WantedEvent:
    """An event that can be agreed ahead."""
    with world.register.reading() as connection:
        due = challenges.due_dates(connection, f"{world.cycle.id}/{author}")
    return ahead(world, author, at_ten(due[DeadlineName.EVENT_BY] - timedelta(days=20)))


def typed_as(*wanted_events: WantedEvent) -> dict[str, str]:
    """What the form sends for some events, each with its tick."""
    fields: dict[str, str] = {}
    for one in wanted_events:
        area = one.challenge_id.partition("/")[2]
        day_of = one.starts_at.astimezone(LONDON)
        fields |= {f"day-{area}": day_of.date().isoformat(), f"at-{area}": f"{day_of:%H:%M}"}
        fields |= {f"minutes-{area}": str(one.minutes), f"chair-{area}": one.chair_id}
        fields |= {f"place-{area}": one.place, f"is-{area}": "yes"}
    return fields


def agree_on_page(office: Client, path: str, *wanted_events: WantedEvent) -> tuple[str, str]:
    """What the page says before some events are agreed, and afterwards."""
    fields = {"csrf_token": office.csrf, **typed_as(*wanted_events)}
    before = unescape(office.post(path, data=fields | {"act": "agree"}).text)
    accepted = re.search(r'name="accepted" value="([^"]*)"', before)
    assert accepted is not None
    sent = fields | {"act": "confirm", "accepted": accepted[1], "reason": "All can come"}
    return before, unescape(office.post(path, data=sent, follow_redirects=True).text)


def test_the_page_says_before_and_afterwards_that_nobody_is_told_of_a_day_that_is_agreed_ahead(
    office: Client, world: World
) -> None:
    author = author_in_analysis(world)
    known, path = told(world), f"/cycle/{world.cycle.id}/timetable"
    before, after = agree_on_page(office, path, plan_day(world, author))
    assert "We tell nobody of these days now" in before and "if nothing new speaks against the day" in before
    challenger = world.cycle.participant[challenger_of(world, author)].name
    assert f"Tell {world.cycle.participant[author].name}, {challenger} and" in before
    for page in (before, after):
        assert "get an invitation and a calendar entry" not in page and "invite</button>" not in page
    assert "The days are agreed ahead. Nobody is told of them now." in after and "nvitations" not in after
    assert "Agreed ahead. We have told nobody." in after
    assert told(world) == known


def test_events_of_both_kinds_are_told_apart_before_they_are_agreed(office: Client, world: World) -> None:
    author = author_in_analysis(world)
    path = f"/cycle/{world.cycle.id}/timetable"
    now = next(one for one in wanted(world) if one.challenge_id.endswith(ONE))
    before, after = agree_on_page(office, path, now, plan_day(world, author))
    at_once, _, later = before.partition("We tell nobody of these days now")
    names = world.cycle.participant
    assert f"{names[ONE].name}: <strong>" in at_once and f"{names[author].name}: <strong>" in later
    assert "get an invitation and a calendar entry" in at_once
    assert "Of the days that are agreed ahead nobody is told now." in after
    assert (stage_of(world, ONE), stage_of(world, author)) == (Stage.EVENT_SET, Stage.IN_ANALYSIS)


def challenger_of(world: World, author: str) -> str:
    with world.register.reading() as connection:
        found = challenges.find_challenge(connection, f"{world.cycle.id}/{author}")
    assert found is not None and found.challenger_id is not None
    return found.challenger_id


def test_a_day_that_was_changed_or_has_become_too_near_is_asked_about_again(world: World) -> None:
    author = author_in_analysis(world)
    with world.register.writing() as connection:
        due = challenges.due_dates(connection, f"{world.cycle.id}/{author}")
        event = ahead(world, author, at_ten(due[DeadlineName.EVENT_BY] - timedelta(days=20)))
        seen = find_remarks(connection, world.cycle, [event], NOW).warnings
        agree_events(
            connection, world.cycle, [event], reason="as agreed", actor="Office", at=NOW, accepted=seen
        )
    late = event.starts_at - timedelta(days=3)
    world.send_in(Kind.ANALYSIS, author, late)
    world.advance(late)
    assert stage_of(world, author) is Stage.RETURNED
    assert event.starts_at in [one.starts_at for one in wanted(world)]


def test_another_challenger_is_not_bound_to_a_day_that_was_chosen_ahead(world: World) -> None:
    author = author_in_analysis(world)
    with world.register.writing() as connection:
        challenge = challenges.find_challenge(connection, f"{world.cycle.id}/{author}")
        assert challenge is not None
        due = challenges.due_dates(connection, challenge.id)
        event = ahead(world, author, at_ten(due[DeadlineName.EVENT_BY] - timedelta(days=20)))
        keep_changed_proposals(connection, world.cycle, [event], actor="Office", at=NOW)
        assert [one.event.challenge for one in list_planned_events(connection, world.cycle)] == [challenge.id]
        take_back_pairing(
            connection, world.cycle, challenge, at=NOW, actor="Office", reason="the challenger is ill"
        )
        assert list_planned_events(connection, world.cycle) == []
