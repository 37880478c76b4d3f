"""The office's notes on a challenge, each with a day on which to be reminded, if it has one."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.challenge_ids import find_author_id
from peer_challenge.register import tables as t
from peer_challenge.register.tables import TableRow


@dataclass(frozen=True, slots=True)
class Note:
    """What the office wrote down about a challenge. `done_at` is when it was ticked off."""

    id: int
    challenge_id: str
    text: str
    remind_on: date | None
    made_at: datetime
    made_by: str
    done_at: datetime | None
    done_by: str | None

    @classmethod
    def from_row(cls, row: TableRow) -> "Note":
        """The record of a row of the table `challenge_notes`."""
        return cls(**{name: getattr(row, name) for name in cls.__slots__})

    @property
    def author_id(self) -> str:
        """The id of the area whose challenge it is about."""
        return find_author_id(self.challenge_id)


def store_note(
    connection: Connection, challenge_id: str, text: str, remind_on: date | None, *, at: datetime, actor: str
) -> int:
    """Keep a note; returns its id."""
    values = {
        "challenge_id": challenge_id,
        "text": text,
        "remind_on": remind_on,
        "made_at": at,
        "made_by": actor,
    }
    (number,) = connection.execute(t.challenge_notes.insert().values(values)).inserted_primary_key or (0,)
    return int(number)


def load_note(connection: Connection, note_id: int) -> Note | None:
    """The note with this id, or None."""
    row = connection.execute(sa.select(t.challenge_notes).where(t.challenge_notes.c.id == note_id)).first()
    return Note.from_row(row) if row is not None else None


def tick_off_note(connection: Connection, note_id: int, *, at: datetime, actor: str) -> bool:
    """Tick a note off: nobody is reminded of it any more. Returns False where it was already."""
    done = connection.execute(
        t.challenge_notes.update()
        .where(t.challenge_notes.c.id == note_id, t.challenge_notes.c.done_at.is_(None))
        .values(done_at=at, done_by=actor)
    )
    return done.rowcount == 1


def list_notes(connection: Connection, challenge_id: str) -> list[Note]:
    """The notes on a challenge, the newest first."""
    query = sa.select(t.challenge_notes).where(t.challenge_notes.c.challenge_id == challenge_id)
    return [Note.from_row(row) for row in connection.execute(query.order_by(t.challenge_notes.c.id.desc()))]


def list_due_notes(connection: Connection, cycle_id: str, until: date) -> list[Note]:
    """The notes of a cycle that are to be remembered by a day and are not ticked off, earliest first."""
    query = (
        sa.select(t.challenge_notes)
        .join(t.challenges, t.challenges.c.id == t.challenge_notes.c.challenge_id)
        .where(
            t.challenges.c.cycle_id == cycle_id,
            t.challenge_notes.c.remind_on <= until,
            t.challenge_notes.c.done_at.is_(None),
        )
    )
    query = query.order_by(t.challenge_notes.c.remind_on, t.challenge_notes.c.id)
    return [Note.from_row(row) for row in connection.execute(query)]
