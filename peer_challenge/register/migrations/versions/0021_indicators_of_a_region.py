"""The indicators that the office gives for a cycle."""

import sqlalchemy as sa
from alembic import op

from peer_challenge.register import take_back

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0020 to 0021."""
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
    """Take the register back to 0020; indicators are lost."""
    take_back.forget_dispatches(op.get_bind(), ["data_sheet"])
    op.drop_table("cycle_indicators")
