"""Proposals of partners in the register: which is the newest, what was approved, what is undone."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.kept_proposal import KeptProposal
from peer_challenge.register.records import Assignment, AssignmentStatus
from peer_challenge.register.tables import assignments

_STANDING = (AssignmentStatus.PROPOSED, AssignmentStatus.APPROVED)


def load_latest(connection: Connection, cycle_id: str, *statuses: AssignmentStatus) -> Assignment | None:
    """The newest assignment of a cycle (with one of `statuses`, when given), or None."""
    query = sa.select(assignments).where(assignments.c.cycle_id == cycle_id)
    if statuses:
        query = query.where(assignments.c.status.in_([status.value for status in statuses]))
    row = connection.execute(query.order_by(assignments.c.id.desc()).limit(1)).first()
    return Assignment.from_row(row) if row is not None else None


def load_standing(connection: Connection, cycle_id: str) -> Assignment | None:
    """The newest assignment of a cycle that is proposed or approved, or None."""
    return load_latest(connection, cycle_id, *_STANDING)


def load_assignment(connection: Connection, assignment_id: int) -> Assignment | None:
    """The assignment with this id, or None."""
    row = connection.execute(sa.select(assignments).where(assignments.c.id == assignment_id)).first()
    return Assignment.from_row(row) if row is not None else None


def store_proposal(
    connection: Connection, cycle_id: str, proposal: KeptProposal, at: datetime, *, reason: str | None
) -> int:
    """Keep a proposal in place of an earlier one that was not approved; returns its id."""
    drop_proposal(connection, cycle_id)
    inserted = connection.execute(
        assignments.insert().values(
            cycle_id=cycle_id,
            status=AssignmentStatus.PROPOSED.value,
            proposal=dict(proposal),
            proposed_at=at,
            reason=reason,
        )
    )
    (assignment_id,) = inserted.inserted_primary_key or (0,)
    return int(assignment_id)


def drop_proposal(connection: Connection, cycle_id: str) -> None:
    """Let a proposal that was not approved count no more; one that was approved stays."""
    _supersede_assignments(connection, cycle_id, AssignmentStatus.PROPOSED)


def record_approval(connection: Connection, assignment: Assignment, at: datetime, *, reason: str) -> None:
    """Make a proposal the approved one of its cycle, in place of an earlier one."""
    _supersede_assignments(connection, assignment.cycle_id, AssignmentStatus.APPROVED)
    _set_columns_of(
        connection, assignment.id, status=AssignmentStatus.APPROVED.value, approved_at=at, reason=reason
    )


def record_approval_undone(connection: Connection, assignment: Assignment) -> None:
    """Make an approved assignment a proposal again; the one approved before it, if any, is approved again."""
    _set_columns_of(connection, assignment.id, status=AssignmentStatus.PROPOSED.value, approved_at=None)
    earlier = connection.scalar(
        sa.select(sa.func.max(assignments.c.id)).where(
            assignments.c.cycle_id == assignment.cycle_id,
            assignments.c.approved_at.is_not(None),
            assignments.c.id != assignment.id,
        )
    )
    if earlier is not None:
        _set_columns_of(connection, earlier, status=AssignmentStatus.APPROVED.value)


def supersede_proposal(connection: Connection, assignment: Assignment) -> None:
    """Mark a proposal as superseded."""
    _set_columns_of(connection, assignment.id, status=AssignmentStatus.SUPERSEDED.value)


def restore_proposal(connection: Connection, assignment: Assignment) -> None:
    """Make a superseded assignment the proposal again."""
    _set_columns_of(connection, assignment.id, status=AssignmentStatus.PROPOSED.value)


def _supersede_assignments(connection: Connection, cycle_id: str, status: AssignmentStatus) -> None:
    connection.execute(
        assignments.update()
        .where(assignments.c.cycle_id == cycle_id, assignments.c.status == status.value)
        .values(status=AssignmentStatus.SUPERSEDED.value)
    )


def _set_columns_of(connection: Connection, assignment_id: int, **values: object) -> None:
    connection.execute(assignments.update().where(assignments.c.id == assignment_id).values(**values))
