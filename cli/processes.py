"""The processes of the service: each started by itself, and started again for as long as the service runs."""

import errno
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cli.terminal import console
from peer_challenge.errors import PeerChallengeError
from peer_challenge.operations.service_parts import Part, PartState
from peer_challenge.paths import ROOT
from peer_challenge.system.end_with_parent import Tie

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a part that ended is started again: doubled each time, so that a broken one costs little."""
_LONG_LIFE = 60.0
"""Seconds after which a part that ends is taken to have run: its next failure is again the first."""


class CannotServe(PeerChallengeError):
    """The service can't be started here as things are."""

    exit_code = 8


@dataclass(slots=True)
class Process:
    """One process that is kept running, or with `is_once` until it has done its work.

    `may_start` says whether what it needs is there. `secrets` are variables of its environment that no other
    process gets.
    """

    name: str
    command: list[str]
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    may_start: Callable[[], bool] = field(default=lambda: True)
    is_once: bool = False
    running: subprocess.Popen[bytes] | None = None
    is_done: bool = False
    failures: int = 0
    ended_with: int | None = None
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    _started: float = 0.0
    _next_try: float = 0.0
    _tie: Tie | None = None

    @property
    def pause(self) -> float:
        """Seconds until it is tried again: longer after every failure, a minute at most."""
        doublings = min(self.failures - 1, 10)  # a number that grew for a day would be too large to be one
        return min(_FIRST_PAUSE * 2.0**doublings, _LONGEST_PAUSE)

    def look_after(self) -> None:
        """Start it when it is time to, and note when it has ended."""
        if self.running is not None:
            self._note_end()
        elif not self.is_done and time.monotonic() >= self._next_try and self.may_start():
            self._start()

    def tell_state(self) -> Part:
        """How it is now."""
        state = PartState.RUNS
        if self.running is None:
            state = PartState.DOWN if self.failures else PartState.WAITS
            state = PartState.DONE if self.is_done else state
        return Part(self.name, state, self.since, self.failures, self.ended_with)

    def stop(self) -> None:
        """Ask the process to end."""
        if self.running is not None and self.running.poll() is None:
            self.running.send_signal(signal.SIGTERM)

    def wait(self) -> None:
        """Wait until it has ended; one that does not end in 15 seconds is killed."""
        if self.running is not None:
            try:
                self.running.wait(15)
            except subprocess.TimeoutExpired:
                self.running.kill()

    def _start(self) -> None:
        """Start it, for as long as this process lives."""
        self._tie = Tie()
        self.running = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=os.environ | self.secrets | self._tie.environment,
            pass_fds=[self._tie.handle],
        )
        self._tie.hand_over()
        self._started, self.since = time.monotonic(), datetime.now(UTC)

    def _note_end(self) -> None:
        assert self.running is not None
        code = self.running.poll()
        if code is None:
            return
        if self._tie is not None:
            self._tie.cut()
        self.running, self.since, self.ended_with = None, datetime.now(UTC), code
        if self.is_once and code == 0:
            self.is_done, self.failures = True, 0
            return
        self.failures = 1 if time.monotonic() - self._started > _LONG_LIFE else self.failures + 1
        self._next_try = time.monotonic() + self.pause
        console.print(
            f"{self.name} ended ({code}); it is started again in {self.pause:.0f} s.", highlight=False
        )


def check_port(host: str, port: int, who: str, setting: str) -> None:
    """Raises CannotServe where nothing may listen at `port`; `setting` is what chooses another."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = {
                errno.EADDRINUSE: "another program uses it",
                errno.EACCES: "this account may not use it",
                errno.EADDRNOTAVAIL: "the address is not this machine's",
            }.get(error.errno or 0, error.strerror or "the system does not let us")
            raise CannotServe(
                f"{who[0].upper()}{who[1:]} can't listen at {host}:{port}: {why}. Nothing was started.",
                remedy=f"Set PEER_CHALLENGE_{setting} to another number (or stop the program that uses "
                f"{port}), then run the command again.",
            ) from None
