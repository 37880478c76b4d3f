"""The emails of the office's mailbox, each with what became of it, and the answers to unknown senders."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0009 to 0010."""
    op.create_table(
        "mailbox_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "mailbox",
            sa.String(length=64),
            nullable=False,
            comment="a hash of server, account and folder",
        ),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column(
            "uid",
            sa.BigInteger(),
            nullable=False,
            comment="its number in the folder, for one uid_validity",
        ),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="in bytes, as the mail server says"),
        sa.Column("arrived_at", sa.DateTime(), nullable=False, comment="when it reached the mailbox"),
        sa.Column("seen_at", sa.DateTime(), nullable=False, comment="when we listed it first"),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_since_at", sa.DateTime(), nullable=False),
        sa.Column(
            "reason",
            sa.String(length=30),
            nullable=True,
            comment="why it is left, or could not be fetched so far",
        ),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="how often we began to fetch it"),
        sa.Column("tried_at", sa.DateTime(), nullable=True, comment="when we last did"),
        sa.Column("sha256", sa.String(length=64), nullable=True, comment="of all its bytes"),
        sa.Column(
            "content_sha256",
            sa.String(length=64),
            nullable=True,
            comment="of its Message-ID and its body",
        ),
        sa.Column(
            "verified_sender",
            sa.String(length=320),
            nullable=True,
            comment="whom the office's own mail server vouches for",
        ),
        sa.Column(
            "about_key",
            sa.String(length=64),
            nullable=True,
            comment="of the message that a delivery report is about",
        ),
        sa.Column(
            "status_code",
            sa.String(length=20),
            nullable=True,
            comment="what the report says, such as 5.1.1",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox_messages")),
        sa.UniqueConstraint(
            "mailbox", "uid_validity", "uid", name=op.f("uq_mailbox_messages_mailbox_uid_validity_uid")
        ),
    )
    with op.batch_alter_table("mailbox_messages", schema=None) as batch_op:
        for column in ("state", "sha256", "content_sha256", "about_key"):
            batch_op.create_index(batch_op.f(f"ix_mailbox_messages_{column}"), [column], unique=False)
    op.create_table(
        "mail_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False, comment="the address is not kept"),
        sa.Column("email_sha256", sa.String(length=64), nullable=False, comment="of the email it answers"),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_answers")),
        sa.UniqueConstraint("email_sha256", name=op.f("uq_mail_answers_email_sha256")),
    )
    with op.batch_alter_table("mail_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_answers_address_hash"), ["address_hash"], unique=False)


def downgrade() -> None:
    """Take the register back to 0009."""
    op.drop_table("mail_answers")
    op.drop_table("mailbox_messages")
