"""Keeping the parts of the service running, and saying where its pages are once they answer."""

import contextlib
import os
import signal
import time
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from cli.processes import Process
from cli.terminal import console
from peer_challenge.operations.service_parts import Part, write_parts
from peer_challenge.settings import Settings, format_local_host

_LOOK_SECONDS = 0.5
"""Soon enough for somebody who waits for the page, and a look costs next to nothing."""


def keep_running(settings: Settings, processes: list[Process]) -> None:
    """Look after every part until interrupted; then stop them all, the last that started first."""
    signal.signal(signal.SIGTERM, _raise_interrupt)
    try:
        announcer = Announcer(settings, processes)
        while True:
            for process in processes:
                process.look_after()
            announcer.look_round()
            time.sleep(_LOOK_SECONDS)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it is stopping
        for process in reversed(processes):
            process.stop()
        for process in reversed(processes):
            process.wait()


class Announcer:
    """Notes how the parts are, for `doctor` and the System page, and says where the pages are."""

    def __init__(self, settings: Settings, processes: list[Process]) -> None:
        self._settings, self._processes = settings, processes
        self._noted: list[Part] = []
        self._is_page_told = self._is_all_told = False

    def look_round(self) -> None:
        """Note what has changed, and say once that the page answers, and that everything runs."""
        parts = [process.tell_state() for process in self._processes]
        if parts != self._noted:
            with contextlib.suppress(OSError):  # a full disk: the service goes on
                write_parts(self._settings, parts)
            self._noted = parts
        if not self._is_page_told and is_page_up(self._settings):
            self._is_page_told = True
            self._say_where()
        elif self._is_page_told and not self._is_all_told and all(part.is_up for part in parts):
            self._is_all_told = True
            console.print("Everything runs.", highlight=False)

    def _say_where(self) -> None:
        """Where the pages are: ours last, which is the one that the office wants."""
        page = os.environ["PREFECT_API_URL"].removesuffix("/api")
        asks = f"peer-challenge prefect-password --home {self._settings.home}"
        console.print(f"Prefect page  {page}/ (it is starting)", highlight=False)
        console.print(f"It asks for a password: {asks}", highlight=False, soft_wrap=True)
        console.print("Stop with Ctrl-C.", highlight=False)
        console.print(f"Dashboard     {self._settings.dashboard_url}/", highlight=False)


def is_page_up(settings: Settings) -> bool:
    """Whether the dashboard answers."""
    return is_answering(f"http://{format_local_host(settings.host)}:{settings.port}/health/live")


def _raise_interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def is_answering(url: str) -> bool:
    """Whether a server of ours answers at `url`. Asked twice a second, so by what costs next to nothing."""
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=2)
    try:
        connection.request("GET", place.path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
