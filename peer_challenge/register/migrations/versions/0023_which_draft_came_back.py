"""Which dispatch's form a document was written on: a draft is compared with its own record."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_decisions = sa.Table("decisions", sa.MetaData(), sa.Column("form", sa.String))


def upgrade() -> None:
    """Bring the register from 0022 to 0023. What came before says nothing of its form."""
    with op.batch_alter_table("decisions") as batch:  # "challenger_corrections" is longer than 20 letters
        batch.alter_column("form", existing_type=sa.String(20), type_=sa.String(30), existing_nullable=True)
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
    """Take the register back to 0022."""
    op.execute(_decisions.update().where(sa.func.length(_decisions.c.form) > 20).values(form=None))
    with op.batch_alter_table("decisions") as batch:
        batch.alter_column("form", existing_type=sa.String(30), type_=sa.String(20), existing_nullable=True)
    with op.batch_alter_table("submissions") as batch:
        batch.drop_column("issue")
