"""How many documents came in and what became of them: counts and outcomes, without a word of any."""

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.vocabulary import Kind, Outcome
from peer_challenge.register import tables as t

_IS_OF_A_REVIEW_TO_COME = (
    t.submissions.c.review
    > sa.select(t.challenges.c.last_review)
    .where(t.challenges.c.id == t.submissions.c.challenge_id)
    .scalar_subquery()
)
_IS_KNOWN = sa.and_(
    t.submissions.c.cycle_id == sa.bindparam("cycle"),
    t.submissions.c.challenge_id.is_not(None),
    t.submissions.c.kind.is_not(None),
    t.submissions.c.held_since_at.is_(None),
    sa.or_(t.submissions.c.review == 0, _IS_OF_A_REVIEW_TO_COME),
)


def _select_newest(*wanted: sa.ColumnElement[bool]) -> sa.Select[tuple[str, str, str]]:
    newest = (
        sa.select(sa.func.max(t.submissions.c.id))
        .where(_IS_KNOWN, *wanted)
        .group_by(t.submissions.c.challenge_id, t.submissions.c.kind)
    )
    return sa.select(t.submissions.c.challenge_id, t.submissions.c.kind, t.submissions.c.outcome).where(
        t.submissions.c.id.in_(newest)
    )


_NEWEST_IN_CYCLE = _select_newest()  # asked with every board and every reminder, so made once
_NEWEST_OF_CHALLENGE = _select_newest(t.submissions.c.challenge_id == sa.bindparam("challenge"))


def count_in_cycle(connection: Connection, cycle_id: str) -> int:
    """How many documents came in for a cycle."""
    return connection.scalar(sa.select(sa.func.count()).where(t.submissions.c.cycle_id == cycle_id)) or 0


def list_markings(connection: Connection, cycle_id: str) -> list[str | None]:
    """The markings on the current documents of a cycle, each once; None where one has none."""
    query = (
        sa.select(t.submissions.c.marking)
        .join(t.challenges, t.challenges.c.id == t.submissions.c.challenge_id)
        .where(t.challenges.c.cycle_id == cycle_id, t.submissions.c.is_current)
        .distinct()
    )
    return list(connection.scalars(query))


def count_outcomes(connection: Connection) -> dict[tuple[Kind | None, Outcome], int]:
    """How many documents of each kind had each outcome, over all cycles."""
    query = sa.select(t.submissions.c.kind, t.submissions.c.outcome, sa.func.count()).group_by(
        t.submissions.c.kind, t.submissions.c.outcome
    )
    return {(Kind(row[0]) if row[0] else None, Outcome(row[1])): row[2] for row in connection.execute(query)}


def newest_outcomes(
    connection: Connection, cycle_id: str, *, challenge_id: str | None = None
) -> dict[str, dict[Kind, Outcome]]:
    """What became of the newest version of each kind of document of each challenge of a cycle, or of one.

    By the challenge's id, then by the kind. Documents that are held until the office says whose they are are
    left out, and progress reports for reviews that are over.
    """
    query, values = _NEWEST_IN_CYCLE, {"cycle": cycle_id}
    if challenge_id is not None:
        query, values = _NEWEST_OF_CHALLENGE, {"cycle": cycle_id, "challenge": challenge_id}
    found: dict[str, dict[Kind, Outcome]] = {}
    for row in connection.execute(query, values):
        found.setdefault(row.challenge_id, {})[Kind(row.kind)] = Outcome(row.outcome)
    return found
