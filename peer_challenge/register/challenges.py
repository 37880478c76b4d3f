"""Challenges in the register: where each stands, moved on only by the table in journey.py."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.clock import local_day
from peer_challenge.dates.deadlines import Adjustment, ChallengeDates, challenge_deadlines
from peer_challenge.errors import PeerChallengeError, WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import Send, Trigger, can_withdraw, is_over, transition
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.vocabulary import DeadlineName, Role, Stage
from peer_challenge.register import journal, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.records import Challenge

DATE_COLUMNS = (
    "self_assessment_received_at",
    "pack_issued_at",
    "analysis_completed_at",
    "event_on",
    "event_held_on",
    "summary_issued_at",
)


CHALLENGES = sa.select(t.challenges, t.events).join(
    t.events, t.events.c.challenge_id == t.challenges.c.id, isouter=True
)
"""Every challenge, with its event's columns where it has one: what a Challenge is made from."""
_GET = CHALLENGES.where(t.challenges.c.id == sa.bindparam("id"))  # the most asked, made once
_DUE = sa.select(t.deadlines.c.name, t.deadlines.c.due_on).where(
    t.deadlines.c.challenge_id == sa.bindparam("id")
)


class NobodyToSendTo(PeerChallengeError):
    """A dispatch has no recipient yet."""


def get(connection: Connection, challenge_id: str) -> Challenge | None:
    """One challenge, or None."""
    row = connection.execute(_GET, {"id": challenge_id}).first()
    return Challenge.from_row(row) if row is not None else None


def of_cycle(connection: Connection, cycle_id: str) -> list[Challenge]:
    """The challenges of a cycle, by author."""
    query = CHALLENGES.where(t.challenges.c.cycle_id == cycle_id).order_by(t.challenges.c.author_id)
    return [Challenge.from_row(row) for row in connection.execute(query)]


def of_author(connection: Connection, author_id: str) -> list[Challenge]:
    """The challenges in which an area is the author, in whatever cycle."""
    query = CHALLENGES.where(t.challenges.c.author_id == author_id).order_by(t.challenges.c.id)
    return [Challenge.from_row(row) for row in connection.execute(query)]


def count_stages(connection: Connection) -> Counter[Stage]:
    """How many challenges there are in each stage, over all cycles."""
    query = sa.select(t.challenges.c.stage, sa.func.count()).group_by(t.challenges.c.stage)
    return Counter({Stage(row[0]): row[1] for row in connection.execute(query)})


def recipient(connection: Connection, challenge: Challenge, role: Role) -> str:
    """The id of whoever holds `role` in a challenge. Raises NobodyToSendTo when nobody does yet."""
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


def send(
    connection: Connection,
    challenge: Challenge,
    what: Send,
    *,
    at: datetime,
    suffix: str = "",
    parameters: Mapping[str, Any] | None = None,
) -> bool:
    """Intend a dispatch of a challenge; returns whether it is new. `suffix` tells versions apart."""
    to = recipient(connection, challenge, what.role)
    key = "/".join(filter(None, (what.kind.value, challenge.author_id, what.role.value, to, suffix)))
    return outbox.intend(
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


def move(
    connection: Connection,
    challenge_id: str,
    trigger: Trigger,
    cycle: Cycle,
    *,
    at: datetime,
    actor: str = journal.SYSTEM,
    suffix: str = "",
    **values: Any,
) -> bool:
    """Move a challenge on when `trigger` does so from where it stands; returns whether it did.

    `values` are columns set at the same time. What the move sends is intended, its deadlines are
    worked out anew and the journal is told, all in the caller's transaction.
    """
    challenge = get(connection, challenge_id)
    step = transition(Stage(challenge.stage), trigger) if challenge else None
    if challenge is None or step is None:
        return False
    connection.execute(
        t.challenges.update()
        .where(t.challenges.c.id == challenge_id)
        .values(stage=step.target.value, stage_since_at=at, **values)
    )
    if (moved := get(connection, challenge_id)) is not None:
        for what in step.sends:
            send(connection, moved, what, at=at, suffix=suffix)
    refresh_deadlines(connection, cycle, challenge_id)
    journal.append(
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
    """Say who challenges the author of a challenge, and who moderates where three meet."""
    connection.execute(
        t.challenges.update()
        .where(t.challenges.c.id == challenge_id)
        .values(challenger_id=challenger_id, moderator_id=moderator_id)
    )


def record_prepared(connection: Connection, challenge_id: str, at: datetime) -> None:
    """Say that what its event needs was intended at `at`."""
    connection.execute(t.challenges.update().where(t.challenges.c.id == challenge_id).values(prepared_at=at))


def note_dates(connection: Connection, cycle: Cycle, challenge_id: str, **values: Any) -> None:
    """Set dates of a challenge and work its deadlines out anew."""
    connection.execute(t.challenges.update().where(t.challenges.c.id == challenge_id).values(**values))
    refresh_deadlines(connection, cycle, challenge_id)


def dates_of(challenge: Challenge) -> ChallengeDates:
    """What is known of a challenge's dates, as deadlines.py takes it."""
    return ChallengeDates(**{column: getattr(challenge, column) for column in DATE_COLUMNS})


def adjustments_of(connection: Connection, challenge_id: str) -> list[Adjustment]:
    """The extensions and pauses of a challenge, oldest first."""
    query = sa.select(t.adjustments.c.definition).where(t.adjustments.c.challenge_id == challenge_id)
    return [
        Adjustment.from_dict(definition)
        for definition in connection.scalars(query.order_by(t.adjustments.c.id))
    ]


def adjustments_in(connection: Connection, cycle_id: str) -> dict[str, list[Adjustment]]:
    """The same of every challenge of a cycle that has any, by challenge."""
    query = (
        sa.select(t.adjustments.c.challenge_id, t.adjustments.c.definition)
        .join(t.challenges, t.challenges.c.id == t.adjustments.c.challenge_id)
        .where(t.challenges.c.cycle_id == cycle_id)
        .order_by(t.adjustments.c.id)
    )
    found: dict[str, list[Adjustment]] = {}
    for row in connection.execute(query):
        found.setdefault(row.challenge_id, []).append(Adjustment.from_dict(row.definition))
    return found


def refresh_deadlines(connection: Connection, cycle: Cycle, challenge_id: str) -> None:
    """Work out a challenge's deadlines from its dates and adjustments, and keep them."""
    challenge = get(connection, challenge_id)
    if challenge is None:
        raise WrongUse(f"There is no challenge {challenge_id}.")
    found = challenge_deadlines(cycle, dates_of(challenge), adjustments_of(connection, challenge_id))
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
    """Keep a cycle's dates to come in step with bank holidays that were added or taken away.

    What has been agreed or set by hand stays: an event's day, an extension, a pause.
    """
    due, adjustments = due_dates_in(connection, cycle.id), adjustments_in(connection, cycle.id)
    today = local_day(at)
    for challenge in of_cycle(connection, cycle.id):
        if is_over(Stage(challenge.stage)):
            continue
        found = challenge_deadlines(cycle, dates_of(challenge), adjustments.get(challenge.id, []))
        moved = {
            name.value: [before.isoformat(), found[name].due_on.isoformat()]
            for name, before in due.get(challenge.id, {}).items()
            if name in found and found[name].due_on != before and max(found[name].due_on, before) >= today
        }
        if moved:
            refresh_deadlines(connection, cycle, challenge.id)
            journal.append(
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
    """The same of every challenge of a cycle that has any, by challenge."""
    query = (
        sa.select(t.deadlines.c.challenge_id, t.deadlines.c.name, t.deadlines.c.due_on)
        .join(t.challenges, t.challenges.c.id == t.deadlines.c.challenge_id)
        .where(t.challenges.c.cycle_id == cycle_id)
    )
    found: dict[str, dict[DeadlineName, date]] = {}
    for row in connection.execute(query):
        found.setdefault(row.challenge_id, {})[DeadlineName(row.name)] = row.due_on
    return found


def adjust(
    connection: Connection,
    cycle: Cycle,
    challenge_id: str,
    adjustment: Adjustment,
    *,
    at: datetime,
    actor: str,
) -> None:
    """Extend or pause a challenge, with the reason in the journal. Raises WrongUse without a reason."""
    told = replace(adjustment, reason=read_reason(adjustment.reason)).as_dict()
    connection.execute(
        t.adjustments.insert().values(challenge_id=challenge_id, definition=told, made_at=at, made_by=actor)
    )
    refresh_deadlines(connection, cycle, challenge_id)
    journal.append(
        connection,
        "dates adjusted",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenge_id=challenge_id,
        **told,
    )


def withdraw(connection: Connection, challenge_id: str, reason: str, *, at: datetime, actor: str) -> int:
    """Withdraw a challenge; what has not gone out is cancelled. Returns how many dispatches were.

    Raises WrongUse without a reason, and when the challenge is over already.
    """
    why = read_reason(reason)
    challenge = get(connection, challenge_id)
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
    journal.append(
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
