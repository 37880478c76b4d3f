"""The task of the retain flow: destroying what may no longer be kept."""

from peer_challenge.operations.retention import purge_expired_data
from tasks.installation import get_installation, read_run_time
from tasks.step import step


@step("destroy what is kept too long", minutes=60)
def destroy_what_is_kept_too_long(home: str | None, at: str | None) -> int:
    """Purge every cycle whose time is over; returns how many. Retrying finishes what a failure left."""
    place = get_installation(home)
    return len(purge_expired_data(place.register, place.settings, read_run_time(at)).cycles)
