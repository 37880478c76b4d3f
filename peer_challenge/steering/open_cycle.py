"""Opening a cycle that was prepared on the page: what happens is said first, and it happens once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from peer_challenge.cycle_file.opening_day import tell_opening_day
from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.framework import Framework
from peer_challenge.model.journey import OPENING
from peer_challenge.model.messages import Addressee, Delivery
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.model.who_gets_a_message import choose_recipients
from peer_challenge.register import drafts
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register
from peer_challenge.steering.draft_cycle import DraftChanged, check_draft, load_draft


class DraftIncomplete(WrongUse):
    """A draft that has problems still."""

    remedy = "Nothing was opened. Correct what the check of everything lists, then open the cycle."


@dataclass(frozen=True, slots=True)
class FirstMessage:
    """What one area is sent when a cycle opens: how many documents, and to which addresses."""

    area: str
    documents: int
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening a cycle does: the first message of each area, and the kinds of document in it.

    `note` says so where the day of opening is not the cycle's own; else "".
    """

    messages: tuple[FirstMessage, ...]
    kinds: tuple[DispatchKind, ...]
    note: str

    @property
    def documents(self) -> int:
        """How many documents go out."""
        return sum(message.documents for message in self.messages)

    @property
    def without_address(self) -> list[str]:
        """The areas that nothing can be sent to."""
        return [message.area for message in self.messages if not message.addresses]


def describe_opening(cycle: Cycle, today: date, way: Delivery) -> Opening:
    """What happens when a cycle is opened today; `way` is how messages leave."""
    topics = {KINDS[send.kind].topic for send in OPENING}
    messages = tuple(
        FirstMessage(
            area.name,
            len(OPENING),
            choose_recipients(cycle, Addressee.AREA, area.id, topics).addresses,
        )
        for area in cycle.authors
    )
    return Opening(messages, tuple(send.kind for send in OPENING), tell_opening_day(cycle, today, way))


def open_draft(
    register: Register,
    draft_id: int,
    frameworks: Mapping[str, Framework],
    *,
    seen: int,
    at: datetime,
    actor: str,
) -> Cycle:
    """Open the cycle of a draft, which is gone then: all in one transaction, so that it happens once.

    `seen` is the version of the draft that was confirmed. Raises DraftGone, DraftChanged where somebody has
    changed it since, DraftIncomplete where it has problems.
    """
    with register.writing() as connection:
        draft = load_draft(connection, draft_id)
        if draft.version != seen:
            raise DraftChanged(
                "Somebody else has changed this cycle since you looked.",
                remedy="Nothing was opened. Look at it once more, then open it.",
            )
        cycle = check_draft(connection, draft, frameworks).cycle
        if cycle is None:
            raise DraftIncomplete("This cycle can't be opened yet.")
        store_cycle(connection, cycle, frameworks[cycle.framework], at=at, actor=actor)
        drafts.delete_draft(connection, draft)
    return cycle
