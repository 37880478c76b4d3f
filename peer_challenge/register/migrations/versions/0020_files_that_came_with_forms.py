"""Files that came with forms: what became of each, and which are passed on."""

import sqlalchemy as sa
from alembic import op

from peer_challenge.register import take_back

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the register from 0019 to 0020."""
    op.create_table(
        "evidence_reads",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column(
            "read_at", sa.DateTime(), nullable=False, comment="when the files that came with it were checked"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_evidence_reads_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_evidence_reads")),
    )
    op.create_table(
        "evidence_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.String(length=130), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="of the file in its challenge, from 1"),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="as its sender calls it; empty once it was destroyed"
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the file as it came"),
        sa.Column(
            "ending",
            sa.String(length=10),
            nullable=False,
            comment="of the copy's name; empty where there is no copy",
        ),
        sa.Column(
            "copy_sha256",
            sa.String(length=64),
            nullable=True,
            comment="of the copy to pass on, in the archive",
        ),
        sa.Column(
            "refusal", sa.String(length=20), nullable=True, comment="why it is not passed on; none: it is"
        ),
        sa.Column(
            "marking",
            sa.String(length=40),
            nullable=True,
            comment="the highest protective marking in it; none: it has none",
        ),
        sa.Column(
            "details", sa.JSON(), nullable=False, comment="the kinds of what may identify somebody in it"
        ),
        sa.Column("has_words", sa.Boolean(), nullable=False, comment="false: only a person can read it"),
        sa.Column("left_out", sa.Text(), nullable=False, comment="what the copy lacks, in our words"),
        sa.Column(
            "decided_at",
            sa.DateTime(),
            nullable=True,
            comment="when the office decided whether it is passed on",
        ),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name=op.f("fk_evidence_files_challenge_id_challenges")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_evidence_files_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_files")),
        sa.UniqueConstraint("challenge_id", "number", name=op.f("uq_evidence_files_challenge_id_number")),
    )
    op.create_index(op.f("ix_evidence_files_submission_id"), "evidence_files", ["submission_id"])
    op.create_index(op.f("ix_evidence_files_copy_sha256"), "evidence_files", ["copy_sha256"])


def downgrade() -> None:
    """Take the register back to 0019; what became of files is lost, their originals stay."""
    take_back.forget_dispatches(op.get_bind(), ["evidence"])
    take_back.forget_rules(op.get_bind(), ["evidence_goes_with_pack"])
    op.drop_index(op.f("ix_evidence_files_copy_sha256"), "evidence_files")
    op.drop_index(op.f("ix_evidence_files_submission_id"), "evidence_files")
    op.drop_table("evidence_files")
    op.drop_table("evidence_reads")
