"""Who wrote each submission, and which submissions each dispatch passes on.

For a register of an earlier version both are worked out from what it holds: whose turn it was, who
had been sent the form, what was accepted when a dispatch was intended. Where that leaves a doubt,
no writer is named, and the document is for the office alone. Reasons for changes of dates are taken
out of the notes of deadlines, which others than the office read.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_Row: TypeAlias = sa.Row[Any]
_PASSES_ON = {
    "analysis_pack": ("self_assessment",),
    "returned_analysis": ("self_assessment", "analysis"),
    "chair_briefing": ("response",),
    "chair_summary": ("chair_record",),
}
_ROLES = {
    "self_assessment": "author",
    "response": "author",
    "action_plan": "author",
    "analysis": "challenger",
    "chair_record": "chair",
}
_DOUBTFUL = ("intake.other_sender", "identity.other_area_named", "partner.wrong", "chair.other")
"""Findings which say that somebody else than the party whose turn it was may have written a document."""

_meta = sa.MetaData()
_submissions = sa.Table(
    "submissions",
    _meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("challenge_id", sa.String),
    sa.Column("kind", sa.String),
    sa.Column("received_at", sa.DateTime),
    sa.Column("outcome", sa.String),
    sa.Column("writer_role", sa.String),
    sa.Column("writer_id", sa.String),
)
_findings = sa.Table("findings", _meta, sa.Column("submission_id", sa.Integer), sa.Column("code", sa.String))
_dispatches = sa.Table(
    "dispatches",
    _meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("challenge_id", sa.String),
    sa.Column("kind", sa.String),
    sa.Column("role", sa.String),
    sa.Column("recipient_id", sa.String),
    sa.Column("state", sa.String),
    sa.Column("intended_at", sa.DateTime),
)
_sources = sa.Table(
    "dispatch_sources",
    _meta,
    sa.Column("dispatch_id", sa.Integer),
    sa.Column("submission_id", sa.Integer),
)
_deadlines = sa.Table(
    "deadlines",
    _meta,
    sa.Column("challenge_id", sa.String, primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("notes", sa.JSON),
)
_adjustments = sa.Table(
    "adjustments", _meta, sa.Column("challenge_id", sa.String), sa.Column("definition", sa.JSON)
)


def upgrade() -> None:
    """Bring the register from 0005 to 0006."""
    with op.batch_alter_table("submissions") as batch:
        batch.add_column(
            sa.Column(
                "writer_role",
                sa.String(length=20),
                nullable=True,
                comment="author, challenger or chair, as it was when this came in",
            )
        )
        batch.add_column(
            sa.Column(
                "writer_id",
                sa.String(length=130),
                nullable=True,
                comment="the area or Chair that wrote it; none: it is for the office alone",
            )
        )
    op.create_table(
        "dispatch_sources",
        sa.Column("dispatch_id", sa.Integer(), nullable=False),
        sa.Column(
            "submission_id",
            sa.Integer(),
            nullable=False,
            comment="a version that the dispatch passes on whole",
        ),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatches.id"], name=op.f("fk_dispatch_sources_dispatch_id_dispatches")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_dispatch_sources_submission_id_submissions"),
        ),
        sa.PrimaryKeyConstraint("dispatch_id", "submission_id", name=op.f("pk_dispatch_sources")),
    )
    op.create_index(op.f("ix_dispatch_sources_submission_id"), "dispatch_sources", ["submission_id"])
    connection = op.get_bind()
    sent = list(connection.execute(sa.select(_dispatches).order_by(_dispatches.c.id)))
    arrived = list(connection.execute(sa.select(_submissions).order_by(_submissions.c.id)))
    _name_writers(connection, sent, arrived)
    _link_sources(connection, sent, arrived)
    _take_reasons_out(connection)


def _name_writers(connection: sa.Connection, sent: Sequence[_Row], arrived: Sequence[_Row]) -> None:
    doubtful = set(
        connection.scalars(sa.select(_findings.c.submission_id).where(_findings.c.code.in_(_DOUBTFUL)))
    )
    for row in arrived:
        role = _ROLES.get(row.kind or "")
        if row.challenge_id is None or role is None or row.id in doubtful:
            continue
        writer = _writer(role, row, sent)
        if writer is not None:
            connection.execute(
                _submissions.update()
                .where(_submissions.c.id == row.id)
                .values(writer_role=role, writer_id=writer)
            )


def _writer(role: str, row: _Row, sent: Sequence[_Row]) -> str | None:
    """Who held `role` when a document came in, by what had been sent to whom; None where it is not sure."""
    if role == "author":
        return str(row.challenge_id.rpartition("/")[2])
    holders = [
        one.recipient_id
        for one in sent
        if one.challenge_id == row.challenge_id
        and one.role == role
        and one.state == "issued"
        and one.intended_at <= row.received_at
    ]
    if role == "chair" and len(set(holders)) > 1:  # nothing in the record's form tells one from another
        return None
    return holders[-1] if holders else None


def _link_sources(connection: sa.Connection, sent: Sequence[_Row], arrived: Sequence[_Row]) -> None:
    links = [
        {"dispatch_id": one.id, "submission_id": source}
        for one in sent
        if one.state in ("issued", "placing")
        for source in _sources_of(one, arrived)
    ]
    if links:
        connection.execute(_sources.insert(), links)


def _sources_of(dispatch: _Row, arrived: Sequence[_Row]) -> Iterator[int]:
    """The newest version of each kind that had been accepted when the dispatch was intended."""
    for kind in _PASSES_ON.get(dispatch.kind, ()):
        known = [
            row.id
            for row in arrived
            if row.challenge_id == dispatch.challenge_id
            and row.kind == kind
            and row.outcome in ("accepted", "warned")
            and row.received_at <= dispatch.intended_at
        ]
        if known:
            yield known[-1]


def _take_reasons_out(connection: sa.Connection) -> None:
    reasons: dict[str, set[str]] = {}
    for row in connection.execute(sa.select(_adjustments)):
        reasons.setdefault(row.challenge_id, set()).add(str(row.definition.get("reason", "")))
    for row in connection.execute(sa.select(_deadlines)).fetchall():
        notes = [_without(note, reasons.get(row.challenge_id, set())) for note in row.notes]
        if notes != list(row.notes):
            connection.execute(
                _deadlines.update()
                .where(_deadlines.c.challenge_id == row.challenge_id, _deadlines.c.name == row.name)
                .values(notes=notes)
            )


def _without(note: str, reasons: set[str]) -> str:
    """A note such as "Extended by 7 days: illness" without its reason; any other as it is."""
    what, _, reason = note.partition(": ")
    is_adjusted = what.startswith(("Extended by ", "Paused by ")) and reason in reasons
    return f"{what}." if is_adjusted else note


def downgrade() -> None:
    """Take the register back to 0005; reasons stay out of the notes until dates are counted again."""
    op.drop_index(op.f("ix_dispatch_sources_submission_id"), table_name="dispatch_sources")
    op.drop_table("dispatch_sources")
    with op.batch_alter_table("submissions") as batch:
        batch.drop_column("writer_id")
        batch.drop_column("writer_role")
