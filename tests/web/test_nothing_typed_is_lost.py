"""What somebody typed or sent is not lost, not done twice, and not passed over in silence."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Dialog, Page, expect

from dashboard.render_page import PAGES
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import challenges, outbox
from tests.known_password import PASSWORD
from tests.waiting import LONG
from tests.web.conftest import As, Client, Served
from tests.web.world import NOW, OFFICE, World, contact_of

AREA = contact_of("ashcombe")
WHICH = "northern-2027/ashcombe"


def _send(client: Client, path: str, **form: str) -> str:
    answer = client.post(path, data={"csrf_token": client.csrf, **form})
    return unescape(re.sub(r"\s+", " ", answer.text))


def _upload(client: Client, name: str, data: bytes) -> str:
    answer = client.post("/uploads", data={"csrf_token": client.csrf}, files={"files": (name, data)})
    return unescape(re.sub(r"\s+", " ", answer.text))


def _waiting(world: World) -> list[str]:
    return sorted(path.name for path in world.settings.inbox_folder.iterdir())


def test_a_form_sent_after_the_session_is_over_comes_back_once_signed_in(
    served: Served, world: World
) -> None:
    typed = {"reason": "The Chair is ill", "day": "2027-04-21", "at": "14:00", "csrf_token": "old"}
    with httpx.Client(base_url=served.url, timeout=LONG) as client:
        path = f"/challenges/{WHICH}/event"
        page = client.post(path, data=typed)
        assert page.status_code == 401 and "What you typed is kept" in page.text
        kept = re.search(r'name="typed" value="([^"]*)"', page.text)
        assert kept is not None and "csrf_token" not in kept[1]
        sign_in = {"email": OFFICE, "password": PASSWORD, "next": path, "typed": unescape(kept[1])}
        wrong = client.post("/sign-in", data={**sign_in, "password": "wrong"})
        assert wrong.status_code == 401 and kept[1] in wrong.text
        again = client.post("/sign-in", data=sign_in)
        assert "The Chair is ill" in again.text and f'action="{path}"' in again.text
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', again.text))
        assert fields["day"] == "2027-04-21" and fields["csrf_token"] != "old"
        assert client.get("/journal").status_code == 200


@pytest.mark.browser
def test_the_browser_asks_before_a_link_leaves_what_was_typed(window: Callable[..., Page]) -> None:
    page, asked = window(OFFICE), []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    back = page.locator(".govuk-back-link")
    page.goto("/cycle/northern-2027/office/all")
    back.click()
    expect(page.get_by_role("heading", name="Chairs")).to_be_visible()
    assert asked == []
    page.goto("/cycle/northern-2027/office/all")
    name = page.get_by_label("Name of the cycle", exact=True)
    name.press_sequentially("More")
    back.click(no_wait_after=True)
    expect(name).to_have_value(re.compile("More"))
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Show what follows").click()
    expect(page.get_by_role("heading", name="What changes")).to_be_visible()
    assert asked == ["beforeunload"]


def test_every_box_that_was_ticked_comes_back(served: Served) -> None:
    with httpx.Client(base_url=served.url, timeout=LONG) as client:
        path, boxes = "/remind/northern-2027", ["ashcombe", "eastholme", "north wolds"]
        page = client.post(path, data={"area": boxes, "reason": "They asked"})
        (typed,) = re.findall(r'name="typed" value="([^"]*)"', page.text)
        sign_in = {"email": OFFICE, "password": PASSWORD, "next": path, "typed": unescape(typed)}
        again = client.post("/sign-in", data=sign_in).text
        assert re.findall(r'name="area" value="([^"]*)"', again) == boxes


def test_no_password_is_carried_along(served: Served) -> None:
    with httpx.Client(base_url=served.url, timeout=LONG) as client:
        answer = client.post("/password", data={"password": "secret one", "new_password": "secret two"})
        assert "secret" not in answer.text


def test_no_field_for_a_password_is_carried_along(served: Served) -> None:
    """Whatever a page calls the field in which somebody types a password."""
    names = {
        name
        for page in PAGES.glob("*.html")
        for name in re.findall(r'govukPasswordInput\(.*?"name": "(\w+)"', page.read_text(encoding="utf-8"))
    }
    assert {"present", "password"} <= names
    with httpx.Client(base_url=served.url, timeout=LONG) as client:
        for name in names:
            answer = client.post("/password", data={name: "secret one", "username": "known@example.org"})
            assert "secret" not in answer.text and "known@example.org" not in answer.text


@pytest.mark.parametrize(
    ("path", "back"), [(f"/challenges/{WHICH}/event", None), ("/partners/northern-2027/undo", "/")]
)
def test_the_way_back_is_a_page(served: Served, path: str, back: str | None) -> None:
    """A form may be sent to a place that shows no page of its own."""
    way = back or path
    with httpx.Client(base_url=served.url, timeout=LONG) as client:
        empty = client.post(path)
        assert (
            empty.status_code == 303 and empty.headers["location"] == f"/sign-in?next={quote(way, safe='')}"
        )
        kept = client.post(path, data={"reason": "It was a mistake"}).text
        (typed,) = re.findall(r'name="typed" value="([^"]*)"', kept)
        sign_in = {"email": OFFICE, "password": PASSWORD, "next": path, "typed": unescape(typed)}
        assert f'href="{way}">Begin again' in client.post("/sign-in", data=sign_in).text
        assert client.get(way).status_code == 200


def test_what_is_typed_into_the_form_of_an_event_stays_when_it_is_refused(as_: As) -> None:
    page = _send(
        as_(OFFICE),
        f"/challenges/{WHICH}/event",
        day="2027-04-18",
        at="14:30",
        place="Town Hall",
        may_be_late="yes",
        reason="The Chair is away",
    )
    for words in ("Sunday", 'value="2027-04-18"', 'value="14:30"', "Town Hall", "The Chair is away"):
        assert words in page
    assert re.search(r'name="may_be_late" value="yes" checked', page)


def test_a_file_that_is_sent_twice_lies_in_the_inbox_once(as_: As, world: World) -> None:
    client, data = as_(OFFICE), b"this is no form at all"
    assert "In the inbox" in _upload(client, "plans.docx", data)
    assert "is in the inbox already" in _upload(client, "plans.docx", data)
    assert _waiting(world) == ["plans.docx"]
    take_in_ready_documents(world.register, world.settings, NOW)


def test_a_document_that_came_before_is_said_to_be_known(as_: As, world: World) -> None:
    data = world.filled(Kind.ANALYSIS, world.cycle.authors[1].id)
    assert "In the inbox" in _upload(as_(OFFICE), "analysis.docx", data)
    take_in_ready_documents(world.register, world.settings, NOW)
    told = _upload(as_(OFFICE), "analysis again.docx", data)
    assert "We have this very document already: it came on Monday 22 March 2027" in told
    assert _waiting(world) == []


def test_an_area_sees_that_its_file_was_not_taken_in_and_the_office_sees_whose_it_is(
    as_: As, world: World
) -> None:
    assert "In the inbox" in _upload(as_(AREA), "our return.docx", b"%PDF-1.7 scanned")
    take_in_ready_documents(world.register, world.settings, NOW)
    mine = unescape(as_(AREA).get("/mine").text)
    assert "our return.docx" in mine and "This is a PDF, not a Word document." in mine
    assert "Sent in by Contact of ashcombe" in unescape(as_(OFFICE).get("/inbox").text)
    assert "our return.docx" not in as_(contact_of(world.cycle.authors[1].id)).get("/mine").text


def test_the_office_is_nobodys_contact_by_mistake(as_: As) -> None:
    asked = {"name": "Robin", "email": "robin@example.org", "access": "office"}
    page = _send(as_(OFFICE), "/people", **asked, place="participant/northern-2027/ashcombe")
    assert "the role is one that sees every area" in page and 'value="robin@example.org"' in page


def test_who_was_ended_can_be_added_again(as_: As, world: World) -> None:
    client = as_(OFFICE)
    asked = {"name": "Robin", "email": "mailto:again@example.org", "access": "viewer", "place": ""}
    assert "With this link Robin (" in _send(client, "/people", **asked)
    page = client.get("/people").text
    number = max(int(found) for found in re.findall(r'"/people/(\d+)"', page))
    assert "There is no reason given." in _send(client, f"/people/{number}/end")
    assert client.get(f"/people/{number}").status_code == 200
    _send(client, f"/people/{number}/end", reason="They left")
    assert "has that email address already" not in _send(client, "/people", **asked)
    assert "again@example.org" in client.get("/people").text


@pytest.mark.parametrize("path", ["withdraw", "dates"])
def test_a_missing_reason_loses_nothing(as_: As, path: str) -> None:
    asked = {"reason": "x", "days": "9", "deadline": "event_by", "message": "See you later"}
    page = _send(as_(OFFICE), f"/challenges/{WHICH}/{path}", **asked)
    assert "too short for a reason" in page and 'value="x"' in page
    assert path == "withdraw" or ("See you later" in page and 'value="9"' in page)


def test_withdrawing_says_before_who_is_told_and_afterwards_nothing_can_be_extended(
    as_: As, world: World
) -> None:
    client, path = as_(OFFICE), f"/challenges/{WHICH}"
    before = unescape(client.get(f"{path}/withdraw").text)
    assert "A letter says so to Ashcombe" in before
    assert "a calendar file that takes it out of their diaries goes to Ashcombe" in before
    assert "It no longer challenges" in before
    assert (
        client.post(f"{path}/withdraw", data={"csrf_token": client.csrf, "reason": "it merges"}).status_code
        == 303
    )
    with world.register.reading() as connection:
        rows = [
            row.kind.value for row in outbox.list_waiting_dispatches(connection) if row.challenge_id == WHICH
        ]
        orphans = [
            c
            for c in challenges.list_challenges_in_cycle(connection, "northern-2027")
            if c.challenger_id == "ashcombe"
        ]
    assert rows == ["withdrawal_notice"] * 3 + ["event_cancellation"] * 3 and orphans == []
    assert "Extend or pause" not in client.get(path).text
    assert (
        "Partners are proposed" in client.get("/").text
        or "challenger: propose partners" in client.get("/").text
    )
    assert "This challenge is over" in _send(
        client, f"{path}/dates", kind="extension", deadline="event_by", days="7", reason="more time"
    )


def test_a_button_that_sends_an_email_counts_two_quick_presses_as_one() -> None:
    buttons = [
        button
        for page in PAGES.glob("*.html")
        for button in re.findall(r"<button[^>]*>", page.read_text(encoding="utf-8"))
        if 'value="email"' in button
    ]
    assert len(buttons) == 3
    assert all('data-prevent-double-click="true"' in button for button in buttons)
