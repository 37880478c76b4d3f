"""The mailbox flow."""

from prefect import flow

from tasks.mailbox_tasks import fetch_emails


@flow(name="mailbox", persist_result=False)
def mailbox(home: str | None = None, at: str | None = None) -> int:
    """Fetch what is new in the office's mailbox; returns how many emails went into the inbox.

    Runs every two minutes where a mailbox is set. The watcher then takes in what is in the inbox. By hand:
    run `mailbox` on Prefect's page, or `peer-challenge fetch-mail` without Prefect.
    """
    return fetch_emails(home, at)
