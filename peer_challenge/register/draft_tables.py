"""The tables of cycles and frameworks in preparation: see drafts.py, which reads and writes them."""

from sqlalchemy import Column, Integer, Table, Text

from peer_challenge.register.table_base import Json, UtcTime, metadata


def _make_drafts_table(name: str, entries: str, uploaded: str) -> Table:
    return Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        Column("entries", Json, nullable=False, comment=entries),
        Column("uploaded", Json, nullable=False, comment=uploaded),
        Column("version", Integer, nullable=False, comment="one more with each change"),
        Column("created_at", UtcTime, nullable=False),
        Column("created_by", Text, nullable=False),
        Column("changed_at", UtcTime, nullable=False),
        Column("changed_by", Text, nullable=False),
        sqlite_autoincrement=True,  # a number is never used again: an old page must not open another draft
    )


cycle_drafts = _make_drafts_table(
    "cycle_drafts",
    "as a cycle file would have them, with their mistakes",
    "a table of areas that waits to be taken over",
)
framework_drafts = _make_drafts_table(
    "framework_drafts",
    "as a framework file would have them, with their mistakes",
    "what is seen in the file that it was begun with",
)
