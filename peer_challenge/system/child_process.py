"""Child processes of ours, each connected by a pipe. They end when this process ends, for any reason.

PR_SET_PDEATHSIG is not used: it depends on the thread that started the process, and ours outlive the threads
of a flow; it is lost when a program starts another, and only Linux has it.
"""

import os
import select
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from multiprocessing import connection as mp

from peer_challenge.paths import ROOT

_PARENTS_PIPE = "PIPE_OF_PARENT"


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


class Tie:
    """Makes a program of ours end when this process ends, where the two exchange no messages.

    Start the program with `pass_fds=[tie.handle]` and with `environment` added to its own. It calls
    `end_with_starter` as it begins. Then call `hand_over`, and `cut` once the program has ended.
    """

    def __init__(self) -> None:
        self.handle, self._ours = os.pipe()

    @property
    def environment(self) -> dict[str, str]:
        """The environment variable that gives the program the number of the pipe."""
        return {_PARENTS_PIPE: str(self.handle)}

    def hand_over(self) -> None:
        """Close this process's copy of the end of the pipe that the program has."""
        os.close(self.handle)

    def cut(self) -> None:
        """Close our end of the pipe, which ends the program if it is still running."""
        os.close(self._ours)


def end_with_starter(number: int = signal.SIGTERM) -> None:
    """Send this process the signal `number` when the process that started it is gone.

    Does nothing when it was not started with a Tie.
    """
    handle = os.environ.pop(_PARENTS_PIPE, "")
    if handle.isdecimal():
        end_with_parent(int(handle), number)


def end_with_parent(handle: int, number: int | None = None, *, is_for_group: bool = False) -> None:
    """Send this process a signal as soon as the other end of a pipe closes: when its parent ends.

    `number` is SIGKILL where it is not given. With `is_for_group` all processes of its group get it: only
    where it leads one. The pipe is watched from a thread of its own, so that a process at work ends as well.
    """
    if not hasattr(select, "poll"):  # Windows: there it ends when it has done its work
        return
    how = signal.SIGKILL if number is None else number
    watched = select.poll()
    watched.register(handle, 0)  # asks for nothing but what is always told: that it hung up

    def watch() -> None:
        while not any(
            event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, event in watched.poll()
        ):
            continue
        (os.killpg if is_for_group else os.kill)(os.getpid(), how)

    threading.Thread(target=watch, daemon=True, name="ends with its parent").start()
