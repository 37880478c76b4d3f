"""What `peer-challenge remind` does."""

from datetime import datetime

from cli.messages_output import print_delivered
from cli.terminal import console, make_text_table
from peer_challenge.clock import local_day
from peer_challenge.model.days_in_words import short_weekday
from peer_challenge.model.messages import Delivery
from peer_challenge.model.sentences import say_how_many
from peer_challenge.model.vocabulary import thing_due
from peer_challenge.outbox.do_what_is_due import advance_and_deliver
from peer_challenge.outbox.who_is_reminded import intend_reminders, list_reminders
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
        how = _describe_way(settings, has_address=due.has_address)
        listed.add_row(
            due.cycle_id,
            due.recipient_id,
            thing_due(due.reminder.what),
            f"{short_weekday(due.reminder.due_on)} "
            f"({_describe_days_left(due.reminder.days_left(local_day(at)))})",
            due.reminder.rule + (", to the contact to turn to" if due.reminder.is_escalation else ""),
            how,
        )
    console.print(listed)


def _describe_way(settings: Settings, *, has_address: bool) -> str:
    if settings.way_to_deliver is Delivery.FOLDER:
        return "letter in the folder"
    if not has_address:
        return "waits for an address"
    return "email" if settings.way_to_deliver is Delivery.SEND else "draft of an email"


def _describe_days_left(days: int) -> str:
    if days == 0:
        return "today"
    many = say_how_many(abs(days), "day")
    return f"in {many}" if days > 0 else f"{many} ago"


def remind_now(settings: Settings, register: Register, at: datetime) -> None:
    """Intend the reminders that are due, put them into the outbox, and send what can be sent."""
    new = intend_reminders(register, at)
    done = advance_and_deliver(register, settings, at)
    console.print(f"{new} reminded." if new else "Nobody has to be reminded today.", highlight=False)
    print_delivered(settings, done.delivered)
