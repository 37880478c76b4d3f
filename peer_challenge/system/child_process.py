"""Processes of ours beside this one, each at the end of a pipe. They end when we do, however that comes."""

import os
import subprocess
import sys
from dataclasses import dataclass
from multiprocessing import connection as mp

from peer_challenge.paths import ROOT
from peer_challenge.system.end_with_parent import Tie, end_with_parent, end_with_starter

__all__ = [
    "Child",
    "Tie",
    "end_with_parent",
    "end_with_starter",
    "make_child_environment",
    "open_pipe",
    "run_program",
    "start_child",
]


@dataclass(frozen=True, slots=True)
class Child:
    """A process and the pipe to it. The pipe raises EOFError or OSError once the process has died."""

    process: subprocess.Popen[bytes]
    pipe: mp.Connection

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.process.wait()


def make_child_environment() -> dict[str, str]:
    """The environment of a child process: ours, with PYTHONPATH set so that it finds this code."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path}


def start_child(module: str, function: str) -> Child:
    """A new process that calls `function(handle)` of `module`; `open_pipe(handle)` is its end of the pipe.

    This does not use multiprocessing's processes: they run the caller's main module again, and go on after a
    parent that is killed. Ours learn from the pipe that the parent has ended.
    """
    ours, theirs = mp.Pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", f"from {module} import {function}; {function}({theirs.fileno()})"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        process_group=0,  # Ctrl-C is for us, also while it starts; we end it, or it hears that we ended
        pass_fds=[theirs.fileno()],
        env=make_child_environment(),
    )
    theirs.close()  # so that we hear of its end, and it of ours
    return Child(process, ours)


def open_pipe(handle: int) -> mp.Connection:
    """The child's end of the pipe."""
    return mp.Connection(handle)


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
