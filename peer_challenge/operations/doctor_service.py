"""Which parts of the running service are down."""

from datetime import datetime, timedelta

from peer_challenge.operations.doctor_check import Check
from peer_challenge.operations.service_parts import Part, PartState, read_parts
from peer_challenge.settings import Settings

_LONG_ENOUGH = timedelta(minutes=10)
"""A small machine that is busy takes minutes until the last part has come up."""


def check_parts(settings: Settings, at: datetime) -> Check:
    """Whether all parts run that `peer-challenge serve` started; without it there is nothing to tell."""
    parts = read_parts(settings)
    away = [part for part in parts if _is_away(part, at)]
    names = ", ".join(part.name for part in parts)
    saw = f"all run: {names}" if parts else "not run by `peer-challenge serve` here"
    return Check(
        "parts of the service",
        not away,
        "; ".join(part.in_words for part in away) if away else saw,
        "It is started again by itself, after a pause. Documents are read and answered meanwhile as long as "
        "the watcher runs. If it stays down for ten minutes, stop the service and start it again: "
        "`peer-challenge serve` says why a part does not start.",
        is_fatal=any(part.failures > 2 for part in away),
    )


def _is_away(part: Part, at: datetime) -> bool:
    is_late = part.state is PartState.WAITS and at - part.since > _LONG_ENOUGH
    return part.state is PartState.DOWN or is_late
