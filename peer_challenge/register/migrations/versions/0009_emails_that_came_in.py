"""Emails that came in: what each held, and that a form in one counts from the day on which it was sent.

What came before this version was received when it was taken in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0008 to 0009."""
    _add_day_of_taking_in()
    op.create_table(
        "received_emails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "sha256", sa.String(length=64), nullable=False, comment="of the file; its original is archived"
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("ending", sa.String(length=10), nullable=False, comment="of its file's name"),
        sa.Column("message_id", sa.String(length=250), nullable=False),
        sa.Column("fetched_at", sa.DateTime(), nullable=False, comment="when we had it first"),
        sa.Column(
            "purged_at",
            sa.DateTime(),
            nullable=True,
            comment="when its original was destroyed under the retention rule",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_emails")),
        sa.UniqueConstraint("sha256", name=op.f("uq_received_emails_sha256")),
    )
    op.create_index(op.f("ix_received_emails_message_id"), "received_emails", ["message_id"])
    _create_tables_of_contents()


def _add_day_of_taking_in() -> None:
    with op.batch_alter_table("submissions") as batch:
        batch.add_column(
            sa.Column(
                "taken_in_at",
                sa.DateTime(),
                nullable=True,
                comment="when we took it in, whenever it was sent",
            )
        )
        batch.alter_column(
            "received_at",
            existing_type=sa.DateTime(),
            existing_nullable=False,
            comment="an email's day is the day it was sent",
        )
    op.execute("UPDATE submissions SET taken_in_at = received_at")
    with op.batch_alter_table("submissions") as batch:
        batch.alter_column(
            "taken_in_at",
            existing_type=sa.DateTime(),
            nullable=False,
            existing_comment="when we took it in, whenever it was sent",
        )
        batch.create_index(op.f("ix_submissions_taken_in_at"), ["taken_in_at"])


def _create_tables_of_contents() -> None:
    op.create_table(
        "email_submissions",
        sa.Column("email_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column(
            "sender", sa.Text(), nullable=False, comment="the address that the message says it is from"
        ),
        sa.Column("sender_name", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True, comment="as the message says"),
        sa.ForeignKeyConstraint(
            ["email_id"],
            ["received_emails.id"],
            name=op.f("fk_email_submissions_email_id_received_emails"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_email_submissions_submission_id_submissions"),
        ),
        sa.PrimaryKeyConstraint("email_id", "submission_id", name=op.f("pk_email_submissions")),
    )
    op.create_index(op.f("ix_email_submissions_submission_id"), "email_submissions", ["submission_id"])
    op.create_table(
        "email_attachments",
        sa.Column("email_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False, comment="the sort of file"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column(
            "sha256",
            sa.String(length=64),
            nullable=True,
            comment="of what is archived; none: it is in the email alone",
        ),
        sa.ForeignKeyConstraint(
            ["email_id"],
            ["received_emails.id"],
            name=op.f("fk_email_attachments_email_id_received_emails"),
        ),
        sa.PrimaryKeyConstraint("email_id", "position", name=op.f("pk_email_attachments")),
    )
    op.create_index(op.f("ix_email_attachments_sha256"), "email_attachments", ["sha256"])


def downgrade() -> None:
    """Take the register back to 0008; what emails said of senders and days is forgotten."""
    for table in ("email_attachments", "email_submissions", "received_emails"):
        op.drop_table(table)
    with op.batch_alter_table("submissions") as batch:
        batch.drop_index(op.f("ix_submissions_taken_in_at"))
        batch.drop_column("taken_in_at")
        batch.alter_column(
            "received_at",
            existing_type=sa.DateTime(),
            existing_nullable=False,
            existing_comment="an email's day is the day it was sent",
            comment=None,
        )
