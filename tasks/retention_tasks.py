"""The task of the retain flow: destroying what may no longer be kept."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from peer_challenge.operations.retention import purge
from tasks.hide_contents import quoting_nothing
from tasks.installation import installation, moment


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
    place = installation(home)
    return len(purge(place.register, place.settings, moment(at)).cycles)
