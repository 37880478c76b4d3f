"""Every page of the office has help, at its top and about itself."""

import html
import re

import pytest

from dashboard.page_help import HELP
from tests.web.conftest import As
from tests.web.test_access import WHO_MAY
from tests.web.world import OFFICE

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
