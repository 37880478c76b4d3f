"""What challengers say of the progress reports that they read."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.register import tables as t


@dataclass(frozen=True, slots=True)
class ProgressComment:
    """One comment: on which report, of which challenging area, and who wrote it down when (UTC).

    `text` is empty once it was destroyed under the retention rule.
    """

    id: int
    challenge_id: str
    submission_id: int
    writer_id: str
    text: str
    written_at: datetime
    written_by: str

    @classmethod
    def from_row(cls, row: t.TableRow) -> "ProgressComment":
        """The record of a row of the table `progress_comments`."""
        return cls(**{name: getattr(row, name) for name in cls.__slots__})


def store_comment(
    connection: Connection,
    challenge_id: str,
    submission_id: int,
    *,
    writer_id: str,
    text: str,
    at: datetime,
    actor: str,
) -> int:
    """Keep a comment on a progress report; returns its number."""
    inserted = connection.execute(
        t.progress_comments.insert().values(
            challenge_id=challenge_id,
            submission_id=submission_id,
            writer_id=writer_id,
            text=text,
            written_at=at,
            written_by=actor,
        )
    )
    (number,) = inserted.inserted_primary_key or (0,)
    return int(number)


def load_comment(connection: Connection, comment_id: int) -> ProgressComment:
    """The comment with this number, which has to exist."""
    query = sa.select(t.progress_comments).where(t.progress_comments.c.id == comment_id)
    return ProgressComment.from_row(connection.execute(query).one())


def list_comments(connection: Connection, challenge_id: str) -> list[ProgressComment]:
    """The comments on the progress reports of a challenge, oldest first."""
    query = sa.select(t.progress_comments).where(t.progress_comments.c.challenge_id == challenge_id)
    rows = connection.execute(query.order_by(t.progress_comments.c.id))
    return [ProgressComment.from_row(row) for row in rows]
