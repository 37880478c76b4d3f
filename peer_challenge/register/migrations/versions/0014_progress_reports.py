"""Progress reports: which review each is for, what they say, and what challengers say of them.

A cycle that is open already was opened without reviews: it goes on without.
"""

import sqlalchemy as sa
from alembic import op

from peer_challenge.register import take_back

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_cycles = sa.Table(
    "cycles", sa.MetaData(), sa.Column("id", sa.String, primary_key=True), sa.Column("definition", sa.JSON)
)
_DISPATCHES = (
    "progress_report_form",
    "progress_report_copy",
    "progress_comment",
    "action_reminder",
    "follow_up_ended",
)


def upgrade() -> None:
    """Bring the register from 0013 to 0014."""
    with op.batch_alter_table("challenges") as batch:
        batch.add_column(
            sa.Column(
                "action_plan_received_at",
                sa.DateTime(),
                nullable=True,
                comment="from which the reviews are counted",
            )
        )
        batch.add_column(
            sa.Column(
                "last_review",
                sa.Integer(),
                nullable=False,
                server_default="0",
                comment="the latest review whose progress report was accepted; 0 before",
            )
        )
    with op.batch_alter_table("submissions") as batch:
        batch.add_column(
            sa.Column(
                "review",
                sa.Integer(),
                nullable=False,
                server_default="0",
                comment="of a progress report: which review it is for, from 1; 0 for other kinds",
            )
        )
        batch.alter_column(
            "version",
            existing_type=sa.Integer(),
            existing_nullable=True,
            comment="counts per challenge, kind and review, from 1, whatever the outcome",
            existing_comment="counts per challenge and kind, from 1, whatever the outcome",
        )
        batch.drop_constraint("uq_submissions_challenge_id_kind_version", type_="unique")
        batch.create_unique_constraint(
            "uq_submissions_challenge_id_kind_review_version", ["challenge_id", "kind", "review", "version"]
        )
    op.create_table(
        "progress_rows",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=130), nullable=False),
        sa.Column("development", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=True),
        sa.Column("status_as_written", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("difference", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_progress_rows_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("submission_id", "position", name=op.f("pk_progress_rows")),
    )
    op.create_table(
        "progress_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.String(length=130), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False, comment="the report that it is about"),
        sa.Column("writer_id", sa.String(length=130), nullable=False, comment="the challenging area"),
        sa.Column("text", sa.Text(), nullable=False, comment="empty once it was destroyed"),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name=op.f("fk_progress_comments_challenge_id_challenges")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_progress_comments_submission_id_submissions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_comments")),
    )
    op.create_index(op.f("ix_progress_comments_challenge_id"), "progress_comments", ["challenge_id"])
    op.create_index(op.f("ix_progress_comments_submission_id"), "progress_comments", ["submission_id"])
    _leave_reviews_out()


def _leave_reviews_out() -> None:
    """Write into every cycle that it sets no reviews: the default is for those opened from now on."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(_cycles)).fetchall():
        rules = {**(row.definition.get("rules") or {}), "review_months": []}
        connection.execute(
            _cycles.update()
            .where(_cycles.c.id == row.id)
            .values(definition={**row.definition, "rules": rules})
        )


def downgrade() -> None:
    """Take the register back to 0013; progress reports and what was said of them are lost."""
    connection = op.get_bind()
    take_back.take_stages_back(connection, {"in follow-up": "planned", "reviewed": "planned"})
    take_back.forget_deadlines(connection, ["progress_report_due"])
    take_back.forget_dispatches(connection, _DISPATCHES)
    op.drop_index(op.f("ix_progress_comments_submission_id"), table_name="progress_comments")
    op.drop_index(op.f("ix_progress_comments_challenge_id"), table_name="progress_comments")
    op.drop_table("progress_comments")
    op.drop_table("progress_rows")
    take_back.forget_submissions(connection, ["progress_report"])
    with op.batch_alter_table("submissions") as batch:
        batch.drop_constraint("uq_submissions_challenge_id_kind_review_version", type_="unique")
        batch.create_unique_constraint(
            "uq_submissions_challenge_id_kind_version", ["challenge_id", "kind", "version"]
        )
        batch.alter_column(
            "version",
            existing_type=sa.Integer(),
            existing_nullable=True,
            comment="counts per challenge and kind, from 1, whatever the outcome",
            existing_comment="counts per challenge, kind and review, from 1, whatever the outcome",
        )
        batch.drop_column("review")
    with op.batch_alter_table("challenges") as batch:
        batch.drop_column("last_review")
        batch.drop_column("action_plan_received_at")
    take_back.forget_rules(connection, ["review_months", "chase_actions"])
