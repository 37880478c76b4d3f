"""One-time links that expire take the place of one-time passwords; browsers that signed in are known.

A one-time password that was not used yet ends here: its owner is given a link instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0006 to 0007."""
    op.execute("UPDATE users SET password_hash = NULL WHERE must_change_password")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "link_hash",
                sa.String(length=64),
                nullable=True,
                comment="of the one-time link; the link itself is not kept",
            )
        )
        batch_op.add_column(sa.Column("link_expires_at", sa.DateTime(), nullable=True))
        batch_op.create_index(batch_op.f("ix_users_link_hash"), ["link_hash"], unique=False)
        batch_op.drop_column("must_change_password")
        batch_op.alter_column(
            "password_hash", existing_type=sa.Text(), comment="argon2; none until one is set"
        )
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.alter_column(
            "key",
            existing_type=sa.String(length=64),
            existing_nullable=False,
            comment="a hash of what is counted",
        )
    op.create_table(
        "known_devices",
        sa.Column(
            "token_hash",
            sa.String(length=64),
            nullable=False,
            comment="of the cookie of a browser that signed in",
        ),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_known_devices_user_id_users")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_known_devices")),
    )
    with op.batch_alter_table("known_devices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_known_devices_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    """Take the register back to 0006."""
    with op.batch_alter_table("known_devices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_known_devices_user_id"))
    op.drop_table("known_devices")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("must_change_password", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.drop_index(batch_op.f("ix_users_link_hash"))
        batch_op.drop_column("link_expires_at")
        batch_op.drop_column("link_hash")
