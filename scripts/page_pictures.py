"""Make pictures of the user guide, of the post, a new cycle and events: `python -m scripts.page_pictures`.

They show the invented areas of the tests, whose office sends by hand. Needs Chromium.
"""

import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from dashboard.app import create_app
from dashboard.context import COOKIE
from peer_challenge.clock import SimulatedClock
from peer_challenge.model.messages import Delivery
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import look_before_sending, messages
from peer_challenge.register.cycles import replace_cycle
from peer_challenge.register.database import Register
from tests.web.conftest import CHROMIUM, Served, begin_session
from tests.web.world import (
    NOW,
    OFFICE,
    World,
    an_empty_world,
    day,
    pair_all_areas,
    send_self_assessments,
)

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
_WIDTH, _HEIGHT = 1280, 860


def _list_pages(register: Register) -> dict[str, str]:
    """The address of each page, by the name of its picture."""
    with register.reading() as connection:
        look = look_before_sending.list_to_look_at(connection)[0].id
        message = messages.list_messages(connection)[0].id
    return {
        "page-to-send": "/messages",
        "page-message": f"/messages/{message}",
        "page-look": f"/looks/{look}",
        "page-mail": "/mail",
        "page-draft": "/drafts/1",
        "page-draft-dates": "/drafts/1/dates#planned",
        "page-draft-open": "/drafts/1/open",
        "page-people": "/people",
        "page-house-style": "/house-style",
    }


def _make_world_with_proposed_events(home: Path) -> World:
    """Two analyses are back, and their events wait for the office to agree them."""
    world = an_empty_world(home)
    rules = world.cycle.rules.model_copy(update={"look_at_events": True})
    world.cycle = world.cycle.model_copy(update={"rules": rules})
    with world.register.writing() as connection:
        replace_cycle(connection, world.cycle, at=NOW, actor="Office", reason="as agreed")
    send_self_assessments(world)
    pair_all_areas(world)
    for author in ("ashcombe", "eastholme"):
        world.send_in(Kind.ANALYSIS, author, day(3, 19))
    world.advance(day(3, 19))
    return world


def make_pictures() -> None:
    """Make the worlds of the tests, and a picture of each page."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*CHROMIUM, "--lang=en-GB"]
        )
        world = an_empty_world(Path(folder) / "home", Delivery.DRAFTS, is_looked_at=True)
        send_self_assessments(world)
        pair_all_areas(world)
        _picture_pages(browser, world, _list_pages(world.register), day(3, 2))
        proposed = _make_world_with_proposed_events(Path(folder) / "proposed")
        events = {"page-timetable": f"/cycle/{proposed.cycle.id}/timetable", "page-reports": "/reports"}
        _picture_pages(browser, proposed, events, NOW)
        browser.close()


def _picture_pages(browser: Browser, world: World, pages: Mapping[str, str], now: datetime) -> None:
    """A picture of each page as the office sees it. `pages` are addresses by the names of the pictures."""
    served = Served(create_app(world.settings, world.register, SimulatedClock(now)))
    context = browser.new_context(
        base_url=served.url, viewport={"width": _WIDTH, "height": _HEIGHT}, locale="en-GB"
    )
    token, _ = begin_session(world, OFFICE)
    context.add_cookies([{"name": COOKIE, "value": token, "url": served.url}])
    page = context.new_page()
    for name, path in pages.items():
        page.goto(path)
        page.wait_for_load_state()
        page.screenshot(path=str(PICTURES / f"{name}.png"))
    served.stop()
    world.register.close()


if __name__ == "__main__":
    make_pictures()
