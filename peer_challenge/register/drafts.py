"""Drafts of cycles: what the office has typed so far of a cycle that is not open yet.

A draft holds the entries of a cycle file with whatever mistakes they have. It is gone once its cycle is open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.register.draft_tables import cycle_drafts
from peer_challenge.register.table_base import TableRow

Entries = dict[str, object]


@dataclass(frozen=True, slots=True)
class CycleDraft:
    """A draft as it is now. `uploaded` is a table of areas that waits to be taken over, or empty."""

    id: int
    entries: Entries
    uploaded: Entries
    version: int
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str


def add_draft(connection: Connection, entries: Mapping[str, object], *, at: datetime, actor: str) -> int:
    """Begin a draft with these entries; returns its number, which no other draft ever gets."""
    added = connection.execute(
        cycle_drafts.insert().values(
            entries=dict(entries),
            uploaded={},
            version=1,
            created_at=at,
            created_by=actor,
            changed_at=at,
            changed_by=actor,
        )
    )
    (number,) = added.inserted_primary_key or (0,)
    return int(number)


def load_draft(connection: Connection, draft_id: int) -> CycleDraft | None:
    """The draft with this number, or None."""
    row = connection.execute(sa.select(cycle_drafts).where(cycle_drafts.c.id == draft_id)).first()
    return _read_row(row) if row else None


def list_drafts(connection: Connection) -> list[CycleDraft]:
    """Every draft, the one changed last first."""
    query = sa.select(cycle_drafts).order_by(cycle_drafts.c.changed_at.desc(), cycle_drafts.c.id.desc())
    return [_read_row(row) for row in connection.execute(query)]


def save_draft(
    connection: Connection,
    draft: CycleDraft,
    *,
    entries: Mapping[str, object] | None = None,
    uploaded: Mapping[str, object] | None = None,
    at: datetime,
    actor: str,
) -> bool:
    """Put new contents into a draft that is still at this version; returns whether it was."""
    saved = connection.execute(
        cycle_drafts.update()
        .where(cycle_drafts.c.id == draft.id, cycle_drafts.c.version == draft.version)
        .values(
            entries=dict(draft.entries if entries is None else entries),
            uploaded=dict(draft.uploaded if uploaded is None else uploaded),
            version=draft.version + 1,
            changed_at=at,
            changed_by=actor,
        )
    )
    return saved.rowcount == 1


def delete_draft(connection: Connection, draft: CycleDraft) -> bool:
    """Delete a draft that is still at this version; returns whether it was."""
    gone = connection.execute(
        cycle_drafts.delete().where(cycle_drafts.c.id == draft.id, cycle_drafts.c.version == draft.version)
    )
    return gone.rowcount == 1


def _read_row(row: TableRow) -> CycleDraft:
    return CycleDraft(**row._mapping)
