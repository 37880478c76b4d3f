"""The tables of emails that came in: see received_emails.py, which reads and writes them."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from peer_challenge.register.table_base import UtcTime, metadata

received_emails = Table(
    "received_emails",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "sha256", String(64), nullable=False, unique=True, comment="of the file; its original is archived"
    ),
    Column("size", Integer, nullable=False),
    Column("ending", String(10), nullable=False, default=".eml", comment="of its file's name"),
    Column("message_id", String(250), nullable=False, default="", index=True),
    Column("forms", Integer, comment="how many it brought; none: it came before 0022"),
    Column("fetched_at", UtcTime, nullable=False, comment="when we had it first"),
    Column("purged_at", UtcTime, comment="when its original was destroyed under the retention rule"),
)

email_submissions = Table(
    "email_submissions",
    metadata,
    Column("email_id", ForeignKey("received_emails.id"), primary_key=True),
    Column("submission_id", ForeignKey("submissions.id"), primary_key=True, index=True),
    Column("sender", Text, nullable=False, comment="the address that the message says it is from"),
    Column("sender_name", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("sent_at", UtcTime, comment="as the message says"),
)

email_attachments = Table(
    "email_attachments",
    metadata,
    Column("email_id", ForeignKey("received_emails.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("what", String(20), nullable=False, comment="the sort of file"),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), index=True, comment="of what is archived; none: it is in the email alone"),
)
