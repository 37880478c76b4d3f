"""Running the check suites in a separate process within limits. Great Expectations is loaded only there."""

import atexit
import threading
from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING

from peer_challenge.model.findings import Finding
from peer_challenge.system.bounded_work import BoundedWorker, Bounds, ChildLost, TooMuchWork
from peer_challenge.word.reader_findings import make_finding

if TYPE_CHECKING:  # with pandas they take as long as the process needs for a quarter of its start
    from peer_challenge.submissions.checked_against import SubmissionContext
    from peer_challenge.word.answers.reading import Reading

BOUNDS = Bounds(seconds=10, memory_mb=900)
"""For one document or a batch: one form takes 0.2 s, 15 little more. Great Expectations holds 250 MB."""
MOST_CHARACTERS = 3_000_000
"""In all that a document says: some fifty long forms. To check so much takes a third of the seconds."""
MOST_TEXTS = 20_000
"""Cells, lines and particulars of a document: each costs a tenth of a millisecond, however short."""

_lock = threading.Lock()
_worker = BoundedWorker("peer_challenge.submissions.checking_child", "run_suites_plainly", BOUNDS)


def start_checking_process() -> None:
    """Start the checking process, so that it loads while documents are read."""
    with _lock:
        _worker.begin()


def wait_until_loaded() -> None:
    """Start the checking process, and wait until it has loaded."""
    with _lock:
        _worker.call({}, {})


def run_suites(
    readings: "Mapping[str, Reading]", contexts: "Mapping[str, SubmissionContext]"
) -> dict[str, list[Finding]]:
    """The findings of the check suites by submission, worked out in the checking process within BOUNDS.

    A document that needs more than the bounds allow has the finding open.too_much_work, which rejects it;
    the other documents of its batch are then checked one by one. Raises WorkFailed when a check itself
    fails.
    """
    small = {key: reading for key, reading in readings.items() if _is_within_bounds(reading)}
    with _lock:
        found = _run_for_each(small, contexts)
    return {key: found.get(key, [make_finding("open.too_much_work")]) for key in readings}


def _run_for_each(
    readings: "Mapping[str, Reading]", contexts: "Mapping[str, SubmissionContext]"
) -> dict[str, list[Finding]]:
    """The findings of all readings that can be checked within the limits, by submission."""
    if not readings:
        return {}
    theirs = {key: context for key, context in contexts.items() if key in readings}
    try:
        told = _worker.call(dict(readings), theirs)
    except (TooMuchWork, ChildLost):
        if len(readings) == 1:
            return {}
        alone = (_run_for_each({key: reading}, theirs) for key, reading in readings.items())
        return dict(chain.from_iterable(found.items() for found in alone))
    return {key: [Finding.from_dict(one) for one in findings] for key, findings in told.items()}


def _is_within_bounds(reading: "Reading") -> bool:
    """Whether a reading is small enough to be checked within the limits on any machine."""
    rows = (value for row in (*reading.rows, *reading.items) for value in row.values())
    lengths = [len(text) for text in (*rows, *reading.particulars.values(), *reading.unmapped) if text]
    return len(lengths) <= MOST_TEXTS and sum(lengths) <= MOST_CHARACTERS


@atexit.register
def end_checking_process() -> None:
    """End the checking process."""
    _worker.end()
