"""The register's tables. Names: tables plural, `_at` a UTC time, `_on` a day, `is_` a yes or no."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from peer_challenge.model.vocabulary import Kind
from peer_challenge.register.decision_tables import challenge_notes, decisions
from peer_challenge.register.draft_tables import cycle_drafts
from peer_challenge.register.email_tables import email_attachments, email_submissions, received_emails
from peer_challenge.register.event_tables import event_attendance, event_replies, proposed_events
from peer_challenge.register.evidence_tables import evidence_files, evidence_reads
from peer_challenge.register.house_style_tables import house_styles
from peer_challenge.register.indicator_tables import cycle_indicators
from peer_challenge.register.public_text_tables import public_texts
from peer_challenge.register.table_base import ID as _ID
from peer_challenge.register.table_base import Json, TableQuery, TableRow, UtcTime, metadata

__all__ = [
    "Json",
    "TableQuery",
    "TableRow",
    "UtcTime",
    "challenge_notes",
    "cycle_drafts",
    "cycle_indicators",
    "decisions",
    "email_attachments",
    "email_submissions",
    "event_attendance",
    "event_replies",
    "evidence_files",
    "evidence_reads",
    "house_styles",
    "metadata",
    "proposed_events",
    "public_texts",
    "received_emails",
]

cycles = Table(
    "cycles",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("framework_id", _ID, nullable=False),
    Column("state", String(20), nullable=False, comment="open, closed or purged"),
    Column("definition", Json, nullable=False, comment="the cycle file, as read"),
    Column(
        "definition_sha256",
        String(64),
        comment="of its definition, once that was changed: tells its versions apart",
    ),
    Column("framework", Json, nullable=False, comment="the framework as it was when the cycle opened"),
    Column("opened_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
)

cycle_versions = Table(
    "cycle_versions",
    metadata,
    Column("cycle_id", ForeignKey("cycles.id"), primary_key=True),
    Column("number", Integer, primary_key=True, comment="counts in its cycle, from 1: as it was opened"),
    Column("definition", Json, nullable=False, comment="the cycle as it was until then"),
    Column("replaced_at", UtcTime, nullable=False),
    Column("replaced_by", Text, nullable=False),
    Column("reason", Text, nullable=False, comment="why it was changed"),
)

participants = Table(
    "participants",
    metadata,
    Column("cycle_id", ForeignKey("cycles.id"), primary_key=True),
    Column("id", _ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("is_external", sa.Boolean, nullable=False, default=False),
)

challenges = Table(
    "challenges",
    metadata,
    Column("id", _ID, primary_key=True, comment="cycle/author"),
    Column("cycle_id", ForeignKey("cycles.id"), nullable=False, index=True),
    Column("author_id", _ID, nullable=False),
    Column("challenger_id", _ID),
    Column("moderator_id", _ID),
    Column("stage", String(20), nullable=False),
    Column("stage_since_at", UtcTime, nullable=False),
    Column("self_assessment_received_at", UtcTime),
    Column("paired_at", UtcTime),
    Column("pack_issued_at", UtcTime),
    Column("analysis_completed_at", UtcTime),
    Column("response_received_at", UtcTime),
    Column("event_on", sa.Date),
    Column("prepared_at", UtcTime, comment="when the Chair's briefing and its companions were intended"),
    Column("event_held_on", sa.Date),
    Column("draft_issued_at", UtcTime, comment="when its author was sent the newest draft summary"),
    Column("challenger_draft_issued_at", UtcTime),
    Column("corrections_received_at", UtcTime, comment="to the newest draft"),
    Column("challenger_corrections_received_at", UtcTime),
    Column("summary_issued_at", UtcTime),
    Column("action_plan_received_at", UtcTime, comment="from which the reviews are counted"),
    Column(
        "last_review",
        Integer,
        nullable=False,
        default=0,
        server_default="0",
        comment="the latest review whose progress report was accepted; 0 before",
    ),
    Column("closed_at", UtcTime),
    Column("withdrawn_reason", Text),
)


def _read_receipt(context: Any) -> object:
    """When a document was received, for a row that does not say when it was taken in: then it is the same."""
    return context.get_current_parameters()["received_at"]


submissions = Table(
    "submissions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cycle_id", ForeignKey("cycles.id"), index=True),
    Column("challenge_id", ForeignKey("challenges.id"), index=True),
    Column("kind", String(30)),
    Column(
        "review",
        Integer,
        nullable=False,
        default=0,
        server_default="0",
        comment="of a progress report: which review it is for, from 1; 0 for other kinds",
    ),
    Column("version", Integer, comment="counts per challenge, kind and review, from 1, whatever the outcome"),
    Column("sha256", String(64), nullable=False, index=True),
    Column("file_name", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column(
        "received_at", UtcTime, nullable=False, index=True, comment="an email's day is the day it was sent"
    ),
    Column(
        "taken_in_at",
        UtcTime,
        nullable=False,
        index=True,
        default=_read_receipt,
        comment="when we took it in, whenever it was sent",
    ),
    Column("outcome", String(20), nullable=False),
    Column(
        "is_current",
        sa.Boolean,
        nullable=False,
        default=False,
        comment="the accepted version that everything downstream works on",
    ),
    Column("marking", String(40)),
    Column("issue", String(40), comment="the mark of the dispatch whose form it was written on"),
    Column("identity_basis", String(20)),
    Column("writer_role", String(20), comment="author, challenger or chair, as it was when this came in"),
    Column("writer_id", _ID, comment="the area or Chair that wrote it; none: it is for the office alone"),
    Column(
        "purged_at",
        UtcTime,
        comment="when its original and its words were destroyed under the retention rule",
    ),
    Column(
        "source",
        String(20),
        nullable=False,
        default="folder",
        server_default="folder",
        comment="the way it came: folder, page or paper",
    ),
    Column("uploaded_by", Integer, comment="the account that sent it in, by its id in users"),
    Column(
        "held_since_at",
        UtcTime,
        index=True,
        comment="while the office has to say whose it is: since when",
    ),
    Column("doubt", Json, comment="why that was not certain, and whose it may be"),
    Column("identified_at", UtcTime, comment="when the office said whose it is"),
    Column("identified_by", Text, comment="who of the office said so"),
    UniqueConstraint("challenge_id", "kind", "review", "version"),
)


def _submission_table(name: str, *columns: Column[str] | Column[bool]) -> Table:
    return Table(
        name,
        metadata,
        Column("submission_id", ForeignKey("submissions.id"), primary_key=True),
        Column("position", Integer, primary_key=True),
        *columns,
    )


_schedule = ("strengths", "development", "rating_as_written", "commentary")

self_assessment_rows = _submission_table(
    "self_assessment_rows",
    Column("subheading", _ID, nullable=False),
    Column("rating", String(20)),
    *(Column(name, Text) for name in _schedule),
)
analysis_rows = _submission_table(
    "analysis_rows",
    Column("subheading", _ID, nullable=False),
    Column("rating", String(20)),
    *(Column(name, Text) for name in _schedule),
)
response_rows = _submission_table(
    "response_rows",
    Column("subheading", _ID, nullable=False),
    Column("commentary", Text),
    Column("response_kind", String(30)),
    Column("response_kind_as_written", Text),
    Column("response", Text),
)
agreed_items = _submission_table(
    "agreed_items",
    Column("address", _ID, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("subheading", _ID),
    Column("subheading_as_written", Text),
    Column("text", Text),
    Column("consensus", Text),
)
corrected_lines = _submission_table(
    "corrected_lines",
    Column("address", _ID, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("subheading", _ID),
    Column("subheading_as_written", Text),
    Column("text", Text),
    Column("consensus", Text),
    Column("changed_by", Text, comment="who Word says changed it, where the changes were tracked"),
    Column("comments", Text, comment="written in the margin beside it"),
)
actions = _submission_table(
    "actions",
    Column("address", _ID, nullable=False),
    Column("development", Text),
    Column("action", Text),
    Column("owner", Text),
    Column("due_on", String(10), comment="ISO date"),
    Column("due_on_as_written", Text),
    Column("measure", Text),
)
progress_rows = _submission_table(
    "progress_rows",
    Column("address", _ID, nullable=False),
    Column("development", Text),
    Column("action", Text),
    Column("status", String(20)),
    Column("status_as_written", Text),
    Column("evidence", Text),
    Column("difference", Text),
)
particulars = _submission_table("particulars", Column("field", _ID, nullable=False), Column("value", Text))
unmapped_texts = _submission_table("unmapped_texts", Column("text", Text, nullable=False))
findings = _submission_table(
    "findings",
    Column("code", String(80), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("subheading", _ID),
    Column("column", String(40)),
    Column("message", Text, nullable=False),
    Column("remedy", Text, nullable=False),
)

ROWS_OF: dict[Kind, Table] = {
    Kind.SELF_ASSESSMENT: self_assessment_rows,
    Kind.ANALYSIS: analysis_rows,
    Kind.RESPONSE: response_rows,
    Kind.CHAIR_RECORD: agreed_items,
    Kind.CORRECTIONS: corrected_lines,
    Kind.CHALLENGER_CORRECTIONS: corrected_lines,
    Kind.ACTION_PLAN: actions,
    Kind.PROGRESS_REPORT: progress_rows,
}
"""The table that holds the rows (or items) of each kind of submission."""

settled_corrections = Table(
    "settled_corrections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("challenge_id", ForeignKey("challenges.id"), nullable=False, index=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False, comment="the corrections"),
    Column("line", String(140), nullable=False, comment="of the correction: where in the draft it is"),
    Column("decision", String(20), nullable=False, comment="accepted, changed or declined"),
    Column("address", _ID, comment="of the line that changes; empty for a particular"),
    Column("field", String(40), comment="the column or particular that changes; none where declined"),
    Column("before", Text, comment="its words in the Chair's record"),
    Column("after", Text, comment="its words in the final summary"),
    Column("reason", Text, nullable=False),
    Column("told", Text, comment="why, for the area that proposed it; it goes with the final summary"),
    Column("decided_at", UtcTime, nullable=False),
    Column("decided_by", Text, nullable=False),
    UniqueConstraint("submission_id", "line"),
)

progress_comments = Table(
    "progress_comments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("challenge_id", ForeignKey("challenges.id"), nullable=False, index=True),
    Column(
        "submission_id",
        ForeignKey("submissions.id"),
        nullable=False,
        index=True,
        comment="the report that it is about",
    ),
    Column("writer_id", _ID, nullable=False, comment="the challenging area"),
    Column("text", Text, nullable=False, comment="empty once it was destroyed"),
    Column("written_at", UtcTime, nullable=False),
    Column("written_by", Text, nullable=False),
)

assignments = Table(
    "assignments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cycle_id", ForeignKey("cycles.id"), nullable=False, index=True),
    Column("status", String(20), nullable=False, comment="proposed, approved or superseded"),
    Column("proposal", Json, nullable=False, comment="as `assign --json` prints it"),
    Column("reason", Text, comment="why it was approved or changed"),
    Column("proposed_at", UtcTime, nullable=False),
    Column("approved_at", UtcTime),
)

deadlines = Table(
    "deadlines",
    metadata,
    Column("challenge_id", ForeignKey("challenges.id"), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("due_on", sa.Date, nullable=False, index=True),
    Column("nominal_on", sa.Date, nullable=False, comment="before rolling to a working day"),
    Column("counted_from", sa.Date),
    Column("rule", Text, nullable=False),
    Column("notes", Json, nullable=False),
)

adjustments = Table(
    "adjustments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("challenge_id", ForeignKey("challenges.id"), nullable=False, index=True),
    Column("definition", Json, nullable=False, comment="an extension or pause, see deadlines.py"),
    Column("made_at", UtcTime, nullable=False),
    Column("made_by", Text, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("challenge_id", ForeignKey("challenges.id"), primary_key=True),
    Column("chair_id", _ID, nullable=False),
    Column("starts_at", UtcTime, nullable=False, index=True),
    Column("ends_at", UtcTime, nullable=False),
    Column("place", Text, nullable=False),
    Column("sequence", Integer, nullable=False, default=0),
)

dispatches = Table(
    "dispatches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cycle_id", ForeignKey("cycles.id"), nullable=False),
    Column("challenge_id", ForeignKey("challenges.id"), index=True),
    Column("kind", String(40), nullable=False),
    Column("role", String(20), nullable=False),
    Column("recipient_id", _ID, nullable=False),
    Column("key", String(300), nullable=False, comment="what makes it the same dispatch: never sent twice"),
    Column("parameters", Json, nullable=False, comment="ids and dates only"),
    Column(
        "state",
        String(20),
        nullable=False,
        index=True,
        comment="intended, to_look_at, placing, issued, held or cancelled",
    ),
    Column("intended_at", UtcTime, nullable=False),
    Column("issued_at", UtcTime),
    Column("path", Text, comment="relative to the outbox"),
    Column("sha256", String(64)),
    Column("size", Integer),
    Column("problem", Text, comment="why it is held"),
    Column("looked_sha256", String(64), comment="of the file that the office has looked at and lets go"),
    UniqueConstraint("cycle_id", "key"),
    UniqueConstraint("path"),
)

dispatch_sources = Table(
    "dispatch_sources",
    metadata,
    Column("dispatch_id", ForeignKey("dispatches.id"), primary_key=True),
    Column(
        "submission_id",
        ForeignKey("submissions.id"),
        primary_key=True,
        index=True,
        comment="a version that the dispatch passes on whole",
    ),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cycle_id", ForeignKey("cycles.id"), nullable=False, index=True),
    Column("addressee", String(20), nullable=False, comment="area, chair or office"),
    Column("recipient_id", _ID, nullable=False),
    Column("key", String(64), nullable=False, unique=True, comment="the left half of its Message-ID"),
    Column("state", String(20), nullable=False, index=True),
    Column("state_since_at", UtcTime, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("way", String(20), nullable=False, comment="folder, drafts or send: as it was set then"),
    Column("sent_at", UtcTime, index=True),
    Column("sent_by", Text, comment="who or what sent it"),
    Column("sent_to", Json, nullable=False, comment="the addresses that it went to"),
    Column("covering", Text, comment="the words of the office in place of the letters' own"),
    Column("problem", Text, comment="why it was not sent, or not yet"),
    Column("path", Text, comment="of its draft, relative to the outbox"),
)

message_dispatches = Table(
    "message_dispatches",
    metadata,
    Column("dispatch_id", ForeignKey("dispatches.id"), primary_key=True, comment="in one message at most"),
    Column(
        "message_id",
        ForeignKey("messages.id"),
        index=True,
        comment="none from when its file is in the outbox until it is put into a message",
    ),
)

journal = Table(
    "journal",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("event", String(80), nullable=False, index=True),
    Column("cycle_id", _ID, index=True),
    Column("challenge_id", _ID, index=True),
    Column("details", Json, nullable=False, comment="ids, counts and reasons; never what an area wrote"),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(200), nullable=False, unique=True, comment="lower case"),
    Column("name", Text, nullable=False),
    Column("access", String(20), nullable=False, comment="office, participant, chair or viewer"),
    Column("password_hash", Text, comment="argon2; none until one is set"),
    Column("link_hash", String(64), index=True, comment="of the one-time link; the link itself is not kept"),
    Column("link_expires_at", UtcTime),
    Column("cycle_id", ForeignKey("cycles.id")),
    Column("participant_id", _ID),
    Column("chair_id", _ID),
    Column("is_active", sa.Boolean, nullable=False, default=True),
    Column("created_at", UtcTime, nullable=False),
    Column("signed_in_at", UtcTime),
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, index=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("uploaded_at", UtcTime, nullable=False),
    Column("came_on", sa.Date, comment="the day on which it came on paper"),
)

sessions = Table(
    "sessions",
    metadata,
    Column(
        "token_hash", String(64), primary_key=True, comment="of the cookie; the cookie itself is not kept"
    ),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("csrf_token", String(64), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("vouched_at", UtcTime, comment="when the sign-in service asked its person again who they are"),
)

known_devices = Table(
    "known_devices",
    metadata,
    Column("token_hash", String(64), primary_key=True, comment="of the cookie of a browser that signed in"),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("used_at", UtcTime, nullable=False),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, index=True, comment="a hash of what is counted"),
    Column("at", UtcTime, nullable=False),
)

mailbox_messages = Table(
    "mailbox_messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mailbox", String(64), nullable=False, comment="a hash of server, account and folder"),
    Column("uid_validity", sa.BigInteger, nullable=False),
    Column("uid", sa.BigInteger, nullable=False, comment="its number in the folder, for one uid_validity"),
    Column("size", sa.BigInteger, nullable=False, comment="in bytes, as the mail server says"),
    Column("arrived_at", UtcTime, nullable=False, comment="when it reached the mailbox"),
    Column("seen_at", UtcTime, nullable=False, comment="when we listed it first"),
    Column("state", String(20), nullable=False, index=True),
    Column("state_since_at", UtcTime, nullable=False),
    Column("reason", String(30), comment="why it is left, or could not be fetched so far"),
    Column("attempts", Integer, nullable=False, default=0, comment="how often we began to fetch it"),
    Column("tried_at", UtcTime, comment="when we last did"),
    Column("sha256", String(64), index=True, comment="of all its bytes"),
    Column("content_sha256", String(64), index=True, comment="of its Message-ID and its body"),
    Column("verified_sender", String(320), comment="whom the office's own mail server vouches for"),
    Column("about_key", String(64), index=True, comment="of the message that a delivery report is about"),
    Column("status_code", String(20), comment="what the report says, such as 5.1.1"),
    UniqueConstraint("mailbox", "uid_validity", "uid"),
)

mail_answers = Table(
    "mail_answers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address_hash", String(64), nullable=False, index=True, comment="the address is not kept"),
    Column("email_sha256", String(64), nullable=False, unique=True, comment="of the email it answers"),
    Column("at", UtcTime, nullable=False),
)
