"""The rehearse flow: a whole cycle on a simulated clock, through the other flows."""

from datetime import datetime, timedelta

from prefect import flow

from flows.advance import advance
from flows.intake import intake
from flows.mailbox import mailbox
from flows.remind import remind
from flows.report import report
from flows.runners import runner_of_bulk
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.outbox.who_is_reminded import list_reminders
from peer_challenge.rehearsal.postbag import Postbag
from tasks.advance_tasks import count_messages_to_send
from tasks.installation import get_installation, read_run_time
from tasks.rehearsal_tasks import settle_rehearsed_corrections

_LONGEST = timedelta(days=550)
"""A year and a half: more than a cycle with its progress reports, so one that never closes ends here."""
_MOST_LATE_POSTS = 10
"""Hours in which a mail server takes what it put off; a rehearsal ends without one that is away."""


@flow(name="rehearse", persist_result=False, task_runner=runner_of_bulk())
def rehearse(home: str, starts_at: str, areas: int, seed: int) -> int:
    """Rehearse a cycle that is open in `home` from `starts_at` until it closes; returns the days it took.

    Everybody who gets a form fills it in and sends it, early or late; the office settles the corrections to
    draft summaries. Every arrival is taken in, what is due
    is done, and those who have to act are reminded. The office is briefed once a month (in real use every
    Monday, which would make a rehearsal long). The other flows run as parts of this one run, their tasks as
    its tasks. By hand: `peer-challenge rehearse`.
    """
    place = get_installation(home)
    postbag = Postbag(place.register, place.settings, areas=areas, seed=seed)
    begun = now = read_run_time(starts_at)

    def live_through(at: datetime) -> None:
        """A day: the post, if there is any, then what the office decides, together with the reminders.

        Each flow also does what it made due.
        """
        is_post = postbag.deliver(at)
        if is_post:
            if place.settings.imap_host:
                mailbox.fn(home, at.isoformat())
            intake.fn(home, at.isoformat())
        is_decided = settle_rehearsed_corrections(home, at)
        if list_reminders(place.register, at):
            remind.fn(home, at.isoformat())
        elif is_decided or not is_post:
            advance.fn(home, at.isoformat())

    intake.fn(home, now.isoformat())  # the opening, or what an interrupted day left in the inbox
    live_through(now)
    while (next_at := postbag.next_after(now)) is not None and next_at - begun < _LONGEST:
        if next_at.month != now.month:
            report.fn(home, _find_brief_before(next_at).isoformat())
        now = next_at
        live_through(now)
    return (send_what_was_put_off(home, now) - begun).days


def send_what_was_put_off(home: str, at: datetime) -> datetime:
    """Try every hour from `at` to send what the mail server put off; returns when all had gone."""
    for _ in range(_MOST_LATE_POSTS):
        if not count_messages_to_send(home):
            break
        at += timedelta(hours=1)
        advance.fn(home, at.isoformat())
    return at


def _find_brief_before(at: datetime) -> datetime:
    """When the brief of the week of `at` is written: on the first working day of that week."""
    day = WorkingDays().next_working_day((at - timedelta(days=at.weekday())).date())
    return at.replace(hour=8, minute=0) - (at.date() - day)
