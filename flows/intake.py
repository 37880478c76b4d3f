"""The intake flow: what is in the inbox is taken in, and answered."""

from prefect import flow

from flows.advance import do_what_is_due_and_send
from flows.handfuls import split_into_handfuls
from flows.runners import runner_of_bulk
from peer_challenge.intake.batches_to_take import ReadyFiles
from tasks.advance_tasks import list_waiting
from tasks.intake_tasks import (
    begin_batch,
    claim_files,
    find_ready_files,
    read_documents,
    record_documents,
    validate_documents,
)


@flow(name="intake", persist_result=False, task_runner=runner_of_bulk())
def intake(home: str | None = None, at: str | None = None) -> int:
    """Take in what is in the inbox, and send what goes back; returns how many documents came in.

    The watcher runs it as soon as something has arrived; a schedule every five minutes, in case nobody saw.
    By hand: run `intake` on Prefect's page, or `peer-challenge intake` without Prefect.
    """
    ready, count = find_ready_files(home), 0
    while True:
        taken = _take_in_batch(home, at, ready)
        count += taken
        if taken or list_waiting(home):  # an intake that was killed may have left an answer
            do_what_is_due_and_send(home, at)
        if not ready.is_more:
            return count


def _take_in_batch(home: str | None, at: str | None, ready: ReadyFiles) -> int:
    """Claim files, read, validate, record; returns how many documents were recorded."""
    with begin_batch(home, at) as batch:
        places = claim_files(batch, ready)
        if not places:
            return 0
        reading = [
            read_documents.submit(home, some, ready.count)
            for some in split_into_handfuls(places, ready.count)
        ]
        for one in reading:
            one.result()
        validate_documents(batch)
        return len(record_documents(batch))
