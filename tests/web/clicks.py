"""Counts what somebody does with a page: presses, choices, files, addresses; and fields typed into."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page

_COUNTING = """
const add = (what, some) => sessionStorage.setItem(what, Number(sessionStorage.getItem(what) || 0) + some);
let pressed = null;
addEventListener("pointerdown", (e) => { pressed = e.target; add("clicks", 1); }, true);
addEventListener("keydown", (e) => { if (e.key === "Enter") add("clicks", 1); }, true);
addEventListener("focusin", (e) => {
  const isTyped = e.target.matches("textarea, input:not([type=checkbox]):not([type=radio]):not([type=file])");
  if (isTyped && e.target !== pressed) add("fields", 1);
}, true);
addEventListener("change", (e) => {
  if (e.target.matches("select, input[type=file]")) add("clicks", 2);
}, true);
"""


class Clicks:
    """What is done on a page from now on; going to an address counts as a click, as a link there would."""

    def __init__(self, page: Page) -> None:
        self._page, self._addresses = page, 0
        page.add_init_script(_COUNTING)
        go = page.goto

        def go_and_count(*given: Any, **options: Any) -> Any:
            self._addresses += 1
            return go(*given, **options)

        page.goto = go_and_count  # type: ignore[method-assign]

    def count(self) -> int:
        """How many clicks there were so far, one for each field that was gone into with them."""
        return self.count_presses() + self._read_counter("fields")

    def count_presses(self) -> int:
        """How often something was pressed or chosen so far: typing in a field is not among it."""
        return self._addresses + self._read_counter("clicks")

    def _read_counter(self, what: str) -> int:
        if self._page.url == "about:blank":
            return 0
        return int(self._page.evaluate(f"Number(sessionStorage.getItem('{what}') || 0)"))


class ClicksOfAYear:
    """What everybody does in a year, by what it was for: presses, and fields typed into."""

    def __init__(self) -> None:
        self._pages: list[Clicks] = []
        self._purpose = ""
        self._told = (0, 0)
        self.presses: Counter[str] = Counter()
        self.fields: Counter[str] = Counter()

    def watch(self, page: Page) -> None:
        """Count what is done with this page too."""
        self._pages.append(Clicks(page))

    @contextmanager
    def counted_for(self, purpose: str) -> Iterator[None]:
        """Count for `purpose` whatever is done inside. Nothing may be clicked outside of any."""
        self._count_for("outside")
        yield
        self._count_for(purpose)

    def _count_for(self, purpose: str) -> None:
        presses = sum(clicks.count_presses() for clicks in self._pages)
        fields = sum(clicks.count() for clicks in self._pages) - presses
        before, self._told = self._told, (presses, fields)
        self.presses[purpose] += presses - before[0]
        self.fields[purpose] += fields - before[1]
