"""The tables around events: what is proposed, who says that they come, and who came."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from peer_challenge.register.table_base import ID, UtcTime, metadata

proposed_events = Table(
    "proposed_events",
    metadata,
    Column("challenge_id", ForeignKey("challenges.id"), primary_key=True),
    Column("chair_id", ID, nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("place", Text, nullable=False),
    Column("proposed_at", UtcTime, nullable=False),
    Column("changed_by", Text, comment="who of the office chose it by hand; none: it was worked out"),
)

event_replies = Table(
    "event_replies",
    metadata,
    Column("challenge_id", ForeignKey("challenges.id"), primary_key=True),
    Column("role", String(20), primary_key=True, comment="author, challenger or chair"),
    Column("party_id", ID, primary_key=True, comment="the area or Chair that holds the role"),
    Column("who", String(200), primary_key=True, comment="the role of somebody of an area; empty: a Chair"),
    Column("reply", String(20), nullable=False, comment="comes, cannot or sends"),
    Column("sequence", Integer, nullable=False, comment="of the event as it was then: a change asks again"),
    Column("source", String(10), nullable=False, comment="page or email"),
    Column("recorded_at", UtcTime, nullable=False),
    Column("recorded_by", Text, nullable=False),
)

event_attendance = Table(
    "event_attendance",
    metadata,
    Column("challenge_id", ForeignKey("challenges.id"), primary_key=True),
    Column("role", String(20), primary_key=True, comment="author, challenger or chair"),
    Column("who", Text, nullable=False, comment="roles, not names; empty: nobody came"),
    Column("noted_at", UtcTime, nullable=False),
    Column("noted_by", Text, nullable=False),
)
