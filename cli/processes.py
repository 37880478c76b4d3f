"""The processes of the service: keeping one running, and checking its port before it starts."""

import errno
import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field

from cli.terminal import console
from peer_challenge.errors import PeerChallengeError
from peer_challenge.paths import ROOT
from peer_challenge.system.child_process import Tie


class CannotServe(PeerChallengeError):
    """The service can't be started here as things are."""

    exit_code = 8


@dataclass(slots=True)
class Process:
    """One process that is kept running. `secrets` are variables of its environment that no other gets."""

    name: str
    command: list[str]
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    running: subprocess.Popen[bytes] | None = None
    started: float = field(default=0.0)
    tie: Tie | None = None

    def start(self) -> None:
        """Start it, for as long as this process lives."""
        if self.tie is not None:
            self.tie.cut()
        self.tie = Tie()
        self.running = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=os.environ | self.secrets | self.tie.environment,
            pass_fds=[self.tie.handle],
        )
        self.tie.hand_over()
        self.started = time.monotonic()

    @property
    def has_ended(self) -> bool:
        """Whether the process was started and has ended."""
        return self.running is not None and self.running.poll() is not None

    def keep(self) -> None:
        """Start it again when it has ended, but not in a tight loop."""
        if self.running is not None and self.has_ended and time.monotonic() - self.started > 5:
            console.print(
                f"{self.name} ended ({self.running.returncode}); starting it again.", highlight=False
            )
            self.start()

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
