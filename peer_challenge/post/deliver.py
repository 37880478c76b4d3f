"""Delivers messages in the way that the settings say: into shared folders, as drafts, or by a mail server.

The register records that a message is about to be given to the server before it is, and what became of it
after. Cut off in between, it may or may not have gone: it is never sent again by itself, and the office is
told. A message that the server does not take now is tried again at the next run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from peer_challenge.dispatches.gather_facts import WrongAddressee
from peer_challenge.model.messages import WAITING, Delivery, MessageState
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.post import smtp
from peer_challenge.post.compose import (
    CanNotCompose,
    Composed,
    compose_message,
    is_as_composed,
    leave_out_needless,
    list_extra_copies,
    make_email,
)
from peer_challenge.post.drafts import remove_needless_drafts, stop_message, write_drafts
from peer_challenge.post.group_into_messages import (
    SHARED_FOLDER,
    explain_no_address,
    find_recipients,
)
from peer_challenge.post.still_needed import is_still_needed
from peer_challenge.register import messages
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.records import Dispatch, Message
from peer_challenge.settings import Settings

MAIL_SERVER = "the mail server"
_NO_SENDER = "There is no address to send from. Give one under Mail, as “From”."
_STALE = timedelta(days=2)
"""A reminder says how many days are left: one that could not go for so long is wrong by now."""


@dataclass(slots=True)
class Delivered:
    """What one run of the post did; `is_away` when the mail server could not be used."""

    sent: int = 0
    refused: int = 0
    drafted: int = 0
    overtaken: int = 0
    is_away: bool = False

    def add(self, other: "Delivered") -> None:
        """Count what another run did as well."""
        self.sent += other.sent
        self.refused += other.refused
        self.drafted += other.drafted
        self.overtaken += other.overtaken
        self.is_away = other.is_away


def deliver_messages(register: Register, settings: Settings, at: datetime) -> Delivered:
    """Deliver what is ready at `at`. Safe at any time, twice, and killed anywhere; one process at a time."""
    done = Delivered()
    with register.exclusive("mail") as is_ours:
        if not is_ours:
            return done
        done.overtaken = _settle_what_waits(register, at)
        remove_needless_drafts(register, settings)
        if settings.way_to_deliver is Delivery.DRAFTS:
            done.drafted = write_drafts(register, settings, at)
        elif settings.way_to_deliver is Delivery.FOLDER:
            done.sent = _leave_in_folders(register, at)
        elif settings.smtp_host:
            _send_all_ready(register, settings, at, done)
        else:
            done.is_away = True
    return done


def _send_all_ready(register: Register, settings: Settings, at: datetime, done: Delivered) -> None:
    with register.reading() as connection:
        ready = messages.list_messages(connection, states=[MessageState.READY], most=None)
    for message in reversed(ready):
        if not send_message(register, settings, message, at, done):
            done.is_away = True
            return


def send_message(
    register: Register, settings: Settings, message: Message, at: datetime, done: Delivered
) -> bool:
    """Send one message that is ready; False when the mail server can't be used and the rest has to wait.

    The caller holds the lock "mail". What became of it is in the register and counted in `done`.
    """
    try:
        with register.reading() as connection:
            composed = compose_message(connection, settings, message, at)
    except (CanNotCompose, WrongAddressee) as error:
        stop_message(register, message, error, at)
        done.refused += 1
        return True
    to = [*composed.recipients.addresses, *list_extra_copies(composed, settings)]
    email = make_email(composed, settings, at, is_draft=False)
    sending = None
    try:
        with smtp.open_mail_server(settings) as server:  # before we say that it is being sent
            sending = _record_sending(register, message, composed, at)
            if sending is None:
                return True
            refused = smtp.hand_over(server, email, to)
    except smtp.MailServerAway as error:
        if sending is not None:
            _record(register, sending, MessageState.READY, at, problem=_explain(error))
        elif message.problem != _explain(error):
            with register.writing() as connection:
                messages.note_problem(connection, message.id, _explain(error))
        return isinstance(error, smtp.MailPutOff)
    except smtp.MailNotSent as error:
        assert sending is not None  # only handing over raises it
        state = MessageState.IN_DOUBT if isinstance(error, smtp.MailInDoubt) else MessageState.FAILED
        _record(register, sending, state, at, problem=_explain(error))
        done.refused += 1
        return True
    _record(
        register,
        sending,
        MessageState.SENT,
        at,
        sent_to=[address for address in to if address not in refused],
        problem=f"The mail server refused {len(refused)} of {len(to)} addresses." if refused else None,
    )
    done.sent += 1
    return True


def _explain(error: smtp.MailNotSent | smtp.MailServerAway) -> str:
    return f"{error.args[0]} {error.remedy}"


def _record_sending(register: Register, message: Message, composed: Composed, at: datetime) -> Message | None:
    """Record that a message is about to be sent as it was composed; None where it may not go so any more."""
    with register.writing() as connection:
        if not is_as_composed(connection, composed):
            return None  # the next run looks at it again
        if not composed.recipients.to:
            return None  # its address was taken away just now: the next run says so
        if not composed.sender:
            messages.note_problem(connection, message.id, _NO_SENDER)
            return None
        if not messages.change_state(connection, message, MessageState.SENDING, at=at):
            return None
        leave_out_needless(connection, message.id)
        return messages.load_message(connection, message.id)


def _record(
    register: Register,
    message: Message,
    state: MessageState,
    at: datetime,
    *,
    problem: str | None = None,
    sent_to: Sequence[str] | None = None,
) -> None:
    sent_at = at if state is MessageState.SENT else None
    with register.writing() as connection:
        messages.change_state(
            connection,
            message,
            state,
            at=at,
            actor=MAIL_SERVER,
            problem=problem,
            sent_at=sent_at,
            sent_to=sent_to,
        )


def _settle_what_waits(register: Register, at: datetime) -> int:
    """Doubt what was cut off, stop what nobody needs any more, and look for addresses again.

    Returns how many messages were stopped.
    """
    with register.writing() as connection:
        for message in messages.list_messages(connection, states=[MessageState.SENDING], most=None):
            problem = "Sending was cut off. It may have gone or not: ask the recipient, then say which."
            messages.change_state(connection, message, MessageState.IN_DOUBT, at=at, problem=problem)
        waiting = messages.list_messages(connection, states=WAITING, most=None)
        contents = messages.list_dispatches_of(connection, [one.id for one in waiting])
        return sum(
            _settle_waiting(connection, message, contents.get(message.id, ()), at) for message in waiting
        )


def _settle_waiting(
    connection: Transaction, message: Message, contents: Sequence[Dispatch], at: datetime
) -> bool:
    """Settle one waiting message; returns whether it was stopped."""
    if contents and (problem := _find_why_overtaken(connection, message, contents, at)):
        return messages.change_state(connection, message, MessageState.OVERTAKEN, at=at, problem=problem)
    cycle, _ = load_stored(connection, message.cycle_id)
    has_address = bool(contents and find_recipients(cycle, contents).to)
    if message.state is MessageState.NO_ADDRESS and has_address:
        messages.change_state(connection, message, MessageState.READY, at=at)
    elif message.state is MessageState.READY and contents and not has_address:
        problem = explain_no_address(cycle, contents)
        messages.change_state(connection, message, MessageState.NO_ADDRESS, at=at, problem=problem)
    return False


def _find_why_overtaken(
    connection: Transaction, message: Message, contents: Sequence[Dispatch], at: datetime
) -> str | None:
    """Why a message need not go any more; None where it has to."""
    if not any(is_still_needed(connection, dispatch) for dispatch in contents):
        return "What it says or asks for has been overtaken by what came or changed since."
    are_reminders = all(dispatch.kind is DispatchKind.REMINDER for dispatch in contents)
    if are_reminders and at - message.made_at > _STALE:
        return "It could not be sent in time, and what it says of the days left is not true any more."
    return None


def _leave_in_folders(register: Register, at: datetime) -> int:
    """Messages that waited to be sent otherwise have gone, now that recipients share their folders."""
    with register.writing() as connection:
        waiting = [MessageState.READY, MessageState.NO_ADDRESS]  # a folder needs no address
        ready = messages.list_messages(connection, states=waiting, most=None)
        return sum(
            messages.change_state(
                connection, message, MessageState.SENT, at=at, actor=SHARED_FOLDER, sent_at=at
            )
            for message in ready
        )
