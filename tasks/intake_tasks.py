"""The intake flow's task, reading what is in the inbox, and showing what was taken in."""

from uuid import UUID

import pandas as pd
from prefect import task
from prefect.artifacts import create_progress_artifact, create_table_artifact, update_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.events import emit_event

from peer_challenge.intake.take_in import take_in_ready_documents
from tasks.hide_contents import quoting_nothing
from tasks.installation import get_installation, read_run_time


@task(
    name="take in what is in the inbox",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=3,
    retry_delay_seconds=[1, 5, 20],
    timeout_seconds=3600,
)
@quoting_nothing
def take_in_documents(home: str | None, at: str | None) -> pd.DataFrame:
    """Read, validate and record every document that is ready; the table quotes nothing anybody wrote.

    Retrying is safe: what was recorded before a failure is not recorded again.
    """
    place = get_installation(home)
    progress: UUID | None = None

    def tell(done: int, total: int) -> None:
        nonlocal progress
        share = 100.0 * done / max(total, 1)
        if progress is None:
            progress = create_progress_artifact(share, key="intake-progress", description="Documents read")
        else:
            update_progress_artifact(progress, share)

    return take_in_ready_documents(place.register, place.settings, read_run_time(at), progress=tell).table


def take_in_all(home: str | None, at: str | None) -> pd.DataFrame:
    """Take in what is ready, by as many tasks at once as the settings say; one row for each document.

    Each claims its files before it reads them, so that no document is taken in twice.
    """
    intakes = get_installation(home).settings.intakes
    if intakes == 1:
        return take_in_documents(home, at)
    begun = [take_in_documents.submit(home, at) for _ in range(intakes)]
    return pd.concat([one.result() for one in begun], ignore_index=True)


@quoting_nothing
def show_taken_in(table: pd.DataFrame) -> None:
    """Put the table of what was taken in beside the run, for the Prefect page."""
    create_table_artifact(
        table.astype(str).to_dict("records"),
        key="taken-in",
        description="What was taken in, and what became of it",
    )
    emit_event(
        "peer-challenge.documents.taken-in",
        resource={"prefect.resource.id": "peer-challenge.inbox"},
        payload={"documents": len(table), "by_outcome": table["outcome"].value_counts().to_dict()},
    )
