"""Counts what somebody does with a page: presses, fields that are gone into, choices, addresses."""

from typing import Any

from playwright.sync_api import Page

_COUNTING = """
const add = (some) => sessionStorage.setItem("clicks", Number(sessionStorage.getItem("clicks") || 0) + some);
let pressed = null;
addEventListener("pointerdown", (e) => { pressed = e.target; add(1); }, true);
addEventListener("focusin", (e) => {
  const isTyped = e.target.matches("textarea, input:not([type=checkbox]):not([type=radio])");
  if (isTyped && e.target !== pressed) add(1);
}, true);
addEventListener("change", (e) => { if (e.target.matches("select")) add(2); }, true);
"""


class Clicks:
    """The clicks on a page from now on; going to an address counts as one, as a link there would."""

    def __init__(self, page: Page) -> None:
        self._page, self._addresses = page, 0
        page.add_init_script(_COUNTING)
        go = page.goto

        def go_and_count(*given: Any, **options: Any) -> Any:
            self._addresses += 1
            return go(*given, **options)

        page.goto = go_and_count  # type: ignore[method-assign]

    def count(self) -> int:
        """How many there were so far."""
        return self._addresses + int(self._page.evaluate("Number(sessionStorage.getItem('clicks') || 0)"))
