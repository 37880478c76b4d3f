"""The remind flow."""

from prefect import flow

from flows.advance import do_what_is_due_and_send
from flows.runners import runner_of_bulk
from tasks.reminder_tasks import remind_people


@flow(name="remind", persist_result=False, task_runner=runner_of_bulk())
def remind(home: str | None = None, at: str | None = None) -> int:
    """Remind those who have to act, each once; returns how many reminders were new.

    Runs on working mornings. After an outage it sends the latest that still applies, not all
    that were missed. By hand: run `remind` on Prefect's page.
    """
    new = remind_people(home, at)
    if new:
        do_what_is_due_and_send(home, at)
    return new
