"""What the office decides about a challenge, on the page: by browser, at 320 pixels, with axe."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from dashboard.app import create_app
from peer_challenge.clock import SimulatedClock
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import tables as t
from tests.factories import a_filled
from tests.web.conftest import Served, context_as
from tests.web.test_day import faults
from tests.web.world import NOW, OFFICE, World

pytestmark = pytest.mark.browser
REASON = "they told us by telephone"


@pytest.fixture
def own(own_world: World) -> Iterator[tuple[World, Served]]:
    """An installation of one's own, its page served."""
    server = Served(create_app(own_world.settings, own_world.register, SimulatedClock(NOW)))
    yield own_world, server
    server.stop()


def narrow_page(own: tuple[World, Served], chromium: Browser) -> Page:
    world, server = own
    page = context_as(chromium, server, world, OFFICE).new_page()
    page.set_viewport_size({"width": 320, "height": 800})
    return page


def check_page(page: Page) -> None:
    """No fault that axe finds, and nothing wider than a telephone."""
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def stage(world: World, author: str) -> str:
    with world.register.reading() as connection:
        query = sa.select(t.challenges.c.stage).where(t.challenges.c.author_id == author)
        return str(connection.scalar(query))


def test_a_note_is_written_remembered_on_the_board_and_ticked_off(
    own: tuple[World, Served], chromium: Browser
) -> None:
    world, _ = own
    page = narrow_page(own, chromium)
    page.goto(f"/challenges/{world.cycle.id}/{world.cycle.authors[0].id}")
    page.get_by_role("link", name="Write a note").click()
    page.get_by_label("Note", exact=True).fill("Rang on 22 March, sends on Thursday")
    page.get_by_label("Remind me on").fill("2027-03-21")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_role("alert")).to_contain_text("is past")
    expect(page.get_by_label("Note", exact=True)).to_have_value("Rang on 22 March, sends on Thursday")
    check_page(page)
    page.get_by_label("Remind me on").fill("2027-03-22")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_role("status").first).to_contain_text("Your note was kept")
    check_page(page)
    page.goto("/")
    page.get_by_role("link", name="Your note: Rang on 22 March, sends on Thursday").click()
    page.get_by_role("button", name="Tick off").click()
    page.goto("/")
    expect(page.locator("main")).not_to_contain_text("Rang on 22 March")


def test_a_challenge_is_closed_and_reopened_with_what_follows_shown_first(
    own: tuple[World, Served], chromium: Browser
) -> None:
    world, _ = own
    author = world.cycle.authors[0].id
    page = narrow_page(own, chromium)
    page.goto(f"/challenges/{world.cycle.id}/{author}")
    page.get_by_role("link", name="Close", exact=True).click()
    expect(page.locator("main")).to_contain_text("moves from “event set” to “closed”")
    expect(page.locator("main")).to_contain_text("event cancellation to")
    expect(page.locator("main")).to_contain_text("Those who know of the challenge get a letter")
    check_page(page)
    page.get_by_role("button", name="Close the challenge").click()
    expect(page.get_by_role("alert")).to_contain_text("no reason given")
    assert stage(world, author) == "event set"
    page.get_by_label("Why?").fill(REASON)
    page.get_by_role("button", name="Close the challenge").click()
    expect(page.get_by_role("status").first).to_contain_text("The challenge was closed")
    assert stage(world, author) == "closed"
    page.get_by_role("link", name="Reopen").click()
    expect(page.locator("main")).to_contain_text("moves from “closed” to “returned”")
    expect(page.locator("main")).to_contain_text("Those who have dates to come get a letter")
    page.get_by_label("Why?").fill(REASON)
    page.get_by_role("button", name="Reopen the challenge").click()
    expect(page.get_by_role("status").first).to_contain_text("The challenge was reopened")
    check_page(page)


def test_a_withdrawn_area_is_brought_back(own: tuple[World, Served], chromium: Browser) -> None:
    world, _ = own
    author = world.cycle.authors[0].id
    page = narrow_page(own, chromium)
    page.goto(f"/challenges/{world.cycle.id}/{author}/withdraw")
    page.get_by_label("Why is it withdrawn?").fill(REASON)
    page.get_by_role("button", name="Withdraw").click()
    assert stage(world, author) == "withdrawn"
    page.get_by_role("link", name="Bring the area back").click()
    check_page(page)
    page.get_by_label("Why?").fill(REASON)
    page.get_by_role("button", name="Bring the area back").click()
    expect(page.get_by_role("status").first).to_contain_text("The area takes part again")
    assert stage(world, author) == "returned"


def test_a_reminder_goes_now_and_once_a_day(own: tuple[World, Served], chromium: Browser) -> None:
    world, _ = own
    author = world.cycle.authors[1].id
    page = narrow_page(own, chromium)
    page.goto(f"/challenges/{world.cycle.id}/{author}")
    page.get_by_role("link", name="Remind now").click()
    expect(page.locator("main")).to_contain_text("Made and sent next: reminder to")
    check_page(page)
    page.get_by_label("Why?").fill(REASON)
    page.get_by_role("button", name="Remind now").click()
    expect(page.get_by_role("status").first).to_contain_text("You asked for a reminder. It will")
    page.get_by_role("link", name="Remind now").click()
    expect(page.get_by_role("alert")).to_contain_text("You have reminded them of this today")


def test_the_day_is_corrected_and_what_came_on_paper_is_recorded(
    own: tuple[World, Served], chromium: Browser
) -> None:
    world, _ = own
    author = world.cycle.authors[0].id
    page = narrow_page(own, chromium)
    page.goto(f"/challenges/{world.cycle.id}/{author}")
    page.get_by_role("link", name="Correct the day on which Peer analysis, version 1").click()
    page.get_by_label("On which day did it come?").fill("2027-03-15")
    page.get_by_label("How do you know?").fill(REASON)
    page.get_by_role("button", name="Show what follows").click()
    expect(page.locator("main")).to_contain_text("15 March 2027 instead of 19 March 2027")
    check_page(page)
    page.get_by_role("button", name="Correct the day").click()
    expect(page.get_by_role("status").first).to_contain_text("The day was corrected")

    page.goto("/inbox")
    page.get_by_role("link", name="record it with the day on which it came").click()
    check_page(page)
    form = a_filled(Kind.RESPONSE, author, areas=4, turn=1)
    file = {"name": "typed in.docx", "mimeType": "application/octet-stream", "buffer": form}
    page.get_by_label("The Word form").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_label("On which day did it come?").fill("2027-03-20")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("alert")).to_contain_text("no reason given")
    page.get_by_label("The Word form").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_label("How did it come, and who typed it in?").fill("by post; typed in here")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator("main")).to_contain_text("typed in.docx")
    take_in_ready_documents(world.register, world.settings, NOW)
    page.goto("/inbox")
    expect(page.locator("main")).to_contain_text("On paper")
    with world.register.reading() as connection:
        row = connection.execute(sa.select(t.submissions).order_by(t.submissions.c.id.desc())).first()
    assert row is not None and (row.source, row.kind) == ("paper", "response")


def test_a_cycle_is_closed_and_reopened_from_the_board(own: tuple[World, Served], chromium: Browser) -> None:
    world, _ = own
    page = narrow_page(own, chromium)
    page.goto("/")
    page.get_by_role("link", name="Close this cycle").click()
    expect(page.locator("main")).to_contain_text("4 of 4 challenges still run")
    expect(page.locator("main")).to_contain_text("Letters go to Ashcombe")
    check_page(page)
    page.get_by_label("Why?").fill("the year is over")
    page.get_by_role("button", name="Close the cycle").click()
    world.advance(NOW)
    page.goto(f"/?cycle={world.cycle.id}")
    expect(page.locator("main")).to_contain_text("This cycle is closed")
    page.get_by_role("link", name="Reopen this cycle").click()
    expect(page.locator("main")).to_contain_text("4 of 4 challenges were closed with the cycle and go on")
    check_page(page)
    page.get_by_label("Why?").fill("it was too early")
    page.get_by_role("button", name="Reopen the cycle").click()
    expect(page.get_by_role("link", name="Close this cycle")).to_be_visible()
    page.goto(f"/cycles/{world.cycle.id}/reopen")
    expect(page.get_by_role("alert")).to_contain_text("No challenge was closed with this cycle")
    expect(page.get_by_role("button", name="Reopen the cycle")).to_have_count(0)
