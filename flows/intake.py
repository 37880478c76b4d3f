"""The intake flow."""

from prefect import flow

from tasks.taking_in import show_taken_in, take_in_documents


@flow(name="intake", persist_result=False)
def intake(home: str | None = None, at: str | None = None) -> int:
    """Take in what is in the inbox, as one batch; returns how many documents were.

    Runs every five minutes and whenever the watcher sees something arrive. By hand:
    `prefect deployment run intake/intake`, or `peer-challenge intake` without Prefect.
    """
    taken = take_in_documents(home, at)
    if len(taken.table):
        show_taken_in(taken.table)
    return len(taken.table)
