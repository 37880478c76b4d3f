"""What became of each email that was to be sent."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0003 to 0004."""
    op.create_table(
        "emails",
        sa.Column("dispatch_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.String(length=20),
            nullable=False,
            comment="sending, sent, refused, doubtful or overtaken",
        ),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True, comment="why it was refused, or is in doubt"),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatches.id"], name=op.f("fk_emails_dispatch_id_dispatches")
        ),
        sa.PrimaryKeyConstraint("dispatch_id", name=op.f("pk_emails")),
    )


def downgrade() -> None:
    """Take the register back to 0003."""
    op.drop_table("emails")
