"""Processes of ours beside this one, each at the end of a pipe."""

import os
import subprocess
import sys
from dataclasses import dataclass
from multiprocessing import connection as mp
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Child:
    """A process and the pipe to it. The pipe raises EOFError or OSError once the process has died."""

    process: subprocess.Popen[bytes]
    pipe: mp.Connection

    def end(self) -> None:
        """End it, whatever it is doing."""
        self.process.kill()
        self.process.wait()


def environment() -> dict[str, str]:
    """The environment of a child: ours, and in it this code is found from whatever folder."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path}


def start_child(module: str, function: str) -> Child:
    """A new process that calls `function(handle)` of `module`; `open_pipe(handle)` is its end of the pipe.

    Not multiprocessing's own kind: the children of that run the caller's main module again, and
    outlive a parent that is killed. Ours hear of its end by the pipe.
    """
    ours, theirs = mp.Pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", f"from {module} import {function}; {function}({theirs.fileno()})"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        process_group=0,  # Ctrl-C is for us, also while it starts; we end it, or it hears that we ended
        pass_fds=[theirs.fileno()],
        env=environment(),
    )
    theirs.close()  # so that we hear of its end, and it of ours
    return Child(process, ours)


def open_pipe(handle: int) -> mp.Connection:
    """The child's end of the pipe."""
    return mp.Connection(handle)
