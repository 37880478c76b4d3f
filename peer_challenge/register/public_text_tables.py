"""The table of the texts that a public body must show, which public_texts.py reads and writes."""

from sqlalchemy import Column, Integer, String, Table, Text

from peer_challenge.register.table_base import UtcTime, metadata

public_texts = Table(
    "public_texts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(40), nullable=False, index=True, comment="accessibility or privacy"),
    Column("text", Text, nullable=False, comment="as the office wrote it, in Markdown"),
    Column("changed_at", UtcTime, nullable=False),
    Column("changed_by", Text, nullable=False),
)
