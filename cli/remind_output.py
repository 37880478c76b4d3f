"""What `peer-challenge remind` does."""

from datetime import datetime

from cli.terminal import console, make_text_table
from peer_challenge.clock import local_day
from peer_challenge.model.days_in_words import short_weekday
from peer_challenge.model.sentences import say_how_many
from peer_challenge.model.vocabulary import thing_due
from peer_challenge.outbox.advance import advance_challenges
from peer_challenge.outbox.remind import intend_reminders, list_reminders
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings


def print_due_reminders(settings: Settings, register: Register, at: datetime) -> None:
    """Print who would be reminded of what, and how; change nothing."""
    found = list_reminders(register, at)
    if not found:
        console.print("Nobody would be reminded today.")
        return
    listed = make_text_table("Cycle", "Who", "Of what", "Due", "Why now", "How")
    for due in found:
        how = "letter and email" if due.has_address else "letter and a draft without address"
        listed.add_row(
            due.cycle_id,
            due.recipient_id,
            thing_due(due.reminder.what),
            f"{short_weekday(due.reminder.due_on)} "
            f"({_describe_days_left(due.reminder.days_left(local_day(at)))})",
            due.reminder.rule + (", to the contact to turn to" if due.reminder.is_escalation else ""),
            how if settings.smtp_host else how.replace("email", "drafted email"),
        )
    console.print(listed)


def _describe_days_left(days: int) -> str:
    if days == 0:
        return "today"
    many = say_how_many(abs(days), "day")
    return f"in {many}" if days > 0 else f"{many} ago"


def remind_now(settings: Settings, register: Register, at: datetime) -> None:
    """Intend the reminders that are due, put them into the outbox, and send what can be sent."""
    new = intend_reminders(register, at)
    if new:
        advance_challenges(register, settings, at)
    console.print(f"{new} reminded." if new else "Nobody has to be reminded today.", highlight=False)
