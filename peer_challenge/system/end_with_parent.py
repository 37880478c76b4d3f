"""A process ends when the one that started it does, however that comes: it watches a pipe between the two.

Not by PR_SET_PDEATHSIG: that goes by the thread that started the process, and ours outlive the threads of a
flow; it is lost where a program starts another, and only Linux has it.
"""

import os
import select
import signal
import threading
import time

_PARENTS_PIPE = "PIPE_OF_PARENT"
_GRACE_SECONDS = 15
"""How long a process may take to end by itself once its parent is gone, as when the service stops."""


class Tie:
    """What ties a program of ours to this process, where the two have nothing to say to each other.

    It is started with `pass_fds=[tie.handle]` and `environment` added to its own, and calls
    `end_with_starter` as it begins. Then `hand_over`; and `cut` once it is no more.
    """

    def __init__(self) -> None:
        self.handle, self._ours = os.pipe()

    @property
    def environment(self) -> dict[str, str]:
        """The variable that tells it of the pipe."""
        return {_PARENTS_PIPE: str(self.handle)}

    def hand_over(self) -> None:
        """Close the end that it has."""
        os.close(self.handle)

    def cut(self) -> None:
        """Close our end: it ends, where it has not."""
        os.close(self._ours)


def end_with_starter(number: int = signal.SIGTERM) -> None:
    """Send this process the signal `number` when the one that started it is gone; nothing without a Tie."""
    handle = os.environ.pop(_PARENTS_PIPE, "")
    if handle.isdecimal():
        end_with_parent(int(handle), number)


def end_with_parent(handle: int, number: int | None = None, *, is_for_group: bool = False) -> None:
    """Send this process a signal as soon as the other end of a pipe closes: when its parent ends.

    `number` is SIGKILL where it is not given; one that has not ended 15 seconds after another is killed.
    With `is_for_group` all processes of its group get it: only where it leads one. The pipe is watched from
    a thread of its own, so that a process at work ends as well.
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
        end = os.killpg if is_for_group else os.kill
        end(os.getpid(), how)
        time.sleep(_GRACE_SECONDS)  # a library may have taken the signal for its own, as a flow's run does
        end(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True, name="ends with its parent").start()
