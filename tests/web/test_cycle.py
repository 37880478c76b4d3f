"""The office changes an open cycle on its page: what follows is shown first, and nothing typed is lost."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from dashboard.app import create_app
from peer_challenge.clock import SimulatedClock
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.messages import Delivery
from peer_challenge.model.vocabulary import DispatchKind, Kind, Role
from peer_challenge.register import cycles, date_adjustments, listings, messages, outbox, people
from peer_challenge.register.events import events_of, load_event
from peer_challenge.steering.cycle_forms import Part, make_form
from peer_challenge.steering.send_messages import mark_as_sent
from tests.web.conftest import Client, Served, client_as, context_as, read_mark
from tests.web.test_day import faults
from tests.web.world import NOW, OFFICE, World, an_empty_world, contact_of, day

CYCLE, FIRST = "northern-2027", "ashcombe"
AREA = f"/cycle/{CYCLE}/areas/{FIRST}"


@pytest.fixture
def server(own_world: World) -> Iterator[Served]:
    served = Served(create_app(own_world.settings, own_world.register, SimulatedClock(NOW)))
    yield served
    served.stop()


@pytest.fixture
def office(server: Served, own_world: World) -> Iterator[Client]:
    with client_as(server, own_world, OFFICE) as client:
        yield client


def present(world: World) -> Cycle:
    with world.register.reading() as connection:
        return cycles.load_stored(connection, CYCLE)[0]


def fields_of(world: World, part: str = "areas", whose: str = FIRST) -> dict[str, str]:
    return dict(make_form(present(world), part, whose).values)


def send(office: Client, path: str, fields: dict[str, str]) -> tuple[int, str]:
    answer = office.post(path, data={**fields, "csrf_token": office.csrf})
    return answer.status_code, unescape(answer.text)


def confirmed(page: str, reason: str = "they asked for it") -> dict[str, str]:
    """What the form of a preview sends once a reason is given."""
    form = page[
        page.rindex("<form", 0, page.index('name="is_confirmed"')) : page.index("Change the cycle</button>")
    ]
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form, re.DOTALL))
    return {**fields, "reason": reason}


def test_a_new_contact_is_given_the_forms_that_went_to_the_old_address(tmp_path: Path) -> None:
    world = an_empty_world(tmp_path / "home", Delivery.DRAFTS)
    with world.register.writing() as connection:
        (message,) = messages.list_messages(connection, cycle_id=CYCLE, recipient_id=FIRST)
        mark_as_sent(connection, message.id, at=day(1, 12), actor="Jo")
    served, new = (
        Served(create_app(world.settings, world.register, SimulatedClock(day(2, 1)))),
        "new@a.example",
    )
    form = f'href="/messages/{message.id}"'
    told = f"{new} never got the form: self-assessment of Ashcombe, by 26 February 2027."
    with client_as(served, world, OFFICE, day(2, 1)) as client:
        assert "has not got" not in client.get("/cycle").text
        _, page = send(client, AREA, {**fields_of(world), "contact-0-email": new})
        assert told in page and "has a link to send it to them" in page
        saved = client.post(AREA, data={**confirmed(page), "csrf_token": client.csrf})
        listed = unescape(client.get(saved.headers["location"]).text)
        assert "Nobody is written to about it." in listed
        assert "self-assessment of Ashcombe, by 26 February 2027</a>, for new@a.example" in listed
        assert form in listed
        for path in (f"/remind/{CYCLE}", f"/challenges/{CYCLE}/{FIRST}/remind"):
            page = unescape(client.get(path).text)
            assert told in page and form in page
        page = unescape(client.get(f"/messages/{message.id}").text)
        assert f"It never went to {new}." in page and f"contacts of today: {new}" in page
        assert new in client.get(f"/messages/{message.id}/draft.eml").text
        world.send_in(Kind.SELF_ASSESSMENT, FIRST, day(2, 2))
        assert "has not got" not in client.get("/cycle").text
    served.stop()
    world.register.close()


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        (AREA, "Change Ashcombe"),
        (f"/cycle/{CYCLE}/chairs/new", "Add a Chair"),
        (f"/cycle/{CYCLE}/partners/all", "Rules for partners"),
    ],
)
def test_a_form_says_what_it_is_and_has_contacts_before_the_rest(
    office: Client, path: str, heading: str
) -> None:
    page = unescape(office.get(path).text)
    assert f'<h1 class="govuk-heading-l">{heading}</h1>' in page
    if path == AREA:
        assert (
            page.index('"participants-name"')
            < page.index('"contact-0-email"')
            < page.index('"participants-police"')
        )
        assert "No event is set in school holidays." in page


@pytest.mark.parametrize("part", [part.value for part in Part])
def test_a_form_sent_as_it_was_shown_changes_nothing(own_world: World, office: Client, part: str) -> None:
    whose = {"areas": FIRST, "chairs": own_world.cycle.chairs[0].id}.get(part, "all")
    path = f"/cycle/{CYCLE}/{part}/{whose}"
    assert office.get(path).status_code == 200
    status, page = send(office, path, fields_of(own_world, part, whose))
    assert status == 422 and "Nothing is different" in page
    assert present(own_world) == own_world.cycle


def test_a_change_is_shown_then_confirmed_with_a_reason_then_done(own_world: World, office: Client) -> None:
    typed = {
        **fields_of(own_world),
        "contact-0-email": "new@ashcombe.example.org",
        "participants-police": "Far",
    }
    assert "Nothing was changed since the cycle was opened" in office.get("/cycle").text
    status, page = send(office, AREA, typed)
    assert status == 200 and "becomes “Far”" in page and "new@ashcombe.example.org" in page
    assert present(own_world) == own_world.cycle  # it was only shown
    asked = confirmed(page)
    status, page = send(office, AREA, {**asked, "reason": ""})
    assert status == 422 and "no reason" in page and confirmed(page)["participants-police"] == "Far"
    assert send(office, AREA, asked)[0] == 303
    area = present(own_world).participant[FIRST]
    assert (area.police, area.contacts[0].email) == ("Far", "new@ashcombe.example.org")
    listed = unescape(office.get("/cycle").text)
    assert "Programme office: they asked for it" in listed and "Undo this change" in listed
    assert "Ashcombe, police force: " in listed and "becomes “Far”" in listed


def test_a_change_is_undone_as_it_was_made(own_world: World, office: Client) -> None:
    _, page = send(office, AREA, {**fields_of(own_world), "participants-police": "Far"})
    send(office, AREA, confirmed(page))
    path = f"/cycle/{CYCLE}/versions/1"
    page = unescape(office.get(path).text)
    assert "“Far” becomes" in page
    assert send(office, path, confirmed(page, "a mistake"))[0] == 303
    assert present(own_world) == own_world.cycle


def test_mistakes_are_told_all_at_once_and_what_was_typed_stays(own_world: World, office: Client) -> None:
    typed = {
        **fields_of(own_world),
        "participants-neighbours": "Nowhere",
        "participants-unavailable": "sometime in May",
        "contact-0-email": "no address",
    }
    status, page = send(office, AREA, typed)
    assert status == 422
    for told in ("There is no area", "sometime in May", "isn't an email address"):
        assert told in page
    for value in ("Nowhere", "sometime in May", "no address"):
        assert f">{value}</textarea>" in page or f'value="{value}"' in page
    assert present(own_world) == own_world.cycle


def test_what_can_not_be_changed_any_more_says_why_and_has_no_button(
    own_world: World, office: Client
) -> None:
    new = {
        **fields_of(own_world, "areas", "new"),
        "participants-name": "Newtown",
        "participants-police": "Far",
    }
    status, page = send(office, f"/cycle/{CYCLE}/areas/new", {**new, "contact-0-name": "Lead"})
    assert status == 200 and "Partners are approved" in page and "Change the cycle</button>" not in page
    assert "newtown" not in present(own_world).participant


def test_a_change_that_somebody_else_made_meanwhile_is_looked_at_again(
    own_world: World, office: Client
) -> None:
    _, first = send(office, AREA, {**fields_of(own_world), "participants-police": "Far"})
    _, other = send(office, AREA, {**fields_of(own_world), "participants-police": "Near"})
    assert send(office, AREA, confirmed(other))[0] == 303
    status, page = send(office, AREA, confirmed(first))
    assert status == 422 and "changed since you looked" in page
    assert present(own_world).participant[FIRST].police == "Near"


def test_what_was_typed_comes_back_to_be_changed(own_world: World, office: Client) -> None:
    _, page = send(office, AREA, {**fields_of(own_world), "participants-police": "Fra Police"})
    _, form = send(office, AREA, {**confirmed(page), "is_edited": "yes"})
    assert 'value="Fra Police"' in form and "Show what follows" in form


def test_a_contact_who_is_taken_out_is_signed_out_at_once(
    server: Served, own_world: World, office: Client
) -> None:
    email = own_world.cycle.participant[FIRST].contacts[0].email
    with own_world.register.writing() as connection:
        user = people.find_user_by_email(connection, contact_of(FIRST))
        assert user is not None
        connection.exec_driver_sql("UPDATE users SET email = ? WHERE id = ?", (email, user.id))
    gone = {**fields_of(own_world), **{f"contact-0-{key}": "" for key in ("name", "role", "email")}}
    with client_as(server, own_world, email) as theirs:
        assert theirs.get("/mine").status_code == 200
        _, page = send(office, AREA, gone)
        assert "can't sign in any more" in page
        assert send(office, AREA, confirmed(page))[0] == 303
        assert theirs.get("/mine").status_code == 303


def test_nobody_but_the_office_sees_or_changes_a_cycle(server: Served, own_world: World) -> None:
    typed = {**fields_of(own_world), "participants-police": "Far"}
    with client_as(server, own_world, contact_of(FIRST)) as theirs:
        for path in ("/cycle", AREA, f"/cycle/{CYCLE}/versions/1"):
            assert theirs.get(path).status_code == 403
        asked = {**typed, "is_confirmed": "yes", "reason": "mine", "csrf_token": theirs.csrf}
        assert theirs.post(AREA, data=asked).status_code == 403
    assert present(own_world) == own_world.cycle


@pytest.mark.parametrize(
    "path", [f"/cycle/{CYCLE}/areas/nowhere", "/cycle/none/areas/x", f"/cycle/{CYCLE}/x/y"]
)
def test_what_there_is_not_is_not_found(office: Client, path: str) -> None:
    assert office.get(path).status_code == 404


def test_an_event_is_given_to_another_chair_on_its_page(own_world: World, office: Client) -> None:
    which, path = f"{CYCLE}/{FIRST}", f"/challenges/{CYCLE}/{FIRST}"
    with own_world.register.reading() as connection:
        before = load_event(connection, which)
    assert before is not None
    page = unescape(office.get(f"{path}/event").text)
    options = re.findall(r'<option value="(independent-chair-[a-z])"', page)
    assert options and before.chair_id not in options
    status, page = send(office, f"{path}/chair", {"chair": options[0], "chair_reason": ""})
    assert status == 422 and "no reason" in page
    asked = {"chair": options[0], "chair_reason": "illness"}
    status, shown = send(office, f"{path}/chair", asked)
    told = unescape(shown)
    assert status == 200 and f"in place of {own_world.cycle.chair[before.chair_id].name}" in told
    assert "Made and sent next: " in told and "event invitation" in told
    with own_world.register.reading() as connection:
        assert load_event(connection, which) == before, "a look changes nothing"
    again = {**asked, "is_confirmed": read_mark(shown)}
    assert send(office, f"{path}/chair", again)[0] == 303
    assert send(office, f"{path}/chair", again)[0] == 422, "a second press changes nothing"
    with own_world.register.reading() as connection:
        after = load_event(connection, which)
        rows = outbox.list_waiting_dispatches(connection)
        (entry,) = listings.list_journal_entries(connection, 1, event="event given to another Chair").rows
    assert after is not None and after.chair_id == options[0]
    told = {(row.kind, row.recipient_id) for row in rows if row.role is Role.CHAIR}
    assert told == {
        (DispatchKind.EVENT_CANCELLATION, before.chair_id),
        (DispatchKind.EVENT_INVITATION, options[0]),
        (DispatchKind.EVENT_CALENDAR, options[0]),
    }
    assert (entry.actor, entry.details["reason"]) == ("Programme office", "illness")
    own_world.advance(NOW)
    with own_world.register.reading() as connection:
        assert not outbox.list_waiting_dispatches(connection) and not outbox.count_held(connection)


def test_a_joining_link_of_any_length_is_kept_whole(own_world: World, office: Client) -> None:
    link = "https://teams.example.org/l/meetup-join/" + "x" * 600
    asked = {"day": "2027-04-21", "at": "10:00", "minutes": "120", "reason": "the link"}
    path = f"/challenges/{CYCLE}/{FIRST}/event"
    status, shown = send(office, path, {**asked, "place": link})
    assert status == 200 and link in shown
    assert send(office, path, {**asked, "place": link, "is_confirmed": read_mark(shown)})[0] == 303
    with own_world.register.reading() as connection:
        event = load_event(connection, f"{CYCLE}/{FIRST}")
    assert event is not None and event.place == link
    status, page = send(office, path, {**asked, "day": "2027-04-22", "place": "y" * 2001})
    assert status == 422 and "2001 characters" in page


def test_a_date_is_extended_for_all_who_still_have_to_meet_it(own_world: World, office: Client) -> None:
    path = f"/cycle/{CYCLE}/dates"
    asked = {"kind": "extension", "deadline": "analysis_due", "days": "7", "reason": "a strike"}
    status, page = send(office, path, {**asked, "days": "many"})
    assert status == 422 and "from 1 to 366" in page and 'value="a strike"' in page
    status, page = send(office, path, asked)
    assert status == 200 and "Ashcombe" not in page.split("</h2>")[1]  # its analysis is in
    assert all(name in page for name in ("Eastholme", "Kestrel Riding", "North Wolds"))
    with own_world.register.reading() as connection:
        assert not date_adjustments.adjustments_in(connection, CYCLE)
    confirmed_form = {**asked, "is_confirmed": read_mark(page)}
    assert send(office, path, confirmed_form)[0] == 303
    status, page = send(office, path, confirmed_form)
    assert status == 422 and "have changed since you looked" in page, "a second press is refused"
    with own_world.register.reading() as connection:
        adjusted = date_adjustments.adjustments_in(connection, CYCLE)
        letters = outbox.list_waiting_dispatches(connection)
    assert set(adjusted) == {f"{CYCLE}/{area}" for area in ("eastholme", "kestrel-riding", "north-wolds")}
    assert {row.kind for row in letters} == {DispatchKind.DATES_NOTICE}
    assert {row.challenge_id for row in letters} == set(adjusted)
    status, page = send(office, path, {**asked, "deadline": "self_assessment_due", "is_confirmed": "yes"})
    assert status == 422 and "would change no date" in page


@pytest.fixture
def two_events(own_world: World) -> list[str]:
    """Two areas whose events are set, by their ids."""
    own_world.send_in(Kind.ANALYSIS, "eastholme", NOW)
    own_world.advance(NOW)
    with own_world.register.reading() as connection:
        return [event.author.id for event in events_of(connection, own_world.cycle)]


def event_fields(world: World) -> dict[str, str]:
    with world.register.reading() as connection:
        events = events_of(connection, world.cycle)
    days = {f"day-{one.author.id}": one.starts_at.date().isoformat() for one in events}
    return days | {f"at-{one.author.id}": f"{one.starts_at:%H:%M}" for one in events}


def test_two_events_change_places_all_at_once_or_not_at_all(
    own_world: World, office: Client, two_events: list[str]
) -> None:
    path, typed = f"/cycle/{CYCLE}/events", event_fields(own_world)
    first, second = two_events
    swapped = {
        f"{key}-{one}": typed[f"{key}-{other}"]
        for key in ("day", "at")
        for one, other in ((first, second), (second, first))
    }
    assert send(office, path, typed)[0] == 422  # nothing is different
    wrong = {**swapped, f"day-{first}": "2027-04-18"}
    status, page = send(office, path, {**wrong, "is_confirmed": "yes", "reason": "they asked"})
    assert status == 422 and "Choose a working day" in page and event_fields(own_world) == typed
    status, page = send(office, path, swapped)
    assert status == 200 and page.count(" becomes <strong>") == 2 and event_fields(own_world) == typed
    status, page = send(office, path, {**swapped, "is_confirmed": "yes"})
    assert status == 422 and "no reason" in page
    assert send(office, path, {**swapped, "is_confirmed": "yes", "reason": "they asked"})[0] == 303
    assert event_fields(own_world) == swapped
    with own_world.register.reading() as connection:
        rows = outbox.list_waiting_dispatches(connection)
    invited = [row for row in rows if row.kind is DispatchKind.EVENT_INVITATION]
    assert len(invited) == 6 and {row.challenge_id for row in invited} == {f"{CYCLE}/{x}" for x in two_events}


@pytest.mark.browser
def test_the_office_changes_a_contact_and_a_chair_on_a_small_screen_without_javascript(
    chromium: Browser, server: Served, own_world: World
) -> None:
    size = {"width": 320, "height": 640}
    context = context_as(chromium, server, own_world, OFFICE, viewport=size, java_script_enabled=False)
    page = context.new_page()
    page.goto("/cycle")
    page.get_by_role("link", name="Change Ashcombe", exact=True).click()
    contact = page.get_by_role("group", name="Contact 1", exact=True)
    contact.get_by_label("Email address").fill("new@ashcombe.example.org")
    page.get_by_role("button", name="Show what follows").click()
    expect(page.locator("main")).to_contain_text("becomes Partnership manager <new@ashcombe.example.org>")
    page.get_by_label("Why is it changed?").fill("she has left")
    page.get_by_role("button", name="Change the cycle").click()
    expect(page.get_by_role("status")).to_contain_text("The cycle is changed.")
    page.get_by_role("link", name="Add a Chair").click()
    page.get_by_label("Name", exact=True).fill("Dr New")
    page.get_by_role("button", name="Show what follows").click()
    page.get_by_label("Why is it changed?").fill("one more")
    page.get_by_role("button", name="Change the cycle").click()
    expect(page.locator("main")).to_contain_text("Dr New")
    context.close()
    with context_as(chromium, server, own_world, OFFICE, viewport=size) as looking:
        page = looking.new_page()
        wrong = []
        for path in (
            "/cycle",
            AREA,
            f"/cycle/{CYCLE}/chairs/dr-new",
            f"/cycle/{CYCLE}/days/all",
            f"/cycle/{CYCLE}/dates",
            f"/cycle/{CYCLE}/events",
            f"/cycle/{CYCLE}/versions/1",
            f"/challenges/{CYCLE}/{FIRST}/event",
        ):
            page.goto(path)
            wrong += faults(page)
            if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                wrong.append(f"{path} is wider than the window")
        page.goto(f"/cycle/{CYCLE}/days/all")
        page.get_by_label("Days for the analysis").fill("many")
        page.get_by_role("button", name="Show what follows").click()
        expect(page.get_by_role("alert")).to_be_visible()
        wrong += faults(page)
        assert wrong == []
