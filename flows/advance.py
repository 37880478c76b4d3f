"""The advance flow."""

from prefect import flow

from tasks.advance_tasks import do_what_is_due, show_issued
from tasks.reminder_tasks import send_emails


@flow(name="advance", persist_result=False)
def advance(home: str | None = None, at: str | None = None) -> int:
    """Do what is due in every open cycle; returns how many dispatches went out.

    Runs every quarter of an hour. The intake flow also does this for the documents it took in. By hand:
    run `advance` on Prefect's page, or `peer-challenge advance` without Prefect.
    """
    done = do_what_is_due(home, at)
    show_issued(home, done.issued)
    send_emails(home, at)
    return len(done.issued)
