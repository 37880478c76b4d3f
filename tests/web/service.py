"""The service in a folder, as an office starts it: what it says, and its clock moved from month to month."""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import httpx

from tests.waiting import LONG, run, wait_until

_MOVED_CLOCK = Path(__file__).parent / "moved_clock"


class Running:
    """A command of ours that runs, and what it says."""

    def __init__(self, *words: str | Path, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cli", *map(str, words)],
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._said: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.append(line)

    @property
    def said(self) -> str:
        """All that it has written so far."""
        return "".join(self._said)

    def end(self) -> None:
        """End it with all its parts."""
        self.process.terminate()
        self.process.wait(LONG)
        self._reader.join(LONG)
        if self.process.stdout is not None:
            self.process.stdout.close()


class Service:
    """`peer-challenge serve` in a folder: all of it, or page and watcher under a moved clock."""

    def __init__(self, home: Path, moved_clock: Path | None = None) -> None:
        self.home, self._clock = home, moved_clock
        ports = {"PORT": str(_free_port()), "PREFECT_PORT": str(_free_port()), "PREFECT_HOST": "127.0.0.1"}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
        self._environment = kept | {f"PEER_CHALLENGE_{name}": value for name, value in ports.items()}
        self.url = f"http://127.0.0.1:{ports['PORT']}"
        self.parts: list[Running] = []
        self.pids: list[int] = []
        self._start_and_wait()

    def start_again(self) -> None:
        """End it and start it at the same address, as the person who looks after the machine does."""
        self.end()
        self._start_and_wait()

    def _start_and_wait(self) -> None:
        self.parts = self._start()
        self.pids[:] = [part.process.pid for part in self.parts]  # those who wait for it have this list
        try:
            wait_until(self.answers, "the page answers", *self.pids)
        except BaseException:
            self.end()
            raise

    def _start(self) -> list[Running]:
        where = ("--home", self.home)
        if self._clock is None:
            return [Running("serve", *where, environment=self._environment)]
        # Prefect's schedules go by its own clock, so the watcher does what is due, each time that it looks
        path = os.pathsep.join([str(_MOVED_CLOCK), os.environ.get("PYTHONPATH", "")])
        moved = {"MOVED_CLOCK": str(self._clock), "PYTHONPATH": path, "PEER_CHALLENGE_RESCAN_SECONDS": "1"}
        environment = self._environment | moved
        run([sys.executable, "-m", "cli", "migrate", *where], env=environment, check=True)
        parts = ("dashboard", "watcher")
        return [Running("serve", part, *where, environment=environment) for part in parts]

    @property
    def link(self) -> str:
        """The one-time link that it printed."""
        wait_until(self._find_link, "the one-time link is printed", *self.pids)
        return self._find_link()

    def _find_link(self) -> str:
        found = re.search(r"/first-sign-in\?token=\S+", "".join(part.said for part in self.parts))
        return self.url + found[0] if found else ""

    def answers(self) -> bool:
        """Whether its page answers."""
        try:
            return httpx.get(f"{self.url}/health/live", timeout=10).is_success
        except httpx.HTTPError:
            return False

    def end(self) -> None:
        """End it with all its parts."""
        for part in reversed(self.parts):
            part.end()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
