"""The whole service is started in an empty folder; its first cycle is opened on its page."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from peer_challenge.model.journey import OPENING
from tests.waiting import LONG, wait_until
from tests.web.new_cycle import AREAS, open_cycle, prepare_cycle
from tests.web.service import Service
from tests.web.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path / "office")
    yield running
    running.end()


def test_an_office_without_a_terminal_opens_its_first_cycle(service: Service, chromium: Browser) -> None:
    context = chromium.new_context(base_url=service.url)
    context.set_default_timeout(LONG * 1000)
    page = context.new_page()
    page.goto("/sign-in")
    expect(page.locator("main")).to_contain_text("open the one-time link that the window shows")
    Visitor(page).set_password(service.link)
    opens = date(2027, 1, 11)
    prepare_cycle(page, lambda _: None, opens=opens, due=opens + timedelta(days=46))
    open_cycle(page, lambda _: None)
    context.close()
    expected, outbox = len(AREAS) * len(OPENING), service.home / "outbox"
    wait_until(lambda: len(list(outbox.rglob("*.docx"))) == expected, "the documents are made", *service.pids)
