"""When an event that is set may be moved, and to which day. One rule for every way of asking."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from peer_challenge.clock import LONDON, local_day
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.errors import WrongUse
from peer_challenge.events.clashes import find_double_booked
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.sentences import join_in_words


@dataclass(frozen=True, slots=True)
class Consent:
    """What the office agrees to although a rule speaks against it.

    `may_be_late`: the new day may be after the end of the event window. `may_be_again`: the event has been
    held, or its time is over, and is to be held again.
    """

    may_be_late: bool = False
    may_be_again: bool = False


NO_CONSENT = Consent()


def check_move(
    cycle: Cycle,
    event: EventFacts,
    starts_at: datetime,
    *,
    at: datetime,
    last: date | None,
    others: Sequence[EventFacts],
    consent: Consent,
) -> None:
    """Refuse to move `event` to `starts_at` (both aware), at the time `at`.

    `last` is the last day of its window, `others` every event of every open cycle. Raises WrongUse, with
    what to do, for a day that is past, is no working day, is after the window or has another event of one
    of its people, and for an event that is over. With `consent`, a day after the window and an event that
    is over are allowed.
    """
    for problem, remedy in _find_problems(cycle, event, starts_at, at, last, others, consent):
        raise WrongUse(problem, remedy=remedy)


def _find_problems(
    cycle: Cycle,
    event: EventFacts,
    starts_at: datetime,
    at: datetime,
    last: date | None,
    others: Sequence[EventFacts],
    consent: Consent,
) -> Iterator[tuple[str, str]]:
    day = local_day(starts_at)
    if event.ends_at <= at and not consent.may_be_again:
        yield "This event is over.", "If it is to be held again, tick that it was held already."
    if starts_at <= at:
        yield "That is in the past.", "Choose a day and a time to come."
    if why := WorkingDays(cycle.rules.extra_bank_holidays).why_not(day):
        yield f"That day is {why}.", "Choose a working day."
    if last is not None and day > last and not consent.may_be_late:
        yield (
            f"That is after the last day of the event window ({day_in_words(last)}).",
            "Choose an earlier day, extend the window first, or tick that it may be late.",
        )
    if busy := _find_busy(replace(event, starts_at=starts_at.astimezone(LONDON)), others):
        told = f"{join_in_words(busy)} {'has' if len(busy) == 1 else 'have'} another event on that day."
        yield told, "Choose another day."


def _find_busy(moved: EventFacts, others: Sequence[EventFacts]) -> list[str]:
    """The names of its people who have another event on the day to which an event is moved."""
    found = {
        name
        for other in others
        if other.challenge != moved.challenge
        for name in find_double_booked(moved, other)
    }
    return sorted(found)
