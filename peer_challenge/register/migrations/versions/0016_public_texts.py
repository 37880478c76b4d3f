"""The accessibility statement and the privacy notice, as the office wrote them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0015 to 0016."""
    op.create_table(
        "public_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False, comment="accessibility or privacy"),
        sa.Column("text", sa.Text(), nullable=False, comment="as the office wrote it, in Markdown"),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_texts")),
    )
    with op.batch_alter_table("public_texts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_public_texts_name"), ["name"], unique=False)


def downgrade() -> None:
    """Take the register back to 0015."""
    op.drop_table("public_texts")
