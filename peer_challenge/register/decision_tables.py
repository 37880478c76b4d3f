"""The tables of the office's decisions and notes, which decisions.py and notes.py read and write."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from peer_challenge.register.table_base import ID, Json, UtcTime, metadata

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(30), nullable=False, comment="see DecisionKind"),
    Column("cycle_id", ForeignKey("cycles.id"), nullable=False, index=True),
    Column("challenge_id", ForeignKey("challenges.id"), index=True),
    Column("submission_id", ForeignKey("submissions.id"), index=True),
    Column("form", String(30), comment="the kind of the form that it is about"),
    Column("code", String(80), comment="of the finding that is accepted"),
    Column("subheading", ID),
    Column("column", String(40)),
    Column("words_sha256", String(64), comment="of the words at that place; the words are not kept here"),
    Column("rating", String(20), comment="what the area told the office that the rating is"),
    Column("reason", Text, nullable=False, comment="for the office alone"),
    Column("message", Text, nullable=False, default="", comment="what is said of it to the sender"),
    Column("before", Json, nullable=False, comment="how things were: ids, stages and times"),
    Column("made_at", UtcTime, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("undone_at", UtcTime),
    Column("undone_by", Text),
)

challenge_notes = Table(
    "challenge_notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("challenge_id", ForeignKey("challenges.id"), nullable=False, index=True),
    Column("text", Text, nullable=False, comment="for the office alone"),
    Column("remind_on", sa.Date, index=True),
    Column("made_at", UtcTime, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("done_at", UtcTime),
    Column("done_by", Text),
)
