"""Taking back a mark as sent that was set by mistake: what would follow, and the undoing.

Its recipient does not see its documents any more, and what it began, such as the four weeks of an analysis,
begins when it is sent. Nothing is sent by this.
"""

from collections.abc import Sequence
from datetime import date, datetime

from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.messages import MESSAGE_STATES, WAITING, Delivery, MessageState
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.vocabulary import DeadlineName, Outcome, name_submission
from peer_challenge.outbox.dates_of_sending import take_back_dates
from peer_challenge.post.deliver import MAIL_SERVER
from peer_challenge.post.describe_messages import describe_message
from peer_challenge.post.group_into_messages import OWN_FOLDER, SHARED_FOLDER, follow_contacts
from peer_challenge.register import challenges, messages, submissions
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.records import Challenge, Dispatch, Message
from peer_challenge.settings import Settings
from peer_challenge.steering.preview import describe_changed_dates
from peer_challenge.steering.send_messages import load_message
from peer_challenge.word.form.forms import KIND_ON

_BY_ITSELF = {
    MAIL_SERVER: "the mail server took it",
    SHARED_FOLDER: "its documents are in its recipient's shared folder",
    OWN_FOLDER: "its documents are in the office's own folder",
}
"""What sent a message that nobody marked as sent, and why it has really gone."""
_HAS_COME = frozenset(Outcome) - {Outcome.REJECTED}


def can_be_taken_back(message: Message) -> bool:
    """Whether somebody marked a message as sent, and nothing shows that its recipient has it."""
    return message.state is MessageState.SENT and message.sent_by not in _BY_ITSELF


def preview_taking_back(
    register: Register, settings: Settings, message_id: int, *, at: datetime
) -> tuple[str, ...]:
    """Sentences on what would follow from taking a message back. Changes nothing. Raises WrongUse."""
    with register.trying_out() as connection:
        message = load_message(connection, message_id)
        cycle, _ = load_stored(connection, message.cycle_id)
        about = _list_challenges(connection, message)
        before = {one: challenges.find_challenge(connection, one) for one in about}
        due = {one: challenges.due_dates(connection, one) for one in about}
        after = take_back_sent(connection, settings, message_id, reason="preview", at=at, actor="")
        told = [
            f"It counts as not sent. It is “{MESSAGE_STATES[after.state].name}” again."
            if after.state is not MessageState.ON_HOLD
            else "It counts as not sent, and is on hold. It does not go until you let it go."
        ]
        recipient = describe_message(connection, message, tuple(_list_documents(connection, message)))
        told.append(f"On the page, {recipient.recipient} does not see its documents until it is sent.")
        for one, challenge in before.items():
            if challenge is not None:
                told += _describe_challenge(connection, cycle, challenge, due[one])
    return tuple(told)


def _describe_challenge(
    connection: Transaction, cycle: Cycle, before: Challenge, due: dict[DeadlineName, date]
) -> list[str]:
    name, now = cycle.participant[before.author_id].name, challenges.find_challenge(connection, before.id)
    told = []
    if now is not None and now.stage is not before.stage:
        told.append(f"{name} goes back from “{before.stage.value}” to “{now.stage.value}”.")
    changed = describe_changed_dates(due, challenges.due_dates(connection, before.id))
    return told + [f"{name}, {one}" for one in changed]


def take_back_sent(
    connection: Transaction,
    settings: Settings,
    message_id: int,
    *,
    reason: str,
    at: datetime,
    actor: str,
) -> Message:
    """Let a message that was marked as sent by mistake count as not sent. Returns it as it is now.

    It is in the state that it was in before. Where messages leave by themselves it is on hold instead, so
    that it goes only when the office lets it go. Raises WrongUse, and changes nothing, without a reason;
    where the message has really gone; and where a challenge has gone on since because it was sent.
    """
    why = read_reason(reason)
    message = load_message(connection, message_id)
    contents = _list_documents(connection, message)
    _check_can_be_taken_back(connection, message, contents)
    state, problem = messages.find_state_before_sent(connection, message)
    if settings.way_to_deliver is not Delivery.DRAFTS and state in WAITING:
        state, problem = MessageState.ON_HOLD, f"It was marked as sent by mistake: {why}"
    if not messages.take_sending_back(
        connection, message, state, at=at, actor=actor, reason=why, problem=problem
    ):
        raise WrongUse(
            "Somebody else has changed this message.", remedy="Open it again to see what can be done now."
        )
    cycle, _ = load_stored(connection, message.cycle_id)
    for dispatch in contents:
        assert message.sent_at is not None  # it is in a state that has gone
        take_back_dates(connection, cycle, dispatch, message.sent_at, at=at, actor=actor, reason=why)
    now = load_message(connection, message_id)
    if now.state in WAITING:
        follow_contacts(connection, settings, cycle, now, at)  # they may have changed since it was marked
    return load_message(connection, message_id)


def _check_can_be_taken_back(connection: Transaction, message: Message, contents: Sequence[Dispatch]) -> None:
    """Raise WrongUse where a message was not marked as sent, or has really gone."""
    cause = _BY_ITSELF.get(message.sent_by or "")
    if message.state is MessageState.OPENED:
        cause = "its recipient has fetched a document of it on the page"
    if MESSAGE_STATES[message.state].has_gone and cause:
        raise WrongUse(
            f"This message has really gone: {cause}.", remedy="Tell its recipient yourself if it was wrong."
        )
    if not can_be_taken_back(message):
        raise WrongUse("This message is not marked as sent.", remedy="Open it to see what can be done.")
    for dispatch in contents:
        kind = KIND_ON.get(dispatch.kind)
        if kind is not None and submissions.has_come_since(
            connection,
            dispatch.challenge_id or "",
            kind,
            dispatch.intended_at,
            dispatch.review,
            outcomes=tuple(_HAS_COME),
        ):
            raise WrongUse(
                f"This message has really gone: the {name_submission(kind)} that it asks for has come since.",
                remedy="Leave it as it is.",
            )


def _list_documents(connection: Transaction, message: Message) -> Sequence[Dispatch]:
    return messages.list_dispatches_of(connection, [message.id]).get(message.id, ())


def _list_challenges(connection: Transaction, message: Message) -> list[str]:
    """The challenges that a message is about, each once."""
    documents = _list_documents(connection, message)
    return list(dict.fromkeys(one.challenge_id for one in documents if one.challenge_id))
