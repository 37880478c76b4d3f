"""Giving an event to another Chair: who can take it, and what then goes to whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from peer_challenge.clock import local_day
from peer_challenge.errors import WrongUse
from peer_challenge.events.clashes import find_double_booked
from peer_challenge.events.move_events import invite_again
from peer_challenge.events.objections import find_absence, find_conflicts
from peer_challenge.events.propose_or_set_events import list_events_elsewhere
from peer_challenge.model.access import knows_event
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Chair, Cycle
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.journey import PREPARATION, open_deadlines
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind, Role
from peer_challenge.register import access_facts, challenges, journal, outbox
from peer_challenge.register.access_facts import Reach
from peer_challenge.register.database import Transaction
from peer_challenge.register.events import FormerEvent, events_of, replace_event
from peer_challenge.register.records import Challenge


@dataclass(frozen=True, slots=True)
class Candidate:
    """A Chair who may take an event; `why_not` says why they can't, "" where they can."""

    chair: Chair
    why_not: str


def find_why_not(chair: Chair, event: EventFacts, others: Sequence[EventFacts], at: datetime) -> str:
    """Why a Chair can't take an event, in words; "" where they can.

    `others` are the events of every open cycle. After an event that is over at `at` only the record is left
    to write: then only a conflict, or having left, is in the way.
    """
    return next(_find_obstacles(chair, event, others, at), "")


def _find_obstacles(
    chair: Chair, event: EventFacts, others: Sequence[EventFacts], at: datetime
) -> Iterator[str]:
    yield from (objection.told for objection in find_conflicts(chair, event))
    if event.ends_at <= at:
        return
    yield from (objection.told for objection in find_absence(chair, event))
    mine = replace(event, chair=chair)
    if any(
        chair.name in find_double_booked(mine, other)
        for other in others
        if other.challenge != event.challenge
    ):
        yield f"{chair.name} has another event on {day_in_words(local_day(event.starts_at))}."


def list_free_chairs(
    cycle: Cycle, event: EventFacts, others: Sequence[EventFacts], at: datetime
) -> list[Chair]:
    """The Chairs of a cycle who can take an event in place of its own, those with fewest events first."""
    load = {chair.id: sum(one.chair.id == chair.id for one in others) for chair in cycle.chairs}
    free = [
        chair
        for chair in cycle.present_chairs
        if chair.id != event.chair.id and not find_why_not(chair, event, others, at)
    ]
    return sorted(free, key=lambda chair: load[chair.id])


def list_candidates(
    connection: Transaction, cycle: Cycle, challenge_id: str, at: datetime
) -> list[Candidate]:
    """Every Chair of a cycle but the present one of an event, and why each can't take it.

    Those who can come first, of them those with fewest events. Empty where the challenge has no event.
    """
    mine = events_of(connection, cycle)
    event = next((one for one in mine if one.challenge == challenge_id), None)
    if event is None:
        return []
    others = [*mine, *list_events_elsewhere(connection, cycle)]
    free = list_free_chairs(cycle, event, others, at)
    rest = [chair for chair in cycle.chairs if chair not in free and chair.id != event.chair.id]
    return [Candidate(chair, find_why_not(chair, event, others, at)) for chair in (*free, *rest)]


def has_chair_to_change(challenge: Challenge) -> bool:
    """Whether a challenge has an event whose Chair still has something to do: until the record is in."""
    ahead = open_deadlines(challenge.stage, came=challenge.came)
    return challenge.event is not None and DeadlineName.CHAIR_RECORD_DUE in ahead


def give_event(
    connection: Transaction,
    cycle: Cycle,
    challenge_id: str,
    chair_id: str,
    *,
    reason: str,
    actor: str,
    at: datetime,
) -> None:
    """Give an event to another Chair. All its people are told, the one who had it as well unless they left.

    What waits to go to the Chair who had it is cancelled; what an event needs goes to the new one as soon as
    it is due. Raises WrongUse without a reason, without an event, once the Chair's record is in, and for a
    Chair who can't take it.
    """
    why = read_reason(reason)
    challenge = challenges.find_challenge(connection, challenge_id)
    before = challenge.event if challenge else None
    if challenge is None or before is None:
        raise WrongUse("This challenge has no event yet.", remedy="It is set once the analysis is in.")
    if not has_chair_to_change(challenge):
        raise WrongUse("The Chair has nothing more to do for this event.", remedy="Leave it as it is.")
    _check_chair(connection, cycle, challenge_id, chair_id, at)
    if chair_id == before.chair_id:
        raise WrongUse("That Chair has this event already.", remedy="Choose another one.", about="chair")
    was_told = _was_told(connection, cycle, challenge.author_id)
    outbox.cancel_waiting_for_role(connection, challenge_id, Role.CHAIR, before.chair_id)
    outbox.cancel_intended(connection, challenge_id, (DispatchKind.EVENT_CANCELLATION,), to=chair_id)
    if was_told and before.ends_at > at and not cycle.chair[before.chair_id].left:
        _take_out_of_diary(connection, challenge, at)
    after = replace(before, chair_id=chair_id, sequence=before.sequence + 1)
    replace_event(connection, after)
    if before.ends_at > at:
        invite_again(connection, challenge_id, after.sequence, at)
    if challenge.prepared_at is not None:
        _send_papers(connection, challenge_id, after.sequence, at)
    journal.append_entry(
        connection,
        "event given to another Chair",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenge_id=challenge_id,
        reason=why,
        before=before.chair_id,
        after=chair_id,
    )


def _check_chair(
    connection: Transaction, cycle: Cycle, challenge_id: str, chair_id: str, at: datetime
) -> None:
    if chair_id not in cycle.chair:
        raise WrongUse(
            "There is no such Chair in this cycle.", remedy="Choose one from the list.", about="chair"
        )
    mine = events_of(connection, cycle)
    event = next((one for one in mine if one.challenge == challenge_id), None)
    if event is None:
        raise WrongUse("This challenge was withdrawn.", remedy="Its event is not held.")
    others = [*mine, *list_events_elsewhere(connection, cycle)]
    if why := find_why_not(cycle.chair[chair_id], event, others, at):
        remedy = "Choose another Chair. If it is not so any more, correct it first under “Change the cycle”."
        raise WrongUse(why, remedy=remedy, about="chair")


def _was_told(connection: Transaction, cycle: Cycle, author_id: str) -> bool:
    found = access_facts.load_challenge(connection, cycle.id, author_id, Reach.RECEIVED)
    return found is not None and knows_event(Role.CHAIR, found[1])


def _take_out_of_diary(connection: Transaction, challenge: Challenge, at: datetime) -> None:
    event = challenge.event
    if event is None or challenge.challenger_id is None:
        return
    kind = DispatchKind.EVENT_CANCELLATION
    outbox.intend_dispatch(
        connection,
        kind,
        Role.CHAIR,
        event.chair_id,
        key=f"{kind.value}/{challenge.author_id}/chair/{event.chair_id}/change-{event.sequence + 1}",
        at=at,
        cycle_id=challenge.cycle_id,
        challenge_id=challenge.id,
        parameters=FormerEvent(event, challenge.challenger_id).as_parameters(),
    )


def _send_papers(connection: Transaction, challenge_id: str, sequence: int, at: datetime) -> None:
    challenge = challenges.find_challenge(connection, challenge_id)
    for what in PREPARATION:
        if what.role is Role.CHAIR and challenge is not None:
            challenges.intend_challenge_dispatch(
                connection, challenge, what, at=at, suffix=f"change-{sequence}"
            )
