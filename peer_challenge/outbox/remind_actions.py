"""Reminders that the own day of an action has come, where the cycle chases actions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from peer_challenge.clock import local_day
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import Send
from peer_challenge.model.vocabulary import ActionStatus, DispatchKind, Kind, Role, Stage
from peer_challenge.register import challenges, frames, submissions
from peer_challenge.register.cycles import load_cycles
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Challenge
from peer_challenge.word.answers.written_days import read_written_day

_MADE_UP_FOR = timedelta(days=14)
"""How long after its day an action is still chased, as after a holiday or an outage."""
_SETTLED = (ActionStatus.DONE.value, ActionStatus.DROPPED.value)


@dataclass(frozen=True, slots=True)
class DueActions:
    """The actions of one challenge, by their addresses, whose own day is `due_on`."""

    challenge: Challenge
    due_on: date
    addresses: tuple[str, ...]


def find_due_actions(connection: Transaction, at: datetime) -> Iterator[DueActions]:
    """The actions whose day has come and is at most two weeks past, on a working day, of every open cycle.

    Left out are those that the latest progress report calls done or dropped. A reminder that has been
    intended already is among them: it is not intended twice.
    """
    for cycle in load_cycles(connection):
        today = local_day(at)
        if not cycle.rules.chase_actions or not WorkingDays(cycle.rules.extra_bank_holidays).is_working_day(
            today
        ):
            continue
        yield from _find_in_cycle(connection, cycle, today)


def _find_in_cycle(connection: Transaction, cycle: Cycle, today: date) -> Iterator[DueActions]:
    for challenge in challenges.list_challenges_in_cycle(connection, cycle.id):
        if challenge.stage is not Stage.IN_FOLLOW_UP:
            continue
        by_day: dict[date, list[str]] = {}
        for address, due_on in _list_open_actions(connection, challenge):
            if today - _MADE_UP_FOR < due_on <= today:
                by_day.setdefault(due_on, []).append(address)
        yield from (DueActions(challenge, day, tuple(found)) for day, found in sorted(by_day.items()))


def _list_open_actions(connection: Transaction, challenge: Challenge) -> Iterator[tuple[str, date]]:
    """The address and day of each action of the plan in force that is not done or dropped."""
    plan = submissions.find_current_version(connection, challenge.id, Kind.ACTION_PLAN)
    if plan is None:
        return
    reports = submissions.list_progress_reports(connection, challenge.id)
    said = frames.records_of(connection, Kind.PROGRESS_REPORT, reports[-1].id) if reports else []
    settled = {str(row["address"]) for row in said if row["status"] in _SETTLED}
    for row in frames.records_of(connection, Kind.ACTION_PLAN, plan.id):
        day = read_written_day(str(row["due_on"] or ""))
        if day is not None and row["action"] and row["address"] not in settled:
            yield str(row["address"]), day


def intend_action_reminders(connection: Transaction, at: datetime) -> int:
    """Intend a reminder to the author for each day of actions that has come; returns how many are new."""
    return sum(
        challenges.intend_challenge_dispatch(
            connection,
            due.challenge,
            Send(DispatchKind.ACTION_REMINDER, Role.AUTHOR),
            at=at,
            suffix=f"actions-{due.due_on.isoformat()}",
            parameters={"actions": list(due.addresses), "due_on": due.due_on.isoformat()},
        )
        for due in find_due_actions(connection, at)
    )
