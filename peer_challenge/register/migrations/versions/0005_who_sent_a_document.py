"""Who sent a document in, by which way, and whether the office has to say whose it is."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ADDED = (
    sa.Column(
        "source",
        sa.String(length=20),
        nullable=False,
        server_default="folder",
        comment="the way it came: folder or page",
    ),
    sa.Column(
        "uploaded_by", sa.Integer(), nullable=True, comment="the account that sent it in, by its id in users"
    ),
    sa.Column(
        "held_since_at",
        sa.DateTime(),
        nullable=True,
        comment="while the office has to say whose it is: since when",
    ),
    sa.Column("doubt", sa.JSON(), nullable=True, comment="why that was not certain, and whose it may be"),
    sa.Column("identified_at", sa.DateTime(), nullable=True, comment="when the office said whose it is"),
    sa.Column("identified_by", sa.Text(), nullable=True, comment="who of the office said so"),
)


def upgrade() -> None:
    """Bring the register from 0004 to 0005."""
    op.create_table(
        "uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_uploads_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_sha256"), "uploads", ["sha256"])
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        for column in _ADDED:
            batch_op.add_column(column)
        batch_op.create_index(batch_op.f("ix_submissions_held_since_at"), ["held_since_at"])
    _take_over_from_journal(op.get_bind())


def _take_over_from_journal(connection: sa.Connection) -> None:
    """Uploads were in the journal alone: those of accounts that there are become rows."""
    journal = sa.table(
        "journal",
        sa.column("sequence"),
        sa.column("at", sa.DateTime()),
        sa.column("event"),
        sa.column("details", sa.JSON()),
    )
    uploads = sa.table(
        "uploads", sa.column("sha256"), sa.column("user_id"), sa.column("uploaded_at", sa.DateTime())
    )
    submissions = sa.table("submissions", sa.column("sha256"), sa.column("source"), sa.column("uploaded_by"))
    users = set(connection.scalars(sa.text("SELECT id FROM users")))
    told = connection.execute(
        sa.select(journal.c.at, journal.c.details)
        .where(journal.c.event == "document uploaded")
        .order_by(journal.c.sequence)
    ).fetchall()
    found = [
        {"sha256": row.details["sha256"], "user_id": row.details["user"], "uploaded_at": row.at}
        for row in told
        if row.details.get("user") in users and row.details.get("sha256")
    ]
    for upload in found:
        connection.execute(uploads.insert().values(**upload))
        connection.execute(
            submissions.update()
            .where(submissions.c.sha256 == upload["sha256"])
            .values(source="page", uploaded_by=upload["user_id"])
        )


def downgrade() -> None:
    """Take the register back to 0004."""
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submissions_held_since_at"))
        for column in reversed(_ADDED):
            batch_op.drop_column(column.name)
    op.drop_index(op.f("ix_uploads_sha256"), table_name="uploads")
    op.drop_table("uploads")
