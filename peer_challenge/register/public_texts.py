"""The texts that a public body must show, as the office wrote them: every version is kept."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.register import tables as t
from peer_challenge.register.tables import TableRow


@dataclass(frozen=True, slots=True)
class PublicText:
    """One version of a text; `name` says which text, such as "privacy"."""

    id: int
    name: str
    text: str
    changed_at: datetime
    changed_by: str

    @classmethod
    def from_row(cls, row: TableRow) -> "PublicText":
        """The record of a row of the table `public_texts`."""
        return cls(**{name: getattr(row, name) for name in cls.__slots__})


def list_versions(connection: Connection, name: str) -> list[PublicText]:
    """Every version of a text, the newest first; empty while nobody has changed it."""
    query = sa.select(t.public_texts).where(t.public_texts.c.name == name)
    return [
        PublicText.from_row(row) for row in connection.execute(query.order_by(t.public_texts.c.id.desc()))
    ]


def store_version(connection: Connection, name: str, text: str, *, at: datetime, actor: str) -> int:
    """Keep a new version of a text, which counts from now on; returns its id."""
    values = {"name": name, "text": text, "changed_at": at, "changed_by": actor}
    (number,) = connection.execute(t.public_texts.insert().values(values)).inserted_primary_key or (0,)
    return int(number)
