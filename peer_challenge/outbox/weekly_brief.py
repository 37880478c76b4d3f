"""The office's weekly brief: intended once a week for every open cycle."""

from datetime import date, datetime, timedelta

from peer_challenge.clock import local_day
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.model.vocabulary import DispatchKind, Role
from peer_challenge.register import outbox
from peer_challenge.register.cycles import cycle_ids, load_stored
from peer_challenge.register.database import Register, Transaction


def intend_monday_brief(register: Register, at: datetime) -> int:
    """Intend the brief of the week of `at` for each open cycle; returns how many are new.

    None is written on a bank holiday: the office reads it on the next working day, and finds it dated so.
    """
    today = local_day(at)
    monday = today - timedelta(days=today.weekday())
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
            if _is_worked(connection, cycle_id, today)
        )


def _is_worked(connection: Transaction, cycle_id: str, day: date) -> bool:
    cycle, _ = load_stored(connection, cycle_id)
    return WorkingDays(cycle.rules.extra_bank_holidays).is_working_day(day)
