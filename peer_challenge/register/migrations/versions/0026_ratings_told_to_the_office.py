"""The rating that an area told the office, by telephone for example, where its form asks a question."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0025 to 0026. No earlier decision was about a rating that was told."""
    with op.batch_alter_table("decisions") as batch:
        batch.add_column(
            sa.Column(
                "rating",
                sa.String(20),
                nullable=True,
                comment="what the area told the office that the rating is",
            )
        )


def downgrade() -> None:
    """Take the register back to 0025."""
    with op.batch_alter_table("decisions") as batch:
        batch.drop_column("rating")
