"""Why a correction was decided so, in words for the area that proposed it."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0023 to 0024. What was decided before says nothing to the area."""
    with op.batch_alter_table("settled_corrections") as batch:
        batch.add_column(
            sa.Column(
                "told",
                sa.Text(),
                nullable=True,
                comment="why, for the area that proposed it; it goes with the final summary",
            )
        )


def downgrade() -> None:
    """Take the register back to 0023."""
    with op.batch_alter_table("settled_corrections") as batch:
        batch.drop_column("told")
