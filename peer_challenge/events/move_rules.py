"""When an event that is set may be moved, and to which day. One rule for every way of asking."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from peer_challenge.clock import LONDON
from peer_challenge.errors import WrongUse
from peer_challenge.events.objections import About, Window, list_objections
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Cycle

_REFUSED_OF_A_MOVE = frozenset({About.PAST, About.DAY_OFF, About.BUSY})
"""A move keeps the Chair: whether the Chair can have the event at all is no question of the day."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What the office agrees to although a rule speaks against it.

    `may_be_late`: the new day may be after the end of the event window. `may_be_again`: the time of
    the event is over, and it is held on another day: it did not take place, or is to take place again.
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
    for problem, remedy, about in _find_problems(cycle, event, starts_at, at, last, others, consent):
        raise WrongUse(problem, remedy=remedy, about=about)


def _find_problems(
    cycle: Cycle,
    event: EventFacts,
    starts_at: datetime,
    at: datetime,
    last: date | None,
    others: Sequence[EventFacts],
    consent: Consent,
) -> Iterator[tuple[str, str, str]]:
    if event.ends_at <= at and not consent.may_be_again:
        yield (
            "This event is over.",
            "If it needs another day, tick that it did not take place or is to take place again.",
            "may_be_again",
        )
    moved = replace(event, starts_at=starts_at.astimezone(LONDON))
    for one in list_objections(cycle, moved, others, Window(last=last), at):
        is_too_late = one.about is About.LATE and not consent.may_be_late
        if is_too_late or one.about in _REFUSED_OF_A_MOVE:
            yield one.told, one.remedy, "day"


def list_warnings_of_move(
    cycle: Cycle, event: EventFacts, starts_at: datetime, others: Sequence[EventFacts], window: Window,
    at: datetime,
) -> list[str]:  # fmt: skip
    """What speaks against a new day without forbidding it, in sentences that begin with the area."""
    moved = replace(event, starts_at=starts_at.astimezone(LONDON))
    return [
        f"{event.author.name}: {one.told}"
        for one in list_objections(cycle, moved, others, window, at)
        if one.about not in _REFUSED_OF_A_MOVE
    ]
