"""At 320 pixels, as on a small telephone or at 400 % zoom, nothing is cut, covered or off the page.

axe looks at every page besides.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.web.test_access import NOT_ASKED, WHO_MAY, asked_with_ids
from tests.web.test_day import PAGES, faults
from tests.web.test_help import _NO_PAGE
from tests.web.world import OFFICE, World

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


def list_pages(world: World, email: str) -> list[str]:
    """The pages of somebody; of the office every page that there is, with what has an id."""
    if email != OFFICE:
        return list(PAGES[email])
    pages = {told.removeprefix("GET ") for told in WHO_MAY if told.startswith("GET ")} - set(NOT_ASKED)
    of_everything = [
        path
        for (_, path, _), told in zip(asked_with_ids(world), _list_asked(), strict=True)
        if told.removeprefix("GET ") in pages and not _NO_PAGE.search(told.removeprefix("GET "))
    ]
    return list(dict.fromkeys([*PAGES[email], *of_everything]))


def _list_asked() -> list[str]:
    return [told for told in WHO_MAY if told not in NOT_ASKED]


@pytest.mark.slow
@pytest.mark.parametrize("email", PAGES)
def test_nothing_is_cut_or_covered_on_a_narrow_page(
    window: Callable[..., Page], world: World, email: str
) -> None:
    page = window(email, viewport={"width": WIDTH, "height": 640})
    wrong: list[str] = []
    for path in list_pages(world, email):
        answer = page.goto(path)
        if answer is None or answer.status >= 500:
            wrong.append(f"{path} is not there")
        wrong += [f"{path}: {one}" for one in page.evaluate(_FIND_FAULTS)]
        if path not in PAGES[email]:  # those are looked at in tests/web/test_day.py
            wrong += faults(page)
    assert wrong == []
