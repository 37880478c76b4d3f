"""Messages as the pages show them: to whom, with which documents, at which addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.model.challenge_ids import find_author_id
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.messages import (
    CAN_BE_LET_GO,
    MESSAGE_STATES,
    MessageState,
    MessageStateRow,
    can_be_marked_as_sent,
    can_follow,
)
from peer_challenge.model.sentences import capitalise_first_letter
from peer_challenge.post.describe_messages import DescribedMessage
from peer_challenge.post.group_into_messages import list_new_addresses
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Dispatch, Message

COLOURS: Mapping[MessageState, str] = {
    MessageState.READY: "blue",
    MessageState.ON_HOLD: "purple",
    MessageState.NO_ADDRESS: "orange",
    MessageState.SENDING: "blue",
    MessageState.SENT: "green",
    MessageState.OPENED: "green",
    MessageState.FAILED: "red",
    MessageState.IN_DOUBT: "yellow",
    MessageState.OVERTAKEN: "grey",
}
"""The colour of each state's tag."""


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document that goes out: its number, what it is, the area it is about ("" for the cycle), to whom.

    `is_attached`: it goes as a file; else the message itself has its words. `problem` says what is in its
    way, or why it waits once more; "" where nothing is.
    """

    number: int
    name: str
    about: str
    recipient: str
    is_attached: bool
    problem: str


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message, what its recipient and its cycle are called, and its documents.

    `addresses` are those that it went to, or goes to; `contacts` those that it would go to today.
    `new_addresses` are those of its addresses to which nothing has been sent yet.
    """

    row: Message
    recipient: str
    cycle_name: str
    addresses: tuple[str, ...]
    new_addresses: tuple[str, ...]
    documents: tuple[ShownDocument, ...]
    contacts: tuple[str, ...]

    @property
    def not_got(self) -> tuple[str, ...]:
        """The contacts of today that a message which has gone by email did not go to."""
        had = {address.lower() for address in self.row.sent_to}
        return tuple(one for one in self.contacts if one.lower() not in had) if had else ()

    @property
    def state(self) -> MessageStateRow:
        """What is true of a message in its state."""
        return MESSAGE_STATES[self.row.state]

    @property
    def can_be_sent(self) -> bool:
        """Whether the office can mark it as sent: not while the mail server is being given it."""
        return can_be_marked_as_sent(self.row.state)

    @property
    def can_be_held(self) -> bool:
        """Whether the office can hold it."""
        return can_follow(self.row.state, MessageState.ON_HOLD)

    @property
    def can_be_let_go(self) -> bool:
        """Whether it waits for the office to let it go, or to send it again."""
        return self.row.state in CAN_BE_LET_GO

    @property
    def colour(self) -> str:
        """The colour of its state's tag."""
        return COLOURS[self.row.state]


def show_messages(connection: Transaction, found: Sequence[DescribedMessage]) -> list[ShownMessage]:
    """Messages with what the pages say of them, in the same order."""
    cycles = {which: load_stored(connection, which)[0] for which in {one.message.cycle_id for one in found}}
    return [_show_message(connection, one, cycles[one.message.cycle_id]) for one in found]


def _show_message(connection: Transaction, one: DescribedMessage, cycle: Cycle) -> ShownMessage:
    row, has_gone = one.message, MESSAGE_STATES[one.message.state].has_gone
    return ShownMessage(
        row,
        one.recipient,
        cycle.name,
        row.sent_to if has_gone else one.addresses,
        () if has_gone else list_new_addresses(connection, row.addressee, row.recipient_id, one.addresses),
        tuple(show_document(cycle, dispatch) for dispatch in one.documents),
        one.addresses,
    )


def show_document(cycle: Cycle, dispatch: Dispatch) -> ShownDocument:
    """A document with what the pages say of it."""
    author = cycle.participant.get(find_author_id(dispatch.challenge_id))
    holder = cycle.find_recipient(dispatch.recipient_id)
    return ShownDocument(
        dispatch.id,
        capitalise_first_letter(dispatch.kind.in_words),
        author.name if author else "",
        holder.name if holder else cycle.office.name,
        not KINDS[dispatch.kind].is_letter,
        dispatch.problem or "",
    )
