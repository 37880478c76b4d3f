"""Who gets a message: the contacts whose ticks cover what it is about, a Chair, or the programme office."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from peer_challenge.model.cycle import Contact, Cycle, Receives
from peer_challenge.model.messages import Addressee
from peer_challenge.model.vocabulary import DeadlineName

_FIRST = (Receives.FORMS, Receives.REMINDERS, Receives.EVENT)
_OTHERS = (Receives.EVENT,)


@dataclass(frozen=True, slots=True)
class MessageRecipients:
    """The people of one recipient that a message goes to: `to`, and those who get a copy.

    All of them have an address. `name` is what the recipient is called as a whole, an area's name say.
    """

    name: str
    to: tuple[Contact, ...] = ()
    copies: tuple[Contact, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address once, `to` before copies."""
        return tuple(dict.fromkeys(contact.email for contact in (*self.to, *self.copies)))


def choose_recipients(
    cycle: Cycle,
    addressee: Addressee,
    recipient_id: str,
    topics: Collection[Receives],
    *,
    is_escalation: bool = False,
) -> MessageRecipients:
    """Who gets a message about `topics`, of the cycle's contacts for this recipient.

    An area's message goes to the contacts that receive all of the topics. An escalation goes to the last
    contact alone. Nobody is in `to` when no such contact has an address.
    """
    if addressee is Addressee.OFFICE:
        return MessageRecipients(cycle.office.name, _with_address((cycle.office,)))
    if addressee is Addressee.CHAIR:
        chair = cycle.chair[recipient_id]
        email = "" if chair.left else chair.email
        return MessageRecipients(chair.name, _with_address((Contact(name=chair.name, email=email),)))
    area = cycle.participant[recipient_id].as_spoken()
    if is_escalation:
        return MessageRecipients(area.name, _with_address(area.contacts)[-1:])
    pairs = list(zip(area.contacts, list_ticks_of_area(area.contacts), strict=True))
    to = tuple(contact for contact, own in pairs if set(topics) <= set(own))
    copies = tuple(contact for contact, own in pairs if Receives.COPIES in own and contact not in to)
    return MessageRecipients(area.name, to, copies)


def find_topic_of_reminder(what: DeadlineName) -> Receives:
    """What a reminder of a deadline is about: that of an event goes to those who come to it."""
    return Receives.EVENT if what is DeadlineName.EVENT_ON else Receives.REMINDERS


def list_ticks_of_area(contacts: Sequence[Contact]) -> list[tuple[Receives, ...]]:
    """What each contact of an area receives, in their order; nothing without an address."""
    first = next((number for number, contact in enumerate(contacts) if contact.email), None)
    return [
        list_ticks(contact, is_first=number == first) if contact.email else ()
        for number, contact in enumerate(contacts)
    ]


def list_ticks(contact: Contact, *, is_first: bool) -> tuple[Receives, ...]:
    """What a contact receives: as the cycle file says, else by whether it is the first with an address."""
    if contact.receives is not None:
        return contact.receives
    return _FIRST if is_first else _OTHERS


def _with_address(contacts: Collection[Contact]) -> tuple[Contact, ...]:
    return tuple(contact for contact in contacts if contact.email)
