"""Dispatches that are not Word documents: calendar entries and drafted emails."""

from peer_challenge.dates.calendar_file import event_calendar, morning_of
from peer_challenge.dispatches.email_draft import Attachment, eml_draft
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.letters import build_reminder_words
from peer_challenge.dispatches.phrases import format_full_day
from peer_challenge.model.vocabulary import thing_due

_THANKS = "If it is on its way already, thank you.\n\n"


def make_calendar_entry(facts: Facts) -> bytes:
    """The calendar entry of a challenge's event, as .ics. Raises ValueError when there is no event."""
    if facts.event is None:
        raise ValueError("a calendar entry needs an event")
    return event_calendar([facts.event], office=facts.cycle.office, stamped_at=morning_of(facts.issued_on))


def cancelled_entry(facts: Facts) -> bytes:
    """The calendar file that takes a challenge's event out of diaries. Raises ValueError without an event."""
    if facts.event is None:
        raise ValueError("a cancelled calendar entry needs an event")
    return event_calendar(
        [], office=facts.cycle.office, stamped_at=morning_of(facts.issued_on), cancelled=[facts.event]
    )


def make_reminder_email(facts: Facts, letter: bytes) -> bytes:
    """A drafted email with the reminder letter attached, as .eml, addressed to the recipient's contacts.

    A reminder goes to the first contact with an address. An escalation goes to the last one instead. Raises
    ValueError when the facts hold no reminder.
    """
    if facts.reminder is None:
        raise ValueError("a reminder needs a date")
    addresses = [contact.email for contact in facts.recipient.contacts if contact.email]
    to = addresses[-1:] if facts.reminder.is_escalation else addresses[:1]
    what, said = thing_due(facts.reminder.what), build_reminder_words(facts)
    body = (
        f"Dear colleague\n\n{what} {said['standing']}. The attached letter says what is needed "
        f"and where to turn with questions.\n\n{'' if said['is_event'] else _THANKS}"
        f"{facts.cycle.office.name}\n"
    )
    return eml_draft(
        to,
        f"{facts.marking}: {what}, {format_full_day(facts.reminder.due_on)}",
        body,
        [Attachment("Reminder.docx", letter)],
        date=morning_of(facts.issued_on),
        message_id=facts.dispatch_id,
        sender=facts.cycle.office.email,
    )
