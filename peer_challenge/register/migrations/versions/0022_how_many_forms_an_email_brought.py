"""How many forms an email brought: until all are recorded it is not clear whose the files beside them are."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0021 to 0022."""
    with op.batch_alter_table("received_emails") as batch:
        batch.add_column(
            sa.Column(
                "forms", sa.Integer(), nullable=True, comment="how many it brought; none: it came before 0022"
            )
        )


def downgrade() -> None:
    """Take the register back to 0021."""
    with op.batch_alter_table("received_emails") as batch:
        batch.drop_column("forms")
