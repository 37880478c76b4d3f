"""Sends reminder emails if a mail server is given: each once, and only to the people it is for.

The register records that an email is about to be sent before it is, and that it was sent after. After
a power cut in between, it may or may not have gone: we never send it again by ourselves, and the office
is told. An email that the server does not take now is tried again at the next run.
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
    """Send the reminder emails of the last two days that were not sent yet. Does nothing without a server.

    Older ones stay drafts. Otherwise a server that is set up late, or comes back late, would get a flood.
    """
    done = Mailed()
    if not settings.smtp_host:
        return done
    with register.exclusive("mail") as is_ours:
        if not is_ours:
            return done
        with register.writing() as connection:
            _doubt_what_was_cut_off(connection, at)
        for dispatch in _list_unsent_emails(register, at):
            if not _send_one_email(register, settings, dispatch, at, done):
                done.is_away = True
                break
    return done


def _list_unsent_emails(register: Register, at: datetime) -> list[Dispatch]:
    with register.reading() as connection:
        return emails.list_unsent(connection, issued_after=at - _FRESH)


def _send_one_email(
    register: Register, settings: Settings, dispatch: Dispatch, at: datetime, done: Mailed
) -> bool:
    """Send one; False when the server can't be used and the rest has to wait."""
    with register.writing() as connection:
        if not _is_awaited(connection, dispatch):
            emails.record_outcome(connection, dispatch, EmailState.OVERTAKEN, at)
            return True
        allowed = _list_allowed_addresses(connection, dispatch)
        if not allowed:  # a Chair, say: the draft opens without an address, and is sent by hand
            return True
        draft = _read_email_draft(settings, dispatch)
        emails.record_sending(connection, dispatch, at)
    try:
        smtp.send_email_draft(settings, draft, allowed)
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
    challenge = challenges.find_challenge(connection, dispatch.challenge_id or "")
    return challenge is not None and waited_for(challenge)[0] == dispatch.parameters["what"]


def _list_allowed_addresses(connection: Transaction, dispatch: Dispatch) -> frozenset[str]:
    """The addresses that this dispatch may go to: those of whom it is for, as the cycle names them."""
    cycle, _ = load_stored(connection, dispatch.cycle_id)
    recipient = recipient_of(cycle, dispatch.role, dispatch.recipient_id)
    return frozenset(contact.email for contact in recipient.contacts if contact.email)


def _read_email_draft(settings: Settings, dispatch: Dispatch) -> bytes:
    """The unchanged draft from the outbox; empty if it was moved, sent by hand or altered."""
    try:
        data = read_file(settings.outbox_folder, dispatch.path or "", most=dispatch.size)
    except (*NOT_THERE, TooLarge):
        return b""
    return data if sha256_of(data) == dispatch.sha256 else b""


def _doubt_what_was_cut_off(connection: Transaction, at: datetime) -> None:
    for dispatch in emails.list_cut_off(connection):
        problem = "Sending was cut off; it may or may not have gone."
        emails.record_outcome(connection, dispatch, EmailState.DOUBTFUL, at, problem)
