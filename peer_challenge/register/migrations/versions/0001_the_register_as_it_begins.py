"""The register as it begins."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from None to 0001."""
    op.create_table(
        "cycles",
        sa.Column("id", sa.String(length=130), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("framework_id", sa.String(length=130), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False, comment="open, closed or purged"),
        sa.Column("definition", sa.JSON(), nullable=False, comment="the cycle file, as read"),
        sa.Column(
            "framework", sa.JSON(), nullable=False, comment="the framework as it was when the cycle opened"
        ),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycles")),
    )
    op.create_table(
        "journal",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("event", sa.String(length=80), nullable=False),
        sa.Column("cycle_id", sa.String(length=130), nullable=True),
        sa.Column("challenge_id", sa.String(length=130), nullable=True),
        sa.Column(
            "details", sa.JSON(), nullable=False, comment="ids, counts and reasons; never what an area wrote"
        ),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_journal")),
        sa.UniqueConstraint("hash", name=op.f("uq_journal_hash")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_challenge_id"), ["challenge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_journal_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_journal_event"), ["event"], unique=False)

    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.String(length=130), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False, comment="proposed, approved or superseded"),
        sa.Column("proposal", sa.JSON(), nullable=False, comment="as `assign --json` prints it"),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it was approved or changed"),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_assignments_cycle_id_cycles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignments_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "challenges",
        sa.Column("id", sa.String(length=130), nullable=False, comment="cycle/author"),
        sa.Column("cycle_id", sa.String(length=130), nullable=False),
        sa.Column("author_id", sa.String(length=130), nullable=False),
        sa.Column("challenger_id", sa.String(length=130), nullable=True),
        sa.Column("moderator_id", sa.String(length=130), nullable=True),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("stage_since_at", sa.DateTime(), nullable=False),
        sa.Column("self_assessment_received_at", sa.DateTime(), nullable=True),
        sa.Column("paired_at", sa.DateTime(), nullable=True),
        sa.Column("pack_issued_at", sa.DateTime(), nullable=True),
        sa.Column("analysis_completed_at", sa.DateTime(), nullable=True),
        sa.Column("response_received_at", sa.DateTime(), nullable=True),
        sa.Column("event_on", sa.Date(), nullable=True),
        sa.Column(
            "prepared_at",
            sa.DateTime(),
            nullable=True,
            comment="when the Chair's briefing and its companions were intended",
        ),
        sa.Column("event_held_on", sa.Date(), nullable=True),
        sa.Column("summary_issued_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_challenges_cycle_id_cycles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges")),
    )
    with op.batch_alter_table("challenges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenges_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "participants",
        sa.Column("cycle_id", sa.String(length=130), nullable=False),
        sa.Column("id", sa.String(length=130), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_external", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_participants_cycle_id_cycles")),
        sa.PrimaryKeyConstraint("cycle_id", "id", name=op.f("pk_participants")),
    )
    op.create_table(
        "adjustments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.String(length=130), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False, comment="an extension or pause, see deadlines.py"),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name=op.f("fk_adjustments_challenge_id_challenges")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustments")),
    )
    with op.batch_alter_table("adjustments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adjustments_challenge_id"), ["challenge_id"], unique=False)

    op.create_table(
        "deadlines",
        sa.Column("challenge_id", sa.String(length=130), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("nominal_on", sa.Date(), nullable=False, comment="before rolling to a working day"),
        sa.Column("counted_from", sa.Date(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name=op.f("fk_deadlines_challenge_id_challenges")
        ),
        sa.PrimaryKeyConstraint("challenge_id", "name", name=op.f("pk_deadlines")),
    )
    with op.batch_alter_table("deadlines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deadlines_due_on"), ["due_on"], unique=False)

    op.create_table(
        "dispatches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.String(length=130), nullable=False),
        sa.Column("challenge_id", sa.String(length=130), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("recipient_id", sa.String(length=130), nullable=False),
        sa.Column(
            "key",
            sa.String(length=300),
            nullable=False,
            comment="what makes it the same dispatch: never sent twice",
        ),
        sa.Column("parameters", sa.JSON(), nullable=False, comment="ids and dates only"),
        sa.Column(
            "state",
            sa.String(length=20),
            nullable=False,
            comment="intended, placing, issued, held or cancelled",
        ),
        sa.Column("intended_at", sa.DateTime(), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=True),
        sa.Column("path", sa.Text(), nullable=True, comment="relative to the outbox"),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True, comment="why it is held"),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name=op.f("fk_dispatches_challenge_id_challenges")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_dispatches_cycle_id_cycles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatches")),
        sa.UniqueConstraint("cycle_id", "key", name=op.f("uq_dispatches_cycle_id_key")),
        sa.UniqueConstraint("path", name=op.f("uq_dispatches_path")),
    )
    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispatches_challenge_id"), ["challenge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispatches_state"), ["state"], unique=False)

    op.create_table(
        "events",
        sa.Column("challenge_id", sa.String(length=130), nullable=False),
        sa.Column("chair_id", sa.String(length=130), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name=op.f("fk_events_challenge_id_challenges")
        ),
        sa.PrimaryKeyConstraint("challenge_id", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_events_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.String(length=130), nullable=True),
        sa.Column("challenge_id", sa.String(length=130), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column(
            "version",
            sa.Integer(),
            nullable=True,
            comment="counts per challenge and kind, from 1, whatever the outcome",
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column(
            "is_current",
            sa.Boolean(),
            nullable=False,
            comment="the accepted version that everything downstream works on",
        ),
        sa.Column("marking", sa.String(length=40), nullable=True),
        sa.Column("identity_basis", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name=op.f("fk_submissions_challenge_id_challenges")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_submissions_cycle_id_cycles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint(
            "challenge_id", "kind", "version", name=op.f("uq_submissions_challenge_id_kind_version")
        ),
    )
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submissions_challenge_id"), ["challenge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_submissions_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_submissions_received_at"), ["received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_submissions_sha256"), ["sha256"], unique=False)

    op.create_table(
        "actions",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=130), nullable=False),
        sa.Column("development", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("due_on", sa.String(length=10), nullable=True, comment="ISO date"),
        sa.Column("due_on_as_written", sa.Text(), nullable=True),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_actions_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("submission_id", "position", name=op.f("pk_actions")),
    )
    op.create_table(
        "agreed_items",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=130), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subheading", sa.String(length=130), nullable=True),
        sa.Column("subheading_as_written", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("consensus", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_agreed_items_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("submission_id", "position", name=op.f("pk_agreed_items")),
    )
    op.create_table(
        "analysis_rows",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("subheading", sa.String(length=130), nullable=False),
        sa.Column("rating", sa.String(length=20), nullable=True),
        sa.Column("strengths", sa.Text(), nullable=True),
        sa.Column("development", sa.Text(), nullable=True),
        sa.Column("rating_as_written", sa.Text(), nullable=True),
        sa.Column("commentary", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_analysis_rows_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("submission_id", "position", name=op.f("pk_analysis_rows")),
    )
    op.create_table(
        "findings",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("subheading", sa.String(length=130), nullable=True),
        sa.Column("column", sa.String(length=40), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_findings_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("submission_id", "position", name=op.f("pk_findings")),
    )
    op.create_table(
        "particulars",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=130), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_particulars_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("submission_id", "position", name=op.f("pk_particulars")),
    )
    op.create_table(
        "response_rows",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("subheading", sa.String(length=130), nullable=False),
        sa.Column("commentary", sa.Text(), nullable=True),
        sa.Column("response_kind", sa.String(length=30), nullable=True),
        sa.Column("response_kind_as_written", sa.Text(), nullable=True),
        sa.Column("response", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_response_rows_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("submission_id", "position", name=op.f("pk_response_rows")),
    )
    op.create_table(
        "self_assessment_rows",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("subheading", sa.String(length=130), nullable=False),
        sa.Column("rating", sa.String(length=20), nullable=True),
        sa.Column("strengths", sa.Text(), nullable=True),
        sa.Column("development", sa.Text(), nullable=True),
        sa.Column("rating_as_written", sa.Text(), nullable=True),
        sa.Column("commentary", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_self_assessment_rows_submission_id_submissions"),
        ),
        sa.PrimaryKeyConstraint("submission_id", "position", name=op.f("pk_self_assessment_rows")),
    )
    op.create_table(
        "unmapped_texts",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_unmapped_texts_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("submission_id", "position", name=op.f("pk_unmapped_texts")),
    )


def downgrade() -> None:
    """Take the register back to None."""
    op.drop_table("unmapped_texts")
    op.drop_table("self_assessment_rows")
    op.drop_table("response_rows")
    op.drop_table("particulars")
    op.drop_table("findings")
    op.drop_table("analysis_rows")
    op.drop_table("agreed_items")
    op.drop_table("actions")
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submissions_sha256"))
        batch_op.drop_index(batch_op.f("ix_submissions_received_at"))
        batch_op.drop_index(batch_op.f("ix_submissions_cycle_id"))
        batch_op.drop_index(batch_op.f("ix_submissions_challenge_id"))

    op.drop_table("submissions")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_events_starts_at"))

    op.drop_table("events")
    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispatches_state"))
        batch_op.drop_index(batch_op.f("ix_dispatches_challenge_id"))

    op.drop_table("dispatches")
    with op.batch_alter_table("deadlines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deadlines_due_on"))

    op.drop_table("deadlines")
    with op.batch_alter_table("adjustments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adjustments_challenge_id"))

    op.drop_table("adjustments")
    op.drop_table("participants")
    with op.batch_alter_table("challenges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_challenges_cycle_id"))

    op.drop_table("challenges")
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignments_cycle_id"))

    op.drop_table("assignments")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_event"))
        batch_op.drop_index(batch_op.f("ix_journal_cycle_id"))
        batch_op.drop_index(batch_op.f("ix_journal_challenge_id"))

    op.drop_table("journal")
    op.drop_table("cycles")
