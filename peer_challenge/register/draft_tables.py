"""The table of cycles that are not open yet: see drafts.py, which reads and writes it."""

from sqlalchemy import Column, Integer, Table, Text

from peer_challenge.register.table_base import Json, UtcTime, metadata

cycle_drafts = Table(
    "cycle_drafts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entries", Json, nullable=False, comment="as a cycle file would have them, with their mistakes"),
    Column("uploaded", Json, nullable=False, comment="a table of areas that waits to be taken over"),
    Column("version", Integer, nullable=False, comment="one more with each change"),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("changed_by", Text, nullable=False),
    sqlite_autoincrement=True,  # a number is never used again: an old page must not open another draft
)
