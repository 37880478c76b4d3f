"""Frameworks that the office prepares on its page, before a cycle can use them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0017 to 0018."""
    op.create_table(
        "framework_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "entries",
            sa.JSON(),
            nullable=False,
            comment="as a framework file would have them, with their mistakes",
        ),
        sa.Column(
            "uploaded", sa.JSON(), nullable=False, comment="what is seen in the file that it was begun with"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="one more with each change"),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_drafts")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Take the register back to 0017; frameworks that are still being prepared are lost."""
    op.drop_table("framework_drafts")
