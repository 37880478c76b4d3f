"""At 320 pixels, as on a small telephone or at 400 % zoom, nothing is cut, covered or off the page."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.web.test_access import NOT_ASKED, WHO_MAY, asked_with_ids
from tests.web.test_day import PAGES
from tests.web.test_help import _NO_PAGE
from tests.web.world import OFFICE, World

pytestmark = pytest.mark.browser
WIDTH = 320
# Within a scroller of its own an element may reach further; what is clipped for screen readers is not seen.
_FIND_FAULTS = """() => {
  const found = [], width = document.documentElement.clientWidth;
  const name = e => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + (e.className && e.className.baseVal === undefined ? "." + String(e.className).trim().split(/\\s+/).join(".") : "") + " “" + (e.textContent || "").trim().slice(0, 30) + "”";
  const scrolls = e => { for (let p = e; p; p = p.parentElement) { if (/auto|scroll/.test(getComputedStyle(p).overflowX)) return true; } return false; };
  const hidden = e => { for (let p = e; p; p = p.parentElement) { const s = getComputedStyle(p); if (s.clipPath !== "none" || s.clip !== "auto" || s.visibility === "hidden" || s.opacity === "0") return true; } return false; };
  if (document.documentElement.scrollWidth > width) found.push("the page is wider than the window");
  for (const e of document.querySelectorAll("body *")) {
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height || hidden(e)) continue;
    const style = getComputedStyle(e);
    if ((box.right > width + 1 || box.left < -1) && !scrolls(e) && !e.closest("svg")) found.push("off the page: " + name(e));
    if (/hidden|clip/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1 && !e.closest("svg") && style.textOverflow !== "ellipsis" && !e.matches("input, select, textarea")) found.push("cut: " + name(e));
  }
  for (const e of document.querySelectorAll("main a, main button, main input:not([type=hidden]), main select, main textarea, main summary")) {
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height || hidden(e) || e.closest("svg") || scrolls(e)) continue;
    e.scrollIntoView({block: "center"});
    const now = (e.getClientRects()[0] || e.getBoundingClientRect());
    const top = document.elementFromPoint(now.left + now.width / 2, now.top + now.height / 2);
    if (top && top !== e && !e.contains(top) && !top.contains(e) && !(e.labels && [...e.labels].some(l => l === top || l.contains(top)))) found.push("covered: " + name(e) + " by " + name(top));
  }
  scrollTo(0, 0);
  return [...new Set(found)];
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
    for number, path in enumerate(list_pages(world, email)):
        page.goto(path)
        wrong += [f"{path}: {one}" for one in page.evaluate(_FIND_FAULTS)]
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=f"{folder}/{email.split('@')[0]}-{number:03}.png", full_page=True)
    print("\n".join(wrong))
    assert wrong == []
