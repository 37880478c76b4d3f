"""Who comes to an event: each side answers for itself, a change asks again, and who came is noted."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest

from dashboard.app import create_app
from peer_challenge.clock import SimulatedClock
from peer_challenge.errors import WrongUse
from peer_challenge.events.change_chair import give_event, list_candidates
from peer_challenge.events.who_comes import list_answers, list_events_without, note_who_came, record_replies
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.event_replies import Invited, Reply
from peer_challenge.model.vocabulary import Role
from peer_challenge.register import event_replies, journal, purging
from peer_challenge.register.events import events_of
from tests.web.conftest import Client, Served, client_as
from tests.web.world import NOW, OFFICE, World, contact_of


@pytest.fixture
def server(own_world: World) -> Iterator[Served]:
    served = Served(create_app(own_world.settings, own_world.register, SimulatedClock(NOW)))
    yield served
    served.stop()


def event_in(world: World) -> EventFacts:
    with world.register.reading() as connection:
        [event] = events_of(connection, world.cycle)
    return event


def answers_in(world: World) -> dict[Invited, Reply]:
    """The answers that still count."""
    with world.register.reading() as connection:
        found = list_answers(connection, event_in(world))
    return {one.invited: one.reply.reply for one in found if one.reply and not one.is_old}


def send(client: Client, path: str, **fields: str) -> int:
    """Fill in the form that is shown to somebody, and send it."""
    page = unescape(client.get(path).text)
    shown = dict(re.findall(r'name="(who-\d+|sequence)" value="([^"]*)"', page))
    return client.post(path, data={**shown, **fields, "csrf_token": client.csrf}).status_code


def test_each_side_answers_for_itself_and_sees_no_other(server: Served, own_world: World) -> None:
    event = event_in(own_world)
    path = f"/challenges/{event.challenge}/people"
    seen = {}
    for email, party in (
        (contact_of(event.author.id), event.author.id),
        (contact_of(event.challenger.id), event.challenger.id),
        (f"{event.chair.id}@example.org", event.chair.id),
    ):
        with client_as(server, own_world, email) as client:
            everything = {f"reply-{number}": "comes" for number in range(9)}
            assert send(client, path, **everything) == 303
            seen[party] = {one.party_id for one in answers_in(own_world)}
            came = {"act": "came", "came-author": "Everybody"}
            assert send(client, path, **came) == (422 if party == event.chair.id else 403)
    assert seen[event.author.id] == {event.author.id}
    assert seen[event.challenger.id] == {event.author.id, event.challenger.id}
    assert len(answers_in(own_world)) == 9  # four of each area, and the Chair
    with client_as(server, own_world, OFFICE) as office:
        assert send(office, path, **{"reply-2": "cannot"}) == 303
        board = unescape(office.get("/").text)
        challenge = unescape(office.get(path.removesuffix("/people")).text)
    assert "1 person can’t come to the event of Ashcombe" in board
    assert "9 of 9 have answered, 1 can’t come." in challenge
    with own_world.register.reading() as connection:
        entry = journal.find_newest_entry(connection, own_world.cycle.id, ("event reply recorded",))
    assert entry is not None and entry[1]["reply"] == "cannot"


def test_a_change_of_the_event_asks_again_and_a_new_chair_has_not_answered(own_world: World) -> None:
    event = event_in(own_world)
    with own_world.register.writing() as connection:
        everybody = {one.invited: Reply.CANNOT for one in list_answers(connection, event)}
        assert record_replies(connection, event, everybody, actor="Jo", at=NOW) == 9
        assert record_replies(connection, event, everybody, actor="Jo", at=NOW) == 0  # nothing is new
        assert [count for _, count in list_events_without(connection, own_world.cycle, NOW)] == [9]
        other = list_candidates(connection, own_world.cycle, event.challenge, NOW)[0].chair
        give_event(
            connection, own_world.cycle, event.challenge, other.id, reason="is ill", actor="Jo", at=NOW
        )
    assert answers_in(own_world) == {}
    after = event_in(own_world)
    with own_world.register.writing() as connection:
        record_replies(connection, after, {Invited(Role.CHAIR, other.id): Reply.COMES}, actor="Jo", at=NOW)
        with pytest.raises(WrongUse, match="not invited"):
            former = {Invited(Role.CHAIR, event.chair.id): Reply.COMES}
            record_replies(connection, after, former, actor="Jo", at=NOW)
    assert answers_in(own_world) == {Invited(Role.CHAIR, other.id): Reply.COMES}


def test_an_answer_is_kept_only_for_the_event_and_the_person_that_were_shown(
    server: Served, own_world: World
) -> None:
    event = event_in(own_world)
    path = f"/challenges/{event.challenge}/people"
    with client_as(server, own_world, OFFICE) as office:
        page = unescape(office.get(path).text)
        shown = dict(re.findall(r'name="(who-\d+|sequence)" value="([^"]*)"', page))
        form = {**shown, "reply-0": "comes", "reply-1": "cannot", "csrf_token": office.csrf}
        old = office.post(path, data=form | {"sequence": str(event.sequence - 1)})
        assert old.status_code == 422 and "The event was changed." in old.text
        shifted = office.post(path, data=form | {"who-1": "author/somebody/else"})
        assert shifted.status_code == 422 and "Those who are invited have changed." in shifted.text
        assert answers_in(own_world) == {}
        assert office.post(path, data=form).status_code == 303
    assert len(answers_in(own_world)) == 2


def test_who_came_is_noted_after_the_event_and_goes_with_the_cycles_words(own_world: World) -> None:
    event = event_in(own_world)
    said = {Role.AUTHOR: "Police lead,  ICB lead", Role.CHALLENGER: ""}
    with own_world.register.writing() as connection:
        with pytest.raises(WrongUse, match="not begun"):
            note_who_came(connection, event, said, actor="Jo", at=NOW)
        note_who_came(connection, event, said, actor="Jo", at=event.ends_at + timedelta(hours=1))
        found = event_replies.list_attendance(connection, event.challenge)
        assert {one.role: one.who for one in found} == {
            Role.AUTHOR: "Police lead, ICB lead",
            Role.CHALLENGER: "",
        }
        purging.purge_cycle(connection, own_world.cycle.id, at=event.ends_at, actor="office")
        assert event_replies.list_attendance(connection, event.challenge) == []


@pytest.mark.threat("chair")
def test_a_chair_reads_and_deletes_no_note_of_a_former_chair(own_world: World) -> None:
    event = event_in(own_world)
    later = event.ends_at + timedelta(hours=1)
    with own_world.register.writing() as connection:
        former, office = {Role.AUTHOR: "Police lead"}, {Role.CHALLENGER: "ICB lead"}
        note_who_came(connection, event, former, actor="The Chair before", at=later)
        note_who_came(connection, event, office, actor="Programme office", at=later)
    served = Served(create_app(own_world.settings, own_world.register, SimulatedClock(later)))
    path = f"/challenges/{event.challenge}/people"
    try:
        with client_as(served, own_world, f"{event.chair.id}@example.org", at=later) as chair:
            shown = unescape(chair.get(path).text)
            assert "ICB lead" in shown and "Police lead" not in shown
            said = {"act": "came", "came-author": "", "came-challenger": "ICB lead, health lead"}
            assert send(chair, path, **said) == 303
            assert "ICB lead, health lead" in unescape(chair.get(path).text)
        with client_as(served, own_world, OFFICE, at=later) as client:
            assert "Police lead" in unescape(client.get(path).text)
    finally:
        served.stop()
