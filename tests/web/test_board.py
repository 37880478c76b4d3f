"""The board says what waits for the office, in words, and to nobody else; people are found among many."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from dashboard.app import create_app
from dashboard.context import COOKIE
from dashboard.pages.challenge import list_stage_steps
from peer_challenge.clock import SimulatedClock
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.access import Access
from peer_challenge.model.vocabulary import Stage
from peer_challenge.partners import proposals
from peer_challenge.register import listings, outbox, people
from peer_challenge.register import tables as t
from tests.waiting import LONG
from tests.web.conftest import As, Client, Served, begin_session, client_as, read_mark
from tests.web.world import NOW, OFFICE, VIEWER, World, contact_of, day


@pytest.fixture
def office(own_world: World) -> Iterator[Client]:
    server = Served(create_app(own_world.settings, own_world.register, SimulatedClock(NOW)))
    with client_as(server, own_world, OFFICE) as client:
        yield client
    server.stop()


def _waits(client: Client) -> str:
    page = client.get("/").text
    found = re.search(r'<section class="pc-todo".*?</section>', page, re.S)
    return re.sub(r"\s+", " ", found[0]) if found else ""


def test_nothing_waits_when_all_is_on_its_way(office: Client) -> None:
    assert "Nothing waits for you" in _waits(office)


def test_a_rejected_document_waits_for_a_week(office: Client, own_world: World) -> None:
    (own_world.settings.inbox_folder / "another.docx").write_bytes(b"nor is this a Word document")
    take_in_ready_documents(own_world.register, own_world.settings, NOW - timedelta(days=1))
    assert "1 document rejected within the last week" in _waits(office)


def test_who_told_the_sender_of_a_rejected_document_ticks_it_off(office: Client, own_world: World) -> None:
    for name, data in (("one.docx", b"no Word document"), ("two.docx", b"nor is this one")):
        (own_world.settings.inbox_folder / name).write_bytes(data)
    take_in_ready_documents(own_world.register, own_world.settings, NOW - timedelta(days=1))
    assert "2 documents rejected within the last week" in _waits(office)
    page = office.get("/inbox?outcome=rejected").text
    number = re.findall(r'action="/submissions/(\d+)/told"', page)[0]
    for _ in range(2):
        office.post(f"/submissions/{number}/told", data={"csrf_token": office.csrf})
    assert "1 document rejected within the last week" in _waits(office)
    page = office.get("/inbox?outcome=rejected").text
    assert f'action="/submissions/{number}/told"' not in page and page.count("Sender told: ticked off") == 1
    with own_world.register.reading() as connection:
        (entry,) = listings.list_journal_entries(connection, 1, event=listings.SENDER_TOLD).rows
    assert entry.details["submission"] == int(number) and entry.actor == "Programme office"


def _count_stages(office: Client) -> dict[str, int]:
    strip = office.get("/").text.partition('<ol class="pc-stages"')[2].partition("</ol>")[0]
    return {name: int(count) for count, name in re.findall(r"<strong>(\d+)</strong>([^<]+)</a>", strip)}


def test_the_strip_of_stages_counts_every_area(office: Client, own_world: World) -> None:
    before = _count_stages(office)
    assert "withdrawn" not in before and sum(before.values()) == len(own_world.cycle.authors)
    asked = {"csrf_token": office.csrf, "reason": "It left the partnership", "is_confirmed": "yes"}
    office.post("/challenges/northern-2027/ashcombe/withdraw", data=asked)
    after = _count_stages(office)
    assert after["withdrawn"] == 1 and sum(after.values()) == sum(before.values())
    assert "Withdrawn</strong>" in office.get("/cycle").text
    assert '<option value="ashcombe"' not in office.get("/partners").text


def test_only_a_rejected_document_is_ticked_off(office: Client, own_world: World) -> None:
    with own_world.register.reading() as connection:
        rows = listings.list_submissions(connection, 1).rows
    number = next(row.id for row in rows if row.outcome != "rejected")
    answer = office.post(f"/submissions/{number}/told", data={"csrf_token": office.csrf})
    assert "This document was not rejected." in answer.text
    with own_world.register.reading() as connection:
        assert not listings.list_journal_entries(connection, 1, event=listings.SENDER_TOLD).rows


def test_a_document_that_could_not_be_made_waits(office: Client, own_world: World) -> None:
    with own_world.register.writing() as connection:
        last = t.dispatches.select().order_by(t.dispatches.c.id.desc()).limit(1)
        row = connection.execute(last).one()
        connection.execute(t.dispatches.update().where(t.dispatches.c.id == row.id).values(state=outbox.HELD))
        people.add_person(connection, "x@example.org", "X", Access.VIEWER, at=NOW, actor="office")
    assert "1 document could not be made" in _waits(office)
    assert "Held dispatches: 1" in office.get("/system?look=again").text


def test_a_proposal_waits_for_approval(office: Client, own_world: World) -> None:
    proposals.propose_for(own_world.register, own_world.cycle, day(3, 2))
    assert "Partners are proposed and wait for your approval." in _waits(office)


def test_what_waits_for_the_office_is_told_to_the_office_alone(as_: As) -> None:
    assert "pc-todo" in as_(OFFICE).get("/").text
    assert "pc-todo" not in as_(VIEWER).get("/").text


def _find_people(office: Client, words: str) -> str:
    return office.post("/people/search", data={"csrf_token": office.csrf, "q": words}).text


def test_people_are_found_by_name_and_paged(office: Client, own_world: World) -> None:
    with own_world.register.writing() as connection:
        user = people.find_user_by_email(connection, VIEWER)
        assert user is not None
        viewers = {"access": user.access.value, "is_active": True, "created_at": NOW}
        many = [viewers | {"email": f"p{n}@example.org", "name": f"Person {n:03}"} for n in range(120)]
        connection.execute(t.users.insert(), many)
        people.end_person(connection, user.id, reason="left", at=NOW, actor="office")
    first = office.get("/people").text
    assert first.count("New password") == 50 and "Page 1 of 3" in first and "Later names" in first
    found = _find_people(office, "person 07")
    assert found.count("New password") == 10
    asked = {"csrf_token": office.csrf, "q": "person", "number": "3"}
    last = office.post("/people/search", data=asked).text
    assert last.count("New password") == 20 and "Page 3 of 3" in last
    in_address = office.get("/people", params={"q": "person 07"}).text
    assert in_address.count("New password") == 50
    assert "We could not find anyone with that name." in _find_people(office, "zzz")


def test_an_event_was_held_on_its_day_whenever_that_was_noticed() -> None:
    noticed = datetime(2027, 4, 27, 9, tzinfo=UTC)
    known = SimpleNamespace(stage=Stage.EVENT_HELD, stages=tuple(Stage), event_held_on=date(2027, 4, 20))
    (held,) = [at for name, _, at in list_stage_steps(known, {"event held": noticed}) if name == "event held"]
    assert held == date(2027, 4, 20)


def test_those_concerned_read_the_message_of_an_extension_and_only_the_office_the_reason(
    office: Client, own_world: World
) -> None:
    author = own_world.cycle.authors[0].id
    path = f"/challenges/{own_world.cycle.id}/{author}"
    asked = {
        "csrf_token": office.csrf,
        "kind": "extension",
        "deadline": "event_by",
        "days": "7",
        "reason": "somebody is ill",
        "message": "The venue asked for a later day.",
    }
    asked |= {"is_confirmed": read_mark(office.post(f"{path}/dates", data=asked).text)}
    assert office.post(f"{path}/dates", data=asked).status_code == 303
    assert "somebody is ill" in office.get(path).text
    token, _ = begin_session(own_world, contact_of(author))
    with Client(base_url=office.base_url, cookies={COOKIE: token}, timeout=LONG) as contact:
        for address in (path, f"/api/v1{path}"):
            told = contact.get(address).text
            assert "The venue asked for a later day." in told
            assert "somebody is ill" not in told
