"""Where every challenge of a cycle stands, who has to act and by when: one query for them all."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from peer_challenge.cycle import Cycle
from peer_challenge.dispatches.facts import Standing
from peer_challenge.journey import awaited
from peer_challenge.register import challenges
from peer_challenge.register import tables as t
from peer_challenge.vocabulary import Outcome, Role, Stage

_AT_RISK_DAYS = 7


def standings(connection: Connection, cycle: Cycle, today: date) -> Iterator[Standing]:
    """One Standing per challenge, by author. On the due day a thing is due, not overdue."""
    query = (
        sa.select(t.challenges, t.events.c.chair_id)
        .join(t.events, t.events.c.challenge_id == t.challenges.c.id, isouter=True)
        .where(t.challenges.c.cycle_id == cycle.id)
        .order_by(t.challenges.c.author_id)
    )
    due = challenges.due_dates_in(connection, cycle.id)
    queried = _queried(connection, cycle)
    for row in connection.execute(query).fetchall():
        yield _standing(cycle, row, due.get(row.id, {}), row.id in queried, today)


def _standing(cycle: Cycle, row: Row[Any], due: dict[str, date], is_queried: bool, today: date) -> Standing:
    stage = Stage(row.stage)
    name, role = awaited(Stage(row.stage), is_response_in=bool(row.response_received_at))
    due_on = due.get(name) if name else None
    holder = (
        {
            Role.AUTHOR: row.author_id,
            Role.CHALLENGER: row.challenger_id,
            Role.CHAIR: row.chair_id,
            Role.OFFICE: "office",
        }.get(role)
        if role
        else None
    )
    is_overdue = due_on is not None and due_on < today
    challenger = cycle.participant.get(row.challenger_id or "")
    return Standing(
        author=row.author_id,
        author_name=cycle.participant[row.author_id].name,
        challenger_name=challenger.name if challenger else None,
        stage=stage,
        waiting_on=holder,
        next_due=name if due_on else None,
        next_due_on=due_on,
        is_overdue=is_overdue,
        risk=_risk(is_overdue, is_queried, due_on, today),
    )


def _risk(is_overdue: bool, is_queried: bool, due_on: date | None, today: date) -> str | None:
    if is_overdue:
        return "overdue"
    if due_on is not None and due_on - today <= timedelta(days=_AT_RISK_DAYS):
        return "questions are open and the date is near" if is_queried else "due within a week"
    return "questions are open" if is_queried else None


def _queried(connection: Connection, cycle: Cycle) -> set[str]:
    """The challenges whose newest submission was queried or rejected."""
    newest = (
        sa.select(sa.func.max(t.submissions.c.id))
        .where(t.submissions.c.cycle_id == cycle.id)
        .group_by(t.submissions.c.challenge_id)
    )
    query = sa.select(t.submissions.c.challenge_id).where(
        t.submissions.c.id.in_(newest),
        t.submissions.c.outcome.in_([Outcome.QUERIED.value, Outcome.REJECTED.value]),
    )
    return set(connection.scalars(query))
