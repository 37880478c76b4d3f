"""At 320 pixels, as on a small telephone or at 400 % zoom, nothing is cut, covered or off the page.

axe looks at every page besides, and nothing on it needs JavaScript. Each page has something to show: one that
answers otherwise than it should fails.
"""

import warnings
from collections.abc import Callable, Iterator

import pytest
from lxml import html
from playwright.sync_api import Page

from tests.web.conftest import As
from tests.web.test_access import NOT_ASKED, WHO_MAY
from tests.web.test_day import ANSWERED_OTHERWISE, PAGES, faults, visit
from tests.web.test_help import _NO_PAGE
from tests.web.world import OFFICE, World, copy_of
from tests.web.world_of_pages import WorldOfPages, make_world_of_pages

pytestmark = pytest.mark.browser
WIDTH = 320
# Within a scroller of its own an element may reach further; what is clipped for screen readers is not seen.
_FIND_FAULTS = r"""() => {
  const found = new Set(), width = document.documentElement.clientWidth;
  const upwards = function* (e) { for (; e; e = e.parentElement) yield e; };
  const some = (e, test) => { for (const p of upwards(e)) if (test(getComputedStyle(p))) return true; };
  const scrolls = e => some(e, s => /auto|scroll/.test(s.overflowX));
  const clipped = s => s.clipPath !== "none" || s.clip !== "auto";
  const hidden = e => some(e, s => clipped(s) || s.visibility === "hidden" || s.opacity === "0");
  const tell = (what, e) => found.add(
    `${what}: <${e.tagName.toLowerCase()} class="${e.getAttribute("class") || ""}"> ` +
    (e.textContent || "").trim().slice(0, 40));
  const seen = [...document.querySelectorAll("body *")].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && box.height && !e.closest("svg") && !hidden(e);
  });
  if (document.documentElement.scrollWidth > width) found.add("the page is wider than the window");
  for (const e of seen) {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if ((box.right > width + 1 || box.left < -1) && !scrolls(e)) tell("off the page", e);
    const is_cut = /hidden|clip/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1;
    if (is_cut && !e.matches("input, select, textarea")) tell("cut", e);
    const table = e.closest(".pc-stacked");  // its rows are cards: nothing of them has to be scrolled to
    if (table && box.right > table.parentElement.getBoundingClientRect().right + 1) tell("cut in its row", e);
  }
  for (const e of seen) {
    if (!e.matches("main a, main button, main input, main select, main textarea, main summary")) continue;
    if (scrolls(e)) continue;
    e.scrollIntoView({block: "center"});
    const box = e.getClientRects()[0];
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const labels = [...(e.labels || [])];
    const own = top && (e.contains(top) || top.contains(e) || labels.some(l => l.contains(top)));
    if (top && !own) tell("covered", e);
  }
  return [...found];
}"""


@pytest.fixture(scope="module")
def pages(made: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorldOfPages]:
    """A copy of the installation in which every page of the office has something to show."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # others' warnings as great_expectations is imported
        copy = make_world_of_pages(copy_of(made, tmp_path_factory.mktemp("pages") / "home"))
    yield copy
    copy.world.register.close()


@pytest.fixture(scope="module")
def world(pages: WorldOfPages) -> World:
    return pages.world


def list_pages(pages: WorldOfPages, email: str) -> list[str]:
    """The pages of somebody; of the office every page that there is, with what has an id."""
    if email != OFFICE:
        return list(PAGES[email])
    routes = [
        told.removeprefix("GET ") for told in WHO_MAY if told.startswith("GET ") and told not in NOT_ASKED
    ]
    shown = [route for route in routes if not _NO_PAGE.search(route) and route != "/mine"]
    return list(dict.fromkeys([*PAGES[email], *map(pages.address_of, shown)]))


@pytest.mark.slow
@pytest.mark.parametrize("email", PAGES)
def test_nothing_is_cut_or_covered_on_a_narrow_page(
    window: Callable[..., Page], pages: WorldOfPages, email: str
) -> None:
    page = window(email, viewport={"width": WIDTH, "height": 640})
    wrong: list[str] = []
    for path in list_pages(pages, email):
        wrong += visit(page, path)
        wrong += [f"{path}: {one}" for one in page.evaluate(_FIND_FAULTS)]
        if path not in PAGES[email]:  # those are looked at in tests/web/test_day.py
            wrong += faults(page)
    assert wrong == []


def test_every_page_can_be_used_without_javascript(pages: WorldOfPages, as_: As) -> None:
    wrong: list[str] = []
    for email in PAGES:
        for path in list_pages(pages, email):
            answer = as_(email).get(path)
            if answer.status_code != ANSWERED_OTHERWISE.get(path, 200):
                wrong.append(f"{path} answered {answer.status_code}")
            wrong += [f"{path}: {one}" for one in find_what_needs_javascript(answer.text)]
    assert wrong == []


def find_what_needs_javascript(page: str) -> list[str]:
    """What of a page does nothing without JavaScript, and is shown without it all the same."""
    main = html.document_fromstring(page).find(".//main")
    assert main is not None and main.xpath(".//h1"), "a page begins with a heading"
    found = []
    for one in main.xpath(".//button | .//a | .//input[@type='submit']"):
        if one.xpath("ancestor-or-self::*[@hidden]"):
            continue  # a script shows it
        leads = bool(one.get("href")) if one.tag == "a" else _is_sent(one)
        if not leads:
            found.append(html.tostring(one, encoding="unicode")[:120])
    return found


def _is_sent(button: html.HtmlElement) -> bool:
    """Whether a button sends a form: one around it, or one that it names."""
    has_form = bool(button.xpath("ancestor::form[@action]")) or bool(button.get("form"))
    return button.get("type", "submit") == "submit" and (has_form or bool(button.get("formaction")))


@pytest.mark.parametrize(
    "page",
    [
        "<body><main><h1>A</h1><button type=button>Do it</button></main></body>",
        "<body><main><h1>A</h1><button>Do it</button></main></body>",
        "<body><main><h1>A</h1><a>Go there</a></main></body>",
    ],
)
def test_what_does_nothing_without_javascript_is_found(page: str) -> None:
    assert len(find_what_needs_javascript(page)) == 1
