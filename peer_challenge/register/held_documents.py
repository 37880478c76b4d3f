"""Documents that the office has to look at: held until it is clear whose they are, placed or rejected."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.access import Party
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Outcome, Severity
from peer_challenge.register import tables as t
from peer_challenge.register.records import Submission
from peer_challenge.register.submissions import has_later_version, make_place_columns, replace_contents
from peer_challenge.word.answers.reading import Reading


def place_held_document(
    connection: Connection,
    submission_id: int,
    reading: Reading,
    findings: Sequence[Finding],
    outcome: Outcome,
    *,
    challenge_id: str | None,
    cycle_id: str | None,
    writer: Party | None,
    at: datetime,
    actor: str,
) -> bool:
    """Assign a held document to its challenge, if it has one, and store again what was read in it.

    Returns False if the document is no longer held.
    """
    settled = connection.execute(
        t.submissions.update()
        .where(t.submissions.c.id == submission_id, t.submissions.c.held_since_at.is_not(None))
        .values(
            **make_place_columns(connection, reading, outcome, challenge_id, cycle_id, writer),
            held_since_at=None,
            identified_at=at,
            identified_by=actor,
        )
    )
    if settled.rowcount != 1:
        return False
    replace_contents(connection, submission_id, reading, findings)
    return True


def list_quarantined(connection: Connection, cycle_id: str) -> list[Submission]:
    """The documents of a cycle that the disclosure guard put aside, and that no later version replaces."""
    is_guarded = (
        sa.select(t.findings.c.submission_id)
        .where(
            t.findings.c.submission_id == t.submissions.c.id,
            t.findings.c.code.startswith("disclosure.", autoescape=True),
            t.findings.c.severity == Severity.REJECT.value,
        )
        .exists()
    )
    query = sa.select(t.submissions).where(
        t.submissions.c.cycle_id == cycle_id,
        t.submissions.c.challenge_id.is_not(None),
        t.submissions.c.outcome == Outcome.REJECTED.value,
        t.submissions.c.purged_at.is_(None),
        is_guarded,
    )
    found = [Submission.from_row(row) for row in connection.execute(query.order_by(t.submissions.c.id))]
    return [row for row in found if not has_later_version(connection, row.id)]


def reject_held(connection: Connection, submission_id: int, *, at: datetime, actor: str) -> None:
    """Mark a held document as rejected, of no challenge; what was read in it stays."""
    connection.execute(
        t.submissions.update()
        .where(t.submissions.c.id == submission_id, t.submissions.c.held_since_at.is_not(None))
        .values(outcome=Outcome.REJECTED.value, held_since_at=None, identified_at=at, identified_by=actor)
    )


def hold_again(
    connection: Connection,
    row: Submission,
    reading: Reading,
    findings: Sequence[Finding],
    *,
    cycle_id: str | None,
) -> None:
    """Hold a document again that was identified or rejected as nobody's: it is no version of anything.

    `reading` and `findings` are of it as it came, without what the office said of it.
    """
    connection.execute(
        t.submissions.update()
        .where(t.submissions.c.id == row.id)
        .values(
            **make_place_columns(connection, reading, Outcome.QUERIED, None, cycle_id, None),
            held_since_at=row.taken_in_at,
            identified_at=None,
            identified_by=None,
        )
    )
    replace_contents(connection, row.id, reading, findings)


def list_held(connection: Connection) -> list[Submission]:
    """The documents that wait for the office to say whose they are, oldest first."""
    query = sa.select(t.submissions).where(t.submissions.c.held_since_at.is_not(None))
    return [Submission.from_row(row) for row in connection.execute(query.order_by(t.submissions.c.id))]


def held_total(connection: Connection) -> int:
    """How many documents wait for the office to say whose they are."""
    return (
        connection.scalar(sa.select(sa.func.count()).where(t.submissions.c.held_since_at.is_not(None))) or 0
    )
