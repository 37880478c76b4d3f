"""When the sign-in service asked somebody again who they are: sensitive changes want that to be recent."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0024 to 0025. In no earlier session was anybody asked again."""
    with op.batch_alter_table("sessions") as batch:
        batch.add_column(
            sa.Column(
                "vouched_at",
                sa.DateTime(),
                nullable=True,
                comment="when the sign-in service asked its person again who they are",
            )
        )


def downgrade() -> None:
    """Take the register back to 0024."""
    with op.batch_alter_table("sessions") as batch:
        batch.drop_column("vouched_at")
