"""The office's Monday brief: intended once a week for every open cycle."""

from datetime import datetime, timedelta

from peer_challenge.clock import local_day
from peer_challenge.model.vocabulary import DispatchKind, Role
from peer_challenge.register import outbox
from peer_challenge.register.cycles import cycle_ids
from peer_challenge.register.database import Register


def intend_monday_brief(register: Register, at: datetime) -> int:
    """Intend the brief of the week of `at` for each open cycle; returns how many are new."""
    monday = local_day(at) - timedelta(days=local_day(at).weekday())
    with register.writing() as connection:
        return sum(
            outbox.intend_dispatch(
                connection,
                DispatchKind.MONDAY_BRIEF,
                Role.OFFICE,
                outbox.OFFICE,
                at=at,
                cycle_id=cycle_id,
                key=f"{DispatchKind.MONDAY_BRIEF.value}/{monday.isoformat()}",
            )
            for cycle_id in cycle_ids(connection)
        )
