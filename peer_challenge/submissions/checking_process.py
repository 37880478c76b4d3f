"""Examining in a process beside this one, within bounds, in which Great Expectations loads meanwhile."""

import atexit
import threading
from collections.abc import Mapping
from itertools import chain

from peer_challenge.model.findings import Finding
from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.system.bounded_work import BoundedWorker, Bounds, ChildLost, TooMuchWork
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.reader_findings import finding

BOUNDS = Bounds(seconds=10, memory_mb=900)
"""For one document or a batch: a form of the usual length takes 0.02 s. Great Expectations holds 250 MB."""
MOST_CHARACTERS = 3_000_000
"""In all that a document says: some fifty long forms. To examine so much takes a third of the seconds."""
MOST_TEXTS = 20_000
"""Cells, lines and particulars of a document: each costs a tenth of a millisecond, however short."""

_lock = threading.Lock()
_worker = BoundedWorker("peer_challenge.submissions.checking_child", "examine_plainly", BOUNDS)


def begin() -> None:
    """Start the process, so that it loads while documents are read."""
    with _lock:
        _worker.begin()


def wait_until_loaded() -> None:
    """Start the process, and wait until it has loaded."""
    with _lock:
        _worker.call({}, {})


def examine_readings(
    readings: Mapping[str, Reading], contexts: Mapping[str, SubmissionContext]
) -> dict[str, list[Finding]]:
    """What examining.examine_readings answers, worked out within BOUNDS.

    A document that exhausts them is refused: it keeps the reader's findings and gets open.too_much_work. The
    others of its batch are then examined one by one. Raises WorkFailed where examining fails in itself.
    """
    small = {key: reading for key, reading in readings.items() if _is_small(reading)}
    with _lock:
        found = _examine_each(small, contexts)
    refused = {key: [*reading.findings, finding("open.too_much_work")] for key, reading in readings.items()}
    return {key: found.get(key, refused[key]) for key in readings}


def _examine_each(
    readings: Mapping[str, Reading], contexts: Mapping[str, SubmissionContext]
) -> dict[str, list[Finding]]:
    """The findings of all that can be examined within bounds."""
    if not readings:
        return {}
    theirs = {key: context for key, context in contexts.items() if key in readings}
    try:
        told = _worker.call(dict(readings), theirs)
    except (TooMuchWork, ChildLost):
        if len(readings) == 1:
            return {}
        alone = (_examine_each({key: reading}, theirs) for key, reading in readings.items())
        return dict(chain.from_iterable(found.items() for found in alone))
    return {key: [Finding.from_dict(one) for one in findings] for key, findings in told.items()}


def _is_small(reading: Reading) -> bool:
    """Whether it says no more than can be examined within the bounds, on any machine."""
    rows = (value for row in (*reading.rows, *reading.items) for value in row.values())
    lengths = [len(text) for text in (*rows, *reading.particulars.values(), *reading.unmapped) if text]
    return len(lengths) <= MOST_TEXTS and sum(lengths) <= MOST_CHARACTERS


@atexit.register
def end() -> None:
    """End the process."""
    _worker.end()
