"""Withdrawing one challenge: it ends, those who know of it are told, and its event leaves their diaries."""

from dataclasses import dataclass
from datetime import datetime

from peer_challenge.clock import local_day
from peer_challenge.model.access import HOLDERS, knows_event, knows_of_challenge
from peer_challenge.model.challenge_ids import split_challenge_id
from peer_challenge.model.journey import CANCELLING_EVENT, WITHDRAWING
from peer_challenge.model.vocabulary import DispatchKind, Role
from peer_challenge.register import access_facts, challenges, outbox
from peer_challenge.register.access_facts import Reach
from peer_challenge.register.database import Transaction


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told of a withdrawal, and who gets a calendar file that takes the event out of their diary."""

    of_withdrawal: tuple[Role, ...]
    of_cancelled_event: tuple[Role, ...]


def find_told(connection: Transaction, cycle_id: str, author_id: str, at: datetime) -> Told:
    """Who would be told if a challenge were withdrawn at `at`: those who have heard of it, or may have."""
    found = access_facts.load_challenge(connection, cycle_id, author_id, Reach.RECEIVED)
    if found is None:
        return Told((), ())
    scope = found[1]
    is_ahead = scope.event_on is not None and local_day(at) <= scope.event_on
    invited = tuple(role for role in HOLDERS if is_ahead and knows_event(role, scope))
    return Told(tuple(role for role in HOLDERS if knows_of_challenge(role, scope)), invited)


def withdraw_challenge(
    connection: Transaction, challenge_id: str, reason: str, *, at: datetime, actor: str
) -> int:
    """Withdraw a challenge and intend what tells those who know of it.

    Returns how many dispatches that had not gone out were cancelled. Raises WrongUse without a reason, and
    when the challenge is over already.
    """
    cycle_id, author_id = split_challenge_id(challenge_id)
    told = find_told(connection, cycle_id, author_id, at)
    cancelled = challenges.withdraw_challenge(connection, challenge_id, reason, at=at, actor=actor)
    challenge = challenges.find_challenge(connection, challenge_id)
    if challenge is not None:
        sends = [what for what in WITHDRAWING if what.role in told.of_withdrawal]
        sends += [what for what in CANCELLING_EVENT if what.role in told.of_cancelled_event]
        earlier = outbox.count_of_kind(connection, challenge_id, DispatchKind.WITHDRAWAL_NOTICE)
        suffix = f"again-{earlier}" if earlier else ""  # it was brought back since
        for what in sends:
            challenges.intend_challenge_dispatch(connection, challenge, what, at=at, suffix=suffix)
    return cancelled
