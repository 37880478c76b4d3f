"""An event is moved by one set of rules: the page refuses what the function refuses, in the same words."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from html import unescape

import docx
import pytest
from docx.oxml.ns import qn

from dashboard.app import create_app
from dashboard.context import COOKIE
from peer_challenge.clock import LONDON, SimulatedClock, local_day
from peer_challenge.errors import WrongUse
from peer_challenge.events.move_events import (
    Move,
    find_obstacles_to_moves,
    list_warnings_of_moves,
    move_event,
)
from peer_challenge.events.move_rules import NO_CONSENT, Consent
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind, Kind, Stage
from peer_challenge.register import challenges, frames, listings, people, sessions
from peer_challenge.register import tables as t
from peer_challenge.register.events import events_of
from peer_challenge.register.records import Challenge
from tests.web.conftest import Client, Served, client_as, read_mark
from tests.web.world import NOW, OFFICE, World

TUESDAY, SUNDAY, GOOD_FRIDAY = date(2027, 4, 20), date(2027, 4, 18), date(2027, 3, 26)
PAST = date(2027, 3, 19)
AFTER_THE_WINDOW = date(2027, 7, 20)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), LONDON)


def _event(world: World) -> EventFacts:
    with world.register.reading() as connection:
        (event,) = events_of(connection, world.cycle)
    return event


def _move(world: World, day: date, *, at: datetime = NOW, consent: Consent = NO_CONSENT) -> str:
    """Why the event can't be moved to a day; empty when it was."""
    try:
        with world.register.writing() as connection:
            move_event(
                connection,
                world.cycle,
                _event(world).challenge,
                _at(day),
                minutes=120,
                place="Online",
                reason="the Chair is away",
                actor="office",
                at=at,
                consent=consent,
            )
    except WrongUse as refused:
        return str(refused)
    return ""


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
def office(own_world: World, clock: SimulatedClock) -> Iterator[Client]:
    server = Served(create_app(own_world.settings, own_world.register, clock))
    with client_as(server, own_world, OFFICE) as client:
        yield client
    server.stop()


def _sign_in_again(office: Client, world: World, at: datetime) -> None:
    """Begin a session of the office at a later time, as the first has ended."""
    with world.register.writing() as connection:
        user = people.find_user_by_email(connection, OFFICE)
        assert user is not None
        token = sessions.begin_session(connection, user.id, at)
        session = sessions.session_of(connection, token, at=at, minutes=60)
        assert session is not None
    office.csrf = session.csrf_token
    office.cookies.set(COOKIE, token)


def _move_on_page(office: Client, world: World, day: date, **more: str) -> str:
    """What the page answers to the form: its text, or nothing when the event was moved."""
    asked = {"csrf_token": office.csrf, "day": day.isoformat(), "at": "10:00", "reason": "the Chair is away"}
    path = f"/challenges/{_event(world).challenge}/event"
    asked |= more
    answer = office.post(path, data=asked)
    if answer.status_code == 200:
        asked["is_confirmed"] = read_mark(answer.text)
        answer = office.post(path, data=asked)
    return "" if answer.status_code == 303 else unescape(answer.text)


def _add_another_event(world: World, day: date, *, chair_id: str) -> EventFacts:
    """A second event of the cycle, in the afternoon of a day."""
    author, challenger = (area.id for area in world.cycle.authors[2:4])
    which = f"{world.cycle.id}/{author}"
    starts_at = datetime.combine(day, time(16), LONDON)
    with world.register.writing() as connection:
        connection.execute(
            t.challenges.update().where(t.challenges.c.id == which).values(challenger_id=challenger)
        )
        connection.execute(
            t.events.insert().values(
                challenge_id=which,
                chair_id=chair_id,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=1),
                place="Online",
            )
        )
        return next(event for event in events_of(connection, world.cycle) if event.challenge == which)


@pytest.mark.parametrize("day", [SUNDAY, GOOD_FRIDAY, PAST, AFTER_THE_WINDOW])
def test_page_and_function_refuse_the_same_days_in_the_same_words(
    office: Client, own_world: World, day: date
) -> None:
    before, why = _event(own_world), _move(own_world, day)
    assert why and why in _move_on_page(office, own_world, day)
    assert _event(own_world) == before


def test_an_event_is_not_moved_onto_a_day_on_which_one_of_its_people_has_another(
    office: Client, own_world: World
) -> None:
    chair = _event(own_world).chair
    _add_another_event(own_world, TUESDAY, chair_id=chair.id)
    mine = own_world.cycle.id + "/" + own_world.cycle.authors[0].id
    with own_world.register.reading() as connection:
        first = next(e for e in events_of(connection, own_world.cycle) if e.challenge == mine)
    with (
        pytest.raises(WrongUse, match=f"{chair.name}.* another event on that day"),
        own_world.register.writing() as connection,
    ):
        move_event(
            connection,
            own_world.cycle,
            first.challenge,
            _at(TUESDAY),
            minutes=60,
            place="Online",
            reason="the Chair is away",
            actor="office",
            at=NOW,
        )
    data = {"csrf_token": office.csrf, "day": TUESDAY.isoformat(), "at": "10:00", "reason": "as said"}
    answer = office.post(f"/challenges/{first.challenge}/event", data=data)
    assert answer.status_code == 422 and "another event on that day" in answer.text
    wednesday = {**data, "day": (TUESDAY + timedelta(days=1)).isoformat()}
    assert office.post(f"/challenges/{first.challenge}/event", data=wednesday).status_code == 200


def test_an_event_may_be_late_once_the_office_says_so(own_world: World) -> None:
    assert "after the last day of the event window" in _move(own_world, AFTER_THE_WINDOW)
    assert _move(own_world, AFTER_THE_WINDOW, consent=Consent(may_be_late=True)) == ""
    assert local_day(_event(own_world).starts_at) == AFTER_THE_WINDOW


def test_an_event_that_is_over_is_moved_only_when_it_is_said_to_be_held_again(
    office: Client, own_world: World, clock: SimulatedClock
) -> None:
    event = _event(own_world)
    later, day = event.ends_at + timedelta(hours=1), local_day(event.starts_at) + timedelta(days=8)
    assert _move(own_world, day, at=later) == "This event is over."
    form = f"/challenges/{event.challenge}/event"
    assert "may_be_again" not in office.get(form).text
    clock.set(later)
    _sign_in_again(office, own_world, later)
    assert "This event is over." in _move_on_page(office, own_world, day)
    assert "may_be_again" in office.get(form).text
    assert _move_on_page(office, own_world, day, may_be_again="yes") == ""
    assert local_day(_event(own_world).starts_at) == day


def _issued(world: World, kind: DispatchKind) -> Counter[str]:
    """How many dispatches of a kind have gone out, by who they went to."""
    with world.register.reading() as connection:
        rows = listings.list_dispatches(connection, 1, size=500).rows
    return Counter(row.recipient_id for row in rows if row.kind == kind.value and row.state == "issued")


def test_an_event_that_is_moved_three_times_at_once_is_told_once(own_world: World) -> None:
    kinds = (DispatchKind.EVENT_INVITATION, DispatchKind.EVENT_CALENDAR)
    before = {kind: _issued(own_world, kind) for kind in kinds}
    for number in range(3):
        assert _move(own_world, TUESDAY + timedelta(days=number)) == ""
    own_world.advance(NOW)
    for kind in kinds:
        more = _issued(own_world, kind) - before[kind]
        assert set(more.values()) == {1} and len(more) == 3, kind


def test_an_event_that_is_moved_once_prepared_gives_new_briefings_with_its_day(own_world: World) -> None:
    event = _event(own_world)
    own_world.send_in(Kind.RESPONSE, event.author.id, NOW)
    own_world.advance(NOW)
    assert _move(own_world, TUESDAY) == ""
    own_world.advance(NOW)
    for kind, reader in (
        (DispatchKind.CHALLENGER_BRIEFING, event.challenger.id),
        (DispatchKind.CHAIR_BRIEFING, event.chair.id),
    ):
        assert _issued(own_world, kind) == {reader: 2}
        words = _words_of_newest(own_world, kind)
        assert "Tuesday 20 April 2027" in words and "This replaces what we sent you" in words


def _words_of_newest(world: World, kind: DispatchKind) -> str:
    with world.register.reading() as connection:
        rows = listings.list_dispatches(connection, 1, size=500).rows
    newest = max((row for row in rows if row.kind == kind.value), key=lambda row: row.id)
    said = docx.Document(str(world.settings.outbox_folder / str(newest.path)))
    return " ".join(text.text or "" for text in said.element.body.iter(qn("w:t")))


def test_a_response_that_comes_after_the_chairs_briefing_gives_another_that_has_it(own_world: World) -> None:
    event = _event(own_world)
    author, at = event.author.id, event.starts_at - timedelta(days=4)
    own_world.advance(at)
    before = _issued(own_world, DispatchKind.CHAIR_BRIEFING)
    assert before[event.chair.id] == 1
    own_world.send_in(Kind.RESPONSE, author, at + timedelta(hours=1))
    own_world.advance(at + timedelta(hours=2))
    assert _issued(own_world, DispatchKind.CHAIR_BRIEFING)[event.chair.id] == 2
    words = _words_of_newest(own_world, DispatchKind.CHAIR_BRIEFING)
    with own_world.register.reading() as connection:
        rows = frames.current_rows(connection, Kind.RESPONSE, own_world.cycle.id, [author])
    answers = [answer for answer in rows["response"] if answer]
    assert any(" ".join(answer.split())[:60] in " ".join(words.split()) for answer in answers)


def _read_challenge(world: World) -> Challenge:
    with world.register.reading() as connection:
        found = challenges.find_challenge(connection, _event(world).challenge)
    assert found is not None
    return found


def _read_due(world: World) -> dict[DeadlineName, date]:
    with world.register.reading() as connection:
        return challenges.due_dates(connection, _event(world).challenge)


def test_an_event_that_did_not_take_place_waits_for_another_day_with_new_invitations(
    office: Client, own_world: World, clock: SimulatedClock
) -> None:
    event, first_due = _event(own_world), _read_due(own_world)[DeadlineName.CHAIR_RECORD_DUE]
    next_day = event.starts_at + timedelta(days=1)
    own_world.advance(next_day)
    assert _read_challenge(own_world).stage is Stage.EVENT_HELD
    kinds = (DispatchKind.EVENT_INVITATION, DispatchKind.EVENT_CALENDAR)
    before = {kind: _issued(own_world, kind) for kind in kinds}
    clock.set(next_day)
    _sign_in_again(office, own_world, next_day)
    assert "Did it take place?" in office.get("/").text
    assert "It did not take place: give another day" in office.get(f"/challenges/{event.challenge}").text
    day = local_day(next_day) + timedelta(days=14)
    assert _move_on_page(office, own_world, day, may_be_again="yes") == ""
    after = _read_challenge(own_world)
    assert (after.stage, after.event_on, after.event_held_on) == (Stage.EVENT_SET, day, None)
    assert _read_due(own_world)[DeadlineName.CHAIR_RECORD_DUE] > first_due
    own_world.advance(next_day + timedelta(hours=1))
    for kind in kinds:
        assert set((_issued(own_world, kind) - before[kind]).values()) == {1}, kind
        assert len(_issued(own_world, kind) - before[kind]) == 3, kind
    assert "Did it take place?" not in office.get("/").text
    forms = _issued(own_world, DispatchKind.CHAIR_RECORD_FORM)
    assert forms == {event.chair.id: 2}, "the first form holds the old day"
    own_world.send_in(Kind.CHAIR_RECORD, event.author.id, _at(day) + timedelta(days=1))
    assert _read_challenge(own_world).event_held_on == day


def test_an_event_whose_record_has_come_took_place_and_is_not_moved(
    office: Client, own_world: World, clock: SimulatedClock
) -> None:
    event = _event(own_world)
    later = event.ends_at + timedelta(days=3)
    own_world.advance(later)
    own_world.send_in(Kind.CHAIR_RECORD, event.author.id, later)
    before, day = _read_challenge(own_world), local_day(later) + timedelta(days=14)
    why = _move(own_world, day, at=later, consent=Consent(may_be_again=True))
    assert why == "The Chair’s record of this event has come, so the event took place."
    assert _read_challenge(own_world) == before
    clock.set(later)
    _sign_in_again(office, own_world, later)
    assert "Did it take place?" not in office.get("/").text
    assert "give another day" not in office.get(f"/challenges/{event.challenge}").text
    with own_world.register.reading() as connection:
        move = Move(event.challenge, _at(day), 120, "Online")
        (found,) = find_obstacles_to_moves(
            connection, own_world.cycle, [move], later, Consent(may_be_again=True)
        )
    assert why in found.told


def test_a_move_is_shown_with_what_speaks_against_it_and_moves_nothing_until_confirmed(
    office: Client, own_world: World
) -> None:
    event, due = _event(own_world), _read_due(own_world)
    path, soon = f"/challenges/{event.challenge}/event", local_day(NOW) + timedelta(days=1)
    asked = {"csrf_token": office.csrf, "day": soon.isoformat(), "at": "10:00", "reason": "the venue"}
    shown = unescape(office.post(path, data=asked).text)
    with own_world.register.reading() as connection:
        move = Move(event.challenge, _at(soon), 120, "Online")
        warnings = list_warnings_of_moves(connection, own_world.cycle, [move], NOW)
    assert warnings and all(told in shown for told in warnings)
    assert " instead of " in shown, "the dates that follow"
    assert (_event(own_world), _read_due(own_world)) == (event, due)
    edited = office.post(path, data={**asked, "is_edited": "yes"})
    assert f'value="{soon.isoformat()}"' in edited.text and _event(own_world) == event
    confirmed = {**asked, "is_confirmed": read_mark(shown)}
    assert office.post(path, data=confirmed).status_code == 303
    moved = _event(own_world)
    assert local_day(moved.starts_at) == soon
    again = office.post(path, data=confirmed)
    assert again.status_code == 422 and "changed since you looked" in again.text
    assert _event(own_world).sequence == moved.sequence, "a second press invites nobody again"
