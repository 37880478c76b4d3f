"""From an empty folder to the second cycle: the service is started, and the rest is done on its page."""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from peer_challenge.model.journey import OPENING
from tests.waiting import LONG, wait_until
from tests.web.new_cycle import AREAS, open_cycle, prepare_cycle

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Service:
    """`peer-challenge serve` in a folder, and what it says."""

    def __init__(self, home: Path) -> None:
        ports = {"PORT": str(_free_port()), "PREFECT_PORT": str(_free_port()), "PREFECT_HOST": "127.0.0.1"}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
        self.url = f"http://127.0.0.1:{ports['PORT']}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cli", "serve", "--home", str(home)],
            env=kept | {f"PEER_CHALLENGE_{name}": value for name, value in ports.items()},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._said: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self._said.extend(self.process.stdout)

    @property
    def link(self) -> str:
        """The one-time link that it printed."""
        wait_until(self._find_link, "the one-time link is printed", self.process.pid)
        return self._find_link()

    def _find_link(self) -> str:
        found = re.search(r"/first-sign-in\?token=\S+", "".join(self._said))
        return self.url + found[0] if found else ""

    def answers(self) -> bool:
        """Whether its page answers."""
        try:
            return httpx.get(f"{self.url}/health/live", timeout=10).is_success
        except httpx.HTTPError:
            return False

    def end(self) -> None:
        """End it with all its parts."""
        self.process.terminate()
        self.process.wait(LONG)
        self._reader.join(LONG)
        if self.process.stdout is not None:
            self.process.stdout.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path / "office")
    try:
        wait_until(running.answers, "the page answers", running.process.pid)
        yield running
    finally:
        running.end()


def _make_account(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("New password", exact=True).fill("four unrelated words here")
    page.get_by_role("button", name="Set password and sign in").click()
    page.wait_for_url("**/")


def _open_the_next_cycle(page: Page, name: str, opens: date) -> None:
    """Close the open cycle, and open the next with its areas, Chairs and rules."""
    page.goto("/")
    page.get_by_role("link", name="Close this cycle").click()
    page.get_by_label("Why?", exact=True).fill("We begin again next year.")
    page.get_by_role("button", name="Close the cycle").click()
    page.goto("/drafts")
    page.get_by_role("button", name="Begin from the last cycle").click()
    page.get_by_role("link", name="Name and dates").click()
    page.get_by_label("Name of the cycle", exact=True).fill(name)
    due = opens + timedelta(days=46)
    for label, day in (("cycle opens", opens), ("self-assessments are due", due)):
        page.get_by_label(f"The day on which {'the ' if 'opens' in label else ''}{label}", exact=True).fill(
            f"{day:%d %B %Y}"
        )
    page.get_by_role("button", name="Save and continue", exact=True).click()
    page.get_by_role("link", name="All parts of this cycle").click()
    page.get_by_role("button", name="Check everything").click()
    expect(page.locator("main")).to_contain_text("Nothing is missing.")
    page.get_by_role("button", name="Go on to open the cycle").click()
    page.get_by_role("button", name="Open the cycle now").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_an_office_without_a_terminal_opens_its_first_cycle_and_the_next_from_it(
    service: Service, chromium: Browser, tmp_path: Path
) -> None:
    context = chromium.new_context(base_url=service.url)
    context.set_default_timeout(LONG * 1000)
    page = context.new_page()
    page.goto("/sign-in")
    expect(page.locator("main")).to_contain_text("open the one-time link that the window shows")
    _make_account(page, service.link)
    opens = date(2027, 1, 11)
    prepare_cycle(page, lambda _: None, opens=opens, due=opens + timedelta(days=46))
    open_cycle(page, lambda _: None)
    outbox = tmp_path / "office" / "outbox"

    def count_forms() -> int:
        return len(list(outbox.rglob("*.docx")))

    expected = len(AREAS) * len(OPENING)
    wait_until(lambda: count_forms() == expected, "the documents are made", service.process.pid)
    _open_the_next_cycle(page, "Vale peer challenge 2028", date(2028, 1, 10))
    context.close()
    wait_until(lambda: count_forms() >= 2 * expected, "the next documents are made", service.process.pid)
