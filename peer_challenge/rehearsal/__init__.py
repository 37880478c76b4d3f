"""A fictional region whose people write as real ones do, for rehearsals and tests."""

from peer_challenge.rehearsal.fictional import rehearsal_cycle
from peer_challenge.rehearsal.region import Region

__all__ = ["Region", "rehearsal_cycle"]
