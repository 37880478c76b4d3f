"""What the office does with a message: hold it, let it go, mark it as sent, change its covering words.

Each is one step in the caller's transaction, with the person's name and a reason in the journal. Each
raises WrongUse, with what to do, where the message is in a state in which it can't be done.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from peer_challenge.errors import WrongUse
from peer_challenge.model.email_addresses import clean_address, is_address
from peer_challenge.model.messages import (
    CAN_BE_LET_GO,
    MESSAGE_STATES,
    Delivery,
    MessageState,
    can_be_marked_as_sent,
)
from peer_challenge.model.reasons import read_reason
from peer_challenge.post.compose import leave_out_needless
from peer_challenge.post.deliver import Delivered, send_message
from peer_challenge.post.group_into_messages import find_recipients
from peer_challenge.register import journal, listings, look_before_sending, messages, outbox
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.records import Dispatch, Message
from peer_challenge.settings import Settings

_LONGEST_WORDS = 10_000
"""Some three pages: what is longer belongs into a document, not into the words that go with one."""
_OPENED = "document opened to look at"


def hold_message(
    connection: Transaction, message_id: int, *, reason: str, at: datetime, actor: str
) -> Message:
    """Hold a message that has not gone: it waits until somebody lets it go. Returns it as it is now."""
    why = read_reason(reason)
    return _move(
        connection, message_id, MessageState.ON_HOLD, "be held", at=at, actor=actor, reason=why, problem=why
    )


def let_message_go(
    connection: Transaction, message_id: int, *, reason: str, at: datetime, actor: str
) -> Message:
    """Let a message go that was held, was not delivered, or is in doubt: it is ready to be sent again.

    One in doubt may then arrive twice: the page says so before it asks for the reason.
    """
    message = load_message(connection, message_id)
    if message.state not in CAN_BE_LET_GO:
        raise refuse_in_state(message, "be let go")
    return _move(
        connection,
        message_id,
        MessageState.READY,
        "be let go",
        at=at,
        actor=actor,
        reason=read_reason(reason),
    )


def mark_as_sent(
    connection: Transaction,
    message_id: int,
    *,
    to: Sequence[str] | None = None,
    sent_at: datetime | None = None,
    at: datetime,
    actor: str,
) -> Message:
    """Record that somebody of the office sent a message by hand: when, and to which addresses.

    Without `to` it went to the recipient's addresses in the cycle; without `sent_at`, at `at`. The dates
    that count from it begin then. Raises WrongUse for a time to come or before the message was made, and
    for what is no address.
    """
    message = load_message(connection, message_id)
    if not can_be_marked_as_sent(message.state):
        raise refuse_in_state(message, "be marked as sent")
    when = sent_at or at
    if when > at or when < message.made_at.replace(second=0, microsecond=0):  # people give minutes
        raise WrongUse(
            "The message can't have been sent then.",
            remedy="Give a time between the message's own and now.",
            about="day",
        )
    addresses = list_addresses(connection, message) if to is None else [clean_address(one) for one in to]
    if wrong := [one for one in addresses if not is_address(one)]:
        raise WrongUse(
            f"`{wrong[0]}` is no email address.", remedy="Correct it, then mark it again.", about="to"
        )
    leave_out_needless(connection, message_id)
    return _move(
        connection,
        message_id,
        MessageState.SENT,
        "be marked as sent",
        at=at,
        actor=actor,
        sent_at=when,
        sent_to=addresses,
    )


def send_now(register: Register, settings: Settings, message_id: int, *, at: datetime, actor: str) -> Message:
    """Give a message that is ready to the mail server now, and return it as it is then.

    Raises WrongUse where it is not ready, where messages do not leave by a mail server, and where another
    run is sending now. What the server said is in the message's state and problem.
    """
    if settings.way_to_deliver is not Delivery.SEND or not settings.smtp_host:
        raise WrongUse(
            "Messages do not leave by a mail server here.",
            remedy="Send its draft and mark it as sent, or name a mail server in the settings.",
        )
    with register.exclusive("mail") as is_ours:
        if not is_ours:
            raise WrongUse("Messages are being sent now.", remedy="Look again in a minute.")
        with register.writing() as connection:
            message = load_message(connection, message_id)
            if message.state is not MessageState.READY:
                raise refuse_in_state(message, "be sent")
            messages.note_asked_to_send(connection, message, at=at, actor=actor)
        send_message(register, settings, message, at, Delivered())
    with register.reading() as connection:
        return load_message(connection, message_id)


def edit_covering_words(
    connection: Transaction, message_id: int, words: str | None, *, at: datetime, actor: str
) -> Message:
    """Put words of the office in place of the letters' words in a message that has not gone.

    None or nothing brings the letters' words back. Raises WrongUse for a text longer than 10,000 characters.
    """
    message = load_message(connection, message_id)
    if not MESSAGE_STATES[message.state].is_waiting:
        raise refuse_in_state(message, "be changed")
    plain = (words or "").replace("\r\n", "\n").strip() or None
    if plain and len(plain) > _LONGEST_WORDS:
        raise WrongUse(
            "The covering words are too long.", remedy="Write 10,000 characters at most.", about="words"
        )
    messages.write_covering_words(connection, message, plain, at=at, actor=actor)
    return load_message(connection, message_id)


def mark_as_looked_at(
    connection: Transaction, dispatch_id: int, sha256: str, *, reason: str = "", at: datetime, actor: str
) -> None:
    """Let a document go that somebody of the office has looked at; the next advance sends it.

    `sha256` is the hash of the file that was looked at: exactly that file goes. Raises WrongUse where it has
    changed meanwhile, or does not wait any more.
    """
    dispatch = outbox.load_dispatch(connection, dispatch_id)
    is_let_go = look_before_sending.note_looked_at(
        connection, dispatch, sha256, at=at, actor=actor, reason=read_reason(reason or "Looked at.")
    )
    if not is_let_go:
        raise WrongUse(
            "This is not the document that waits to be looked at.",
            remedy="Open it again: it has changed, or somebody else has sent it.",
        )


def note_opened_to_look_at(connection: Transaction, dispatch: Dispatch, *, at: datetime, actor: str) -> None:
    """Record that somebody of the office has opened the file of a document that waits for a look."""
    journal.append_entry(
        connection,
        _OPENED,
        at=at,
        actor=actor,
        cycle_id=dispatch.cycle_id,
        challenge_id=dispatch.challenge_id,
        dispatch=dispatch.id,
        sha256=dispatch.sha256,
    )


def has_been_opened_to_look_at(connection: Transaction, dispatch: Dispatch) -> bool:
    """Whether somebody of the office has opened the very file that waits for a look."""
    entries = listings.list_journal_entries(
        connection, 1, event=_OPENED, text=dispatch.sha256 or "", challenge_id=dispatch.challenge_id or ""
    )
    return any(entry.details.get("dispatch") == dispatch.id for entry in entries.rows)


def let_opened_document_go(
    connection: Transaction, dispatch: Dispatch, sha256: str, *, at: datetime, actor: str
) -> None:
    """Let a document go (`mark_as_looked_at`) whose file somebody of the office has opened.

    Raises WrongUse where nobody has, too.
    """
    if not has_been_opened_to_look_at(connection, dispatch):
        raise WrongUse("Nobody has opened this document yet.", remedy="Open it and read it. Then send it.")
    mark_as_looked_at(connection, dispatch.id, sha256, at=at, actor=actor)


def select_for_all(
    connection: Transaction, message_ids: Sequence[int], states: Collection[MessageState]
) -> list[int]:
    """Of the messages that a page listed, those in some states: what "with all" means.

    Raises WrongUse where there is none.
    """
    found = [message_id for message_id in message_ids if load_message(connection, message_id).state in states]
    if not found:
        raise WrongUse(
            "This can't be done with any of the messages listed.", remedy="Open one to see what can be done."
        )
    return found


def load_message(connection: Transaction, message_id: int) -> Message:
    """The message with this number. Raises WrongUse where there is none."""
    message = messages.load_message(connection, message_id)
    if message is None:
        raise WrongUse(
            f"There is no message {message_id}.",
            remedy="The page “To send” lists those that there are.",
            command="peer-challenge messages",
        )
    return message


def list_addresses(connection: Transaction, message: Message) -> list[str]:
    """The addresses that a message goes to, by the contacts that its cycle has now."""
    contents = messages.list_dispatches_of(connection, [message.id]).get(message.id, ())
    cycle, _ = load_stored(connection, message.cycle_id)
    return list(find_recipients(cycle, contents).addresses) if contents else []


def _move(
    connection: Transaction,
    message_id: int,
    after: MessageState,
    what: str,
    *,
    at: datetime,
    actor: str,
    reason: str | None = None,
    problem: str | None = None,
    sent_at: datetime | None = None,
    sent_to: Sequence[str] | None = None,
) -> Message:
    message = load_message(connection, message_id)
    is_moved = messages.change_state(
        connection,
        message,
        after,
        at=at,
        actor=actor,
        reason=reason,
        problem=problem,
        sent_at=sent_at,
        sent_to=sent_to,
    )
    if not is_moved:
        raise refuse_in_state(message, what)
    return load_message(connection, message_id)


def refuse_in_state(message: Message, what: str) -> WrongUse:
    """The error that a message can't do `what` in its state, as in "be held"."""
    return WrongUse(
        f"Message {message.id} to {message.recipient_id} can't {what}: "
        f"its state is “{MESSAGE_STATES[message.state].name}”.",
        remedy="Nothing was changed. Open it again to see what can be done now.",
    )
