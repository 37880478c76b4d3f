"""Challenges in the register. Only the moves in journey.py change the stage of one."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.clock import local_day
from peer_challenge.dates.deadlines import Adjustment, ChallengeDates, challenge_deadlines
from peer_challenge.errors import PeerChallengeError, WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import (
    Send,
    Trigger,
    can_withdraw,
    find_transition,
    is_final_stage,
)
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind, Role, Stage
from peer_challenge.register import journal, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.date_adjustments import adjustments_in, adjustments_of, load_adjustment
from peer_challenge.register.events import describe_told_event
from peer_challenge.register.records import Challenge

DATE_COLUMNS = (
    "self_assessment_received_at",
    "pack_issued_at",
    "analysis_completed_at",
    "event_on",
    "event_held_on",
    "draft_issued_at",
    "challenger_draft_issued_at",
    "summary_issued_at",
    "action_plan_received_at",
    "last_review",
)


CHALLENGES = sa.select(t.challenges, t.events).join(
    t.events, t.events.c.challenge_id == t.challenges.c.id, isouter=True
)
"""Every challenge, with its event's columns where it has one: what a Challenge is made from."""
_GET = CHALLENGES.where(t.challenges.c.id == sa.bindparam("id"))  # the most asked, made once
_IN_CYCLE = CHALLENGES.where(t.challenges.c.cycle_id == sa.bindparam("cycle")).order_by(
    t.challenges.c.author_id
)
_DUE = sa.select(t.deadlines.c.name, t.deadlines.c.due_on).where(
    t.deadlines.c.challenge_id == sa.bindparam("id")
)
_DUE_IN_CYCLE = (
    sa.select(t.deadlines.c.challenge_id, t.deadlines.c.name, t.deadlines.c.due_on)
    .join(t.challenges, t.challenges.c.id == t.deadlines.c.challenge_id)
    .where(t.challenges.c.cycle_id == sa.bindparam("cycle"))
)


class NobodyToSendTo(PeerChallengeError):
    """A dispatch has no recipient yet."""


def find_challenge(connection: Connection, challenge_id: str) -> Challenge | None:
    """The challenge with this id, or None."""
    row = connection.execute(_GET, {"id": challenge_id}).first()
    return Challenge.from_row(row) if row is not None else None


def list_challenges_in_cycle(connection: Connection, cycle_id: str) -> list[Challenge]:
    """The challenges of a cycle, by author."""
    return [Challenge.from_row(row) for row in connection.execute(_IN_CYCLE, {"cycle": cycle_id})]


def list_challenges_of_author(connection: Connection, author_id: str) -> list[Challenge]:
    """The challenges in which an area is the author, in all cycles."""
    query = CHALLENGES.where(t.challenges.c.author_id == author_id).order_by(t.challenges.c.id)
    return [Challenge.from_row(row) for row in connection.execute(query)]


def count_stages(connection: Connection, cycle_id: str | None = None) -> Counter[Stage]:
    """How many challenges there are in each stage, in one cycle or over all."""
    query = sa.select(t.challenges.c.stage, sa.func.count()).group_by(t.challenges.c.stage)
    if cycle_id is not None:
        query = query.where(t.challenges.c.cycle_id == cycle_id)
    return Counter({Stage(row[0]): row[1] for row in connection.execute(query)})


def find_recipient_id(connection: Connection, challenge: Challenge, role: Role) -> str:
    """The id of the holder of `role` in a challenge. Raises NobodyToSendTo when nobody holds it yet."""
    found = {
        Role.AUTHOR: challenge.author_id,
        Role.CHALLENGER: challenge.challenger_id,
        Role.OFFICE: outbox.OFFICE,
    }.get(role)
    if role is Role.CHAIR:
        found = connection.scalar(
            sa.select(t.events.c.chair_id).where(t.events.c.challenge_id == challenge.id)
        )
    if not found:
        raise NobodyToSendTo(f"{challenge.id} has no {role.value} yet.")
    return str(found)


def intend_challenge_dispatch(
    connection: Connection,
    challenge: Challenge,
    what: Send,
    *,
    at: datetime,
    suffix: str = "",
    parameters: Mapping[str, object] | None = None,
) -> bool:
    """Intend a dispatch of a challenge; returns whether it is new. `suffix` tells versions apart.

    An invitation keeps what it says of the event, so that a later one can say what has changed.
    """
    if what.kind is DispatchKind.EVENT_INVITATION and challenge.event is not None:
        parameters = {**(parameters or {}), **describe_told_event(challenge.event).as_parameters()}
    to = find_recipient_id(connection, challenge, what.role)
    key = "/".join(filter(None, (what.kind.value, challenge.author_id, what.role.value, to, suffix)))
    return outbox.intend_dispatch(
        connection,
        what.kind,
        what.role,
        to,
        key=key,
        at=at,
        cycle_id=challenge.cycle_id,
        challenge_id=challenge.id,
        parameters=parameters,
    )


def move_challenge_on(
    connection: Connection,
    challenge_id: str,
    trigger: Trigger,
    cycle: Cycle,
    *,
    at: datetime,
    actor: str = journal.SYSTEM,
    suffix: str = "",
    parameters: Mapping[str, object] | None = None,
    **values: object,
) -> bool:
    """Move a challenge on if `trigger` does that in its present stage; returns whether it moved.

    `values` are columns set at the same time. The dispatches of the move are intended with `parameters`, the
    deadlines are worked out again and the journal gets an entry, all in the caller's transaction.
    """
    challenge = find_challenge(connection, challenge_id)
    step = find_transition(Stage(challenge.stage), trigger) if challenge else None
    if challenge is None or step is None:
        return False
    connection.execute(
        t.challenges.update()
        .where(t.challenges.c.id == challenge_id)
        .values(stage=step.target.value, stage_since_at=at, **values)
    )
    if (moved := find_challenge(connection, challenge_id)) is not None:
        for what in step.sends:
            intend_challenge_dispatch(connection, moved, what, at=at, suffix=suffix, parameters=parameters)
    refresh_deadlines(connection, cycle, challenge_id)
    journal.append_entry(
        connection,
        "challenge moved",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenge_id=challenge_id,
        by=trigger.value,
        before=step.source.value,
        after=step.target.value,
    )
    return True


def set_partners(
    connection: Connection, challenge_id: str, *, challenger_id: str, moderator_id: str | None
) -> None:
    """Record who challenges the author of a challenge, and who moderates if three areas meet."""
    connection.execute(
        t.challenges.update()
        .where(t.challenges.c.id == challenge_id)
        .values(challenger_id=challenger_id, moderator_id=moderator_id)
    )


def record_prepared(connection: Connection, challenge_id: str, at: datetime | None) -> None:
    """Record that the dispatches its event needs were intended at `at`; None where they are to be again."""
    connection.execute(t.challenges.update().where(t.challenges.c.id == challenge_id).values(prepared_at=at))


def note_dates(connection: Connection, cycle: Cycle, challenge_id: str, **values: object) -> None:
    """Set dates of a challenge and work out its deadlines again."""
    connection.execute(t.challenges.update().where(t.challenges.c.id == challenge_id).values(**values))
    refresh_deadlines(connection, cycle, challenge_id)


_STATE_TIMES = (
    "stage_since_at",
    "self_assessment_received_at",
    "analysis_completed_at",
    "response_received_at",
    "draft_issued_at",
    "challenger_draft_issued_at",
    "corrections_received_at",
    "challenger_corrections_received_at",
    "action_plan_received_at",
    "closed_at",
)
_STATE_DAYS = ("event_held_on",)


def describe_state(challenge: Challenge) -> dict[str, str | None]:
    """The stage of a challenge and the dates that documents bring, as a decision keeps them in JSON."""
    told = {name: getattr(challenge, name) for name in (*_STATE_TIMES, *_STATE_DAYS)}
    return {"stage": challenge.stage.value, "last_review": str(challenge.last_review)} | {
        name: value.isoformat() if value else None for name, value in told.items()
    }


def restore_state(
    connection: Connection, cycle: Cycle, challenge_id: str, state: Mapping[str, str | None]
) -> None:
    """Take a challenge back to a state that `describe_state` told, and work out its deadlines again."""
    values = {name: _read_state(name, told) for name, told in state.items()}
    note_dates(connection, cycle, challenge_id, **values)


def undo_change_of_state(
    connection: Connection,
    cycle: Cycle,
    challenge: Challenge,
    before: Mapping[str, str | None],
    after: Mapping[str, str | None] | None,
) -> None:
    """Take back what a decision changed of a challenge, and nobody since: other documents came in meanwhile.

    `before` and `after` are what `describe_state` told then; where the latter was not kept, all is as before.
    """
    now = describe_state(challenge)
    after = now if after is None else after
    changed = {
        name: told
        for name, told in before.items()
        if name in after and told != after[name] and now.get(name) == after[name]
    }
    if changed:
        restore_state(connection, cycle, challenge.id, changed)


def _read_state(name: str, told: str | None) -> object:
    """A value of a state as its column takes it."""
    if told is None or name == "stage":
        return told
    if name == "last_review":
        return int(told)
    return date.fromisoformat(told) if name in _STATE_DAYS else datetime.fromisoformat(told)


def read_challenge_dates(challenge: Challenge) -> ChallengeDates:
    """The known dates of a challenge, in the form that deadlines.py takes."""
    return ChallengeDates(**{column: getattr(challenge, column) for column in DATE_COLUMNS})


def refresh_deadlines(connection: Connection, cycle: Cycle, challenge_id: str) -> None:
    """Work out a challenge's deadlines from its dates and adjustments, and store them."""
    challenge = find_challenge(connection, challenge_id)
    if challenge is None:
        raise WrongUse(f"There is no challenge {challenge_id}.")
    found = challenge_deadlines(
        cycle, read_challenge_dates(challenge), adjustments_of(connection, challenge_id)
    )
    connection.execute(t.deadlines.delete().where(t.deadlines.c.challenge_id == challenge_id))
    if found:
        connection.execute(
            t.deadlines.insert(),
            [
                {
                    "challenge_id": challenge_id,
                    "name": name.value,
                    "due_on": deadline.due_on,
                    "nominal_on": deadline.nominal_on,
                    "counted_from": deadline.counted_from,
                    "rule": deadline.rule,
                    "notes": list(deadline.notes),
                }
                for name, deadline in found.items()
            ],
        )


def follow_calendar(connection: Connection, cycle: Cycle, *, at: datetime) -> None:
    """Move a cycle's future dates if bank holidays were added or taken away.

    What has been agreed or set by hand stays: an event's day, an extension, a pause.
    """
    due, adjustments = due_dates_in(connection, cycle.id), adjustments_in(connection, cycle.id)
    today = local_day(at)
    for challenge in list_challenges_in_cycle(connection, cycle.id):
        if is_final_stage(Stage(challenge.stage)):
            continue
        found = challenge_deadlines(cycle, read_challenge_dates(challenge), adjustments.get(challenge.id, []))
        moved = {
            name.value: [before.isoformat(), found[name].due_on.isoformat()]
            for name, before in due.get(challenge.id, {}).items()
            if name in found and found[name].due_on != before and max(found[name].due_on, before) >= today
        }
        if moved:
            refresh_deadlines(connection, cycle, challenge.id)
            journal.append_entry(
                connection,
                "dates moved with the calendar",
                at=at,
                cycle_id=cycle.id,
                challenge_id=challenge.id,
                moved=moved,
            )


def due_dates(connection: Connection, challenge_id: str) -> dict[DeadlineName, date]:
    """The days that a challenge's deadlines fall on, by DeadlineName."""
    return {DeadlineName(row.name): row.due_on for row in connection.execute(_DUE, {"id": challenge_id})}


def due_dates_in(connection: Connection, cycle_id: str) -> dict[str, dict[DeadlineName, date]]:
    """The due days of every challenge of a cycle that has any, by challenge and then by DeadlineName."""
    found: dict[str, dict[DeadlineName, date]] = {}
    for row in connection.execute(_DUE_IN_CYCLE, {"cycle": cycle_id}):
        found.setdefault(row.challenge_id, {})[DeadlineName(row.name)] = row.due_on
    return found


def adjust_challenge_dates(
    connection: Connection,
    cycle: Cycle,
    challenge_id: str,
    adjustment: Adjustment,
    *,
    at: datetime,
    actor: str,
) -> None:
    """Extend or pause a challenge, with the reason in the journal. Raises WrongUse without a reason."""
    challenge = find_challenge(connection, challenge_id)
    told = replace(
        adjustment,
        reason=read_reason(adjustment.reason),
        review=challenge.last_review + 1
        if challenge and adjustment.deadline == DeadlineName.PROGRESS_REPORT_DUE
        else 0,
    ).as_dict()
    connection.execute(
        t.adjustments.insert().values(challenge_id=challenge_id, definition=told, made_at=at, made_by=actor)
    )
    refresh_deadlines(connection, cycle, challenge_id)
    journal.append_entry(
        connection,
        "dates adjusted",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenge_id=challenge_id,
        **told,
    )


def remove_adjustment(
    connection: Connection,
    cycle: Cycle,
    challenge_id: str,
    number: int,
    *,
    reason: str,
    at: datetime,
    actor: str,
) -> None:
    """Take an extension or pause out of the register; the journal keeps what it was.

    Raises WrongUse without a reason, and where the challenge has none with this number.
    """
    why, taken = read_reason(reason), load_adjustment(connection, challenge_id, number)
    connection.execute(t.adjustments.delete().where(t.adjustments.c.id == number))
    refresh_deadlines(connection, cycle, challenge_id)
    journal.append_entry(
        connection,
        "change of dates taken back",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenge_id=challenge_id,
        **{**taken.as_dict(), "reason": why},
    )


def forget_withdrawal(connection: Connection, challenge_id: str) -> None:
    """Forget why a challenge was withdrawn, as its area takes part again; the journal keeps it."""
    connection.execute(
        t.challenges.update().where(t.challenges.c.id == challenge_id).values(withdrawn_reason=None)
    )


def withdraw_challenge(
    connection: Connection, challenge_id: str, reason: str, *, at: datetime, actor: str
) -> int:
    """Withdraw a challenge and cancel what has not gone out. Returns how many dispatches were cancelled.

    Raises WrongUse without a reason, and when the challenge is over already.
    """
    why = read_reason(reason)
    challenge = find_challenge(connection, challenge_id)
    if challenge is None or not can_withdraw(Stage(challenge.stage)):
        raise WrongUse(
            f"{challenge_id} can't be withdrawn.",
            remedy="It is closed or withdrawn already, or not of this register.",
        )
    connection.execute(
        t.challenges.update()
        .where(t.challenges.c.id == challenge_id)
        .values(stage=Stage.WITHDRAWN.value, stage_since_at=at, withdrawn_reason=why)
    )
    connection.execute(t.deadlines.delete().where(t.deadlines.c.challenge_id == challenge_id))
    cancelled = outbox.cancel_waiting(connection, challenge_id)
    journal.append_entry(
        connection,
        "challenge withdrawn",
        at=at,
        actor=actor,
        cycle_id=challenge.cycle_id,
        challenge_id=challenge_id,
        reason=why,
        before=challenge.stage,
        cancelled=cancelled,
    )
    return cancelled
