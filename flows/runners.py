"""Where a flow's bulk work runs: in its own process, or on a Dask cluster that the settings name."""

from typing import Any

from prefect.task_runners import ThreadPoolTaskRunner

from peer_challenge.settings import load_settings

_THREADS = 4
"""As many as processes make files by the usual settings: one, and three `makers` at most."""


def runner_of_bulk() -> Any:
    """The task runner of flows that read or make many documents: threads, unless Dask is set.

    Its tasks take paths and times only, and answer with what quotes nothing: no text of an area
    reaches a scheduler.
    """
    settings = load_settings()
    if not settings.dask:
        return ThreadPoolTaskRunner(max_workers=_THREADS)  # each waits for a process that works
    from prefect_dask.task_runners import DaskTaskRunner  # it comes with `pip install peer-challenge[dask]`

    if settings.dask == "local":
        workers = {"n_workers": settings.intakes, "threads_per_worker": 1, "processes": True}
        # keys for this cluster alone: else everybody on the machine could run programs as our account
        return DaskTaskRunner(cluster_kwargs=workers | {"dashboard_address": None, "security": True})
    from distributed import Security

    keys = Security(  # type: ignore[no-untyped-call]
        require_encryption=True,
        tls_ca_file=str(settings.dask_ca),
        tls_client_cert=str(settings.dask_certificate),
        tls_client_key=str(settings.dask_key),
    )
    return DaskTaskRunner(address=settings.dask, client_kwargs={"security": keys})
