"""Examining in a process beside this one, in which Great Expectations loads while other work goes on."""

import atexit
import signal
import threading
from collections.abc import Mapping

from peer_challenge.children import Child, open_pipe, start_child
from peer_challenge.findings import Finding
from peer_challenge.submissions import examining
from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.word.reading import Reading

_lock = threading.Lock()
_kept: list[Child] = []


def begin() -> None:
    """Start the process, for a program that is going to examine often or soon."""
    with _lock:
        if not _kept:
            _kept.append(start_child(__name__, "examine_for"))


def examine_readings(
    readings: Mapping[str, Reading], contexts: Mapping[str, SubmissionContext]
) -> dict[str, list[Finding]]:
    """What examining.examine_readings answers, from the process beside this one where there is one.

    What can't be examined there is examined here, so that whatever is wrong is met here too.
    """
    with _lock:
        found = _ask(_kept[0], dict(readings), dict(contexts)) if _kept else None
    return examining.examine_readings(readings, contexts) if found is None else found


def _ask(child: Child, *what: object) -> dict[str, list[Finding]] | None:
    """Its answer; None where it could not examine, or is no more."""
    found: dict[str, list[Finding]] | None
    try:
        child.pipe.send(what)
        found = child.pipe.recv()
    except (EOFError, OSError):
        _end()
        return None
    except BaseException:  # interrupted: nobody may take the answer for that to another question
        _end()
        raise
    return found


def examine_for(handle: int) -> None:
    """The process's loop: readings come, findings go back, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever interrupts the parent has interrupted enough
    from peer_challenge.submissions import expectations  # noqa: F401 - what takes its time, before it is asked

    pipe = open_pipe(handle)
    while True:
        try:
            readings, contexts = pipe.recv()
        except EOFError:
            return
        try:
            found = examining.examine_readings(readings, contexts)
        except Exception:  # the parent will meet it as well; here it would quote what an area wrote
            found = None
        pipe.send(found)


@atexit.register
def _end() -> None:
    while _kept:
        _kept.pop().end()
