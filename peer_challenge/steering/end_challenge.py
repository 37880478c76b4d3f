"""Ending a challenge or a cycle by decision, and taking it up again: close, reopen, bring back.

Each is shown before it is made by doing it in a transaction that is taken back.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import cast

from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.decisions import DecisionKind
from peer_challenge.model.journey import (
    CANCELLING_EVENT,
    OPENING,
    TRANSITIONS,
    WITHDRAWING,
    Trigger,
    can_change_challenger,
    can_withdraw,
    find_stage_after_break,
    find_stage_to_reopen,
    is_final_stage,
)
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.sentences import say_how_many
from peer_challenge.model.vocabulary import QUERY_KINDS, DispatchKind, Kind, Outcome, Stage
from peer_challenge.partners.proposals import take_back_pairing
from peer_challenge.partners.withdraw_challenge import find_told
from peer_challenge.register import assignments, challenges, decisions, journal, listings, outbox
from peer_challenge.register.cycles import load_state, reopen_cycle
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.events import delete_event
from peer_challenge.register.records import Challenge, CycleState
from peer_challenge.steering.change_dates import tell_of_moved_dates
from peer_challenge.steering.preview import Preview, describe_letters, describe_what_follows
from peer_challenge.word.form.forms import KIND_ON

_ASKS = (*QUERY_KINDS, DispatchKind.REMINDER, DispatchKind.ACTION_REMINDER, *KIND_ON)
"""What asks somebody for something: it does not go once a challenge is closed."""
_GOES_ON = "This challenge goes on."

Decide = Callable[[Transaction, Cycle, str], None]
"""What a decision does, in a transaction, to a challenge of a cycle."""


def preview_decision(register: Register, cycle: Cycle, challenge_id: str, decide: Decide) -> Preview:
    """What a decision about a challenge would cause. Changes nothing. Raises WrongUse as that does."""
    with register.trying_out() as connection:
        before = challenges.find_challenge(connection, challenge_id)
        if before is None:
            raise WrongUse("There is no such challenge.", remedy="Choose one on the board.")
        last = outbox.find_newest_id(connection, challenge_id)
        waiting = listings.count_cancellable(connection, challenge_id)
        decide(connection, cycle, challenge_id)
        stopped = waiting - listings.count_cancellable(connection, challenge_id)
        told = describe_what_follows(connection, cycle, before, last)
        if stopped > 0:
            verb = "does" if stopped == 1 else "do"
            told.append(f"{say_how_many(stopped, 'document')} that waited {verb} not go out.")
        if load_state(connection, cycle.id) is CycleState.OPEN and before.stage is Stage.CLOSED:
            told.append("Its cycle is open until it is closed again.")
    return Preview(Outcome.ACCEPTED, tuple(told))


def preview_closing_cycle(register: Register, cycle: Cycle, at: datetime) -> list[str]:
    """What closing a cycle would cause, in sentences. Changes nothing. Raises WrongUse as that does."""
    areas, letters, total = _try_on_cycle(register, cycle, close_cycle, at)
    return [
        f"{len(areas)} of {total} challenges still run and are closed: {', '.join(areas)}.",
        letters,
        "Events to come are called off, and leave the diaries of those who were invited.",
        "The regional overview is written of what there is, and the cycle is closed.",
        "To go on later, reopen the cycle, or one of its challenges: the cycle opens with it.",
    ]


def preview_reopening_cycle(register: Register, cycle: Cycle, at: datetime) -> list[str]:
    """What reopening a cycle would cause, in sentences. Changes nothing. Raises WrongUse as that does."""
    areas, letters, total = _try_on_cycle(register, cycle, reopen_cycle_by_decision, at)
    return [
        f"{len(areas)} of {total} challenges were closed with the cycle and go on: {', '.join(areas)}.",
        letters,
        "What came in and went out stays. Events that were called off get another day.",
        "The cycle is open until it is closed again.",
    ]


def _try_on_cycle(
    register: Register, cycle: Cycle, decide: Callable[..., list[str]], at: datetime
) -> tuple[list[str], str, int]:
    """Try a decision about a cycle: its areas by name, who gets letters, and the number of challenges."""
    with register.trying_out() as connection:
        ids = [one.id for one in challenges.list_challenges_in_cycle(connection, cycle.id)]
        last = {one: outbox.find_newest_id(connection, one) for one in ids}
        areas = decide(connection, cycle, reason="preview", at=at, actor="")
        sent = [new for one in ids for new in outbox.list_since(connection, one, last[one])]
    return [cycle.participant[one].name for one in areas], describe_letters(cycle, sent), len(ids)


def close_challenge(
    connection: Transaction, cycle: Cycle, challenge_id: str, *, reason: str, at: datetime, actor: str
) -> None:
    """Close a challenge before it has run its course.

    What has come and gone out stays. Nothing more is asked of anybody; an event to come leaves the diaries.
    Those who know of the challenge are told that it has ended, or, where an action plan is followed up, its
    area that no more reports are needed. Raises WrongUse without a reason, and where the challenge is over.
    """
    why = read_reason(reason)
    challenge = _load_challenge(connection, challenge_id)
    if not can_withdraw(challenge.stage):
        raise WrongUse(f"This challenge is {challenge.stage.value} already.", remedy="Look at its page.")
    told = find_told(connection, cycle.id, challenge.author_id, at)
    decision_id = decisions.store_decision(
        connection,
        DecisionKind.CLOSE_CHALLENGE,
        cycle_id=cycle.id,
        challenge_id=challenge_id,
        reason=why,
        before=challenges.describe_state(challenge),
        at=at,
        actor=actor,
    )
    outbox.cancel_intended(connection, challenge_id, _ASKS)
    was_followed_up = challenges.move_challenge_on(
        connection,
        challenge_id,
        Trigger.ENDED_BY_OFFICE,
        cycle,
        at=at,
        actor=actor,
        suffix=f"closed-{decision_id}",
        closed_at=at,
    )
    if not was_followed_up:
        challenges.note_dates(
            connection, cycle, challenge_id, stage=Stage.CLOSED.value, stage_since_at=at, closed_at=at
        )
    is_early = not was_followed_up and Kind.ACTION_PLAN not in challenge.came
    sends = [what for what in WITHDRAWING if is_early and what.role in told.of_withdrawal]
    sends += [what for what in CANCELLING_EVENT if what.role in told.of_cancelled_event]
    for what in sends:
        challenges.intend_challenge_dispatch(
            connection,
            challenge,
            what,
            at=at,
            suffix=f"closed-{decision_id}",
            parameters={"is_closed": True},
        )
    _write_journal(connection, "challenge closed by decision", challenge, Stage.CLOSED, why, at, actor)


def reopen_challenge(
    connection: Transaction, cycle: Cycle, challenge_id: str, *, reason: str, at: datetime, actor: str
) -> None:
    """Take a closed challenge up again, where it was closed by decision; else where its last form is awaited.

    Its cycle opens with it, and its people are told of the dates to come. Raises WrongUse without a reason,
    for a challenge that is not closed, and for one whose cycle was purged.
    """
    why = read_reason(reason)
    challenge = _load_challenge(connection, challenge_id)
    if challenge.stage is not Stage.CLOSED:
        raise WrongUse("This challenge is not closed.", remedy="Look at its page.")
    if load_state(connection, cycle.id) is not CycleState.OPEN:
        reopen_cycle(connection, cycle.id)
        _store(connection, DecisionKind.REOPEN_CYCLE, cycle, None, why, at, actor)
        journal.append_entry(connection, "cycle reopened", at=at, actor=actor, cycle_id=cycle.id, reason=why)
    closings = decisions.list_of_challenge(connection, challenge_id, (DecisionKind.CLOSE_CHALLENGE,))
    state: Mapping[str, str | None]
    if closings:
        decisions.mark_undone(connection, closings[-1].id, at=at, actor=actor)
        state = cast("Mapping[str, str | None]", closings[-1].before)
    else:
        stage = find_stage_to_reopen(has_reviews=bool(cycle.rules.review_months))
        state = challenges.describe_state(challenge) | {"stage": stage.value}
        if reviews := len(cycle.rules.review_months):  # its last report is awaited again
            last = min(challenge.last_review, reviews - 1)
            challenges.note_dates(connection, cycle, challenge_id, last_review=last)
    decision_id = _store(connection, DecisionKind.REOPEN_CHALLENGE, cycle, challenge, why, at, actor)
    stage = _go_on(connection, cycle, challenge, state, decision_id, at)
    tell_of_moved_dates(
        connection, cycle, challenge_id, None, message=_GOES_ON, suffix=f"back-{decision_id}", at=at
    )
    _write_journal(connection, "challenge reopened", challenge, stage, why, at, actor)


def bring_area_back(
    connection: Transaction, cycle: Cycle, challenge_id: str, *, reason: str, at: datetime, actor: str
) -> None:
    """Let an area that was withdrawn take part again, from the stage in which it was.

    An area whose challenger was at work waits for one again, and gets the one that was approved if that is
    still free to be; one whose event was called off waits for another. Partners that are proposed and not
    approved are dropped. Raises WrongUse without a reason, for a challenge that is not withdrawn, and where
    its cycle is closed.
    """
    why = read_reason(reason)
    challenge = _load_challenge(connection, challenge_id)
    if challenge.stage is not Stage.WITHDRAWN:
        raise WrongUse("This area was not withdrawn.", remedy="Look at its page.")
    if load_state(connection, cycle.id) is not CycleState.OPEN:
        raise WrongUse(
            "This cycle is closed.", remedy="Reopen one of its challenges first: the cycle opens with it."
        )
    before = listings.find_stage_withdrawn_from(connection, challenge_id) or Stage.INVITED
    decision_id = _store(connection, DecisionKind.BRING_BACK, cycle, challenge, why, at, actor)
    state = challenges.describe_state(challenge) | {"stage": before.value}
    challenges.forget_withdrawal(connection, challenge_id)
    stage = _go_on(connection, cycle, challenge, state, decision_id, at)
    assignments.drop_proposal(connection, cycle.id)  # made without this area: it would have to go again
    if can_change_challenger(stage):
        again = _load_challenge(connection, challenge_id)
        take_back_pairing(connection, cycle, again, at=at, actor=actor, reason=why)
        stage = Stage.SELF_ASSESSED
    tell_of_moved_dates(
        connection, cycle, challenge_id, None, message=_GOES_ON, suffix=f"back-{decision_id}", at=at
    )
    _write_journal(connection, "area brought back", challenge, stage, why, at, actor)


def close_cycle(connection: Transaction, cycle: Cycle, *, reason: str, at: datetime, actor: str) -> list[str]:
    """Close a cycle: every challenge that still runs is closed with it. Returns the authors' ids of those.

    The next advance writes the regional overview and closes the cycle itself. Raises WrongUse without a
    reason, and where the cycle is closed or nothing runs in it.
    """
    why = read_reason(reason)
    if load_state(connection, cycle.id) is not CycleState.OPEN:
        raise WrongUse("This cycle is closed already.", remedy="Look at the board.")
    running = [
        one
        for one in challenges.list_challenges_in_cycle(connection, cycle.id)
        if not is_final_stage(one.stage)
    ]
    if not running:
        raise WrongUse("Nothing runs in this cycle any more.", remedy="It closes by itself within a minute.")
    _store(connection, DecisionKind.CLOSE_CYCLE, cycle, None, why, at, actor)
    for challenge in running:
        close_challenge(connection, cycle, challenge.id, reason=why, at=at, actor=actor)
    journal.append_entry(
        connection,
        "cycle closed by decision",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenges=len(running),
        reason=why,
    )
    return [one.author_id for one in running]


def reopen_cycle_by_decision(
    connection: Transaction, cycle: Cycle, *, reason: str, at: datetime, actor: str
) -> list[str]:
    """Reopen a cycle with each challenge that was closed with it last; returns the authors' ids of those.

    A challenge that ended before, or was reopened since, stays as it is. Raises WrongUse without a reason,
    where no challenge was closed with the cycle, and for a cycle that was purged.
    """
    why = read_reason(reason)
    closings = decisions.list_of_cycle(
        connection, cycle.id, (DecisionKind.CLOSE_CYCLE, DecisionKind.CLOSE_CHALLENGE)
    )
    closing = next((one for one in reversed(closings) if one.kind is DecisionKind.CLOSE_CYCLE), None)
    closed = [
        _load_challenge(connection, one.challenge_id)
        for one in closings
        if closing and one.challenge_id and one.id > closing.id and one.made_at == closing.made_at
    ]
    closed = [one for one in closed if one.stage is Stage.CLOSED]
    if closing is None or not closed:
        raise WrongUse(
            "No challenge was closed with this cycle.",
            remedy="Reopen the challenges that you mean on their own pages: the cycle opens with the first.",
        )
    if load_state(connection, cycle.id) is not CycleState.OPEN:  # open until the next advance after a closing
        reopen_cycle(connection, cycle.id)
    decisions.mark_undone(connection, closing.id, at=at, actor=actor)
    _store(connection, DecisionKind.REOPEN_CYCLE, cycle, None, why, at, actor)
    journal.append_entry(
        connection,
        "cycle reopened by decision",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenges=len(closed),
        reason=why,
    )
    for one in closed:
        reopen_challenge(connection, cycle, one.id, reason=why, at=at, actor=actor)
    return [one.author_id for one in closed]


def _go_on(
    connection: Transaction,
    cycle: Cycle,
    challenge: Challenge,
    state: Mapping[str, str | None],
    decision_id: int,
    at: datetime,
) -> Stage:
    """Take a challenge up in the stage of `state`, or before where its event was called off; returns it."""
    before = Stage(str(state["stage"]))
    stage = find_stage_after_break(before)
    if stage is not before:
        delete_event(connection, challenge.id)
        challenges.note_dates(connection, cycle, challenge.id, event_on=None, prepared_at=None)
    again = {**state, "stage": stage.value, "stage_since_at": at.isoformat(), "closed_at": None}
    challenges.restore_state(connection, cycle, challenge.id, again)
    _send_what_was_stopped(connection, challenge.id, stage, decision_id, at)
    return stage


def _send_what_was_stopped(
    connection: Transaction, challenge_id: str, stage: Stage, decision_id: int, at: datetime
) -> None:
    """Intend what a challenge in `stage` has sent to those who hold its roles, where that was stopped."""
    challenge = _load_challenge(connection, challenge_id)
    sends = (
        OPENING
        if stage is Stage.INVITED
        else dict.fromkeys(send for move in TRANSITIONS if move.target is stage for send in move.sends)
    )
    for what in sends:
        try:
            to = challenges.find_recipient_id(connection, challenge, what.role)
        except challenges.NobodyToSendTo:  # its event was called off: nothing was stopped on its way there
            continue
        if outbox.was_stopped(connection, challenge_id, what.kind, to=to):
            challenges.intend_challenge_dispatch(
                connection, challenge, what, at=at, suffix=f"back-{decision_id}"
            )


def _load_challenge(connection: Transaction, challenge_id: str) -> Challenge:
    challenge = challenges.find_challenge(connection, challenge_id)
    if challenge is None:
        raise WrongUse("There is no such challenge.", remedy="Choose one on the board.")
    return challenge


def _store(
    connection: Transaction,
    kind: DecisionKind,
    cycle: Cycle,
    challenge: Challenge | None,
    reason: str,
    at: datetime,
    actor: str,
) -> int:
    return decisions.store_decision(
        connection,
        kind,
        cycle_id=cycle.id,
        challenge_id=challenge.id if challenge else None,
        reason=reason,
        before=challenges.describe_state(challenge) if challenge else {},
        at=at,
        actor=actor,
    )


def _write_journal(
    connection: Transaction,
    event: str,
    challenge: Challenge,
    stage: Stage,
    reason: str,
    at: datetime,
    actor: str,
) -> None:
    journal.append_entry(
        connection,
        event,
        at=at,
        actor=actor,
        cycle_id=challenge.cycle_id,
        challenge_id=challenge.id,
        before=challenge.stage.value,
        after=stage.value,
        reason=reason,
    )
