"""The region's figures on the page: looked at, used, sent beside the pack, and fixed once a pack has gone."""

from collections.abc import Callable
from html import unescape

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.register import indicators
from peer_challenge.word.answers.unmapped_text import list_all_texts
from peer_challenge.word.package.reading_limits import DEFAULT_LIMITS
from peer_challenge.word.text.open_document import open_document
from tests.unit.cycle_file.test_indicators_table import a_table
from tests.web.conftest import As
from tests.web.world import OFFICE, World, an_empty_world, pair_all_areas, send_self_assessments


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A cycle just opened."""
    return an_empty_world(tmp_path_factory.mktemp("figures") / "home")


def test_figures_are_looked_at_used_and_sent_beside_the_pack(
    world: World, as_: As, window: Callable[..., Page]
) -> None:
    names = [area.name for area in world.cycle.authors]
    path, office = f"/cycle/{world.cycle.id}/figures", as_(OFFICE)

    def upload(*rows: list[object]) -> str:
        table = a_table(*rows, head=["Indicator", "Unit", "Direction", *names])
        files = {"table": ("figures.xlsx", table)}
        return unescape(office.post(path, data={"csrf_token": office.csrf}, files=files).text)

    assert "There are no figures yet." in office.get(path).text
    assert "<code>many</code> is no number" in upload(["Re-referrals", "", "", "many"])
    page = upload(["Re-referrals", "per cent", "lower", 19, 21, "<5"])
    assert "Use these figures" in page and f"{names[3]} has no figures." in page
    assert "1 indicator will be shown without a range" in page
    kept = page.partition('name="kept" value="')[2].partition('"><button')[0]
    said = {"csrf_token": office.csrf, "kept": kept.replace("Re-referrals", "<b>")[:40]}
    assert "The figures could not be read." in office.post(path, data=said).text
    assert office.post(path, data={**said, "kept": kept}).status_code == 303
    browser = window(OFFICE, viewport={"width": 320, "height": 800})
    browser.goto(path)
    assert Axe().run(browser).response["violations"] == []
    assert browser.evaluate("document.documentElement.scrollWidth") <= 320

    send_self_assessments(world)
    pair_all_areas(world)
    sheets = world.dispatch_ids(kind=DispatchKind.DATA_SHEET)
    assert len(sheets) == 2 * len(names)  # to each area, and to its challenger
    first = world.cycle.authors[0]
    [own] = world.dispatch_ids(
        kind=DispatchKind.DATA_SHEET, recipient_id=first.id, challenge_id=f"{world.cycle.id}/{first.id}"
    )
    data = office.get(f"/dispatches/{own}/document").content
    words = "\n".join(list_all_texts(open_document(data, DEFAULT_LIMITS)))
    assert "Re-referrals" in words and "19" in words and "21" not in words
    assert not any(name in words for name in names[1:])
    assert "have their figures or a pack already" in office.get(path).text
    assert "a pack already" in upload(["Re-referrals", "", "", 1])
    with world.register.reading() as connection:
        assert len(indicators.load_indicators(connection, world.cycle.id)) == 1
