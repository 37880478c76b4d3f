"""The stage of every challenge of a cycle, who has to act and by when: one query for them all."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.access import Party, Scope
from peer_challenge.model.challenge_ids import find_author_id
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.overdue_or_at_risk import UNSETTLED, Standing, make_standing
from peer_challenge.model.vocabulary import Outcome, Role
from peer_challenge.register import access_facts, challenges, submission_counts
from peer_challenge.register import tables as t
from peer_challenge.register.known_challenges import challenges_as_told
from peer_challenge.register.records import Submission

_UNSETTLED = sa.select(t.submissions).where(
    t.submissions.c.id.in_(
        sa.select(sa.func.max(t.submissions.c.id))
        .where(t.submissions.c.cycle_id == sa.bindparam("cycle"))
        .group_by(t.submissions.c.challenge_id)
    ),
    t.submissions.c.challenge_id.is_not(None),
    t.submissions.c.outcome.in_(sorted(UNSETTLED)),
)
"""The newest submissions of a cycle's challenges that were queried or rejected."""


def list_challenge_standings(connection: Connection, cycle: Cycle, today: date) -> Iterator[Standing]:
    """One Standing per challenge, by author. On its due day a thing is due, not overdue."""
    due = challenges.due_dates_in(connection, cycle.id)
    unsettled = find_unsettled_documents(connection, cycle)
    outcomes = submission_counts.newest_outcomes(connection, cycle.id)
    for row in challenges.list_challenges_in_cycle(connection, cycle.id):
        scope = Scope(row.cycle_id, row.author_id, row.challenger_id, row.chair_id, row.stage)
        yield make_standing(
            cycle,
            scope,
            due.get(row.id, {}),
            today,
            came=row.came,
            unsettled=unsettled[row.id].outcome if row.id in unsettled else None,
            outcomes=outcomes.get(row.id, {}),
        )


def list_standings_as_told(connection: Connection, cycle: Cycle, today: date) -> Iterator[Standing]:
    """One Standing per challenge, by author, with only what its own area was told: what viewers see."""
    unsettled = _unsettled_of_areas(connection, cycle)
    for known in challenges_as_told(connection, cycle, today):
        yield make_standing(
            cycle,
            Scope(known.cycle_id, known.author_id, known.challenger_id, known.chair_id, known.stage),
            {deadline.name: deadline.due_on for deadline in known.deadlines},
            today,
            came=known.came,
            unsettled=unsettled.get(known.id),
        )


def find_unsettled_documents(connection: Connection, cycle: Cycle) -> dict[str, Submission]:
    """The newest submission of each challenge whose newest was queried or rejected, by the challenge's id."""
    found = [Submission.from_row(row) for row in connection.execute(_UNSETTLED, {"cycle": cycle.id})]
    return {one.challenge_id: one for one in found if one.challenge_id}


def _unsettled_of_areas(connection: Connection, cycle: Cycle) -> dict[str, Outcome]:
    """The challenges whose own area has to send its newest document again, and what became of that."""
    newest: dict[str, str] = {}
    for row, document in access_facts.submissions_of_cycle(connection, cycle.id):
        author = find_author_id(row.challenge_id)
        is_own = document.writer == Party(cycle.id, Role.AUTHOR, author)
        if is_own and row.challenge_id and not document.is_refused_by_guard:
            newest.setdefault(row.challenge_id, row.outcome)
    return {which: Outcome(outcome) for which, outcome in newest.items() if outcome in UNSETTLED}
