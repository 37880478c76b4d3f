"""Dispatches that are calendar entries."""

from peer_challenge.dates.calendar_entry import event_calendar, morning_of
from peer_challenge.dispatches.facts import Facts


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
