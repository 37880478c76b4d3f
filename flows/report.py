"""The report flow."""

from prefect import flow

from flows.advance import do_what_is_due
from flows.runners import runner_of_bulk
from tasks.reminder_tasks import brief_office


@flow(name="report", persist_result=False, task_runner=runner_of_bulk())
def report(home: str | None = None, at: str | None = None) -> int:
    """Give the office its weekly brief, one a week and cycle; returns how many were new.

    Runs on Monday mornings. By hand: run `report` on Prefect's page.
    """
    new = brief_office(home, at)
    if new:
        do_what_is_due(home, at)
    return new
