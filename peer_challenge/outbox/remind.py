"""Reminders in the register: each is intended once, for the person who has to act."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from peer_challenge.clock import local_day
from peer_challenge.dates.deadlines import challenge_deadlines
from peer_challenge.dates.reminder_rules import Reminder, due_reminders
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.model.access import was_asked_for
from peer_challenge.model.challenge import find_open_outcome
from peer_challenge.model.cycle import Receives
from peer_challenge.model.journey import ASKED_AGAIN, DUE_BY, Send
from peer_challenge.model.message_recipients import choose_recipients
from peer_challenge.model.messages import find_addressee_kind
from peer_challenge.model.vocabulary import DispatchKind, Outcome, Role
from peer_challenge.outbox.remind_actions import intend_action_reminders
from peer_challenge.register import challenges, outbox, rights, submissions
from peer_challenge.register.challenges import find_awaited_deadline
from peer_challenge.register.cycles import load_cycles
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.records import Challenge

_OF_REVIEWS = frozenset(DUE_BY[kind] for kind in ASKED_AGAIN)
"""The deadlines that come again for each review."""
_DAYS_TO_ANSWER = 3
"""Working days in which questions are answered where the due day is past or near."""


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is due: to whom, in which challenge."""

    cycle_id: str
    challenge_id: str
    recipient_id: str
    reminder: Reminder
    has_address: bool
    arrived: Outcome | None = None


def intend_reminders(register: Register, at: datetime) -> int:
    """Intend the reminders that are due at `at` in every open cycle; returns how many are new.

    Those of dates, and, where a cycle chases actions, those of actions whose own day has come.
    """
    with register.writing() as connection:
        found = list(_find_due_reminders(connection, at))
        for due, challenge, role in found:
            _intend_reminder(connection, challenge, due, role, at)
        of_actions = intend_action_reminders(connection, at)
    return len(found) + of_actions


def list_reminders(register: Register, at: datetime) -> list[Due]:
    """The reminders that are due at `at` and were not sent; changes nothing."""
    with register.reading() as connection:
        return [due for due, _, _ in _find_due_reminders(connection, at)]


def _find_due_reminders(connection: Transaction, at: datetime) -> Iterator[tuple[Due, Challenge, Role]]:
    for cycle in load_cycles(connection):
        sent = outbox.reminders_in(connection, cycle.id)
        adjustments = challenges.adjustments_in(connection, cycle.id)
        outcomes = submissions.newest_outcomes(connection, cycle.id)
        for challenge, scope in rights.challenges_of_cycle_as_sent(connection, cycle.id):
            name, role = find_awaited_deadline(challenge)
            if name is None or role in (None, Role.OFFICE) or not was_asked_for(role, scope, name):
                continue
            if name in _OF_REVIEWS and not _is_review_asked_for(connection, challenge):
                continue
            deadlines = challenge_deadlines(
                cycle, challenges.read_challenge_dates(challenge), adjustments.get(challenge.id, [])
            )
            found = due_reminders(deadlines, name, local_day(at), cycle.rules, sent.get(challenge.id, set()))
            for reminder in found:
                who = challenges.find_recipient_id(connection, challenge, role)
                has_address = bool(
                    choose_recipients(
                        cycle,
                        find_addressee_kind(role),
                        who,
                        (Receives.REMINDERS,),
                        is_escalation=reminder.is_escalation,
                    ).to
                )
                arrived = find_open_outcome(name, outcomes.get(challenge.id, {}))
                yield Due(cycle.id, challenge.id, who, reminder, has_address, arrived), challenge, role


def _is_review_asked_for(connection: Transaction, challenge: Challenge) -> bool:
    """Whether the form for the next review has gone out: the one before asks for another report."""
    return challenge.last_review + 1 in outbox.list_reviews_asked_for(connection, challenge.id)


def _find_answer_day(reminder: Reminder, today: date) -> date:
    """The day by which questions about what has come are to be answered: the due day, or soon after today."""
    soon = WorkingDays().add_working_days(today, _DAYS_TO_ANSWER)
    return max(reminder.due_on, soon)


def _intend_reminder(
    connection: Transaction, challenge: Challenge, due: Due, role: Role, at: datetime
) -> None:
    reminder = due.reminder
    parameters = {
        "reminder": reminder.key,
        "what": reminder.what,
        "due_on": reminder.due_on.isoformat(),
        "days_left": reminder.days_left(local_day(at)),
        "rule": reminder.rule,
        "is_escalation": reminder.is_escalation,
        **(
            {
                "arrived": due.arrived.value,
                "answer_by": _find_answer_day(reminder, local_day(at)).isoformat(),
            }
            if due.arrived
            else {}
        ),
        **({"review": challenge.last_review + 1} if reminder.what in _OF_REVIEWS else {}),
    }
    challenges.intend_challenge_dispatch(
        connection,
        challenge,
        Send(DispatchKind.REMINDER, role),
        at=at,
        suffix=reminder.key,
        parameters=parameters,
    )
