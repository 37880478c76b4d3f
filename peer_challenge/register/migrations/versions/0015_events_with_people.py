"""Events that are proposed before they are agreed, who says that they come, and who came.

In a cycle that is open already the program sets events by itself, as it did.
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from peer_challenge.register import take_back

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_cycles = sa.Table(
    "cycles", sa.MetaData(), sa.Column("id", sa.String, primary_key=True), sa.Column("definition", sa.JSON)
)
_NEW_RULES = (
    "look_at_events",
    "event_notice_working_days",
    "event_after_analysis_working_days",
    "timetable_working_days",
    "agenda",
)
_AGENDA = (
    "10 | Welcome, introductions and how the session runs | Independent Chair",
    "20 | Presentation of the self-assessment | Author",
    "65 | The challenge: sub-headings rated RED | Challenger, then author",
    "10 | Break",
    "40 | The challenge: other questions and strengths | Challenger, then author",
    "25 | Agreeing key strengths and areas for development | Independent Chair",
    "10 | What happens next | Independent Chair",
)
"""As it was: those who were invited have these times."""
_Rules = dict[str, object]


def upgrade() -> None:
    """Bring the register from 0014 to 0015."""
    op.create_table(
        "proposed_events",
        sa.Column("challenge_id", sa.String(length=130), nullable=False),
        sa.Column("chair_id", sa.String(length=130), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column(
            "changed_by",
            sa.Text(),
            nullable=True,
            comment="who of the office chose it by hand; none: it was worked out",
        ),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name=op.f("fk_proposed_events_challenge_id_challenges")
        ),
        sa.PrimaryKeyConstraint("challenge_id", name=op.f("pk_proposed_events")),
    )
    op.create_table(
        "event_replies",
        sa.Column("challenge_id", sa.String(length=130), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False, comment="author, challenger or chair"),
        sa.Column(
            "party_id", sa.String(length=130), nullable=False, comment="the area or Chair that holds the role"
        ),
        sa.Column(
            "who",
            sa.String(length=200),
            nullable=False,
            comment="the role of somebody of an area; empty: a Chair",
        ),
        sa.Column("reply", sa.String(length=20), nullable=False, comment="comes, cannot or sends"),
        sa.Column(
            "sequence",
            sa.Integer(),
            nullable=False,
            comment="of the event as it was then: a change asks again",
        ),
        sa.Column("source", sa.String(length=10), nullable=False, comment="page or email"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name=op.f("fk_event_replies_challenge_id_challenges")
        ),
        sa.PrimaryKeyConstraint("challenge_id", "role", "party_id", "who", name=op.f("pk_event_replies")),
    )
    op.create_table(
        "event_attendance",
        sa.Column("challenge_id", sa.String(length=130), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False, comment="author, challenger or chair"),
        sa.Column("who", sa.Text(), nullable=False, comment="roles, not names; empty: nobody came"),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("noted_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name=op.f("fk_event_attendance_challenge_id_challenges")
        ),
        sa.PrimaryKeyConstraint("challenge_id", "role", name=op.f("pk_event_attendance")),
    )
    _change_rules(
        lambda rules: {**rules, "look_at_events": False, "timetable_working_days": 0, "agenda": [*_AGENDA]}
    )


def _change_rules(change: Callable[[_Rules], _Rules]) -> None:
    """Write every cycle's rules as `change` makes them: a default is for cycles opened from now on."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(_cycles)).fetchall():
        definition = {**row.definition, "rules": change(row.definition.get("rules") or {})}
        connection.execute(_cycles.update().where(_cycles.c.id == row.id).values(definition=definition))


def downgrade() -> None:
    """Take the register back to 0014; proposals of events, and who comes and came, are lost."""
    take_back.forget_rules(op.get_bind(), _NEW_RULES)
    for table in ("event_attendance", "event_replies", "proposed_events"):
        op.drop_table(table)
