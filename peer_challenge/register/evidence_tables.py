"""The tables of files that came with forms: see evidence.py, which reads and writes them."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from peer_challenge.register.table_base import Json, UtcTime, metadata

evidence_reads = Table(
    "evidence_reads",
    metadata,
    Column("submission_id", ForeignKey("submissions.id"), primary_key=True),
    Column("read_at", UtcTime, nullable=False, comment="when the files that came with it were checked"),
)

evidence_files = Table(
    "evidence_files",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("challenge_id", ForeignKey("challenges.id"), nullable=False),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False, comment="of the file in its challenge, from 1"),
    Column("name", Text, nullable=False, comment="as its sender calls it; empty once it was destroyed"),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False, comment="of the file as it came"),
    Column("ending", String(10), nullable=False, comment="of the copy's name; empty where there is no copy"),
    Column("copy_sha256", String(64), index=True, comment="of the copy to pass on, in the archive"),
    Column("refusal", String(20), comment="why it is not passed on; none: it is"),
    Column("marking", String(40), comment="the highest protective marking in it; none: it has none"),
    Column("details", Json, nullable=False, comment="the kinds of what may identify somebody in it"),
    Column("has_words", Boolean, nullable=False, comment="false: only a person can read it"),
    Column("left_out", Text, nullable=False, comment="what the copy lacks, in our words"),
    Column("decided_at", UtcTime, comment="when the office decided whether it is passed on"),
    Column("decided_by", Text),
    UniqueConstraint("challenge_id", "number"),
)
