"""What waits for an event, and when that can be: notice for its people, time to think, the window's end."""

from datetime import datetime, timedelta

from peer_challenge.clock import local_day
from peer_challenge.dates.deadlines import find_first_event_day
from peer_challenge.events.objections import Window
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import can_plan_event
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind, Stage
from peer_challenge.register import challenges, messages
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Challenge


def list_waiting_challenges(connection: Transaction, cycle: Cycle) -> list[Challenge]:
    """The challenges of a cycle whose analysis is in and that have no event yet, by author."""
    return [
        challenge
        for challenge in challenges.list_challenges_in_cycle(connection, cycle.id)
        if challenge.stage is Stage.RETURNED and challenge.challenger_id
    ]


def list_challenges_to_plan(connection: Transaction, cycle: Cycle) -> list[Challenge]:
    """The challenges of a cycle with approved partners whose analysis is not in yet, by author."""
    return [
        challenge
        for challenge in challenges.list_challenges_in_cycle(connection, cycle.id)
        if can_plan_event(challenge.stage) and challenge.challenger_id
    ]


def find_window(connection: Transaction, cycle: Cycle, challenge: Challenge, at: datetime) -> Window:
    """From when to when the event of a challenge can be, for somebody who sets it at the time `at`.

    Its people get the cycle's working days of notice, and as many as the cycle says lie between the day on
    which the author was sent the analysis and the event. One not sent yet counts as sent now; one that is not
    in yet, as sent on the day on which it is due.
    """
    sent = messages.list_sent_at(
        connection, challenge.id, DispatchKind.RETURNED_ANALYSIS, to=challenge.author_id
    )
    due = challenges.due_dates(connection, challenge.id)
    returned_on = local_day(sent[0] if sent else at)
    if can_plan_event(challenge.stage):
        expected = local_day(at) + timedelta(days=cycle.rules.analysis_days)
        returned_on = max(local_day(at), due.get(DeadlineName.ANALYSIS_DUE, expected))
    first = find_first_event_day(local_day(at), returned_on, cycle.rules)
    return Window(first, due.get(DeadlineName.EVENT_BY))
