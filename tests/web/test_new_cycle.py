"""The office prepares a cycle on the page and opens it, in a real browser, with JavaScript and without."""

from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Browser, Page

from peer_challenge.model.cycle import Receives
from peer_challenge.model.journey import OPENING
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.register import drafts
from peer_challenge.register.cycles import load_cycles, load_stored
from tests.web.clicks import Clicks
from tests.web.conftest import Served, context_as
from tests.web.new_cycle import AREAS, NAME, open_cycle, prepare_cycle
from tests.web.test_day import faults
from tests.web.world import NOW, OFFICE, World

pytestmark = pytest.mark.browser
TODAY = datetime(2027, 1, 4, 10, tzinfo=UTC)
CLICKS_TO_OPEN = 20
"""For each area: half of what an area may take in a year. The rest is for test_day.py."""
OPENS, DUE = date(2027, 1, 11), date(2027, 2, 26)


class Looks:
    """Sees pages: what axe says of each, and whether it is too wide."""

    def __init__(self, width: int, *, with_axe: bool) -> None:
        self._width, self._with_axe = width, with_axe
        self.wrong: list[str] = []
        self.seen: set[str] = set()

    def __call__(self, page: Page) -> None:
        page.wait_for_load_state()
        self.seen.add(page.url.split("/", 3)[-1])
        if self._with_axe:
            self.wrong += faults(page)
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > self._width:
                self.wrong.append(f"{page.url} is {width} wide")


@pytest.mark.parametrize("width", [320, 1280])
def test_a_cycle_of_six_areas_is_opened_on_the_page(
    chromium: Browser, new_served: Served, new_office: World, width: int
) -> None:
    context = context_as(chromium, new_served, new_office, OFFICE, viewport={"width": width, "height": 800})
    look = Looks(width, with_axe=True)
    page = context.new_page()
    clicks = Clicks(page)
    prepare_cycle(page, look, opens=OPENS, due=DUE)
    open_cycle(page, look)
    assert look.wrong == []
    assert clicks.count() / len(AREAS) < CLICKS_TO_OPEN, clicks.count()
    assert len(look.seen) > 14
    context.close()
    _check_opened(new_office)


def test_a_cycle_is_opened_without_javascript(
    chromium: Browser, new_served: Served, new_office: World
) -> None:
    context = context_as(chromium, new_served, new_office, OFFICE, java_script_enabled=False)
    look = Looks(1280, with_axe=False)
    page = context.new_page()
    prepare_cycle(page, look, opens=OPENS, due=DUE)
    open_cycle(page, look)
    context.close()
    _check_opened(new_office)


def _check_opened(office: World) -> None:
    """The register has the cycle as it was typed, and the templates are made."""
    with office.register.reading() as connection:
        (cycle,) = load_cycles(connection)
        _, framework = load_stored(connection, cycle.id)
        assert drafts.list_drafts(connection, drafts.CycleDraft) == []
    assert (cycle.id, cycle.name) == ("vale-peer-challenge-2027", NAME)
    assert framework.id == "working-together-2023"
    assert (cycle.dates.opens, cycle.dates.self_assessment_due) == (OPENS, DUE)
    assert [area.name for area in cycle.participants] == list(AREAS)
    assert "port-averil" in cycle.participant["saltmere"].neighbours
    assert cycle.rules.word_limit == 120
    assert cycle.office.email == "office@vale.example"
    assert Receives.COPIES in (cycle.participant["dunmere"].contacts[0].receives or ())
    assert cycle.chairs[0].available[0].first == date(2027, 5, 3)  # type: ignore[union-attr]
    advance_challenges(office.register, office.settings, NOW)
    made = list((office.settings.outbox_folder / cycle.id).rglob("*.docx"))
    assert len(made) == len(AREAS) * len(OPENING)
