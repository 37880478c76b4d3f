"""Reminders in the register: intended once each for whoever has to act."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from peer_challenge.clock import local_day
from peer_challenge.cycle import Cycle
from peer_challenge.deadlines import challenge_deadlines
from peer_challenge.journey import Send, standing_of
from peer_challenge.register import challenges
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import cycle_ids, load_stored
from peer_challenge.register.database import Register
from peer_challenge.reminders import Reminder, due_reminders
from peer_challenge.vocabulary import DispatchKind, Role, Stage

_LETTERS = (DispatchKind.REMINDER, DispatchKind.REMINDER_EMAIL)


def intend_reminders(register: Register, at: datetime, *, is_dry_run: bool = False) -> int:
    """Intend the reminders that are due at `at` in every open cycle; returns how many are new."""
    return len(list_reminders(register, at, is_dry_run=is_dry_run))


def list_reminders(
    register: Register, at: datetime, *, is_dry_run: bool = True
) -> list[tuple[str, Reminder]]:
    """The reminders that are due at `at`, with their challenge; intended too unless it is a dry run."""
    found = []
    with register.writing() as connection:
        for cycle_id in cycle_ids(connection):
            cycle, _ = load_stored(connection, cycle_id)
            sent = _sent(connection, cycle_id)
            for challenge in challenges.of_cycle(connection, cycle_id):
                reminder, role = _due(
                    connection, cycle, challenge, local_day(at), sent.get(challenge.id, set())
                )
                if reminder is not None and role is not None:
                    found.append((challenge.id, reminder))
                    if not is_dry_run:
                        _intend(connection, challenge, reminder, role, at)
    return found


def _sent(connection: Connection, cycle_id: str) -> dict[str, set[str]]:
    """The ledger: the keys of the reminders of each challenge that went out or are to."""
    query = sa.select(t.dispatches.c.challenge_id, t.dispatches.c.parameters).where(
        t.dispatches.c.cycle_id == cycle_id, t.dispatches.c.kind == DispatchKind.REMINDER.value
    )
    ledger: dict[str, set[str]] = {}
    for row in connection.execute(query):
        ledger.setdefault(row.challenge_id, set()).add(row.parameters["reminder"])
    return ledger


def _due(
    connection: Connection, cycle: Cycle, challenge: Row[tuple[object, ...]], today: date, sent: set[str]
) -> tuple[Reminder | None, Role | None]:
    name, role = _waited_for(challenge)
    if name is None or role in (None, Role.OFFICE):
        return None, None
    deadlines = challenge_deadlines(
        cycle, challenges.dates_of(challenge), challenges.adjustments_of(connection, challenge.id)
    )
    found = due_reminders(deadlines, name, today, cycle.rules, sent)
    return (found[0] if found else None), role


def _waited_for(challenge: Row[tuple[object, ...]]) -> tuple[str | None, Role | None]:
    """The deadline that somebody has to meet now, and who; before an event that is the response."""
    stage = Stage(challenge.stage)
    if stage is Stage.EVENT_SET:
        return (None, None) if challenge.response_received_at else ("response_due", Role.AUTHOR)
    return standing_of(stage)


def _intend(
    connection: Connection, challenge: Row[tuple[object, ...]], reminder: Reminder, role: Role, at: datetime
) -> None:
    parameters = {
        "reminder": reminder.key,
        "what": reminder.what,
        "due_on": reminder.due_on.isoformat(),
        "days_left": reminder.days_left(local_day(at)),
        "rule": reminder.rule,
        "is_escalation": reminder.is_escalation,
    }
    for kind in _LETTERS:
        challenges.send(
            connection, challenge, Send(kind, role), at=at, suffix=reminder.key, parameters=parameters
        )
