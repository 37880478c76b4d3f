"""When to remind: before and after a date, each reminder once, also after an outage.

Rules: days before (default 14, 7 and 1), working days after (1 and 5), then weekly to an escalation
contact. Nobody is reminded in the first three working days after being asked. On the due day a thing is due
and not yet overdue. Of reminders that an outage missed, only the latest is sent.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from peer_challenge.dates.deadlines import Deadline
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.model.cycle_rules import Rules
from peer_challenge.model.vocabulary import DeadlineName

_WEEK = timedelta(days=7)  # from one escalation to the next: docs/dates.md, Reminders
_LONGEST_CHASE = 52
"""Weeks: what is a year late is no matter for reminders any more, and the list of them has to end."""
_WORKING_DAYS_TO_ANSWER = 3
"""In which questions are answered where the due day is past or near: time to ask three organisations."""
_WORKING_DAYS_AFTER_ASKING = 3
"""In which nobody is reminded of what they were asked for: the message that asked says the day."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder. No two reminders with one `key` are ever sent.

    A reminder that `is_before` says how many days are left, and is not sent after the due day.
    """

    key: str
    what: DeadlineName
    due_on: date
    on: date
    rule: str
    is_escalation: bool = False
    is_before: bool = False

    def days_left(self, today: date) -> int:
        """Days from `today` to the due day; below zero when it has passed."""
        return (self.due_on - today).days


def find_answer_day(due_on: date | None, asked_on: date, rules: Rules, event_on: date | None = None) -> date:
    """The day by which questions asked on a day are answered: the due day, or some working days after it.

    The later of the two; `due_on` is None where no day is set. `event_on` is the event that the answers are
    needed for: they come before its day, or on it where there is no working day between.
    """
    days = WorkingDays(rules.extra_bank_holidays)
    soon = days.add_working_days(asked_on, _WORKING_DAYS_TO_ANSWER)
    day = max(due_on, soon) if due_on else soon
    if event_on is None or event_on <= asked_on or day < event_on:
        return day
    last = days.previous_working_day(event_on - timedelta(days=1))
    return last if last > asked_on else event_on


def generate_reminders(deadline: Deadline, rules: Rules) -> Iterator[Reminder]:
    """Every reminder of one deadline, earliest first. The weekly ones go on for up to a year."""
    days = WorkingDays(rules.extra_bank_holidays)
    due = deadline.due_on

    def reminder(on: date, rule: str, *, is_escalation: bool = False, is_before: bool = False) -> Reminder:
        key = _make_key_prefix(deadline) + rule.replace(" ", "-")
        return Reminder(key, deadline.name, due, on, rule, is_escalation, is_before)

    for before in sorted(rules.reminders_before_days, reverse=True):
        on = days.previous_working_day(due - timedelta(days=before))
        yield reminder(on, f"{before} days before", is_before=True)
    last = due
    for after in sorted(rules.reminders_after_working_days):
        last = days.add_working_days(due, after)
        yield reminder(last, f"{after} working days after")
    for week in range(1, _LONGEST_CHASE + 1):
        yield reminder(days.next_working_day(last + week * _WEEK), f"{week} weeks later", is_escalation=True)


def due_reminders(
    deadlines: Mapping[DeadlineName, Deadline],
    waiting_for: DeadlineName | None,
    today: date,
    rules: Rules,
    sent: Collection[str],
    asked_on: date | None = None,
) -> list[Reminder]:
    """The reminders to send on `today` for the one deadline that is waited for: one at most.

    `waiting_for` is the deadline that somebody still has to meet. It is None once the deadline is met, or
    the challenge is withdrawn or closed. `sent` are the keys of all reminders that went out for this
    challenge. `asked_on` is the day of the last message that asked for it: what would be sent before the due
    day, and in the first working days after that message, is not sent. Of several that were missed, only the
    latest that still applies is sent; the earlier ones are never sent, even when a clock is set back.
    """
    deadline = deadlines.get(waiting_for) if waiting_for else None
    if deadline is None or not WorkingDays(rules.extra_bank_holidays).is_working_day(today):
        return []
    reached = list(takewhile(lambda reminder: reminder.on <= today, generate_reminders(deadline, rules)))
    if not reached or _is_stale_reminder(reached[-1], deadline, today) or reached[-1].key in sent:
        return []
    if asked_on is not None and _is_soon_after_asking(reached[-1], asked_on, rules):
        return []
    overtaken = {reminder.key for reminder in reached}
    of_this_date = _make_key_prefix(deadline)
    is_later_sent = any(key.startswith(of_this_date) and key not in overtaken for key in sent)
    return [] if is_later_sent else [reached[-1]]


def _is_stale_reminder(reminder: Reminder, deadline: Deadline, today: date) -> bool:
    return reminder.is_before and today > deadline.due_on


def _is_soon_after_asking(reminder: Reminder, asked_on: date, rules: Rules) -> bool:
    days = WorkingDays(rules.extra_bank_holidays)
    return reminder.is_before and reminder.on < days.add_working_days(asked_on, _WORKING_DAYS_AFTER_ASKING)


def _make_key_prefix(deadline: Deadline) -> str:
    return f"{deadline.name}/{deadline.due_on.isoformat()}/"
