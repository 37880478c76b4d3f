"""The intake flow."""

from prefect import flow

from flows.runners import runner_of_bulk
from tasks.advance_tasks import do_what_is_due, show_issued
from tasks.intake_tasks import show_taken_in, take_in_all


@flow(name="intake", persist_result=False, task_runner=runner_of_bulk())
def intake(home: str | None = None, at: str | None = None) -> int:
    """Take in what is in the inbox, and send what goes back; returns how many documents came in.

    Runs every five minutes. The watcher takes in the files that it sees arrive itself, at once. By hand:
    run `intake` on Prefect's page, or `peer-challenge intake` without Prefect.
    """
    table = take_in_all(home, at)
    if len(table):
        show_taken_in(table)
        show_issued(home, do_what_is_due(home, at).issued)
    return len(table)
