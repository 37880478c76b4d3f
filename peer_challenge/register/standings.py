"""Where every challenge of a cycle stands, who has to act and by when: one query for them all."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.access import Party, Scope
from peer_challenge.model.challenge import Risk, Standing
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import awaited
from peer_challenge.model.vocabulary import DeadlineName, Outcome, Role
from peer_challenge.register import challenges, rights
from peer_challenge.register import tables as t
from peer_challenge.register.known_challenges import challenges_as_told

_AT_RISK_DAYS = 7


def standings(connection: Connection, cycle: Cycle, today: date) -> Iterator[Standing]:
    """One Standing per challenge, by author. On the due day a thing is due, not overdue."""
    due = challenges.due_dates_in(connection, cycle.id)
    queried = _queried(connection, cycle)
    for row in challenges.of_cycle(connection, cycle.id):
        scope = Scope(row.cycle_id, row.author_id, row.challenger_id, row.chair_id, row.stage)
        yield make_standing(
            cycle,
            scope,
            due.get(row.id, {}),
            today,
            is_response_in=bool(row.response_received_at),
            is_queried=row.id in queried,
        )


def standings_as_told(connection: Connection, cycle: Cycle, today: date) -> Iterator[Standing]:
    """As `standings`, but of each challenge only what its own area has been told: what viewers see."""
    queried = _queried_of_areas(connection, cycle)
    for known in challenges_as_told(connection, cycle, today):
        yield make_standing(
            cycle,
            Scope(known.cycle_id, known.author_id, known.challenger_id, known.chair_id, known.stage),
            {deadline.name: deadline.due_on for deadline in known.deadlines},
            today,
            is_response_in=known.is_response_in,
            is_queried=known.id in queried,
        )


def make_standing(
    cycle: Cycle,
    scope: Scope,
    due: Mapping[DeadlineName, date],
    today: date,
    *,
    is_response_in: bool,
    is_queried: bool,
) -> Standing:
    """Where one challenge stands on a day: who has to act, by when, and whether that is at risk.

    `due` are its deadlines. `is_queried` says that there are questions that nobody has answered yet.
    """
    name, role = awaited(scope.stage, is_response_in=is_response_in)
    due_on = due.get(DeadlineName(name)) if name else None
    holder = "office" if role is Role.OFFICE else scope.holder(role) if role else None
    is_overdue = due_on is not None and due_on < today
    challenger = cycle.participant.get(scope.challenger_id or "")
    return Standing(
        author=scope.author_id,
        author_name=cycle.participant[scope.author_id].name,
        challenger_name=challenger.name if challenger else None,
        stage=scope.stage,
        waiting_on=holder,
        next_due=name if due_on else None,
        next_due_on=due_on,
        is_overdue=is_overdue,
        risk=_risk(is_overdue, is_queried, due_on, today),
    )


def _risk(is_overdue: bool, is_queried: bool, due_on: date | None, today: date) -> Risk | None:
    if is_overdue:
        return Risk.OVERDUE
    if due_on is not None and due_on - today <= timedelta(days=_AT_RISK_DAYS):
        return Risk.QUESTIONS_AND_DUE_SOON if is_queried else Risk.DUE_SOON
    return Risk.QUESTIONS if is_queried else None


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


def _queried_of_areas(connection: Connection, cycle: Cycle) -> set[str]:
    """The challenges whose own area has questions to answer about its newest document."""
    newest: dict[str, str] = {}
    for row, document in rights.submissions_of_cycle(connection, cycle.id):
        author = (row.challenge_id or "").rpartition("/")[2]
        is_own = document.writer == Party(cycle.id, Role.AUTHOR, author)
        if is_own and row.challenge_id and not document.is_refused_by_guard:
            newest.setdefault(row.challenge_id, row.outcome)
    asked = (Outcome.QUERIED.value, Outcome.REJECTED.value)
    return {which for which, outcome in newest.items() if outcome in asked}
