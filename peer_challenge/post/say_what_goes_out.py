"""What happens next to the messages of a decision, in words: as the settings and the cycle have it."""

from collections.abc import Mapping

from peer_challenge.model.cycle import Cycle
from peer_challenge.model.messages import GONE, WAITING, Delivery, MessageState
from peer_challenge.model.sentences import say_how_many
from peer_challenge.settings import Settings

_WAYS: Mapping[Delivery, str] = {
    Delivery.SEND: "{what} will leave by email{when}.",
    Delivery.DRAFTS: "{what} will wait for you under To send, to be sent from your mail program.",
    Delivery.FOLDER: "{what} will go into the folders that you share{when}.",
}
_SOON = " within a few minutes"
"""The flow that sends runs every minute, and takes longer where much is to be made."""
_HOLD = "Until then you can hold a message under To send."
_FIRST = "The first message to each address waits until you let it go."
_LOOK = "An analysis pack or evidence waits under To send until you have looked at it."
_IF_LOOK = "Where your cycle asks you to look first, an analysis pack or evidence waits under To send."


def say_way_out(settings: Settings, what: str, *, when: str = _SOON) -> str:
    """A sentence: how `what` ("Reminders") leaves. `when` follows the verb; "" where it is not known."""
    return _WAYS[settings.way_to_deliver].format(what=what, when=when)


def say_what_waits(settings: Settings) -> str:
    """A sentence about messages that wait before they leave by email; "" where none does."""
    return _FIRST if settings.way_to_deliver is Delivery.SEND and settings.hold_new_addresses else ""


def say_what_goes_out(settings: Settings, what: str = "What follows") -> str:
    """How `what` leaves, and what the office can or has to do before: one to three sentences."""
    told = [say_way_out(settings, what)]
    if settings.way_to_deliver is Delivery.SEND:
        told += [_HOLD, say_what_waits(settings)]
    return " ".join(filter(None, told))


def say_what_follows(settings: Settings, cycle: Cycle | None, what: str = "What follows") -> str:
    """How `what` leaves, with the documents that are looked at first. `cycle`: None where it is not known."""
    if cycle is None:
        return f"{say_what_goes_out(settings, what)} {_IF_LOOK}"
    look = f" {_LOOK}" if cycle.rules.look_before_sending else ""
    return f"{say_what_goes_out(settings, what)}{look}"


def say_what_left(settings: Settings, states: Mapping[MessageState, int]) -> str:
    """What became of the first messages of a cycle, from how many are in each state: one or two sentences."""
    if settings.way_to_deliver is Delivery.DRAFTS:
        return "Each area's launch letter and form wait under To send. Send them from your mail program."
    if settings.way_to_deliver is Delivery.FOLDER:
        return "Send each area its launch letter and its form."
    gone = say_how_many(sum(states.get(state, 0) for state in GONE), "message")
    waiting = sum(states.get(state, 0) for state in WAITING)
    told = f"{gone} left by email."
    return f"{told} {say_how_many(waiting, 'message')} did not: see To send." if waiting else told
