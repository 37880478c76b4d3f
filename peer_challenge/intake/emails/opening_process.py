"""Opening emails in a separate process within limits on work and memory."""

import atexit
import threading

from peer_challenge.intake.emails.opened_email import OpenedEmail
from peer_challenge.system.bounded_work import BoundedWorker, Bounds, ChildLost, TooMuchWork, WorkFailed
from peer_challenge.word.package.reading_limits import Limits

BOUNDS = Bounds(seconds=10, memory_mb=500)
"""For one email: 25 MB of attachments take about a second, and 250 MB for its text and what it decodes to."""

_lock = threading.Lock()
_worker = BoundedWorker("peer_challenge.intake.emails.opening_child", "open_email_plainly", BOUNDS)


def start_opening_process() -> None:
    """Start the process, so that the first email does not wait for it."""
    with _lock:
        _worker.begin()


def open_email_within_bounds(data: bytes, limits: Limits) -> OpenedEmail:
    """What is found in an email. Never raises because of the email: then its `failure` says why."""
    with _lock:
        try:
            return OpenedEmail.from_plain(_worker.call(data, limits))
        except TooMuchWork:
            return OpenedEmail(failure="email.too_much")
        except (ChildLost, WorkFailed):
            return OpenedEmail(failure="email.damaged")


@atexit.register
def end_opening_process() -> None:
    """End the process."""
    _worker.end()
