"""The task of the retain flow: destroying what may no longer be kept."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from peer_challenge.operations.retention import purge_expired_data
from tasks.hide_contents import quoting_nothing
from tasks.installation import get_installation, read_run_time


@task(
    name="destroy what is kept too long",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=3,
    retry_delay_seconds=[1, 5, 20],
)
@quoting_nothing
def destroy_what_is_kept_too_long(home: str | None, at: str | None) -> int:
    """Purge every cycle whose time is over; returns how many. Retrying finishes what a failure left."""
    place = get_installation(home)
    return len(purge_expired_data(place.register, place.settings, read_run_time(at)).cycles)
