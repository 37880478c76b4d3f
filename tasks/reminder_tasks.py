"""Tasks of the remind and report flows: who is reminded, and what the office is told."""

from peer_challenge.outbox.weekly_brief import intend_monday_brief
from peer_challenge.outbox.who_is_reminded import intend_reminders
from tasks.installation import get_installation, read_run_time
from tasks.step import step


@step("remind who has to act", minutes=10)
def remind_people(home: str | None, at: str | None) -> int:
    """Intend the reminders that are due and were not sent; returns how many. Each goes once."""
    place = get_installation(home)
    return intend_reminders(place.register, read_run_time(at))


@step("brief the office", minutes=10)
def brief_office(home: str | None, at: str | None) -> int:
    """Intend this week's brief for every open cycle; returns how many. One a week."""
    place = get_installation(home)
    return intend_monday_brief(place.register, read_run_time(at))
