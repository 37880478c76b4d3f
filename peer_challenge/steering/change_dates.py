"""Dates that move: extending or pausing a challenge; those who know of a date to come get a letter."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from peer_challenge.clock import local_day
from peer_challenge.dates.deadlines import Adjustment, Change, list_knock_on_changes
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import HOLDERS, knows_of_challenge
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import Send, is_final_stage, open_deadlines
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind, Role
from peer_challenge.register import access_facts, challenges, outbox
from peer_challenge.register.access_facts import Reach
from peer_challenge.register.database import Transaction
from peer_challenge.register.known_challenges import known_challenge
from peer_challenge.register.records import Challenge

Known = dict[Role, dict[DeadlineName, date]]


def change_dates(
    connection: Transaction,
    cycle: Cycle,
    challenge_id: str,
    adjustment: Adjustment,
    *,
    at: datetime,
    actor: str,
) -> tuple[Role, ...]:
    """Extend or pause a challenge; returns who gets a letter: those who know of a date to come that moves.

    Raises WrongUse without a reason.
    """
    before = read_known_dates(connection, cycle, challenge_id, at)
    challenges.adjust_challenge_dates(connection, cycle, challenge_id, adjustment, at=at, actor=actor)
    number = len(challenges.adjustments_of(connection, challenge_id))
    return tell_of_moved_dates(
        connection, cycle, challenge_id, before, message=adjustment.message, suffix=f"change-{number}", at=at
    )


def list_moved_dates(
    connection: Transaction, cycle: Cycle, challenge: Challenge, adjustment: Adjustment
) -> list[Change]:
    """The dates of a challenge that an extension or pause would move; changes nothing.

    Raises WrongUse where the challenge is over, and where no date would move.
    """
    if is_final_stage(challenge.stage):
        raise WrongUse("This challenge is over: it has no dates to change.", remedy="Look at its page.")
    earlier = challenges.adjustments_of(connection, challenge.id)
    changes = list_knock_on_changes(cycle, challenges.read_challenge_dates(challenge), earlier, adjustment)
    if not changes:
        raise WrongUse(
            "This would change no date.",
            remedy="A pause has to lie within a running period; an extension needs a date that is set.",
        )
    return changes


def list_challenges_that_move(
    connection: Transaction, cycle: Cycle, adjustment: Adjustment, authors: Collection[str] = ()
) -> list[tuple[Challenge, list[Change]]]:
    """The challenges of a cycle whose dates an extension or pause would move, each with what moves.

    Of all of them, or of those of these authors. An extension is for those that still have to meet the date;
    a challenge that is over has no dates to move.
    """
    adjustments = challenges.adjustments_in(connection, cycle.id)
    found = []
    for challenge in challenges.list_challenges_in_cycle(connection, cycle.id):
        ahead = open_deadlines(challenge.stage, came=challenge.came)
        if authors and challenge.author_id not in authors:
            continue
        is_met = adjustment.kind == "extension" and adjustment.deadline not in ahead
        if is_met or is_final_stage(challenge.stage):
            continue
        dates, before = challenges.read_challenge_dates(challenge), adjustments.get(challenge.id, [])
        if changes := list_knock_on_changes(cycle, dates, before, adjustment):
            found.append((challenge, changes))
    return found


def change_dates_of_all(
    connection: Transaction,
    cycle: Cycle,
    adjustment: Adjustment,
    authors: Collection[str] = (),
    *,
    at: datetime,
    actor: str,
) -> int:
    """Extend a date, or pause the clock, for every area that it concerns; returns for how many.

    For all, or for those of `authors`. Raises WrongUse without a reason, and where it would move no date.
    """
    moving = list_challenges_that_move(connection, cycle, adjustment, authors)
    if not moving:
        raise WrongUse(
            "This would change no date.",
            remedy="Choose a date that areas still have to meet; a pause has to lie within a running period.",
        )
    for challenge, _ in moving:
        change_dates(connection, cycle, challenge.id, adjustment, at=at, actor=actor)
    return len(moving)


def tell_of_moved_dates(
    connection: Transaction,
    cycle: Cycle,
    challenge_id: str,
    before: Known | None,
    *,
    message: str,
    suffix: str,
    at: datetime,
) -> tuple[Role, ...]:
    """Intend a letter to everybody who knows of a date to come that is another than `before`; returns whom.

    Where there were no dates `before`, everybody who has one to come gets it. `suffix` tells the letter from
    those of other changes.
    """
    after = read_known_dates(connection, cycle, challenge_id, at)
    before = before if before is not None else {role: {} for role in after}
    told = tuple(role for role in before if _has_moved(before[role], after[role], local_day(at)))
    challenge = challenges.find_challenge(connection, challenge_id)
    for role in told:
        if challenge is not None:
            _send_letter(connection, challenge, role, before[role], message, suffix, at)
    return told


def read_known_dates(connection: Transaction, cycle: Cycle, challenge_id: str, at: datetime) -> Known:
    """The dates of a challenge as each of its people knows them, of those who know of the challenge."""
    author_id = challenge_id.partition("/")[2]
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
    before: Mapping[DeadlineName, date],
    message: str,
    suffix: str,
    at: datetime,
) -> None:
    """Intend the letter; one that was not sent yet is taken up in it, so that nobody gets two."""
    kind, to = DispatchKind.DATES_NOTICE, challenges.find_recipient_id(connection, challenge, role)
    earlier: Mapping[str, Any] = outbox.parameters_of_unsent(connection, challenge.id, kind, to=to) or {}
    outbox.cancel_intended(connection, challenge.id, (kind,), to=to)
    dates = earlier.get("before") or {name.value: day.isoformat() for name, day in before.items()}
    messages = [*earlier.get("messages", ()), *([message] if message else [])]
    challenges.intend_challenge_dispatch(
        connection,
        challenge,
        Send(kind, role),
        at=at,
        suffix=suffix,
        parameters={"before": dates, "messages": messages},
    )
