"""What an open cycle was before each change of it, and what tells two versions of it apart."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0011 to 0012."""
    op.create_table(
        "cycle_versions",
        sa.Column("cycle_id", sa.String(length=130), nullable=False),
        sa.Column(
            "number", sa.Integer(), nullable=False, comment="counts in its cycle, from 1: as it was opened"
        ),
        sa.Column("definition", sa.JSON(), nullable=False, comment="the cycle as it was until then"),
        sa.Column("replaced_at", sa.DateTime(), nullable=False),
        sa.Column("replaced_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, comment="why it was changed"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_cycle_versions_cycle_id_cycles")),
        sa.PrimaryKeyConstraint("cycle_id", "number", name=op.f("pk_cycle_versions")),
    )
    op.add_column(
        "cycles",
        sa.Column(
            "definition_sha256",
            sa.String(length=64),
            nullable=True,
            comment="of its definition, once that was changed: tells its versions apart",
        ),
    )


def downgrade() -> None:
    """Take the register back to 0011."""
    with op.batch_alter_table("cycles", schema=None) as batch_op:
        batch_op.drop_column("definition_sha256")
    op.drop_table("cycle_versions")
