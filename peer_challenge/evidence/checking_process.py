"""Checking files in a separate process within limits on work and memory."""

import atexit
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from peer_challenge.evidence.checked_file import CheckedFile
from peer_challenge.evidence.refusal_words import Refusal
from peer_challenge.evidence.zip_files import ZippedFile
from peer_challenge.system.bounded_work import BoundedWorker, Bounds, ChildLost, TooMuchWork, WorkFailed
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.package.reading_limits import Limits

BOUNDS = Bounds(seconds=40, memory_mb=900)
"""For one file. A PDF of 150 pages of text takes 15 seconds, a photograph of 60 million dots 500 MB."""

_lock = threading.Lock()
_worker = BoundedWorker("peer_challenge.evidence.checking_process", "work_in_child", BOUNDS)


def check_within_bounds(
    data: bytes, name: str, title: str, areas: Sequence[str], stamp: datetime
) -> CheckedFile:
    """What became of a file (check_file). Never raises because of the file: then its `refusal` says why."""
    try:
        told = _ask("check", data, name, title, tuple(areas), stamp)
    except TooMuchWork:
        return CheckedFile(refusal=Refusal.TOO_MUCH)
    except (ChildLost, WorkFailed):
        return CheckedFile(refusal=Refusal.DAMAGED)
    refusal = Refusal(told["refusal"]) if told["refusal"] else None
    return CheckedFile(**{**told, "refusal": refusal, "details": tuple(told["details"])})


def list_zip_within_bounds(data: bytes, known: Known | None, limits: Limits) -> list[ZippedFile]:
    """The files beside the form in a ZIP (list_files_beside).

    One without a name stands for the ZIP itself, with the reason, where that takes too much work or fails.
    Raises ChildLost, of which the ZIP may be innocent.
    """
    try:
        return [_read_zipped(*one) for one in _ask("list", data, known, limits)]
    except TooMuchWork:
        return [ZippedFile("", len(data), b"", Refusal.TOO_MUCH)]
    except WorkFailed:
        return [ZippedFile("", len(data), b"", Refusal.DAMAGED)]


def _read_zipped(name: str, size: int, data: bytes, refusal: str | None) -> ZippedFile:
    return ZippedFile(name, size, data, Refusal(refusal) if refusal else None)


def _ask(what: str, *given: object) -> Any:
    with _lock:
        return _worker.call(what, given)


def work_in_child(what: str, given: tuple[Any, ...]) -> Any:
    """In the child process: check a file, or list those of a ZIP; as plain values."""
    import logging

    from peer_challenge.evidence.check_file import check_file_plainly
    from peer_challenge.evidence.zip_files import list_files_beside

    logging.disable()  # the libraries would log what they find
    if what == "check":
        return check_file_plainly(*given)
    files = list_files_beside(*given)
    return [(one.name, one.size, one.data, one.refusal.value if one.refusal else None) for one in files]


@atexit.register
def end_checking_process() -> None:
    """End the process."""
    _worker.end()
