"""Processes of ours beside this one, each at the end of a pipe. They end when we do, however that comes."""

import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from multiprocessing import connection as mp
from typing import Any

from peer_challenge.paths import ROOT
from peer_challenge.system.end_with_parent import end_with_parent

_ROOM = 1 << 20
"""A megabyte, so that one more form waits in the pipe while another is read; the system may give less."""


@dataclass(frozen=True, slots=True)
class Child:
    """A process and the pipe to it. The pipe raises EOFError or OSError once the process has died."""

    process: subprocess.Popen[bytes]
    pipe: mp.Connection

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        self.pipe.close()


def make_child_environment() -> dict[str, str]:
    """The environment of a child process: ours, with PYTHONPATH set so that it finds this code."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path}


def start_child(module: str, function: str, *, is_silent: bool = False) -> Child:
    """A new process that calls `function(handle)` of `module`; `open_pipe(handle)` is its end of the pipe.

    A silent one has no standard error either: what works on documents might quote them there. Not
    multiprocessing's own kind: the children of that run the caller's main module again, and outlive a parent
    that is killed. Ours hear of its end by the pipe.
    """
    ours, theirs = mp.Pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", f"from {module} import {function}; {function}({theirs.fileno()})"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if is_silent else None,
        env=make_child_environment(),
        **_handing_over(theirs.fileno()),
    )
    theirs.close()  # so that we hear of its end, and it of ours
    return Child(process, ours)


def _handing_over(handle: int) -> dict[str, Any]:
    """What Popen is told so that a process gets a handle of ours, and Ctrl-C goes to us alone.

    We end it, or it hears that we ended.
    """
    if sys.platform != "win32":
        return {"pass_fds": [handle], "process_group": 0}
    os.set_handle_inheritable(handle, True)
    return {
        "startupinfo": subprocess.STARTUPINFO(lpAttributeList={"handle_list": [handle]}),
        "creationflags": subprocess.CREATE_NEW_PROCESS_GROUP,
    }


def open_pipe(handle: int) -> mp.Connection:
    """The child's end of the pipe."""
    if sys.platform == "win32":
        return mp.PipeConnection(handle)
    return mp.Connection(handle)


def room_in_pipe(pipe: mp.Connection) -> int:
    """How many bytes can wait in the pipe while the other end is busy; 0 where that can't be told.

    With more we would still be writing while it waits for us to read what it says.
    """
    if sys.platform == "win32":
        return 0
    with socket.socket(fileno=os.dup(pipe.fileno())) as ends:
        ends.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _ROOM)
        return ends.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) // 2  # Linux counts what holds them too


def run_program(handle: int) -> None:
    """Run in a child process: run a program that is not ours, and end it when our process ends.

    Everything that the program starts ends as well. The pipe brings its command, folder and environment.
    """
    end_with_parent(handle, is_for_group=True)
    pipe = open_pipe(handle)  # open for as long as we are here: we end when it closes
    command, folder, variables = pipe.recv()
    nothing = subprocess.DEVNULL
    subprocess.run(
        command, check=False, cwd=folder, env=variables, stdin=nothing, stdout=nothing, stderr=nothing
    )
