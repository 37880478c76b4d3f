"""Puts what has come out at one moment into messages: one for each recipient.

An area whose contacts receive different things gets one for each set of contacts, so that nobody gets what
is not for them. Run at the end of every advance: each dispatch in the outbox is then in exactly one message.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.model.cycle import Contact, Cycle, Receives
from peer_challenge.model.messages import Addressee, Delivery, MessageState, find_addressee_kind
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind
from peer_challenge.model.who_gets_a_message import (
    MessageRecipients,
    choose_recipients,
    find_topic_of_reminder,
)
from peer_challenge.register import messages
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.records import Dispatch, Message
from peer_challenge.settings import Settings

SHARED_FOLDER = "the shared folder"
OWN_FOLDER = "the office's own folder"
"""By what a message was sent that needed no email."""
_SEND_IT_YOURSELF = "Send it from your own mail program, then mark it as sent with the address that you used."
_FIRST_TIME = "It would be the first message to one of its addresses. Check whom it goes to, then let it go."
_SAME_MOMENT = timedelta(minutes=10)
"""What comes out so soon after a message belongs to it: an advance works in rounds, each a little later."""


@dataclass(frozen=True, slots=True)
class _Group:
    """The key by which dispatches of one moment come together: the recipient, and who gets them or a copy."""

    cycle_id: str
    addressee: Addressee
    recipient_id: str
    to: tuple[Contact, ...] = ()
    copies: tuple[Contact, ...] = ()


def group_messages(register: Register, settings: Settings, at: datetime) -> int:
    """Put every dispatch in the outbox that has no message yet into one; returns how many messages are new.

    Where recipients share their folders a message has gone with that: it is recorded as sent at `at`.
    """
    with register.reading() as connection:
        if not messages.list_without_message(connection):
            return 0
    with register.writing() as connection:
        groups: dict[_Group, list[Dispatch]] = {}
        for dispatch in messages.list_without_message(connection):
            cycle, _ = load_stored(connection, dispatch.cycle_id)
            key = _make_group_key(cycle, dispatch, settings.way_to_deliver)
            groups.setdefault(key, []).append(dispatch)
        return sum(_record_group(connection, settings, key, contents, at) for key, contents in groups.items())


def find_recipients(cycle: Cycle, contents: Sequence[Dispatch]) -> MessageRecipients:
    """Who gets a message with these dispatches, by the contacts that the cycle has now: who gets each."""
    each = [_find_recipients_of_one(cycle, dispatch) for dispatch in contents]
    first = each[0]
    to = tuple(contact for contact in first.to if all(contact in one.to for one in each))
    copies = tuple(contact for contact in first.copies if all(contact in one.copies for one in each))
    return MessageRecipients(first.name, to, copies)


def _find_recipients_of_one(cycle: Cycle, dispatch: Dispatch) -> MessageRecipients:
    return choose_recipients(
        cycle,
        find_addressee_kind(dispatch.role),
        dispatch.recipient_id,
        (_find_topic(dispatch),),
        is_escalation=bool(dispatch.parameters.get("is_escalation")),
    )


def find_everybody(cycle: Cycle, addressee: Addressee, recipient_id: str) -> frozenset[str]:
    """Every address that the cycle gives for a recipient, whatever each of them receives."""
    if addressee is Addressee.AREA:
        contacts = cycle.participant[recipient_id].contacts
        return frozenset(contact.email for contact in contacts if contact.email)
    return frozenset(choose_recipients(cycle, addressee, recipient_id, ()).addresses)


def _list_topics(contents: Iterable[Dispatch]) -> frozenset[Receives]:
    return frozenset(map(_find_topic, contents))


def _find_topic(dispatch: Dispatch) -> Receives:
    """What a dispatch is about, which decides who gets it."""
    if dispatch.kind is DispatchKind.REMINDER:
        return find_topic_of_reminder(DeadlineName(str(dispatch.parameters["what"])))
    return KINDS[dispatch.kind].topic


def _make_group_key(cycle: Cycle, dispatch: Dispatch, way: Delivery) -> _Group:
    who = (dispatch.cycle_id, find_addressee_kind(dispatch.role), dispatch.recipient_id)
    if way is Delivery.FOLDER:
        return _Group(*who)
    recipients = _find_recipients_of_one(cycle, dispatch)
    return _Group(*who, recipients.to, recipients.copies)


def list_new_addresses(
    connection: Transaction, addressee: Addressee, recipient_id: str, addresses: Iterable[str]
) -> tuple[str, ...]:
    """Those of a recipient's addresses that no message has gone to before, in any cycle."""
    return tuple(
        address
        for address in addresses
        if not messages.was_sent_to(connection, addressee, recipient_id, address)
    )


def _is_held_first(connection: Transaction, settings: Settings, key: _Group, to: Iterable[str]) -> bool:
    """Whether the office has to see a message before it goes, as an address of it had none before."""
    if not settings.hold_new_addresses or settings.approve_automatically:
        return False
    is_sent_by_us = settings.way_to_deliver is Delivery.SEND and key.addressee is not Addressee.OFFICE
    return is_sent_by_us and bool(list_new_addresses(connection, key.addressee, key.recipient_id, to))


def _record_group(
    connection: Transaction, settings: Settings, key: _Group, contents: Sequence[Dispatch], at: datetime
) -> int:
    """Record the message of a group, or add it to the one of the same moment; returns how many are new."""
    way = settings.way_to_deliver
    cycle, _ = load_stored(connection, key.cycle_id)
    for earlier in messages.list_of_this_moment(connection, contents[0], way, since=at - _SAME_MOMENT):
        before = messages.list_dispatches_of(connection, [earlier.id]).get(earlier.id, ())
        if before and _make_group_key(cycle, before[0], way) == key:
            messages.add_to_message(connection, earlier.id, contents)
            return 0
    if way is Delivery.FOLDER:
        messages.add_message(connection, contents, MessageState.SENT, way, at=at, sent_by=SHARED_FOLDER)
    elif key.addressee is Addressee.OFFICE and (way is Delivery.DRAFTS or not cycle.office.email):
        messages.add_message(connection, contents, MessageState.SENT, way, at=at, sent_by=OWN_FOLDER)
    elif not find_recipients(cycle, contents).to:
        problem = explain_no_address(cycle, contents)
        messages.add_message(connection, contents, MessageState.NO_ADDRESS, way, at=at, problem=problem)
    elif _is_held_first(connection, settings, key, find_recipients(cycle, contents).addresses):
        messages.add_message(connection, contents, MessageState.ON_HOLD, way, at=at, problem=_FIRST_TIME)
    else:
        messages.add_message(connection, contents, MessageState.READY, way, at=at)
    return 1


def follow_contacts(
    connection: Transaction, settings: Settings, cycle: Cycle, message: Message, at: datetime
) -> None:
    """Let a message that waits go to the contacts that `cycle` has now.

    Documents that do not go to the same people any more leave it, for messages of their own. It is held where
    it would be the first to one of its addresses, and the settings say so.
    """
    contents = messages.list_dispatches_of(connection, [message.id]).get(message.id, ())
    if not contents:
        return
    way = settings.way_to_deliver
    key = _make_group_key(cycle, contents[0], way)
    others = [one for one in contents if _make_group_key(cycle, one, way) != key]
    messages.detach_dispatches(connection, [one.id for one in others])
    kept = [one for one in contents if one not in others]
    addresses = find_recipients(cycle, kept).addresses
    if (
        message.state is MessageState.READY
        and addresses
        and _is_held_first(connection, settings, key, addresses)
    ):
        messages.change_state(connection, message, MessageState.ON_HOLD, at=at, problem=_FIRST_TIME)


def explain_no_address(cycle: Cycle, contents: Sequence[Dispatch]) -> str:
    """Why a message has no address, and what to do about it."""
    recipients = find_recipients(cycle, contents)
    if contents[0].role.value == Addressee.CHAIR.value:
        return f"{recipients.name} has no email address. {_SEND_IT_YOURSELF}"
    about = " and ".join(sorted(topic.value for topic in _list_topics(contents)))
    return f"{recipients.name} has no contact with an email address who receives {about}. {_SEND_IT_YOURSELF}"
