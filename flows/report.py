"""The report flow."""

from prefect import flow

from tasks.advance_tasks import do_what_is_due, show_issued
from tasks.reminder_tasks import brief_office


@flow(name="report", persist_result=False)
def report(home: str | None = None, at: str | None = None) -> int:
    """Give the office its Monday brief, one a week and cycle; returns how many were new.

    Runs on Monday mornings. By hand: run `report` on Prefect's page.
    """
    new = brief_office(home, at)
    if new:
        show_issued(home, do_what_is_due(home, at).issued)
    return new
