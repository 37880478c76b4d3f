"""Which dispatch's form a document was written on: a draft is compared with its own record."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0021 to 0023. What came before says nothing of its form."""
    with op.batch_alter_table("submissions") as batch:
        batch.add_column(
            sa.Column(
                "issue",
                sa.String(length=40),
                nullable=True,
                comment="the mark of the dispatch whose form it was written on",
            )
        )


def downgrade() -> None:
    """Take the register back to 0021."""
    with op.batch_alter_table("submissions") as batch:
        batch.drop_column("issue")
