"""The indicators that the office gives for a cycle."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0017 to 0022."""
    op.create_table(
        "cycle_indicators",
        sa.Column("cycle_id", sa.String(length=130), nullable=False),
        sa.Column(
            "indicators",
            sa.JSON(),
            nullable=False,
            comment="name, unit, direction, each area's figure as written",
        ),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycles.id"], name=op.f("fk_cycle_indicators_cycle_id_cycles")
        ),
        sa.PrimaryKeyConstraint("cycle_id", name=op.f("pk_cycle_indicators")),
    )


def downgrade() -> None:
    """Take the register back to 0017; indicators are lost."""
    op.drop_table("cycle_indicators")
