"""Who says that they come to an event, and who came, in the register."""

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.event_replies import Attendance, EventReply, Invited, Reply
from peer_challenge.model.vocabulary import Role
from peer_challenge.register import tables as t


def list_event_replies(connection: Connection, challenge_id: str) -> list[EventReply]:
    """The latest answer of everybody who answered, in whatever role they are now."""
    query = sa.select(t.event_replies).where(t.event_replies.c.challenge_id == challenge_id)
    return _read_replies(connection, query)


def list_challenges_declined(connection: Connection, cycle_id: str) -> set[str]:
    """The challenges of a cycle of whose event somebody has said that they can't come, by id."""
    query = (
        sa.select(t.event_replies.c.challenge_id)
        .join(t.challenges, t.challenges.c.id == t.event_replies.c.challenge_id)
        .where(t.challenges.c.cycle_id == cycle_id, t.event_replies.c.reply == Reply.CANNOT.value)
    )
    return set(connection.scalars(query))


def _read_replies(connection: Connection, query: sa.Select[tuple[object, ...]]) -> list[EventReply]:
    return [
        EventReply(
            Invited(Role(row.role), row.party_id, row.who),
            Reply(row.reply),
            row.sequence,
            row.source,
            row.recorded_at,
            row.recorded_by,
        )
        for row in connection.execute(query.order_by(t.event_replies.c.role, t.event_replies.c.who))
    ]


def store_event_reply(connection: Connection, challenge_id: str, reply: EventReply) -> None:
    """Store an answer in place of an earlier one of the same person."""
    key = {
        "challenge_id": challenge_id,
        "role": reply.invited.role.value,
        "party_id": reply.invited.party_id,
        "who": reply.invited.who,
    }
    table = t.event_replies
    connection.execute(table.delete().where(*(table.c[name] == value for name, value in key.items())))
    connection.execute(
        table.insert().values(
            **key,
            reply=reply.reply.value,
            sequence=reply.sequence,
            source=reply.source,
            recorded_at=reply.recorded_at,
            recorded_by=reply.recorded_by,
        )
    )


def list_attendance(connection: Connection, challenge_id: str) -> list[Attendance]:
    """Who came to the event of a challenge, a row for each side of which it was noted."""
    query = sa.select(t.event_attendance).where(t.event_attendance.c.challenge_id == challenge_id)
    return [
        Attendance(Role(row.role), row.who, row.noted_at, row.noted_by)
        for row in connection.execute(query.order_by(t.event_attendance.c.role))
    ]


def store_attendance(connection: Connection, challenge_id: str, attendance: Attendance) -> None:
    """Store who of one side came, in place of an earlier note."""
    table, role = t.event_attendance, attendance.role.value
    connection.execute(table.delete().where(table.c.challenge_id == challenge_id, table.c.role == role))
    connection.execute(
        table.insert().values(
            challenge_id=challenge_id,
            role=role,
            who=attendance.who,
            noted_at=attendance.noted_at,
            noted_by=attendance.noted_by,
        )
    )


def forget_who_came(connection: Connection, cycle_id: str) -> None:
    """Delete who answered and who came to the events of a cycle that is purged."""
    mine = sa.select(t.challenges.c.id).where(t.challenges.c.cycle_id == cycle_id)
    for table in (t.event_replies, t.event_attendance):
        connection.execute(table.delete().where(table.c.challenge_id.in_(mine)))
