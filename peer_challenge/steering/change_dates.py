"""Dates that move: extending or pausing a challenge, and taking that back.

Those who know of a date to come that moves get a letter.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peer_challenge.clock import local_day
from peer_challenge.dates.deadlines import (
    Adjustment,
    Change,
    Deadline,
    challenge_deadlines,
    list_changes_between,
    list_knock_on_changes,
)
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import HOLDERS, knows_of_challenge
from peer_challenge.model.challenge_ids import find_author_id
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.journey import Send, is_final_stage, open_deadlines
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind, Role
from peer_challenge.register import access_facts, challenges, date_adjustments, outbox
from peer_challenge.register.access_facts import Reach
from peer_challenge.register.database import Transaction
from peer_challenge.register.known_challenges import known_challenge
from peer_challenge.register.records import Challenge

MOST_DAYS = 366
"""A year: a longer extension or pause is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class ExtensionTo:
    """An extension of one deadline to the day `to`, from the day on which it falls now.

    `reason` and `message` are those of an Adjustment.
    """

    deadline: str
    to: date
    reason: str
    message: str = ""

    @property
    def kind(self) -> str:
        """What an Adjustment calls it."""
        return "extension"


Known = dict[Role, dict[DeadlineName, date]]


def change_dates(
    connection: Transaction,
    cycle: Cycle,
    challenge_id: str,
    asked: Adjustment | ExtensionTo,
    *,
    at: datetime,
    actor: str,
) -> tuple[Role, ...]:
    """Extend or pause a challenge; returns who gets a letter: those who know of a date to come that moves.

    Raises WrongUse without a reason, and for an extension to a day that moves nothing.
    """
    challenge = _load_with_dates(connection, challenge_id)
    earlier = date_adjustments.adjustments_of(connection, challenge_id)
    adjustment = _count_extension(cycle, challenge, earlier, asked)
    before = read_known_dates(connection, cycle, challenge_id, at)
    challenges.adjust_challenge_dates(connection, cycle, challenge_id, adjustment, at=at, actor=actor)
    return tell_of_moved_dates(
        connection,
        cycle,
        challenge_id,
        before,
        message=adjustment.message,
        suffix=_make_suffix(connection, challenge_id),
        at=at,
    )


def _make_suffix(connection: Transaction, challenge_id: str) -> str:
    """What no letter of this challenge has in its key: letters are cancelled, and never taken out."""
    return f"dates-{outbox.count_of_kind(connection, challenge_id, DispatchKind.DATES_NOTICE) + 1}"


def take_back_adjustment(
    connection: Transaction,
    cycle: Cycle,
    challenge_id: str,
    number: int,
    *,
    reason: str,
    at: datetime,
    actor: str,
) -> tuple[Role, ...]:
    """Take back the extension or pause with this number; returns who gets a letter with the dates.

    A letter about it that was not sent yet does not go where nothing else has moved. Raises WrongUse without
    a reason, where the challenge is over, and where it was taken back already.
    """
    _load_with_dates(connection, challenge_id)
    before = read_known_dates(connection, cycle, challenge_id, at)
    taken = date_adjustments.load_adjustment(connection, challenge_id, number)
    challenges.remove_adjustment(connection, cycle, challenge_id, number, reason=reason, at=at, actor=actor)
    return tell_of_moved_dates(
        connection,
        cycle,
        challenge_id,
        before,
        message="",
        suffix=_make_suffix(connection, challenge_id),
        at=at,
        unsaid=taken.message,
    )


def list_dates_moved_back(
    connection: Transaction, cycle: Cycle, challenge: Challenge, number: int
) -> list[Change]:
    """The dates that would move if an extension or pause were taken back; changes nothing.

    Raises WrongUse where the challenge is over, and where it has no change of dates with this number.
    """
    _load_with_dates(connection, challenge.id)
    date_adjustments.load_adjustment(connection, challenge.id, number)
    made = date_adjustments.number_adjustments(connection, challenge.id)
    rest = [one for which, one in made.items() if which != number]
    return list_changes_between(cycle, challenges.read_challenge_dates(challenge), list(made.values()), rest)


def _load_with_dates(connection: Transaction, challenge_id: str) -> Challenge:
    challenge = challenges.find_challenge(connection, challenge_id)
    if challenge is None or is_final_stage(challenge.stage):
        raise WrongUse("This challenge is over: it has no dates to change.", remedy="Look at its page.")
    return challenge


def make_mark(moving: Iterable[tuple[str, Sequence[Change]]]) -> str:
    """A mark of what would move, by challenge, for a page to send back when that is confirmed."""
    told = [(which, one.name.value, one.before, one.after) for which, some in moving for one in some]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def check_mark(mark: str, moving: Iterable[tuple[str, Sequence[Change]]]) -> None:
    """Refuse what was confirmed of other dates than would move now. Raises WrongUse.

    A second press of the button is refused too: after the first, the dates are others.
    """
    if mark != make_mark(moving):
        raise WrongUse(
            "The dates have changed since you looked. This press of the button changed nothing.",
            remedy="Look at the dates now, and confirm only what you still want.",
        )


def list_moved_dates(
    connection: Transaction, cycle: Cycle, challenge: Challenge, asked: Adjustment | ExtensionTo
) -> list[Change]:
    """The dates of a challenge that an extension or pause would move; changes nothing.

    Raises WrongUse where the challenge is over, and where no date would move.
    """
    _load_with_dates(connection, challenge.id)
    earlier = date_adjustments.adjustments_of(connection, challenge.id)
    adjustment = _count_extension(cycle, challenge, earlier, asked)
    changes = list_knock_on_changes(cycle, challenges.read_challenge_dates(challenge), earlier, adjustment)
    if not changes:
        raise WrongUse(
            "This would change no date.",
            remedy="A pause has to lie within a running period; an extension needs a date that is set.",
        )
    return changes


def _count_extension(
    cycle: Cycle, challenge: Challenge, earlier: Sequence[Adjustment], asked: Adjustment | ExtensionTo
) -> Adjustment:
    """The extension to a day as one by days: from the day as counted, before weekends and holidays moved it.

    Raises WrongUse for a day that the date can't be moved to.
    """
    if isinstance(asked, Adjustment):
        return asked
    present = _find_deadline(cycle, challenge, earlier, asked.deadline)
    if present is None:
        raise WrongUse("This date is not set yet.", remedy="Choose a date that is set.", about="deadline")
    if asked.to <= present.due_on:
        raise WrongUse(
            f"The new date has to be after {day_in_words(present.due_on)}, the date now.",
            remedy="Choose a later day.",
            about="to",
        )
    days = (asked.to - present.nominal_on).days
    if days > MOST_DAYS:
        raise WrongUse("The new date is more than a year later.", remedy="Choose an earlier day.", about="to")
    made = Adjustment("extension", asked.reason, days, deadline=asked.deadline, message=asked.message)
    after = _find_deadline(cycle, challenge, [*earlier, made], asked.deadline)
    if after is None or after.nominal_on != asked.to:
        raise WrongUse(
            "A pause begins before that day, and would move the date further.",
            remedy="Give a number of days instead, and look at what moves.",
            about="to",
        )
    return made


def _find_deadline(
    cycle: Cycle, challenge: Challenge, made: Sequence[Adjustment], name: str
) -> Deadline | None:
    found = challenge_deadlines(cycle, challenges.read_challenge_dates(challenge), made)
    return next((one for one in found.values() if one.name == name), None)


def _can_move(
    cycle: Cycle, challenge: Challenge, made: Sequence[Adjustment], asked: Adjustment | ExtensionTo
) -> bool:
    """Whether a date is before the day to which it is extended; for other changes, what moves says it."""
    if isinstance(asked, Adjustment):
        return True
    present = _find_deadline(cycle, challenge, made, asked.deadline)
    return present is not None and present.due_on < asked.to


def list_challenges_that_move(
    connection: Transaction, cycle: Cycle, asked: Adjustment | ExtensionTo, authors: Collection[str] = ()
) -> list[tuple[Challenge, list[Change]]]:
    """The challenges of a cycle whose dates an extension or pause would move, each with what moves.

    Of all of them, or of those of these authors. An extension is for those that still have to meet the date,
    and one to a day for those whose date is before that day; a challenge that is over has no dates to move.
    """
    adjustments = date_adjustments.adjustments_in(connection, cycle.id)
    found = []
    for challenge in challenges.list_challenges_in_cycle(connection, cycle.id):
        ahead = open_deadlines(challenge.stage, came=challenge.came)
        if authors and challenge.author_id not in authors:
            continue
        is_met = asked.kind == "extension" and asked.deadline not in ahead
        if is_met or is_final_stage(challenge.stage):
            continue
        dates, before = challenges.read_challenge_dates(challenge), adjustments.get(challenge.id, [])
        if not _can_move(cycle, challenge, before, asked):
            continue
        adjustment = _count_extension(cycle, challenge, before, asked)
        if changes := list_knock_on_changes(cycle, dates, before, adjustment):
            found.append((challenge, changes))
    return found


def change_dates_of_all(
    connection: Transaction,
    cycle: Cycle,
    asked: Adjustment | ExtensionTo,
    authors: Collection[str] = (),
    *,
    at: datetime,
    actor: str,
) -> int:
    """Extend a date, or pause the clock, for every area that it concerns; returns for how many.

    For all, or for those of `authors`. Raises WrongUse without a reason, and where it would move no date.
    """
    moving = list_challenges_that_move(connection, cycle, asked, authors)
    if not moving:
        raise WrongUse(
            "This would change no date.",
            remedy="Choose a date that areas still have to meet; a pause has to lie within a running period.",
        )
    for challenge, _ in moving:
        change_dates(connection, cycle, challenge.id, asked, at=at, actor=actor)
    return len(moving)


@dataclass(frozen=True, slots=True)
class ChangeOfSeveral:
    """An extension or a pause of several areas that was made at once, and counts for them still.

    `number` is that of the first of its adjustments, `numbers` are those of all by the id of the challenge.
    """

    number: int
    adjustment: Adjustment
    has_equal_days: bool
    """Not so for an extension to one day, where the areas had other days before."""
    made_at: datetime
    made_by: str
    numbers: Mapping[str, int]


def list_changes_of_several(connection: Transaction, cycle: Cycle) -> list[ChangeOfSeveral]:
    """The changes of dates that were made at once for several areas, newest first.

    Challenges that are over are left out: they have no dates to move back.
    """
    challenges_now = challenges.list_challenges_in_cycle(connection, cycle.id)
    going = {one.id for one in challenges_now if not is_final_stage(one.stage)}
    together: dict[tuple[object, ...], list[date_adjustments.MadeAdjustment]] = {}
    for one in date_adjustments.list_made_adjustments(connection, cycle.id):
        what = one.adjustment
        # one press has one time, to the microsecond, and two presses are two requests of the same person
        press = (one.made_at, one.made_by, what.kind, what.deadline, what.first_on, what.reason, what.message)
        if one.challenge_id in going:
            together.setdefault(press, []).append(one)
    found = [
        ChangeOfSeveral(
            made[0].number,
            made[0].adjustment,
            len({one.adjustment.days for one in made}) == 1,
            made[0].made_at,
            made[0].made_by,
            {one.challenge_id: one.number for one in made},
        )
        for made in together.values()
        if len(made) > 1
    ]
    return found[::-1]


def find_change_of_several(connection: Transaction, cycle: Cycle, number: int) -> ChangeOfSeveral:
    """The change of several areas with this number. Raises WrongUse where it does not count any more."""
    for one in list_changes_of_several(connection, cycle):
        if one.number == number:
            return one
    raise WrongUse(
        "This change of dates is not there any more for several areas: it was taken back already.",
        remedy="The page “Extend a date for all areas” lists those that count.",
    )


def list_all_moved_back(
    connection: Transaction, cycle: Cycle, change: ChangeOfSeveral
) -> list[tuple[Challenge, list[Change]]]:
    """What would move in each area if a change of several were taken back; changes nothing."""
    found = []
    for challenge_id, number in change.numbers.items():
        challenge = _load_with_dates(connection, challenge_id)
        found.append((challenge, list_dates_moved_back(connection, cycle, challenge, number)))
    return found


def take_back_for_all(
    connection: Transaction, cycle: Cycle, number: int, *, reason: str, at: datetime, actor: str
) -> int:
    """Take back a change of several areas in each of them; returns in how many.

    Those who know of a date that moves get a letter, as for one area. Raises WrongUse without a reason, and
    where it was taken back already.
    """
    change = find_change_of_several(connection, cycle, number)
    for challenge_id, one in change.numbers.items():
        take_back_adjustment(connection, cycle, challenge_id, one, reason=reason, at=at, actor=actor)
    return len(change.numbers)


def tell_of_moved_dates(
    connection: Transaction,
    cycle: Cycle,
    challenge_id: str,
    before: Known | None,
    *,
    message: str,
    suffix: str,
    at: datetime,
    unsaid: str = "",
) -> tuple[Role, ...]:
    """Intend a letter to everybody who knows of a date to come that is another than `before`; returns whom.

    Where there were no dates `before`, everybody who has one to come gets it. `suffix` tells the letter from
    those of other changes. `unsaid` is the message of a change that was taken back: no letter says it.
    """
    after = read_known_dates(connection, cycle, challenge_id, at)
    before = before if before is not None else {role: {} for role in after}
    moved = [role for role in before if _has_moved(before[role], after[role], local_day(at))]
    challenge = challenges.find_challenge(connection, challenge_id)
    if challenge is None:
        return ()
    return tuple(
        role
        for role in moved
        if _send_letter(connection, challenge, role, (before[role], after[role]), message, suffix, at, unsaid)
    )


def read_known_dates(connection: Transaction, cycle: Cycle, challenge_id: str, at: datetime) -> Known:
    """The dates of a challenge as each of its people knows them, of those who know of the challenge."""
    author_id = find_author_id(challenge_id)
    found = access_facts.load_challenge(connection, cycle.id, author_id, Reach.GOING)
    if found is None:
        return {}
    row, scope = found
    return {
        role: {
            DeadlineName(deadline.name): deadline.due_on
            for deadline in known_challenge(connection, cycle, row, scope, role, local_day(at)).deadlines
        }
        for role in HOLDERS
        if knows_of_challenge(role, scope)
    }


def _has_moved(before: Mapping[DeadlineName, date], after: Mapping[DeadlineName, date], today: date) -> bool:
    moved = [(before.get(name), after.get(name)) for name in {*before, *after}]
    return any(was != now and max(day for day in (was, now) if day) >= today for was, now in moved)


def _send_letter(
    connection: Transaction,
    challenge: Challenge,
    role: Role,
    known: tuple[Mapping[DeadlineName, date], Mapping[DeadlineName, date]],
    message: str,
    suffix: str,
    at: datetime,
    unsaid: str,
) -> bool:
    """Intend the letter; one that was not sent yet is taken up in it, so that nobody gets two.

    `known` are the dates before and after. Where those after are what the reader of a letter that was not
    made yet knew, nothing has moved for them: returns False, and no letter goes.
    """
    before, after = ({name.value: day.isoformat() for name, day in dates.items()} for dates in known)
    kind, to = DispatchKind.DATES_NOTICE, challenges.find_recipient_id(connection, challenge, role)
    earlier: Mapping[str, Any] = outbox.parameters_of_unsent(connection, challenge.id, kind, to=to) or {}
    outbox.cancel_intended(connection, challenge.id, (kind,), to=to)
    dates = earlier.get("before") or before
    if dates == after:
        if outbox.parameters_of_unsent(connection, challenge.id, kind, to=to) is None:
            return False
        dates = before  # a letter that was made waits with these, and this one takes its place
    messages = [one for one in (*earlier.get("messages", ()), message) if one and one != unsaid]
    return challenges.intend_challenge_dispatch(
        connection,
        challenge,
        Send(kind, role),
        at=at,
        suffix=suffix,
        parameters={"before": dates, "messages": messages},
    )
