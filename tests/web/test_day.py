"""The office's working day in a real browser: every page, without JavaScript too, checked by axe."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page, expect

from dashboard.app import create_app
from peer_challenge.clock import SimulatedClock
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import Kind
from peer_challenge.partners.pins_and_bans import map_author_to_challenger
from peer_challenge.register import access_facts, assignments, listings
from peer_challenge.register.events import load_event
from tests.known_password import PASSWORD
from tests.web.clicks import Clicks
from tests.web.conftest import Served, context_as
from tests.web.world import NOW, OFFICE, VIEWER, World, an_empty_world, contact_of, day

pytestmark = pytest.mark.browser
Window = Callable[..., Page]
CLICKS = 20
"""For each area: what goes wrong in its year. As much again is for opening the cycle (test_new_cycle.py)."""
CYCLE, FIRST = "northern-2027", "ashcombe"
PAGES = {
    OFFICE: (
        "/",
        "/?show=overdue",
        "/?sort=-due",
        f"/several/{CYCLE}?what=note&area={FIRST}",
        f"/several/{CYCLE}?what=documents&area={FIRST}&area=eastholme",
        f"/several/{CYCLE}?what=note",
        f"/remind/{CYCLE}?area={FIRST}",
        f"/cycle/{CYCLE}/dates?area={FIRST}",
        "/?q=nobody-of-this-name",
        "/messages",
        "/messages?state=sent",
        "/messages/1",
        "/mail",
        "/inbox",
        "/inbox?outcome=rejected",
        f"/challenges/{CYCLE}/{FIRST}",
        f"/challenges/{CYCLE}/{FIRST}/dates",
        f"/challenges/{CYCLE}/{FIRST}/event",
        f"/challenges/{CYCLE}/{FIRST}/withdraw",
        "/cycle",
        f"/cycle/{CYCLE}/dates",
        f"/cycle/{CYCLE}/events",
        f"/cycle/{CYCLE}/areas/{FIRST}",
        f"/cycle/{CYCLE}/areas/new",
        f"/cycle/{CYCLE}/chairs/independent-chair-a",
        f"/cycle/{CYCLE}/days/all",
        f"/cycle/{CYCLE}/rules/all",
        f"/cycle/{CYCLE}/partners/all",
        f"/cycle/{CYCLE}/office/all",
        "/partners",
        f"/partners/what-if?cycle={CYCLE}&area={FIRST}",
        "/calendar",
        "/picture",
        "/settings",
        "/settings/start",
        "/backups",
        "/rehearsal",
        "/restore",
        "/retention",
        f"/remind/{CYCLE}",
        "/reports",
        f"/reports/{CYCLE}/areas",
        "/search",
        "/since?window=month",
        "/people/invite",
        "/journal",
        "/journal?event=nothing-like-it",
        "/people",
        "/system",
        "/password",
        "/nowhere",
    ),
    VIEWER: ("/", "/calendar", "/inbox?show=viewer"),
    contact_of(FIRST): ("/mine", f"/challenges/{CYCLE}/{FIRST}"),
    "independent-chair-a@example.org": ("/mine",),
}
ANSWERED_OTHERWISE = {
    "/nowhere": 404,  # the page for an address that there is not
    f"/several/{CYCLE}?what=note": 422,  # no area was ticked: the page says so
    "/accept/1/undo": 422,  # nothing was accepted in spite of a question: the page says so
    f"/cycles/{CYCLE}/undo-opening": 422,  # letters have gone: the page says why it is too late
    "/inbox?show=viewer": 403,  # a viewer may not see it: the page says who may
}
"""The pages that are there to say that something is not, and their status. Each other one answers 200."""


def visit(page: Page, path: str) -> list[str]:
    """Open a page; what is wrong with how it answers."""
    answer = page.goto(path)
    status = answer.status if answer is not None else 0
    return [] if status == ANSWERED_OTHERWISE.get(path, 200) else [f"{path} answered {status}"]


def faults(page: Page) -> list[str]:
    """What axe finds wrong with a page, once its styles are there: a click does not wait for them."""
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    return [f"{page.url}: {one['id']} at {[node['target'] for node in one['nodes']][:3]}" for one in found]


@pytest.mark.parametrize("look", ["wide", "narrow"])
def test_every_page_of_everybody_is_accessible_and_quiet(window: Window, look: str) -> None:
    size = {"width": 1440, "height": 900} if look == "wide" else {"width": 390, "height": 844}
    wrong: list[str] = []

    def complain(said: object) -> None:
        if "Security Policy" in str(said) or isinstance(said, Error):
            wrong.append(str(said))

    for email, paths in PAGES.items():
        page = window(email, viewport=size)
        page.on("pageerror", complain)
        page.on("console", lambda message: complain(message.text))
        for path in paths:
            wrong += visit(page, path)
            if look == "wide":  # the same document at every width
                wrong += faults(page)
            if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                wrong.append(f"{path} is wider than the window")
    assert wrong == []


def test_signing_in_is_accessible_also_when_it_fails(window: Window) -> None:
    page = window(None)
    page.goto("/sign-in")
    wrong = faults(page)
    page.fill("#email", "somebody@example.org")
    page.fill("#password", "not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert wrong + faults(page) == []


def test_a_page_can_be_used_by_keyboard_alone(window: Window) -> None:
    page = window(OFFICE)
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to main content")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main-content")


def test_without_javascript_links_forms_and_uploads_work(
    chromium: Browser, served: Served, world: World
) -> None:
    page = context_as(chromium, served, world, OFFICE, java_script_enabled=False).new_page()
    page.goto("/")
    page.get_by_label("Area or challenger").fill("kestrel")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("table").first).to_contain_text("Kestrel Riding")
    page.get_by_role("link", name="Inbox", exact=True).click()
    page.set_input_files("#files", {"name": "a note.docx", "mimeType": "x/y", "buffer": b"a note"})
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("main")).to_contain_text("In the inbox")
    (world.settings.inbox_folder / "a note.docx").unlink()
    page.context.close()


def test_the_board_shows_what_happens_without_a_reload(window: Window, world: World) -> None:
    page = window(OFFICE)
    page.goto("/")
    expect(page.locator("[data-live-status]")).to_have_text("Updates itself.")
    row = page.locator("tr", has_text="Eastholme").first
    expect(row).to_contain_text("in analysis")
    world.send_in(Kind.ANALYSIS, "eastholme", NOW)
    expect(row).to_contain_text("returned")
    expect(page.locator("[data-live-status]")).to_contain_text("Updated at")


@pytest.fixture
def morning(own_world: World, chromium: Browser) -> Iterator[tuple[World, Page, SimulatedClock]]:
    """The office's window on an installation of its own."""
    clock = SimulatedClock(NOW)
    server = Served(create_app(own_world.settings, own_world.register, clock))
    context = context_as(chromium, server, own_world, None)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#email", OFFICE)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    yield own_world, page, clock
    context.close()
    server.stop()


def test_the_offices_working_day(morning: tuple[World, Page, SimulatedClock]) -> None:
    world, page, _ = morning
    clicks = Clicks(page)
    path = f"/challenges/{CYCLE}/eastholme"

    # an analysis comes in by the page
    page.goto("/inbox")
    document = world.filled(Kind.ANALYSIS, "eastholme")
    page.set_input_files("#files", {"name": "Eastholme.docx", "mimeType": "x/y", "buffer": document})
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("[data-drop-list]")).to_contain_text("in the inbox")
    take_in_ready_documents(world.register, world.settings, NOW)
    page.goto("/inbox?outcome=accepted")
    expect(page.locator("table")).to_contain_text("Eastholme.docx")

    # a document that was rejected: why, and its original
    page.goto("/inbox?outcome=rejected")
    expect(page.locator("table")).to_contain_text("This is not a Word document")
    with page.expect_download() as download:
        page.get_by_role("link", name="Original").first.click()
    assert download.value.path().read_bytes() == b"this is no Word document"

    # an extension: what moves is shown before it is done
    page.goto(path.replace("eastholme", "north-wolds"))
    page.get_by_role("link", name="Extend or pause").click()
    page.get_by_label("Which date").select_option("analysis_due")
    page.get_by_label("By how many days").fill("7")
    page.get_by_role("form", name="Extend one date").get_by_label("Why").fill("illness")
    page.get_by_role("button", name="Show what moves").first.click()
    expect(page.locator("table")).to_contain_text("Last day to hold the challenge event")
    assert faults(page) == []
    page.get_by_role("button", name="Change these dates").click()
    expect(page.get_by_role("status").first).to_contain_text("The dates were changed.")
    expect(page.locator("main")).to_contain_text("Extended by 7 days. Reason: illness")

    # an event is moved
    page.goto(f"/challenges/{CYCLE}/{FIRST}/event")
    page.get_by_label("Day").fill("2027-04-17")
    page.get_by_label("Why").fill("the Chair is away")
    page.get_by_role("button", name="Show what moves").click()
    expect(page.get_by_role("alert")).to_contain_text("working day")
    page.get_by_label("Day").fill("2027-04-21")
    page.get_by_label("Why").fill("the Chair is away")
    page.get_by_role("button", name="Show what moves").click()
    expect(page.locator("main")).to_contain_text("21 April 2027")
    assert faults(page) == []
    page.get_by_role("button", name="Move the event").click()
    expect(page.get_by_role("status").first).to_contain_text("The event was moved.")
    expect(page.locator("main")).to_contain_text("21 April 2027")

    # a challenge is withdrawn
    page.goto(f"/challenges/{CYCLE}/kestrel-riding/withdraw")
    page.get_by_label("Why is it withdrawn?").fill("reorganised")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator("main")).to_contain_text("Withdrawn")

    # an analysis comes in that can't be taken as it is: what is asked, then the corrected one
    for turn in (0, 1):
        page.goto("/inbox")
        document = world.filled(Kind.ANALYSIS, "north-wolds", turn=turn)
        page.set_input_files("#files", {"name": f"{turn}.docx", "mimeType": "x/y", "buffer": document})
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.locator("[data-drop-list]")).to_contain_text("in the inbox")
        assert faults(page) == []
        take_in_ready_documents(world.register, world.settings, NOW)
        world.advance(NOW)
        page.goto(path.replace("eastholme", "north-wolds"))
        if turn == 0:
            expect(page.locator("main")).to_contain_text("Query, ")
            expect(page.locator("main")).to_contain_text("Query letter")
            assert faults(page) == []
    expect(page.locator("main")).to_contain_text("Peer analysis, version 2")
    page.get_by_role("link", name="What changed in Peer analysis").click()
    expect(page.locator("h1")).to_contain_text("What changed")
    assert faults(page) == []

    assert clicks.count() / len(world.cycle.authors) < CLICKS, clicks.count()

    # all of it is in the journal, with who did it
    with world.register.reading() as connection:
        rows = listings.list_journal_entries(connection, 1, size=300).rows
    by_office = {row.event for row in rows if row.actor == "Programme office"}
    assert {"document uploaded", "dates adjusted", "event moved", "challenge withdrawn"} <= by_office
    page.goto("/journal")
    page.get_by_label("Look for").fill("withdrawn")
    page.get_by_role("button", name="Show", exact=True).click()
    assert page.url.endswith("/journal")
    assert faults(page) == []
    expect(page.locator("main")).to_contain_text("Whole")
    expect(page.locator("table")).to_contain_text("reorganised")


def _sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_an_event_is_held_and_its_summary_goes_out(
    morning: tuple[World, Page, SimulatedClock],
) -> None:
    world, page, clock = morning
    path = f"/challenges/{CYCLE}/{FIRST}"
    with world.register.reading() as connection:
        event = load_event(connection, f"{CYCLE}/{FIRST}")
        scope = access_facts.load_challenge(connection, CYCLE, FIRST)
    assert event is not None and scope is not None and page.context.browser
    world.advance(event.starts_at - timedelta(days=7))

    # the window is extended, since the record will tell of a late day
    page.goto(f"{path}/dates")
    page.get_by_label("Which date").select_option("event_by")
    page.get_by_label("By how many days").fill("200")
    page.get_by_role("form", name="Extend one date").get_by_label("Why").fill("a venue has to be found")
    page.get_by_role("button", name="Show what moves").first.click()
    page.get_by_role("button", name="Change these dates").click()

    # after the event the Chair signs in and sends the record, from a telephone
    clock.set(event.ends_at + timedelta(hours=1))
    home = page.evaluate("location.origin")
    telephone = page.context.browser.new_context(base_url=home, viewport={"width": 390, "height": 844})
    chairs = telephone.new_page()
    _sign_in(chairs, f"{scope[1].chair_id}@example.org")
    record = world.filled(Kind.CHAIR_RECORD, FIRST)
    chairs.set_input_files("#files", {"name": "record.docx", "mimeType": "x/y", "buffer": record})
    chairs.get_by_role("button", name="Send", exact=True).click()
    expect(chairs.locator("[data-drop-list]")).to_contain_text("in the inbox")
    assert faults(chairs) == []
    telephone.close()
    take_in_ready_documents(world.register, world.settings, clock.now())
    world.advance(clock.now())

    # the office sees it summarised, and has what went out
    _sign_in(page, OFFICE)
    page.goto(path)
    expect(page.locator("[aria-current=step]")).to_contain_text("Summarised")
    assert faults(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Chair's summary").first.click()
    assert download.value.path().read_bytes()[:2] == b"PK"
    page.goto("/picture")
    expect(page.locator("main")).not_to_contain_text("Nothing yet.")
    assert faults(page) == []


def test_what_goes_wrong_is_told_accessibly(morning: tuple[World, Page, SimulatedClock]) -> None:
    _, page, _ = morning
    wrong: list[str] = []

    def refused(path: str, button: str) -> None:
        page.goto(path)
        page.get_by_role("button", name=button).first.click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert page.title().startswith("Error: ")
        wrong.extend(faults(page))

    refused(f"/challenges/{CYCLE}/{FIRST}/dates", "Show what moves")
    refused(f"/challenges/{CYCLE}/{FIRST}/event", "Show what moves")
    refused(f"/challenges/{CYCLE}/{FIRST}/withdraw", "Withdraw")
    refused("/people", "Add")
    refused("/password", "Change password")
    page.goto("/people")
    page.get_by_role("button", name="New password").first.click()
    expect(page.locator(".pc-password")).to_be_visible()
    wrong += faults(page)
    page.goto("/inbox?outcome=rejected")
    wrong += faults(page)
    assert wrong == []


def test_partners_are_proposed_changed_and_approved_with_a_reason(
    chromium: Browser, tmp_path: object
) -> None:
    world = an_empty_world(tmp_path / "home")  # type: ignore[operator]
    for author in world.cycle.authors:
        world.send_in(Kind.SELF_ASSESSMENT, author.id, day(2, 20))
    server = Served(create_app(world.settings, world.register, SimulatedClock(day(3, 1))))
    context = context_as(chromium, server, world, None)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#email", OFFICE)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto("/partners")
    assert faults(page) == []
    page.get_by_role("button", name="Propose partners").click()
    expect(page.get_by_role("status").first).to_contain_text("New partners are proposed.")
    expect(page.locator("svg")).to_be_visible()
    assert faults(page) == []

    with world.register.reading() as connection:
        row = assignments.load_standing(connection, CYCLE)
    assert row is not None
    pairs = map_author_to_challenger(row.proposal)
    page.get_by_label("First area").select_option(FIRST)
    page.get_by_label("Second area").select_option(pairs[FIRST])
    page.get_by_role("button", name="Show what it would cost").click()
    expect(page.locator("main")).to_contain_text("What it costs")
    assert faults(page) == []
    page.get_by_label("Why this change").fill("they asked for it")
    page.get_by_role("button", name="Keep it as the proposal").click()
    expect(page.locator("table").first).to_contain_text("Pinned")

    page.get_by_role("button", name="Approve these partners").click()
    expect(page.get_by_role("alert")).to_contain_text("no reason")
    assert faults(page) == []
    page.get_by_label("Why these partners").fill("the best there are")
    page.get_by_role("button", name="Approve these partners").click()
    expect(page.locator("main")).to_contain_text("Approved")
    page.goto("/?stage=paired")
    expect(page.locator("main")).to_contain_text("4 of 4 areas")
    context.close()
    server.stop()
    world.register.close()
