"""What a rehearsal by email comes to: documents, messages, addresses, and how many messages an area gets."""

from collections import Counter
from dataclasses import dataclass

from peer_challenge.model.messages import GONE, Addressee, Delivery, MessageState
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.post.group_into_messages import find_everybody
from peer_challenge.register import messages, outbox
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Dispatch


@dataclass(frozen=True, slots=True)
class PostCount:
    """How many documents and messages there were, and what was wrong with them.

    `without_message` are documents in no message that has gone by email. `to_others` are addresses that a
    message went to and that the cycle does not give for its recipient. `most_messages` is how many the area
    got that got most up to its action plan, `most_with_reviews` with the follow-up, `most_documents` how many
    it would be with an email for each document.
    """

    documents: int
    messages: int
    without_message: int
    without_address: int
    to_others: int
    most_messages: int
    most_with_reviews: int
    most_documents: int


def _is_of_follow_up(dispatch: Dispatch) -> bool:
    """Whether a dispatch belongs to the follow-up of a plan."""
    return dispatch.review > 0 or dispatch.kind in (
        DispatchKind.ACTION_REMINDER,
        DispatchKind.FOLLOW_UP_ENDED,
    )


def count_post(connection: Transaction, cycle_id: str) -> PostCount:
    """The count of a cycle's post so far."""
    found = messages.list_messages(connection, cycle_id=cycle_id, most=None)
    contents = messages.list_dispatches_of(connection, [one.id for one in found])
    cycle, _ = load_stored(connection, cycle_id)
    by_area, of_reviews, documents_of_area = Counter[str](), Counter[str](), Counter[str]()
    emailed: set[int] = set()
    to_others = 0
    for one in found:
        if one.addressee is Addressee.AREA:
            is_of_review = all(map(_is_of_follow_up, contents.get(one.id, ())))
            (of_reviews if is_of_review else by_area)[one.recipient_id] += 1
            documents_of_area[one.recipient_id] += len(contents.get(one.id, ()))
        own = find_everybody(cycle, one.addressee, one.recipient_id)
        to_others += sum(address not in own for address in one.sent_to)
        if one.state in GONE and one.way is Delivery.SEND and one.sent_to:
            emailed |= {dispatch.id for dispatch in contents.get(one.id, ())}
    issued = {one.id for one in outbox.list_all_issued(connection) if one.cycle_id == cycle_id}
    return PostCount(
        documents=len(issued),
        messages=len(found),
        without_message=len(issued - emailed),
        without_address=sum(one.state is MessageState.NO_ADDRESS for one in found),
        to_others=to_others,
        most_messages=max(by_area.values(), default=0),
        most_with_reviews=max((by_area + of_reviews).values(), default=0),
        most_documents=max(documents_of_area.values(), default=0),
    )
