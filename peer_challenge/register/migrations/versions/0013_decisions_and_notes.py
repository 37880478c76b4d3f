"""What the office decides, its notes on a challenge, and the day of what came on paper."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0012 to 0013."""
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False, comment="see DecisionKind"),
        sa.Column("cycle_id", sa.String(length=130), nullable=False),
        sa.Column("challenge_id", sa.String(length=130), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column(
            "form", sa.String(length=20), nullable=True, comment="the kind of the form that it is about"
        ),
        sa.Column("code", sa.String(length=80), nullable=True, comment="of the finding that is accepted"),
        sa.Column("subheading", sa.String(length=130), nullable=True),
        sa.Column("column", sa.String(length=40), nullable=True),
        sa.Column(
            "words_sha256",
            sa.String(length=64),
            nullable=True,
            comment="of the words at that place; the words are not kept here",
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="for the office alone"),
        sa.Column("message", sa.Text(), nullable=False, comment="what is said of it to the sender"),
        sa.Column("before", sa.JSON(), nullable=False, comment="how things were: ids, stages and times"),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_decisions_cycle_id_cycles")),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name=op.f("fk_decisions_challenge_id_challenges")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_decisions_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        for column in ("cycle_id", "challenge_id", "submission_id"):
            batch_op.create_index(batch_op.f(f"ix_decisions_{column}"), [column], unique=False)
    op.create_table(
        "challenge_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.String(length=130), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="for the office alone"),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name=op.f("fk_challenge_notes_challenge_id_challenges")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_notes")),
    )
    with op.batch_alter_table("challenge_notes", schema=None) as batch_op:
        for column in ("challenge_id", "remind_on"):
            batch_op.create_index(batch_op.f(f"ix_challenge_notes_{column}"), [column], unique=False)
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("came_on", sa.Date(), nullable=True, comment="the day on which it came on paper")
        )
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.alter_column(
            "source",
            existing_type=sa.String(length=20),
            existing_nullable=False,
            existing_server_default="folder",
            comment="the way it came: folder, page or paper",
            existing_comment="the way it came: folder or page",
        )


def downgrade() -> None:
    """Take the register back to 0012."""
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.alter_column(
            "source",
            existing_type=sa.String(length=20),
            existing_nullable=False,
            existing_server_default="folder",
            comment="the way it came: folder or page",
            existing_comment="the way it came: folder, page or paper",
        )
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.drop_column("came_on")
    op.drop_table("challenge_notes")
    op.drop_table("decisions")
