"""The accessibility statement and the privacy notice, as the office wrote them."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0020 to 0021."""
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
    """Take the register back to 0020."""
    op.drop_table("public_texts")
