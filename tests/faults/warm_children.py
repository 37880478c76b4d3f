"""Children that are forked from a process which has loaded all that they need: for many kills in little time.

A child that reads, checks or makes documents takes seconds of a processor to load what it uses, and each run
of a kill starts new ones. Here a process of its own loads once and forks. What is killed, what a child does,
and that it ends with its parent are as they are. In the service, too, the children have loaded long before.
"""

import contextlib
import importlib
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from multiprocessing import connection as mp
from pathlib import Path
from typing import Any

from peer_challenge.paths import ROOT
from peer_challenge.system import bounded_work
from peer_challenge.system.child_process import Child
from peer_challenge.word.process import reader_child
from tests.waiting import wait_until

_LOADED = (
    "peer_challenge.outbox.render_in_children",
    "peer_challenge.dispatches.render_dispatch",
    "peer_challenge.submissions.checking_child",
    "peer_challenge.word.answers.read_document",
    "peer_challenge.word.process.reader_main",
)
_MOST = 4096


class WarmProcess:
    """What a parent does with a child's process, as subprocess.Popen names it. It is no child of ours."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        try:
            self._handle: int | None = os.pidfd_open(pid)
        except ProcessLookupError:
            self._handle = None

    def poll(self) -> int | None:
        """0 once it has ended, however it did; None before."""
        return self._look_for(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended. Raises subprocess.TimeoutExpired."""
        if self._look_for(timeout) is None:
            raise subprocess.TimeoutExpired("a warm child", timeout or 0)
        return 0

    def kill(self) -> None:
        """End it at once."""
        if self._look_for(0) is None and self._handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def _look_for(self, seconds: float | None) -> int | None:
        if self._handle is not None and select.select([self._handle], [], [], seconds)[0]:
            os.close(self._handle)
            self._handle = None
        self.returncode = 0 if self._handle is None else None
        return self.returncode


@contextlib.contextmanager
def warm_children() -> Iterator[None]:
    """Let each child that works on documents be forked from a loaded process, here and in our forks."""
    with tempfile.TemporaryDirectory() as folder:
        address = Path(folder) / "asked"
        forking = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", __name__, str(address)], cwd=ROOT, stdin=subprocess.PIPE
        )
        before = reader_child.start_child
        try:
            wait_until(address.exists, "the children's parent has loaded", forking.pid)
            _set_start_child(lambda *given, **named: _ask_for_child(address, *given, **named))
            yield
        finally:
            _set_start_child(before)
            forking.communicate()  # it ends when its input does


def _set_start_child(start: Any) -> None:
    for module in (reader_child, bounded_work):
        setattr(module, "start_child", start)  # noqa: B010 (a module's name is no attribute to the type checker)


def _ask_for_child(address: Path, module: str, function: str, *, is_silent: bool = False) -> Child:
    ours, theirs = mp.Pipe()
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asking:
        asking.connect(str(address))
        socket.send_fds(asking, [f"{module} {function}".encode()], [theirs.fileno()])
        theirs.close()
        pid = int(asking.recv(_MOST))
    process: Any = WarmProcess(pid)
    return Child(process, ours)


def _fork_for_all_who_ask(address: Path) -> None:
    """Load, then fork for each who asks, until our input ends: our starter holds the other end."""
    for module in _LOADED:
        importlib.import_module(module)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries them
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        draft = address.with_name("draft")
        listening.bind(str(draft))
        listening.listen(64)
        draft.rename(address)
        while sys.stdin not in select.select([listening, sys.stdin], [], [])[0]:
            asked, _ = listening.accept()
            with asked, contextlib.suppress(OSError):  # who asked may be killed by now
                _fork_one(listening, asked)


def _fork_one(listening: socket.socket, asked: socket.socket) -> None:
    said, handles, _, _ = socket.recv_fds(asked, _MOST, 1)
    if not handles:
        return
    pid = os.fork()
    if pid == 0:
        listening.close()
        asked.close()
        _be_child(said.decode().split(), handles[0])
    os.close(handles[0])
    asked.send(str(pid).encode())


def _be_child(target: list[str], handle: int) -> None:
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setpgid(0, 0)
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1):
            os.dup2(nothing, number)
        getattr(importlib.import_module(target[0]), target[1])(handle)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


if __name__ == "__main__":
    _fork_for_all_who_ask(Path(sys.argv[1]))
