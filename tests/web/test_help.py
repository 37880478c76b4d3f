"""Every page of the office has help, at its top and about itself."""

import html
import re

import pytest

from dashboard.page_help import HELP
from tests.web.conftest import As
from tests.web.test_access import WHO_MAY
from tests.web.world import OFFICE, World, contact_of

_NO_PAGE = re.compile(
    r"\.\w+$|/api/|^/events$|/file$|/files/|/original$|/document$|/email$|/attachments/|/samples/"
    r"|/documents/|^/picture/\{name\}$|^/sign-in/provider|^/reports/\{cycle_id\}|^/partners/what-if$"
)
"""Addresses that give a file or an answer to a program."""
PAGES = sorted(
    route.removeprefix("GET ")
    for route, rule in WHO_MAY.items()
    if route.startswith("GET ") and rule != "anybody" and not _NO_PAGE.search(route.removeprefix("GET "))
)


def test_every_page_of_the_office_has_help() -> None:
    assert [page for page in PAGES if page not in HELP] == []
    assert [page for page in HELP if f"GET {page}" not in WHO_MAY] == []


@pytest.mark.parametrize("page", [page for page in PAGES if "{" not in page and page != "/mine"])
def test_help_is_on_the_page(page: str, as_: As) -> None:
    shown = as_(OFFICE).get(page, follow_redirects=True).text
    assert "Help with this page" in shown and HELP[page][0][:40] in html.unescape(shown)


DOES = {
    "/cycle/{cycle_id}/events": "move several events",
    "/cycle/{cycle_id}/timetable": "agree",
    "/cycle/{cycle_id}/dates": "pause the clock",
    "/cycle/{cycle_id}/figures": "table",
    "/remind/{cycle_id}": "remind",
    "/restore": "backup",
    "/retention": "kept",
    "/paper": "word form",
    "/settings": "sign-in service",
    "/challenges/{cycle_id}/{author_id}/dates": "pause the clock",
    "/challenges/{cycle_id}/{author_id}/withdraw": "challenger",
    "/challenges/{cycle_id}/{author_id}/notes": "remind",
    "/challenges/{cycle_id}/{author_id}/close": "reopen",
    "/cycles/{cycle_id}/close": "cycle",
    "/mine": "due from",
}
"""Words of what a page does: its help has them, and so has the page itself."""


def _has(text: str, words: str) -> bool:
    """Whether each of the words, or a form of it, is in a text: "moves" for "move"."""
    return all(word in text for word in words.split())


@pytest.mark.parametrize("page", DOES)
def test_help_is_about_what_the_page_does(page: str, world: World, as_: As) -> None:
    assert _has(" ".join(HELP[page]).lower(), DOES[page])
    author = world.cycle.authors[1].id
    who = contact_of(author) if page == "/mine" else OFFICE
    shown = as_(who).get(page.format(cycle_id=world.cycle.id, author_id=author))
    own = re.sub(r"<details.*?</details>", "", shown.text, flags=re.DOTALL).lower()
    assert shown.status_code == 200 and _has(html.unescape(own), DOES[page])


def test_what_is_done_with_several_areas_is_in_its_help(world: World, as_: As) -> None:
    told = " ".join(HELP["/several/{cycle_id}"])
    for what, word in (("note", "note"), ("documents", "documents")):
        address = f"/several/{world.cycle.id}?what={what}&area={world.cycle.authors[0].id}"
        assert word in told and word in as_(OFFICE).get(address).text
