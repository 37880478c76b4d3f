"""Who sent which document in through the page. An upload is known by its bytes, in any folder."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.access import Person
from peer_challenge.register import tables as t
from peer_challenge.register.records import person_of


def note_upload(
    connection: Connection, user_id: int, sha256: str, at: datetime, *, came_on: date | None = None
) -> None:
    """Record that somebody sends in the document with this hash, before its file is in the inbox.

    `came_on` is the day on which it came on paper, where it did.
    """
    connection.execute(
        t.uploads.insert().values(sha256=sha256, user_id=user_id, uploaded_at=at, came_on=came_on)
    )


def find_paper_day(connection: Connection, sha256: str) -> date | None:
    """The day on which a document came on paper, as the office said last; None where it did not."""
    query = sa.select(t.uploads.c.came_on).where(
        t.uploads.c.sha256 == sha256, t.uploads.c.came_on.is_not(None)
    )
    return connection.scalar(query.order_by(t.uploads.c.id.desc()).limit(1))


def uploaders_of(connection: Connection, sha256: str) -> tuple[Person, ...]:
    """Everybody who sent exactly this document in through the page, the latest first, each once.

    Empty for a document that was only ever in the inbox folder.
    """
    latest = sa.func.max(t.uploads.c.id).label("latest")
    mine = (
        sa.select(t.uploads.c.user_id, latest)
        .where(t.uploads.c.sha256 == sha256)
        .group_by(t.uploads.c.user_id)
        .subquery()
    )
    query = sa.select(t.users).join(mine, mine.c.user_id == t.users.c.id).order_by(mine.c.latest.desc())
    return tuple(person_of(row) for row in connection.execute(query))


def find_person_by_id(connection: Connection, user_id: int) -> Person | None:
    """The account with this id, or None."""
    row = connection.execute(sa.select(t.users).where(t.users.c.id == user_id)).first()
    return None if row is None else person_of(row)
