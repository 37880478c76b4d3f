"""The table of indicators: see indicators.py, which reads and writes it."""

from sqlalchemy import Column, ForeignKey, Table, Text

from peer_challenge.register.table_base import Json, UtcTime, metadata

cycle_indicators = Table(
    "cycle_indicators",
    metadata,
    Column("cycle_id", ForeignKey("cycles.id"), primary_key=True),
    Column(
        "indicators", Json, nullable=False, comment="name, unit, direction, each area's figure as written"
    ),
    Column("given_at", UtcTime, nullable=False),
    Column("given_by", Text, nullable=False),
)
