"""The emails of the office's mailbox in the register: each with its place there, and what became of it.

No subject and no name is kept, and no address but that of a sender whom the office's own mail server vouches
for. An email is known by its place (mailbox, uid_validity, uid), and by two hashes: of all its bytes, and of
its Message-ID with its body, which is the same when one email is delivered twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.mailbox import NEXT_STATES, LeftReason, MailProvenance, MailState
from peer_challenge.register import journal
from peer_challenge.register.tables import TableRow
from peer_challenge.register.tables import mailbox_messages as mails


@dataclass(frozen=True, slots=True)
class MailPlace:
    """A folder of an account on a mail server, as hashed, and the server's mark for its numbers."""

    mailbox: str
    uid_validity: int


@dataclass(frozen=True, slots=True)
class ListedMail:
    """An email as the mail server lists it: its number, its size in bytes, when it came (UTC)."""

    uid: int
    size: int
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class MailboxMessage:
    """An email of the mailbox, as the register has it. `reason` says why it is left, or not fetched yet."""

    id: int
    mailbox: str
    uid_validity: int
    uid: int
    size: int
    arrived_at: datetime
    seen_at: datetime
    state: MailState
    state_since_at: datetime
    reason: LeftReason | None
    attempts: int
    tried_at: datetime | None
    sha256: str | None
    content_sha256: str | None
    verified_sender: str | None
    about_key: str | None
    status_code: str | None

    @classmethod
    def from_row(cls, row: TableRow) -> "MailboxMessage":
        """The record of a row that has the columns of the table `mailbox_messages`."""
        values = {name: getattr(row, name) for name in cls.__slots__}
        reason = LeftReason(row.reason) if row.reason is not None else None
        return cls(**values | {"state": MailState(row.state), "reason": reason})


def list_known_numbers(connection: Connection, place: MailPlace) -> dict[int, MailState]:
    """The state of every email that we know at a place, by its number there."""
    rows = connection.execute(sa.select(mails.c.uid, mails.c.state).where(_is_at(place)))
    return {row.uid: MailState(row.state) for row in rows}


def add_listed_mails(
    connection: Connection, place: MailPlace, listed: Sequence[ListedMail], at: datetime
) -> None:
    """Record emails that are listed for the first time: they are to be fetched."""
    if listed:
        connection.execute(
            mails.insert(),
            [
                {
                    "mailbox": place.mailbox,
                    "uid_validity": place.uid_validity,
                    "uid": one.uid,
                    "size": one.size,
                    "arrived_at": one.arrived_at,
                    "seen_at": at,
                    "state": MailState.SEEN.value,
                    "state_since_at": at,
                    "attempts": 0,
                }
                for one in listed
            ],
        )


def list_in_states(
    connection: Connection, place: MailPlace, states: Collection[MailState]
) -> list[MailboxMessage]:
    """The emails at a place that are in one of `states`: what was fetched first, then the least often tried.

    What an earlier run had fetched may be in the inbox already: it is settled before another copy of it.
    """
    query = (
        sa.select(mails)
        .where(_is_at(place), mails.c.state.in_([state.value for state in states]))
        .order_by(mails.c.state != MailState.FETCHED.value, mails.c.attempts, mails.c.uid)
    )
    return [MailboxMessage.from_row(row) for row in connection.execute(query)]


def note_attempt(connection: Connection, mail: MailboxMessage, at: datetime, *, many: int) -> None:
    """Record that we begin to fetch an email, so that one that breaks the connection is known by it.

    After `many` attempts that came to nothing, the office sees it among those that are left.
    """
    values: dict[str, object] = {"attempts": mail.attempts + 1, "tried_at": at}
    if mail.attempts + 1 > many and mail.state is MailState.SEEN:
        values["reason"] = LeftReason.NOT_FETCHED.value
    connection.execute(mails.update().where(mails.c.id == mail.id).values(values))


def record_fetched(
    connection: Connection,
    mail: MailboxMessage,
    *,
    sha256: str,
    content_sha256: str,
    verified_sender: str | None,
    at: datetime,
) -> None:
    """Record that an email was fetched and may hold a form, before its file is in the inbox."""
    _change_state(
        connection,
        mail,
        MailState.FETCHED,
        at,
        sha256=sha256,
        content_sha256=content_sha256,
        verified_sender=verified_sender,
    )


def record_handed_over(connection: Connection, mail: MailboxMessage, sha256: str, at: datetime) -> None:
    """Record that the email with this hash is in the inbox, and add that to the journal."""
    if _change_state(connection, mail, MailState.HANDED_OVER, at):
        journal.append_entry(connection, "email fetched", at=at, email=mail.id, sha256=sha256, size=mail.size)


def record_known(
    connection: Connection, mail: MailboxMessage, *, sha256: str, content_sha256: str, at: datetime
) -> None:
    """Record that an email has come before by another delivery: it is not put into the inbox again."""
    _change_state(connection, mail, MailState.HANDED_OVER, at, sha256=sha256, content_sha256=content_sha256)


def record_left(
    connection: Connection,
    mail: MailboxMessage,
    reason: LeftReason,
    at: datetime,
    *,
    sha256: str | None = None,
    about_key: str | None = None,
    status_code: str | None = None,
) -> None:
    """Record that an email stays where it is, and why; for a delivery report also what it says."""
    _change_state(
        connection,
        mail,
        MailState.LEFT,
        at,
        reason=reason.value,
        sha256=sha256,
        about_key=about_key,
        status_code=status_code,
    )


def record_moved(connection: Connection, mail: MailboxMessage, at: datetime) -> None:
    """Record that an email is in the folder for those taken in."""
    _change_state(connection, mail, MailState.MOVED, at)


def record_gone(connection: Connection, place: MailPlace, numbers: Collection[int], at: datetime) -> None:
    """Record that emails are not in the folder any more: `numbers` are those that are still there.

    Those of another uid_validity are gone too: the server has given every email a new number.
    """
    for state, after in (
        (MailState.SEEN, MailState.GONE),
        (MailState.FETCHED, MailState.GONE),
        (MailState.LEFT, MailState.GONE),
        (MailState.HANDED_OVER, MailState.MOVED),
    ):
        rows = connection.execute(
            sa.select(mails.c.id, mails.c.uid_validity, mails.c.uid).where(
                mails.c.mailbox == place.mailbox, mails.c.state == state.value
            )
        )
        gone = [row.id for row in rows if row.uid_validity != place.uid_validity or row.uid not in numbers]
        if gone:
            connection.execute(
                mails.update()
                .where(mails.c.id.in_(gone))
                .values(state=after.value, state_since_at=at, reason=None)
            )


def is_taken_in(connection: Connection, content_sha256: str, verified_sender: str | None) -> bool:
    """Whether an email with this Message-ID and body was taken in already.

    One whose sender is verified is not the same as one whose sender was not.
    """
    query = sa.select(mails.c.verified_sender).where(
        mails.c.content_sha256 == content_sha256,
        mails.c.state.in_([MailState.HANDED_OVER.value, MailState.MOVED.value]),
    )
    return any(
        verified_sender is None or row.verified_sender == verified_sender for row in connection.execute(query)
    )


def find_provenance(connection: Connection, sha256: str) -> MailProvenance | None:
    """What the office's mail server says about the email with this hash; None where it is not from there."""
    query = (
        sa.select(mails.c.arrived_at, mails.c.verified_sender)
        .where(
            mails.c.sha256 == sha256,
            mails.c.state.in_([MailState.FETCHED.value, MailState.HANDED_OVER.value, MailState.MOVED.value]),
        )
        .order_by(mails.c.verified_sender.is_(None), mails.c.arrived_at, mails.c.id)
    )
    row = connection.execute(query).first()
    return None if row is None else MailProvenance(row.arrived_at, row.verified_sender)


def list_left(connection: Connection, *, most: int = 200) -> list[MailboxMessage]:
    """The emails that stay in the mailbox, each with its reason: the newest first, `most` at most."""
    query = (
        sa.select(mails)
        .where(mails.c.state.in_([MailState.LEFT.value, MailState.SEEN.value]), mails.c.reason.is_not(None))
        .order_by(mails.c.arrived_at.desc(), mails.c.id.desc())
        .limit(most)
    )
    return [MailboxMessage.from_row(row) for row in connection.execute(query)]


def forget_senders(connection: Connection, *, before: datetime) -> int:
    """Remove the addresses of verified senders of emails that came before; returns of how many."""
    forgotten = connection.execute(
        mails.update()
        .where(mails.c.arrived_at < before, mails.c.verified_sender.is_not(None))
        .values(verified_sender=None)
    )
    return forgotten.rowcount


def _is_at(place: MailPlace) -> sa.ColumnElement[bool]:
    return sa.and_(mails.c.mailbox == place.mailbox, mails.c.uid_validity == place.uid_validity)


def _change_state(
    connection: Connection, mail: MailboxMessage, to: MailState, at: datetime, **values: object
) -> bool:
    """Move an email on, where it is in a state that this one follows; returns whether it was."""
    before = [state.value for state, following in NEXT_STATES.items() if to in following]
    changed = connection.execute(
        mails.update()
        .where(mails.c.id == mail.id, mails.c.state.in_(before))
        .values({"reason": None, "state": to.value, "state_since_at": at, **values})
    )
    return changed.rowcount == 1
