"""Make the user guide's pictures of the post and of a new cycle: `python -m scripts.page_pictures`.

They show the invented areas of the tests, whose office sends by hand. Needs Chromium.
"""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from dashboard.app import create_app
from dashboard.context import COOKIE
from peer_challenge.clock import SimulatedClock
from peer_challenge.model.messages import Delivery
from peer_challenge.register import looks, messages
from peer_challenge.register.database import Register
from tests.web.conftest import CHROMIUM, Served, begin_session
from tests.web.world import OFFICE, an_empty_world, day, pair_all_areas, send_self_assessments

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
_WIDTH, _HEIGHT = 1280, 860


def _list_pages(register: Register) -> dict[str, str]:
    """The address of each page, by the name of its picture."""
    with register.reading() as connection:
        look = looks.list_to_look_at(connection)[0].id
        message = messages.list_messages(connection)[0].id
    return {
        "page-to-send": "/messages",
        "page-message": f"/messages/{message}",
        "page-look": f"/looks/{look}",
        "page-mail": "/mail",
        "page-draft": "/drafts/1",
        "page-draft-dates": "/drafts/1/dates#planned",
        "page-draft-open": "/drafts/1/open",
    }


def make_pictures() -> None:
    """Make the world of the tests, and a picture of each page."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        world = an_empty_world(Path(folder) / "home", Delivery.DRAFTS, is_looked_at=True)
        send_self_assessments(world)
        pair_all_areas(world)
        served = Served(create_app(world.settings, world.register, SimulatedClock(day(3, 2))))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(CHROMIUM))
        context = browser.new_context(
            base_url=served.url, viewport={"width": _WIDTH, "height": _HEIGHT}, locale="en-GB"
        )
        token, _ = begin_session(world, OFFICE)
        context.add_cookies([{"name": COOKIE, "value": token, "url": served.url}])
        page = context.new_page()
        for name, path in _list_pages(world.register).items():
            page.goto(path)
            page.wait_for_load_state()
            page.screenshot(path=str(PICTURES / f"{name}.png"))
        browser.close()
        served.stop()
        world.register.close()


if __name__ == "__main__":
    make_pictures()
