"""Emails that came in: what each brought, what it says of sender and day, and what lay beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.vocabulary import Outcome
from peer_challenge.register import tables as t


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that lay beside the forms of an email.

    `what` is the sort of file. `sha256` is None for a file that is in the email alone and was not archived.
    """

    position: int
    name: str
    what: str
    size: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class MessageSaid:
    """What the message that brought a form says of itself, for all that it is worth."""

    sender: str
    sender_name: str
    subject: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class EmailOfSubmission:
    """The email that a submission came in; `sha256` is that of its file, which is archived.

    `ending` is that of the file's name.
    """

    id: int
    sha256: str
    said: MessageSaid
    attachments: tuple[Attachment, ...]
    ending: str = ".eml"


def note_fetched_email(
    connection: Connection,
    sha256: str,
    size: int,
    at: datetime,
    *,
    message_id: str = "",
    ending: str = ".eml",
) -> int:
    """Record that we have the email with this hash; returns its id. Recording it again changes nothing."""
    query = sa.select(t.received_emails.c.id).where(t.received_emails.c.sha256 == sha256)
    known: int | None = connection.scalar(query)
    if known is not None:
        return known
    inserted = connection.execute(
        t.received_emails.insert().values(
            sha256=sha256,
            size=size,
            fetched_at=at,
            message_id=message_id,
            ending=ending,
        )
    )
    (email_id,) = inserted.inserted_primary_key or (0,)
    return int(email_id)


def note_attachments(connection: Connection, email_id: int, attachments: Sequence[Attachment]) -> None:
    """Record what lay beside the forms of an email. Recording it again changes nothing."""
    query = sa.select(sa.func.count()).where(t.email_attachments.c.email_id == email_id)
    if attachments and not connection.scalar(query):
        connection.execute(
            t.email_attachments.insert(),
            [
                {"email_id": email_id}
                | {name: getattr(one, name) for name in ("position", "name", "what", "size", "sha256")}
                for one in attachments
            ],
        )


def note_forms(connection: Connection, email_id: int, forms: int) -> None:
    """Record how many forms an email brings, with the first that is recorded."""
    connection.execute(
        t.received_emails.update().where(t.received_emails.c.id == email_id).values(forms=forms)
    )


def link_submission(connection: Connection, email_id: int, submission_id: int, said: MessageSaid) -> bool:
    """Record that an email brought a submission; returns False where that was recorded before."""
    known = sa.select(t.email_submissions.c.email_id).where(
        t.email_submissions.c.email_id == email_id, t.email_submissions.c.submission_id == submission_id
    )
    if connection.scalar(known) is not None:
        return False
    connection.execute(
        t.email_submissions.insert().values(
            email_id=email_id,
            submission_id=submission_id,
            sender=said.sender,
            sender_name=said.sender_name,
            subject=said.subject,
            sent_at=said.sent_at,
        )
    )
    return True


def load_email_of(connection: Connection, submission_id: int) -> EmailOfSubmission | None:
    """The email that brought a submission first; None where none did, or where it has been purged."""
    return next(iter(list_emails_of(connection, submission_id)), None)


def list_emails_of(connection: Connection, submission_id: int) -> list[EmailOfSubmission]:
    """Every email that brought a submission and was not purged, the first one first."""
    query = (
        sa.select(t.received_emails, t.email_submissions)
        .join(t.email_submissions, t.email_submissions.c.email_id == t.received_emails.c.id)
        .where(t.email_submissions.c.submission_id == submission_id, t.received_emails.c.purged_at.is_(None))
        .order_by(t.received_emails.c.id)
    )
    return [
        EmailOfSubmission(
            row.id,
            row.sha256,
            MessageSaid(row.sender, row.sender_name, row.subject, row.sent_at),
            _load_attachments(connection, row.id),
            row.ending,
        )
        for row in connection.execute(query)
    ]


def load_emails_of(connection: Connection, submission_ids: Sequence[int]) -> dict[int, EmailOfSubmission]:
    """The emails that brought these submissions, by submission; without those that came in none."""
    query = sa.select(t.email_submissions.c.submission_id).where(
        t.email_submissions.c.submission_id.in_(submission_ids)
    )
    found = {one: load_email_of(connection, one) for one in set(connection.scalars(query))}
    return {one: email for one, email in found.items() if email is not None}


def _load_attachments(connection: Connection, email_id: int) -> tuple[Attachment, ...]:
    query = sa.select(t.email_attachments).where(t.email_attachments.c.email_id == email_id)
    rows = connection.execute(query.order_by(t.email_attachments.c.position))
    return tuple(Attachment(row.position, row.name, row.what, row.size, row.sha256) for row in rows)


def taken_in_before(connection: Connection, sha256: str) -> datetime | None:
    """When the forms of the email with this hash were taken in; None where it is new or brought no form."""
    query = (
        sa.select(sa.func.min(t.submissions.c.taken_in_at))
        .join(t.email_submissions, t.email_submissions.c.submission_id == t.submissions.c.id)
        .join(t.received_emails, t.received_emails.c.id == t.email_submissions.c.email_id)
        .where(
            t.received_emails.c.sha256 == sha256,
            t.received_emails.c.purged_at.is_(None),
            t.submissions.c.outcome != Outcome.REJECTED.value,
        )
    )
    taken_in_at: datetime | None = connection.scalar(query)
    return taken_in_at


def list_kept_hashes(connection: Connection) -> set[str]:
    """The hashes of the emails that are kept, and of the files beside their forms."""
    live = t.received_emails.c.purged_at.is_(None)
    emails = connection.scalars(sa.select(t.received_emails.c.sha256).where(live))
    beside = connection.scalars(
        sa.select(t.email_attachments.c.sha256)
        .join(t.received_emails, t.received_emails.c.id == t.email_attachments.c.email_id)
        .where(live, t.email_attachments.c.sha256.is_not(None))
    )
    return {sha256 for sha256 in (*emails, *beside) if sha256 is not None}


def list_gone_hashes(connection: Connection) -> set[str]:
    """The hashes of the emails that were purged, and of the files beside their forms."""
    gone = t.received_emails.c.purged_at.is_not(None)
    emails = connection.scalars(sa.select(t.received_emails.c.sha256).where(gone))
    beside = connection.scalars(
        sa.select(t.email_attachments.c.sha256)
        .join(t.received_emails, t.received_emails.c.id == t.email_attachments.c.email_id)
        .where(gone, t.email_attachments.c.sha256.is_not(None))
    )
    return {sha256 for sha256 in (*emails, *beside) if sha256 is not None}


def purge_emails(connection: Connection, *, before: datetime | None, at: datetime) -> int:
    """Empty emails of which every submission is purged; returns how many.

    With `before`, also those that brought nothing and came before then. Their originals go after it.
    """
    links = t.email_submissions
    live = (
        sa.select(links.c.email_id)
        .join(t.submissions, t.submissions.c.id == links.c.submission_id)
        .where(t.submissions.c.purged_at.is_(None))
    )
    is_over: sa.ColumnElement[bool] = t.received_emails.c.id.in_(sa.select(links.c.email_id))
    if before is not None:
        is_over = sa.or_(is_over, t.received_emails.c.fetched_at < before)
    dead = list(
        connection.scalars(
            sa.select(t.received_emails.c.id).where(
                t.received_emails.c.purged_at.is_(None), t.received_emails.c.id.not_in(live), is_over
            )
        )
    )
    connection.execute(
        t.email_attachments.update().where(t.email_attachments.c.email_id.in_(dead)).values(name="")
    )
    connection.execute(
        t.received_emails.update().where(t.received_emails.c.id.in_(dead)).values(purged_at=at, message_id="")
    )
    connection.execute(
        links.update().where(links.c.email_id.in_(dead)).values(sender="", sender_name="", subject="")
    )
    return len(dead)
