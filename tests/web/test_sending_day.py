"""A day on which the office sends, in a real browser: drafts, wide and narrow, with and without scripts."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.app import create_app
from peer_challenge.clock import SimulatedClock
from peer_challenge.model.messages import Delivery
from peer_challenge.model.vocabulary import Kind
from peer_challenge.outbox.do_what_is_due import advance_and_deliver
from peer_challenge.register import challenges, look_before_sending, messages, outbox
from peer_challenge.register.archive import sha256_of
from tests.known_password import PASSWORD
from tests.web.conftest import Served, context_as
from tests.web.test_day import faults
from tests.web.world import OFFICE, World, an_empty_world, day, pair_all_areas

pytestmark = pytest.mark.browser
NOW = day(3, 2)
Open = Callable[..., Page]


@pytest.fixture
def paired(tmp_path: Path) -> Iterator[World]:
    """Four areas whose partners are approved; the office sends by hand, and looks at every pack first."""
    world = an_empty_world(tmp_path / "home", Delivery.DRAFTS, is_looked_at=True)
    for author in world.cycle.authors:
        world.send_in(Kind.SELF_ASSESSMENT, author.id, day(2, 20))
    pair_all_areas(world)
    yield world
    world.register.close()


@pytest.fixture
def open_page(chromium: Browser, paired: World) -> Iterator[Open]:
    served = Served(create_app(paired.settings, paired.register, SimulatedClock(NOW)))
    contexts = []

    def opened(**options: object) -> Page:
        context = context_as(chromium, served, paired, OFFICE, **options)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    served.stop()


def test_a_pack_is_looked_at_sent_by_hand_and_its_clock_begins(paired: World, open_page: Open) -> None:
    page = open_page(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    page.goto("/")
    page.get_by_role("link", name="4 documents to look at before they go.").click()
    page.get_by_role("link", name=re.compile("^Analysis pack about")).first.click()
    assert faults(page) == []
    page.get_by_role("button", name="Looked at: send it").click()
    expect(page.get_by_role("alert")).to_contain_text("Nobody has opened this document yet.")
    assert faults(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Open the document").click()
    seen = sha256_of(download.value.path().read_bytes())
    page.get_by_role("button", name="Looked at: send it").click()
    expect(page.get_by_role("status").first).to_contain_text("You looked at it.")
    advance_and_deliver(paired.register, paired.settings, NOW)

    with paired.register.reading() as connection:
        pack = next(row for row in outbox.list_all_issued(connection) if row.sha256 == seen)
        message = messages.find_message_of(connection, pack.id)
        challenge = challenges.find_challenge(connection, pack.challenge_id or "")
    assert message is not None and challenge is not None and challenge.pack_issued_at is None
    page.goto(f"/messages/{message.id}")
    assert faults(page) == []
    page.get_by_role("button", name="Mark as sent").click()
    expect(page.get_by_role("status").first).to_contain_text("It is marked as sent.")
    assert faults(page) == []
    advance_and_deliver(paired.register, paired.settings, NOW)
    with paired.register.reading() as connection:
        challenge = challenges.find_challenge(connection, pack.challenge_id or "")
    assert challenge is not None and challenge.pack_issued_at == NOW


def test_a_field_is_copied_by_its_button(open_page: Open) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/messages")
    page.get_by_role("table").get_by_role("link").first.click()
    page.get_by_role("button", name=re.compile(r"^Copy\s*: Subject")).click()
    expect(page.locator("[data-copied]")).to_have_text("Copied: Subject.")
    subject = page.get_by_label("Subject").input_value()
    assert subject and page.evaluate("navigator.clipboard.readText()") == subject


@pytest.mark.parametrize("has_scripts", [True, False])
def test_the_pages_of_the_post_fit_a_narrow_window_and_are_accessible(
    open_page: Open, paired: World, has_scripts: bool
) -> None:
    page = open_page(viewport={"width": 320, "height": 700}, java_script_enabled=has_scripts)
    with paired.register.reading() as connection:
        look = look_before_sending.list_to_look_at(connection)[0].id
        message = messages.list_messages(connection)[0].id
    wrong = []
    for path in (
        "/messages",
        "/messages?state=all",
        f"/messages/{message}",
        f"/looks/{look}",
        "/mail",
        "/inbox",
    ):
        page.goto(path)
        box = page.locator("main").bounding_box()
        if box is None or box["x"] + box["width"] > 320:
            wrong.append(f"{path} is wider than the window")
        if has_scripts:
            if page.evaluate("document.documentElement.scrollWidth") > 320:
                wrong.append(f"{path} is wider than the window")
            wrong += faults(page)
    assert wrong == []


def test_without_scripts_messages_are_held_and_settings_are_saved(open_page: Open, paired: World) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/messages")
    page.get_by_role("checkbox", name=re.compile("^With all")).check()
    page.get_by_label("Why they are held or let go").fill("The region meets first")
    page.get_by_role("button", name="Hold").click()
    expect(page.get_by_role("status").first).to_contain_text("put on hold")
    page.get_by_role("link", name=re.compile("On hold")).click()
    page.get_by_role("table").get_by_role("link").first.click()
    assert page.get_by_role("button", name="Copy").count() == 0
    expect(page.get_by_label("Subject")).to_have_attribute("readonly", "")
    page.goto("/mail")
    page.get_by_role("radio", name=re.compile("^In folders")).check()
    page.locator("summary", has_text="Addresses on every message").click()
    page.get_by_label("From", exact=True).fill("post@example.org")
    page.get_by_label("Your password here").fill(PASSWORD)
    page.get_by_role("button", name="Save these settings").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved.")
    text = (paired.settings.home / "settings.toml").read_text()
    assert 'delivery = "folder"' in text and 'smtp_from = "post@example.org"' in text
    page.goto("/messages")
    expect(page.get_by_text("Messages leave in folders")).to_be_visible()


def test_settings_that_can_not_be_used_are_told_accessibly(open_page: Open) -> None:
    page = open_page()
    page.goto("/mail")
    page.get_by_role("radio", name=re.compile("^By email")).check()
    page.locator("summary", has_text="The mail server that sends").click()
    page.get_by_role("group", name="The mail server that sends").get_by_label("Port").fill("many")
    page.get_by_role("button", name="Save these settings").click()
    expect(page.get_by_role("alert")).to_contain_text("Write a whole number.")
    assert faults(page) == []
