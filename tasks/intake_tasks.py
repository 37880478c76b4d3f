"""The steps of the intake flow: claim files, read, validate, record."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import pandas as pd

from peer_challenge.intake.batch import Batch
from peer_challenge.intake.batches_to_take import ReadyFiles
from peer_challenge.intake.inbox import make_inbox_from_settings
from peer_challenge.intake.read_claimed import read_claimed
from tasks.installation import get_installation, read_run_time
from tasks.show_in_prefect import show_table, tell_event
from tasks.step import step

_noticed: ContextVar[ReadyFiles | None] = ContextVar("_noticed", default=None)


@contextmanager
def hand_over(ready: ReadyFiles) -> Iterator[None]:
    """Let the intake that runs now take in the files that have been found `ready`, and look for no others.

    Their names are no parameter of the flow: Prefect would keep them.
    """
    before = _noticed.set(ready)
    try:
        yield
    finally:
        _noticed.reset(before)


def find_ready_files(home: str | None) -> ReadyFiles:
    """The files that were handed over; else those that the inbox holds by the time they are claimed."""
    return _noticed.get() or ReadyFiles(make_inbox_from_settings(get_installation(home).settings))


def begin_batch(home: str | None, at: str | None) -> Batch:
    """A batch that nothing is claimed for yet: for a `with`."""
    place = get_installation(home)
    return Batch(place.register, place.settings, read_run_time(at))


@step("claim files", minutes=10)
def claim_files(batch: Batch, ready: ReadyFiles) -> list[str]:
    """Claim the next files and archive them; returns the places of those that are to be read."""
    came = batch.claim_files(ready)
    show_table("came-in", [document._asdict() for document in came], "What came in")
    return [document.place for document in came]


@step("read", minutes=None)
def read_documents(home: str | None, places: Sequence[str], waiting: int) -> int:
    """Read claimed documents; returns how many. It may run on any machine that shares the home folder."""
    place = get_installation(home)
    return read_claimed(place.register, place.settings, places, waiting=waiting)


@step("validate", minutes=20)
def validate_documents(batch: Batch) -> int:
    """Check all documents of the batch together; returns how many kinds of finding there are."""
    found = batch.check_documents()
    show_table("found", found.to_dict("records"), "What was found, by document and code")
    return int(found["code"].nunique())


@step("record", minutes=20)
def record_documents(batch: Batch) -> pd.DataFrame:
    """Record each document and what follows from it; the table quotes nothing anybody wrote."""
    table = batch.record_documents()
    show_table("taken-in", table.to_dict("records"), "What was taken in, and what became of it")
    if len(table):
        outcomes = table["outcome"].value_counts().to_dict()
        tell_event("documents.taken-in", "inbox", {"documents": len(table), "by_outcome": outcomes})
    return table
