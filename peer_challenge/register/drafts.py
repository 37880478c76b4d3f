"""Drafts: what the office has typed so far of a cycle that is not open yet, or of its own framework.

A draft holds the entries of a cycle file, or of a framework file, with whatever mistakes they have. It is
gone once its cycle is open, or its framework can be used.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from peer_challenge.register.draft_tables import cycle_drafts, framework_drafts
from peer_challenge.register.table_base import TableRow

Entries = dict[str, object]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it is now. `uploaded` is what was seen in a file that was uploaded with it, or empty."""

    id: int
    entries: Entries
    uploaded: Entries
    version: int
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str


class CycleDraft(Draft):
    """A cycle in preparation.

    `uploaded` is a table of areas that waits to be taken over, with the points of the last one; or empty.
    """


class FrameworkDraft(Draft):
    """A framework in preparation. `uploaded` is what is seen in the file that it was begun with, or empty."""


_TABLES: Mapping[type[Draft], Table] = {CycleDraft: cycle_drafts, FrameworkDraft: framework_drafts}
_Kind = TypeVar("_Kind", bound=Draft)


def add_draft(
    connection: Connection,
    entries: Mapping[str, object],
    kind: type[Draft] = CycleDraft,
    *,
    uploaded: Mapping[str, object] | None = None,
    at: datetime,
    actor: str,
) -> int:
    """Begin a draft of a kind; returns its number, which no other of the kind ever gets."""
    added = connection.execute(
        _TABLES[kind]
        .insert()
        .values(
            entries=dict(entries),
            uploaded=dict(uploaded or {}),
            version=1,
            created_at=at,
            created_by=actor,
            changed_at=at,
            changed_by=actor,
        )
    )
    (number,) = added.inserted_primary_key or (0,)
    return int(number)


def load_draft(connection: Connection, draft_id: int, kind: type[_Kind]) -> _Kind | None:
    """The draft of a kind with this number, or None."""
    table = _TABLES[kind]
    row = connection.execute(sa.select(table).where(table.c.id == draft_id)).first()
    return _read_row(row, kind) if row else None


def list_drafts(connection: Connection, kind: type[_Kind]) -> list[_Kind]:
    """Every draft of a kind, the one changed last first."""
    table = _TABLES[kind]
    query = sa.select(table).order_by(table.c.changed_at.desc(), table.c.id.desc())
    return [_read_row(row, kind) for row in connection.execute(query)]


def save_draft(
    connection: Connection,
    draft: Draft,
    *,
    entries: Mapping[str, object] | None = None,
    uploaded: Mapping[str, object] | None = None,
    at: datetime,
    actor: str,
) -> bool:
    """Put new contents into a draft that is still at this version; returns whether it was."""
    table = _TABLES[type(draft)]
    saved = connection.execute(
        table.update()
        .where(table.c.id == draft.id, table.c.version == draft.version)
        .values(
            entries=dict(draft.entries if entries is None else entries),
            uploaded=dict(draft.uploaded if uploaded is None else uploaded),
            version=draft.version + 1,
            changed_at=at,
            changed_by=actor,
        )
    )
    return saved.rowcount == 1


def delete_draft(connection: Connection, draft: Draft) -> bool:
    """Delete a draft that is still at this version; returns whether it was."""
    table = _TABLES[type(draft)]
    gone = connection.execute(table.delete().where(table.c.id == draft.id, table.c.version == draft.version))
    return gone.rowcount == 1


def _read_row(row: TableRow, kind: type[_Kind]) -> _Kind:
    return kind(**row._mapping)
