"""Messages with who they go to and what is in them: what the page and the command line list."""

from collections.abc import Collection
from dataclasses import dataclass

from peer_challenge.model.messages import MessageState
from peer_challenge.post.group_into_messages import find_recipients
from peer_challenge.register import messages
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Dispatch, Message


@dataclass(frozen=True, slots=True)
class DescribedMessage:
    """A message, the name of its recipient, the addresses that it goes to now, and its documents."""

    message: Message
    recipient: str
    addresses: tuple[str, ...]
    documents: tuple[Dispatch, ...]

    def as_dict(self) -> dict[str, object]:
        """The message as `peer-challenge messages --json` prints it; times are ISO, in UTC."""
        one = self.message
        return {
            "message": one.id,
            "cycle": one.cycle_id,
            "state": one.state.value,
            "since": one.state_since_at.isoformat(),
            "to": {"kind": one.addressee.value, "id": one.recipient_id, "name": self.recipient},
            "addresses": list(self.addresses),
            "documents": [
                {"dispatch": dispatch.id, "kind": dispatch.kind.value, "file": dispatch.path}
                for dispatch in self.documents
            ],
            "made_at": one.made_at.isoformat(),
            "way": one.way.value,
            "sent_at": one.sent_at.isoformat() if one.sent_at else None,
            "sent_by": one.sent_by,
            "sent_to": list(one.sent_to),
            "problem": one.problem,
        }


def describe_messages(
    connection: Transaction,
    *,
    states: Collection[MessageState] = (),
    cycle_id: str | None = None,
    search: str = "",
    most: int | None = None,
    skip: int = 0,
) -> list[DescribedMessage]:
    """Messages of some states and of one cycle, newest first; the rest as `list_messages` takes it."""
    found = messages.list_messages(
        connection, states=states, cycle_id=cycle_id, search=search, most=most, skip=skip
    )
    contents = messages.list_dispatches_of(connection, [one.id for one in found])
    return [describe_message(connection, one, tuple(contents.get(one.id, ()))) for one in found]


def describe_message(
    connection: Transaction, message: Message, documents: tuple[Dispatch, ...]
) -> DescribedMessage:
    """One message, which has these documents."""
    cycle, _ = load_stored(connection, message.cycle_id)
    if not documents:
        return DescribedMessage(message, message.recipient_id, (), ())
    recipients = find_recipients(cycle, documents)
    return DescribedMessage(message, recipients.name, recipients.addresses, documents)
