"""Where a flow's bulk work runs: in its own process, or on a Dask cluster that the settings name."""

from typing import Any

from peer_challenge.settings import load_settings


def runner_of_bulk() -> Any:
    """The task runner of flows that read many documents; None for Prefect's own.

    Its tasks take only paths and times, and their answers quote nothing, so that no text of an area
    reaches a scheduler.
    """
    settings = load_settings()
    if not settings.dask:
        return None
    from prefect_dask import DaskTaskRunner  # it comes with `pip install peer-challenge[dask]`

    if settings.dask != "local":
        return DaskTaskRunner(address=settings.dask)
    workers = {"n_workers": settings.intakes, "threads_per_worker": 1, "processes": True}
    return DaskTaskRunner(cluster_kwargs=workers | {"dashboard_address": None})
