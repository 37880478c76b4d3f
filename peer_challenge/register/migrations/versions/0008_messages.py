"""Messages take the place of emails: one email to one recipient with all the dispatches of a moment.

What had gone into the outbox before counts as sent then, so that nothing goes out a second time and no
date moves. The email of a reminder was a dispatch of its own: it becomes one with its reminder.
"""

import hashlib
from collections import defaultdict
from typing import Any, TypeAlias

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_Row: TypeAlias = sa.Row[Any]
_STATES = {
    "sending": "sending",
    "sent": "sent",
    "refused": "failed",
    "doubtful": "in_doubt",
    "overtaken": "overtaken",
}
_ADDRESSEES = {"chair": "chair", "office": "office"}
_BEFORE = "the outbox, before messages were kept"
_SERVER = "the mail server"
_EMAIL, _LETTER = "reminder_email", "reminder"

_meta = sa.MetaData()
_dispatches = sa.Table(
    "dispatches",
    _meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("cycle_id", sa.String),
    sa.Column("kind", sa.String),
    sa.Column("role", sa.String),
    sa.Column("recipient_id", sa.String),
    sa.Column("key", sa.String),
    sa.Column("state", sa.String),
    sa.Column("problem", sa.Text),
    sa.Column("intended_at", sa.DateTime),
    sa.Column("issued_at", sa.DateTime),
)
_emails = sa.Table(
    "emails",
    _meta,
    sa.Column("dispatch_id", sa.Integer, primary_key=True),
    sa.Column("state", sa.String),
    sa.Column("at", sa.DateTime),
    sa.Column("problem", sa.Text),
)
_messages = sa.Table(
    "messages",
    _meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("cycle_id", sa.String),
    sa.Column("addressee", sa.String),
    sa.Column("recipient_id", sa.String),
    sa.Column("key", sa.String),
    sa.Column("state", sa.String),
    sa.Column("state_since_at", sa.DateTime),
    sa.Column("made_at", sa.DateTime),
    sa.Column("way", sa.String),
    sa.Column("sent_at", sa.DateTime),
    sa.Column("sent_by", sa.Text),
    sa.Column("sent_to", sa.JSON),
    sa.Column("problem", sa.Text),
)
_contents = sa.Table(
    "message_dispatches",
    _meta,
    sa.Column("dispatch_id", sa.Integer, primary_key=True),
    sa.Column("message_id", sa.Integer),
)


def upgrade() -> None:
    """Bring the register from 0007 to 0008."""
    with op.batch_alter_table("dispatches") as batch:
        batch.add_column(
            sa.Column(
                "looked_sha256",
                sa.String(length=64),
                nullable=True,
                comment="of the file that the office has looked at and lets go",
            )
        )
        batch.alter_column(
            "state",
            existing_type=sa.String(length=20),
            existing_nullable=False,
            comment="intended, to_look_at, placing, issued, held or cancelled",
        )
    _make_tables()
    connection = op.get_bind()
    emails = {row.dispatch_id: row for row in connection.execute(sa.select(_emails))}
    issued = connection.execute(
        sa.select(_dispatches).where(_dispatches.c.state == "issued").order_by(_dispatches.c.id)
    ).fetchall()
    moments = defaultdict(list)
    for row in issued:
        addressee = _ADDRESSEES.get(row.role, "area")
        # an email with an outcome is a message of its own: what else went that day may have another
        own = row.id if row.id in emails else None
        moments[(row.cycle_id, addressee, row.recipient_id, row.issued_at, own)].append(row)
    for (*_, own), rows in moments.items():
        _add_message(connection, rows, emails.get(own) if own else None)
    connection.execute(
        _dispatches.update()
        .where(_dispatches.c.kind == _EMAIL, _dispatches.c.state.in_(["intended", "placing", "held"]))
        .values(state="cancelled")
    )
    connection.execute(_dispatches.update().where(_dispatches.c.kind == _EMAIL).values(kind=_LETTER))
    op.drop_table("emails")


def _make_tables() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.String(length=130), nullable=False),
        sa.Column("addressee", sa.String(length=20), nullable=False, comment="area, chair or office"),
        sa.Column("recipient_id", sa.String(length=130), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False, comment="the left half of its Message-ID"),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_since_at", sa.DateTime(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column(
            "way", sa.String(length=20), nullable=False, comment="folder, drafts or send: as it was set then"
        ),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("sent_by", sa.Text(), nullable=True, comment="who or what sent it"),
        sa.Column("sent_to", sa.JSON(), nullable=False, comment="the addresses that it went to"),
        sa.Column(
            "covering",
            sa.Text(),
            nullable=True,
            comment="the words of the office in place of the letters' own",
        ),
        sa.Column("problem", sa.Text(), nullable=True, comment="why it was not sent, or not yet"),
        sa.Column("path", sa.Text(), nullable=True, comment="of its draft, relative to the outbox"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_messages_cycle_id_cycles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_messages_key")),
    )
    for column in ("cycle_id", "state", "sent_at"):
        op.create_index(op.f(f"ix_messages_{column}"), "messages", [column])
    op.create_table(
        "message_dispatches",
        sa.Column("dispatch_id", sa.Integer(), nullable=False, comment="in one message at most"),
        sa.Column(
            "message_id",
            sa.Integer(),
            nullable=True,
            comment="none from when its file is in the outbox until it is put into a message",
        ),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatches.id"], name=op.f("fk_message_dispatches_dispatch_id_dispatches")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_dispatches_message_id_messages")
        ),
        sa.PrimaryKeyConstraint("dispatch_id", name=op.f("pk_message_dispatches")),
    )
    op.create_index(op.f("ix_message_dispatches_message_id"), "message_dispatches", ["message_id"])


def _add_message(connection: sa.Connection, rows: list[_Row], email: _Row | None) -> None:
    first = rows[0]
    state = _STATES[email.state] if email else "sent"
    when = email.at if email else first.issued_at or first.intended_at
    result = connection.execute(
        _messages.insert().values(
            cycle_id=first.cycle_id,
            addressee=_ADDRESSEES.get(first.role, "area"),
            recipient_id=first.recipient_id,
            key=hashlib.sha256(f"{first.cycle_id}/{first.key}".encode()).hexdigest()[:32],
            state=state,
            state_since_at=when,
            made_at=first.issued_at or first.intended_at,
            way="send" if email else "folder",
            sent_at=when if state == "sent" else None,
            sent_by=(_SERVER if email else _BEFORE) if state == "sent" else None,
            sent_to=[],
            problem=email.problem if email else None,
        )
    )
    number = (result.inserted_primary_key or (0,))[0]
    connection.execute(_contents.insert(), [{"dispatch_id": row.id, "message_id": number} for row in rows])


def downgrade() -> None:
    """Take the register back to 0007; what the office was to look at is held, and does not go by itself."""
    op.create_table(
        "emails",
        sa.Column("dispatch_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.String(length=20),
            nullable=False,
            comment="sending, sent, refused, doubtful or overtaken",
        ),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True, comment="why it was refused, or is in doubt"),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatches.id"], name=op.f("fk_emails_dispatch_id_dispatches")
        ),
        sa.PrimaryKeyConstraint("dispatch_id", name=op.f("pk_emails")),
    )
    connection = op.get_bind()
    connection.execute(_dispatches.update().where(_dispatches.c.key.like(f"{_EMAIL}/%")).values(kind=_EMAIL))
    back = {after: before for before, after in _STATES.items()}
    query = (
        sa.select(_contents.c.dispatch_id, _messages.c.state, _messages.c.state_since_at, _messages.c.problem)
        .join(_messages, _messages.c.id == _contents.c.message_id)
        .join(_dispatches, _dispatches.c.id == _contents.c.dispatch_id)
        .where(_dispatches.c.kind == _EMAIL, _messages.c.way == "send")
    )
    for row in connection.execute(query).fetchall():
        if row.state in back:
            connection.execute(
                _emails.insert().values(
                    dispatch_id=row.dispatch_id,
                    state=back[row.state],
                    at=row.state_since_at,
                    problem=row.problem,
                )
            )
    connection.execute(
        _dispatches.update()
        .where(_dispatches.c.state == "to_look_at")
        .values(state="held", problem="The office has not looked at it yet.")
    )
    op.drop_table("message_dispatches")
    op.drop_table("messages")
    with op.batch_alter_table("dispatches") as batch:
        batch.drop_column("looked_sha256")
        batch.alter_column(
            "state",
            existing_type=sa.String(length=20),
            existing_nullable=False,
            comment="intended, placing, issued, held or cancelled",
        )
