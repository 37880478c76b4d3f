"""Who sent which document in through the page. An upload is known by its bytes, in any folder."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.access import Person
from peer_challenge.register import people
from peer_challenge.register import tables as t


def note_upload(connection: Connection, user_id: int, sha256: str, at: datetime) -> None:
    """Record that somebody sends in the document with this hash, before its file is in the inbox."""
    connection.execute(t.uploads.insert().values(sha256=sha256, user_id=user_id, uploaded_at=at))


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
    return tuple(people.person_of(row) for row in connection.execute(query))


def find_person_by_id(connection: Connection, user_id: int) -> Person | None:
    """The account with this id, or None."""
    row = connection.execute(sa.select(t.users).where(t.users.c.id == user_id)).first()
    return None if row is None else people.person_of(row)
