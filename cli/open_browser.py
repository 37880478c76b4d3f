"""Opens the browser of the person who starts the service by hand, on the page that makes the account."""

import html
import sys
import threading
import webbrowser
from pathlib import Path

from cli.keep_running import is_page_up
from peer_challenge.settings import Settings
from peer_challenge.system.folder_handles import write_private

_WAIT_SECONDS = 300
"""The first start on a small machine takes minutes; later nobody looks for the window any more."""


def open_browser_when_up(settings: Settings, link: str, folder: Path) -> None:
    """Open `link` once the page answers, where somebody sits before this terminal and there is a browser.

    A one-time link is as good as a password, and everybody on the machine sees the arguments of a program. So
    the browser is given a file in `folder`, which is ours alone, and the file leads to the link.
    """
    if not sys.stdout.isatty():
        return
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    if isinstance(browser, webbrowser.GenericBrowser) and not isinstance(
        browser, webbrowser.BackgroundBrowser
    ):
        return  # one for the terminal, which would take the service's own
    threading.Thread(target=_open_once_up, args=(browser, settings, link, folder), daemon=True).start()


def _open_once_up(browser: webbrowser.BaseBrowser, settings: Settings, link: str, folder: Path) -> None:
    waited = threading.Event()
    for _ in range(_WAIT_SECONDS):
        if is_page_up(settings):
            browser.open(write_leading_page(folder, link).as_uri())
            return
        waited.wait(1)


def write_leading_page(folder: Path, link: str) -> Path:
    """Write a page that leads to `link`, readable for this account alone; returns where it is."""
    page = folder / "first-sign-in.html"
    leads_to = html.escape(link, quote=True)
    write_private(page, f'<!doctype html><meta http-equiv="refresh" content="0; url={leads_to}">'.encode())
    return page
