"""When the words of a submission were purged."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0002 to 0003."""
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "purged_at",
                sa.DateTime(),
                nullable=True,
                comment="when its original and its words were destroyed under the retention rule",
            )
        )


def downgrade() -> None:
    """Take the register back to 0002."""
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_column("purged_at")
