"""The states of a message: what each means, and which may follow it. A message is one email to one recipient.

The table is complete and its states are disjoint: a message is in exactly one of them at any time. A test
holds both, and holds docs/messages.md to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from peer_challenge.model.vocabulary import Role


class MessageState(StrEnum):
    """How far a message has come."""

    READY = "ready"
    ON_HOLD = "on_hold"
    NO_ADDRESS = "no_address"
    SENDING = "sending"
    SENT = "sent"
    OPENED = "opened"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    OVERTAKEN = "overtaken"


class Delivery(StrEnum):
    """The way in which messages leave: a setting of the installation."""

    FOLDER = "folder"
    DRAFTS = "drafts"
    SEND = "send"


class Addressee(StrEnum):
    """What kind of recipient a message has. An area gets one message, whatever roles it has."""

    AREA = "area"
    CHAIR = "chair"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class MessageStateRow:
    """What is true of a message in one state.

    `name` is what people read, `means` says it in a sentence. `follows` are the states that may come
    next. `taken_back_to` are those to which the office can bring it where it was marked by mistake.
    `is_waiting`: the message is still to be sent. `has_gone`: its recipient has it, and dates
    that count from it have begun. `asks_office`: nothing happens to it until the office does something.
    """

    name: str
    means: str
    follows: tuple[MessageState, ...] = ()
    taken_back_to: tuple[MessageState, ...] = ()
    is_waiting: bool = False
    has_gone: bool = False
    asks_office: bool = False


_S = MessageState

MESSAGE_STATES: Mapping[MessageState, MessageStateRow] = {
    _S.READY: MessageStateRow(
        "Ready to send",
        "It is complete. Where the program sends, it goes next. Where you send drafts, send it and mark it "
        "as sent.",
        follows=(_S.ON_HOLD, _S.NO_ADDRESS, _S.SENDING, _S.SENT, _S.OVERTAKEN),
        is_waiting=True,
    ),
    _S.ON_HOLD: MessageStateRow(
        "On hold",
        "The office holds it. It does not go until the office lets it go.",
        follows=(_S.READY, _S.SENT, _S.OVERTAKEN),
        is_waiting=True,
        asks_office=True,
    ),
    _S.NO_ADDRESS: MessageStateRow(
        "No address",
        "Its recipient has no email address in the cycle.",
        follows=(_S.READY, _S.ON_HOLD, _S.SENT, _S.OVERTAKEN),
        is_waiting=True,
        asks_office=True,
    ),
    _S.SENDING: MessageStateRow(
        "Being sent",
        "The mail server is being given it now.",
        follows=(_S.READY, _S.SENT, _S.FAILED, _S.IN_DOUBT),
    ),
    _S.SENT: MessageStateRow(
        "Sent",
        "It has gone: the mail server took it, the office marked it as sent, or its documents are in the "
        "recipient's shared folder. What was marked as sent by mistake can be taken back.",
        follows=(_S.OPENED, _S.FAILED),
        taken_back_to=(_S.READY, _S.ON_HOLD, _S.NO_ADDRESS, _S.FAILED, _S.IN_DOUBT),
        has_gone=True,
    ),
    _S.OPENED: MessageStateRow(
        "Opened",
        "It has gone, and its recipient has fetched a document of it on the page.",
        has_gone=True,
    ),
    _S.FAILED: MessageStateRow(
        "Not delivered",
        "The mail server did not take it, or sent it back.",
        follows=(_S.READY, _S.SENT, _S.OVERTAKEN),
        asks_office=True,
    ),
    _S.IN_DOUBT: MessageStateRow(
        "In doubt",
        "Sending was cut off. It may have gone or not, and is never sent again by itself.",
        follows=(_S.READY, _S.SENT, _S.FAILED, _S.OVERTAKEN),
        asks_office=True,
    ),
    _S.OVERTAKEN: MessageStateRow(
        "Not needed any more",
        "What it asked for arrived before it was sent, or what it says is not true any more.",
    ),
}
"""A row for every state of a message."""

_MEANS_BY_WAY: Mapping[tuple[MessageState, Delivery], str] = {
    (_S.READY, Delivery.DRAFTS): "It is complete. Send it from your mail program, then mark it as sent here.",
    (_S.READY, Delivery.SEND): "It is complete. The program sends it next.",
    (_S.SENT, Delivery.DRAFTS): "It counts as sent. If it was marked by mistake, you can take that back.",
    (_S.SENT, Delivery.SEND): "The mail server took it, or the office marked it as sent.",
    (_S.SENT, Delivery.FOLDER): "Its documents are in the recipient's shared folder.",
}


def explain_state(state: MessageState, way: Delivery) -> str:
    """What a state means where messages leave in one way, which the reader knows or has chosen."""
    return _MEANS_BY_WAY.get((state, way), MESSAGE_STATES[state].means)


WAITING = tuple(state for state, row in MESSAGE_STATES.items() if row.is_waiting)
"""The states of messages that are still to be sent."""
GONE = tuple(state for state, row in MESSAGE_STATES.items() if row.has_gone)
"""The states of messages that their recipient has."""
MAY_HAVE_GONE = (*GONE, MessageState.SENDING, MessageState.FAILED, MessageState.IN_DOUBT)
"""The states of messages that their recipient has, or may have in whole or in part."""
ASKING_OFFICE = tuple(state for state, row in MESSAGE_STATES.items() if row.asks_office)
"""The states in which a message waits for the office to do something."""
CAN_BE_LET_GO = (MessageState.ON_HOLD, MessageState.FAILED, MessageState.IN_DOUBT)
"""The states from which the office makes a message ready to be sent, once more where it was sent before."""


def can_follow(before: MessageState, after: MessageState) -> bool:
    """Whether a message may go from the state `before` to the state `after`."""
    return after in MESSAGE_STATES[before].follows


def can_be_marked_as_sent(state: MessageState) -> bool:
    """Whether the office may say that it sent a message: not while the mail server is being given it.

    The mail server may still refuse it, and then it has not gone.
    """
    return state is not MessageState.SENDING and can_follow(state, MessageState.SENT)


def find_addressee_kind(role: Role) -> Addressee:
    """What kind of recipient the holder of `role` is: author and challenger are areas."""
    return {Role.CHAIR: Addressee.CHAIR, Role.OFFICE: Addressee.OFFICE}.get(role, Addressee.AREA)


def draw_state_table() -> str:
    """The states of a message as a Markdown table, for the docs."""
    lines = ["| state | called | what it means | what may follow |", "|---|---|---|---|"]
    for state, row in MESSAGE_STATES.items():
        follows = ", ".join(f"`{after.value}`" for after in row.follows) or "nothing"
        if back := ", ".join(f"`{before.value}`" for before in row.taken_back_to):
            follows += f"; when the office takes its mark back, {back}"
        lines.append(f"| `{state.value}` | {row.name} | {row.means} | {follows} |")
    return "\n".join(lines)
