"""Sending reminder emails where a mail server is given: each once, to those it is for and to nobody else.

A row says that an email is about to be sent before it is, and that it was after: one that a
power cut leaves in between may or may not have gone, so it is never sent again by itself; the
office is told. What the server turns away for now is tried again at the next run.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from peer_challenge.model.challenge import recipient_of
from peer_challenge.model.vocabulary import DispatchKind, Role
from peer_challenge.outbox.remind import waited_for
from peer_challenge.post import smtp
from peer_challenge.register import challenges, journal, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from peer_challenge.system.folder_handles import NOT_THERE, TooLarge, read_file

SENDING, SENT, REFUSED, DOUBTFUL, OVERTAKEN = "sending", "sent", "refused", "doubtful", "overtaken"
_FRESH = timedelta(days=2)


@dataclass(slots=True)
class Mailed:
    """What one run of the post did; `is_away` when the mail server could not be used."""

    sent: int = 0
    refused: int = 0
    is_away: bool = False


def send_emails(register: Register, settings: Settings, at: datetime) -> Mailed:
    """Send the reminder emails of the last two days that were not sent yet. Nothing without a server.

    Older ones stay drafts: a server that is named late, or back late, starts no flood.
    """
    done = Mailed()
    if not settings.smtp_host:
        return done
    with register.exclusive("mail") as is_ours:
        if not is_ours:
            return done
        with register.writing() as connection:
            _doubt_what_was_cut_off(connection, at)
        for dispatch in _waiting(register, at):
            if not _send(register, settings, dispatch, at, done):
                done.is_away = True
                break
    return done


def waiting_count(register: Register, at: datetime) -> int:
    """How many emails the next run would send."""
    return len(_waiting(register, at))


def _waiting(register: Register, at: datetime) -> list[Row[Any]]:
    query = (
        sa.select(t.dispatches)
        .join(t.emails, t.emails.c.dispatch_id == t.dispatches.c.id, isouter=True)
        .where(
            t.dispatches.c.kind == DispatchKind.REMINDER_EMAIL.value,
            t.dispatches.c.state == outbox.ISSUED,
            t.dispatches.c.issued_at > at - _FRESH,
            t.emails.c.dispatch_id.is_(None),
        )
        .order_by(t.dispatches.c.id)
    )
    with register.reading() as connection:
        return list(connection.execute(query))


def _send(register: Register, settings: Settings, dispatch: Row[Any], at: datetime, done: Mailed) -> bool:
    """Send one; False when the server can't be used and the rest has to wait."""
    with register.writing() as connection:
        if not _is_awaited(connection, dispatch):
            _note(connection, dispatch, OVERTAKEN, at)
            return True
        allowed = _addresses(connection, dispatch)
        if not allowed:  # a Chair, say: the draft opens without an address, and is sent by hand
            return True
        draft = _draft(settings, dispatch)
        connection.execute(t.emails.insert().values(dispatch_id=dispatch.id, state=SENDING, at=at))
    try:
        smtp.send(settings, draft, allowed)
    except smtp.MailServerAway as error:
        with register.writing() as connection:
            connection.execute(t.emails.delete().where(t.emails.c.dispatch_id == dispatch.id))
        return isinstance(error, smtp.MailPutOff)
    except smtp.MailNotSent as error:
        state = DOUBTFUL if isinstance(error, smtp.MailInDoubt) else REFUSED
        with register.writing() as connection:
            _note(connection, dispatch, state, at, str(error.args[0]))
        done.refused += 1
        return True
    with register.writing() as connection:
        _note(connection, dispatch, SENT, at)
    done.sent += 1
    return True


def _is_awaited(connection: Connection, dispatch: Row[Any]) -> bool:
    challenge = challenges.get(connection, dispatch.challenge_id)
    return challenge is not None and waited_for(challenge)[0] == dispatch.parameters["what"]


def _addresses(connection: Connection, dispatch: Row[Any]) -> frozenset[str]:
    """The addresses that this dispatch may go to: those of whom it is for, as the cycle names them."""
    cycle, _ = load_stored(connection, dispatch.cycle_id)
    recipient = recipient_of(cycle, Role(dispatch.role), dispatch.recipient_id)
    return frozenset(contact.email for contact in recipient.contacts if contact.email)


def _draft(settings: Settings, dispatch: Row[Any]) -> bytes:
    """The draft as it went into the outbox; nothing, when it was moved, sent by hand or altered."""
    try:
        data = read_file(settings.outbox_folder, dispatch.path, most=dispatch.size)
    except (*NOT_THERE, TooLarge):
        return b""
    return data if sha256_of(data) == dispatch.sha256 else b""


def _note(
    connection: Connection, dispatch: Row[Any], state: str, at: datetime, problem: str | None = None
) -> None:
    """Keep what became of an email, and tell the journal."""
    changed = connection.execute(
        t.emails.update()
        .where(t.emails.c.dispatch_id == dispatch.id)
        .values(state=state, at=at, problem=problem)
    )
    if changed.rowcount == 0:
        connection.execute(t.emails.insert().values(dispatch_id=dispatch.id, state=state, at=at))
    journal.append(
        connection,
        f"email {state}",
        at=at,
        cycle_id=dispatch.cycle_id,
        challenge_id=dispatch.challenge_id,
        dispatch=dispatch.id,
        recipient=dispatch.recipient_id,
        **({"problem": problem} if problem else {}),
    )


def _doubt_what_was_cut_off(connection: Connection, at: datetime) -> None:
    query = (
        sa.select(t.dispatches)
        .join(t.emails, t.emails.c.dispatch_id == t.dispatches.c.id)
        .where(t.emails.c.state == SENDING)
    )
    for dispatch in connection.execute(query).fetchall():
        _note(connection, dispatch, DOUBTFUL, at, "Sending was cut off; it may or may not have gone.")
