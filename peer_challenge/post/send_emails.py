"""Sending reminder emails where a mail server is given: each once, to those it is for and to nobody else.

A row says that an email is about to be sent before it is, and that it was after: one that a
power cut leaves in between may or may not have gone, so it is never sent again by itself; the
office is told. What the server turns away for now is tried again at the next run.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from peer_challenge.model.challenge import recipient_of
from peer_challenge.outbox.remind import waited_for
from peer_challenge.post import smtp
from peer_challenge.register import challenges, emails
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.records import Dispatch, EmailState
from peer_challenge.settings import Settings
from peer_challenge.system.folder_handles import NOT_THERE, TooLarge, read_file

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


def _waiting(register: Register, at: datetime) -> list[Dispatch]:
    with register.reading() as connection:
        return emails.list_unsent(connection, issued_after=at - _FRESH)


def _send(register: Register, settings: Settings, dispatch: Dispatch, at: datetime, done: Mailed) -> bool:
    """Send one; False when the server can't be used and the rest has to wait."""
    with register.writing() as connection:
        if not _is_awaited(connection, dispatch):
            emails.record_outcome(connection, dispatch, EmailState.OVERTAKEN, at)
            return True
        allowed = _addresses(connection, dispatch)
        if not allowed:  # a Chair, say: the draft opens without an address, and is sent by hand
            return True
        draft = _draft(settings, dispatch)
        emails.record_sending(connection, dispatch, at)
    try:
        smtp.send(settings, draft, allowed)
    except smtp.MailServerAway as error:
        with register.writing() as connection:
            emails.forget_sending(connection, dispatch)
        return isinstance(error, smtp.MailPutOff)
    except smtp.MailNotSent as error:
        state = EmailState.DOUBTFUL if isinstance(error, smtp.MailInDoubt) else EmailState.REFUSED
        with register.writing() as connection:
            emails.record_outcome(connection, dispatch, state, at, str(error.args[0]))
        done.refused += 1
        return True
    with register.writing() as connection:
        emails.record_outcome(connection, dispatch, EmailState.SENT, at)
    done.sent += 1
    return True


def _is_awaited(connection: Transaction, dispatch: Dispatch) -> bool:
    challenge = challenges.get(connection, dispatch.challenge_id or "")
    return challenge is not None and waited_for(challenge)[0] == dispatch.parameters["what"]


def _addresses(connection: Transaction, dispatch: Dispatch) -> frozenset[str]:
    """The addresses that this dispatch may go to: those of whom it is for, as the cycle names them."""
    cycle, _ = load_stored(connection, dispatch.cycle_id)
    recipient = recipient_of(cycle, dispatch.role, dispatch.recipient_id)
    return frozenset(contact.email for contact in recipient.contacts if contact.email)


def _draft(settings: Settings, dispatch: Dispatch) -> bytes:
    """The draft as it went into the outbox; nothing, when it was moved, sent by hand or altered."""
    try:
        data = read_file(settings.outbox_folder, dispatch.path or "", most=dispatch.size)
    except (*NOT_THERE, TooLarge):
        return b""
    return data if sha256_of(data) == dispatch.sha256 else b""


def _doubt_what_was_cut_off(connection: Transaction, at: datetime) -> None:
    for dispatch in emails.list_cut_off(connection):
        problem = "Sending was cut off; it may or may not have gone."
        emails.record_outcome(connection, dispatch, EmailState.DOUBTFUL, at, problem)
