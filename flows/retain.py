"""The retain flow."""

from prefect import flow

from tasks.retention_tasks import destroy_what_is_kept_too_long


@flow(name="retain", persist_result=False)
def retain(home: str | None = None, at: str | None = None) -> int:
    """Destroy what closed cycles may no longer keep; returns how many cycles were purged.

    Runs on Sunday nights. By hand: run `retain` on Prefect's page, or `peer-challenge retain`
    without Prefect; `peer-challenge retain --dry-run` says what would go.
    """
    return destroy_what_is_kept_too_long(home, at)
