"""Cycles that the office prepares on its page, before they are open."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0010 to 0011."""
    op.create_table(
        "cycle_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "entries",
            sa.JSON(),
            nullable=False,
            comment="as a cycle file would have them, with their mistakes",
        ),
        sa.Column(
            "uploaded", sa.JSON(), nullable=False, comment="a table of areas that waits to be taken over"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="one more with each change"),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle_drafts")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Take the register back to 0010."""
    op.drop_table("cycle_drafts")
