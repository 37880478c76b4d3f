"""Corrections to the draft of the Chair's summary: when each draft went, what came back, what was decided.

A cycle that is open already says nothing of drafts: its summaries go out as they are (register/cycles.py).
"""

import sqlalchemy as sa
from alembic import op

from peer_challenge.register import take_back

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_TIMES = {
    "draft_issued_at": "when its author was sent the newest draft summary",
    "challenger_draft_issued_at": None,
    "corrections_received_at": "to the newest draft",
    "challenger_corrections_received_at": None,
}


def upgrade() -> None:
    """Bring the register from 0018 to 0019."""
    with op.batch_alter_table("challenges") as batch:
        for name, comment in _TIMES.items():
            batch.add_column(sa.Column(name, sa.DateTime(), nullable=True, comment=comment))
    with op.batch_alter_table("submissions") as batch:
        batch.alter_column("kind", existing_type=sa.String(20), type_=sa.String(30), existing_nullable=True)
    op.create_table(
        "corrected_lines",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=130), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subheading", sa.String(length=130), nullable=True),
        sa.Column("subheading_as_written", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("consensus", sa.Text(), nullable=True),
        sa.Column(
            "changed_by",
            sa.Text(),
            nullable=True,
            comment="who Word says changed it, where the changes were tracked",
        ),
        sa.Column("comments", sa.Text(), nullable=True, comment="written in the margin beside it"),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_corrected_lines_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("submission_id", "position", name=op.f("pk_corrected_lines")),
    )
    op.create_table(
        "settled_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.String(length=130), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False, comment="the corrections"),
        sa.Column(
            "line",
            sa.String(length=140),
            nullable=False,
            comment="of the correction: where in the draft it is",
        ),
        sa.Column("decision", sa.String(length=20), nullable=False, comment="accepted, changed or declined"),
        sa.Column(
            "address",
            sa.String(length=130),
            nullable=True,
            comment="of the line that changes; empty for a particular",
        ),
        sa.Column(
            "field",
            sa.String(length=40),
            nullable=True,
            comment="the column or particular that changes; none where declined",
        ),
        sa.Column("before", sa.Text(), nullable=True, comment="its words in the Chair's record"),
        sa.Column("after", sa.Text(), nullable=True, comment="its words in the final summary"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name=op.f("fk_settled_corrections_challenge_id_challenges")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_settled_corrections_submission_id_submissions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settled_corrections")),
        sa.UniqueConstraint("submission_id", "line", name=op.f("uq_settled_corrections_submission_id_line")),
    )
    op.create_index(op.f("ix_settled_corrections_challenge_id"), "settled_corrections", ["challenge_id"])


def downgrade() -> None:
    """Take the register back to 0018; corrections and what was decided about them are lost.

    The documents stay, as documents of no kind. A summary in draft is awaited again.
    """
    connection = op.get_bind()
    take_back.take_stages_back(connection, {"summary in draft": "event held"})
    take_back.forget_deadlines(connection, ["corrections_due", "challenger_corrections_due"])
    take_back.forget_dispatches(connection, ["draft_summary", "challenger_draft_summary", "draft_notice"])
    take_back.forget_submissions(connection, ["corrections", "challenger_corrections"])
    op.drop_index(op.f("ix_settled_corrections_challenge_id"), table_name="settled_corrections")
    op.drop_table("settled_corrections")
    op.drop_table("corrected_lines")
    with op.batch_alter_table("submissions") as batch:
        batch.alter_column("kind", existing_type=sa.String(30), type_=sa.String(20), existing_nullable=True)
    with op.batch_alter_table("challenges") as batch:
        for name in reversed(_TIMES):
            batch.drop_column(name)
    take_back.forget_rules(connection, ["accuracy_days"])
