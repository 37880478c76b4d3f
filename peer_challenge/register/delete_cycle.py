"""Deleting a cycle whose opening is taken back: what its opening made, as long as nothing else hangs on it.

The journal keeps that there was one. Once a document has come, or somebody can sign in, none is deleted.
"""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.register import tables as t
from peer_challenge.register.records import AssignmentStatus

_OF_DISPATCHES = (t.message_dispatches, t.dispatch_sources)
_OF_CHALLENGES = (t.deadlines, t.adjustments, t.challenge_notes, t.proposed_events)
_OF_CYCLES = (
    t.dispatches,
    t.messages,
    t.assignments,
    t.cycle_indicators,
    t.cycle_versions,
    t.challenges,
    t.participants,
)
DELETED_WITH_CYCLE = (*_OF_DISPATCHES, *_OF_CHALLENGES, *_OF_CYCLES)
"""The tables whose rows go with a cycle, in the order in which they can go."""
TELLING_WHAT_IS_LOST: Mapping[str, str] = {
    "adjustments": "changes of dates",
    "challenge_notes": "notes",
    "assignments": "proposals of partners",
    "proposed_events": "proposed events",
    "cycle_indicators": "the figures of the region",
}
"""What the office did since a cycle was opened and loses with it, by table."""
KEEPING_A_CYCLE: Mapping[str, str] = {
    "submissions": "a document has come in",
    "evidence_files": "a file has come in",
    "users": "somebody of this cycle can sign in",
    "decisions": "you have decided about a challenge",
    "events": "an event is agreed",
    "event_replies": "somebody has replied to an invitation",
    "event_attendance": "you have noted who comes to an event",
    "progress_comments": "a comment on a report has come in",
    "settled_corrections": "corrections were settled",
}
"""What keeps a cycle from being deleted, by table, as part of a sentence."""


def find_what_keeps(connection: Connection, cycle_id: str) -> list[str]:
    """What keeps a cycle from being deleted, as parts of sentences; empty where nothing does."""
    told = [words for name, words in KEEPING_A_CYCLE.items() if _has_rows(connection, name, cycle_id)]
    table = t.assignments
    is_approved = sa.select(table.c.id).where(
        table.c.cycle_id == cycle_id, table.c.status == AssignmentStatus.APPROVED.value
    )
    if connection.scalar(is_approved.limit(1)) is not None:
        told.append("partners are approved")
    return told


def list_what_is_lost(connection: Connection, cycle_id: str) -> list[str]:
    """What the office did since a cycle was opened and would lose with it, in words."""
    return [words for name, words in TELLING_WHAT_IS_LOST.items() if _has_rows(connection, name, cycle_id)]


def list_files_of_cycle(connection: Connection, cycle_id: str) -> list[str]:
    """The paths, relative to the outbox, of the files and drafts that were made for a cycle."""
    found: list[str] = []
    for table in (t.dispatches, t.messages):
        query = sa.select(table.c.path).where(table.c.cycle_id == cycle_id, table.c.path.is_not(None))
        found += connection.scalars(query)
    return found


def delete_cycle(connection: Connection, cycle_id: str) -> None:
    """Delete a cycle with everything that its opening made.

    The caller has seen that nothing keeps it (`find_what_keeps`), and that nothing of it has gone out.
    """
    mine = sa.select(t.dispatches.c.id).where(t.dispatches.c.cycle_id == cycle_id)
    for table in _OF_DISPATCHES:
        connection.execute(table.delete().where(table.c.dispatch_id.in_(mine)))
    challenges = sa.select(t.challenges.c.id).where(t.challenges.c.cycle_id == cycle_id)
    for table in _OF_CHALLENGES:
        connection.execute(table.delete().where(table.c.challenge_id.in_(challenges)))
    for table in _OF_CYCLES:
        connection.execute(table.delete().where(table.c.cycle_id == cycle_id))
    connection.execute(t.cycles.delete().where(t.cycles.c.id == cycle_id))


def _has_rows(connection: Connection, name: str, cycle_id: str) -> bool:
    table = t.metadata.tables[name]
    if "cycle_id" in table.c:
        mine = table.c.cycle_id == cycle_id
    else:
        of_cycle = sa.select(t.challenges.c.id).where(t.challenges.c.cycle_id == cycle_id)
        mine = table.c.challenge_id.in_(of_cycle)
    return connection.scalar(sa.select(sa.literal(1)).select_from(table).where(mine).limit(1)) is not None
