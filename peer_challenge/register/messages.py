"""Messages in the register: which dispatches each has, its state, and when it was sent.

Only the moves of MESSAGE_STATES change the state of one, and each change is in the journal.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.messages import (
    ASKING_OFFICE,
    GONE,
    MAY_HAVE_GONE,
    MESSAGE_STATES,
    WAITING,
    Addressee,
    Delivery,
    MessageState,
    find_addressee_kind,
)
from peer_challenge.model.vocabulary import DispatchKind, Role
from peer_challenge.register import journal
from peer_challenge.register.records import Dispatch, DispatchState, Message
from peer_challenge.register.tables import dispatches, message_dispatches, messages
from peer_challenge.register.tables import journal as journal_entries

NOT_SENT = "message not sent after all"
"""The entry of the journal that says that a mark as sent was taken back."""
_GONE = [state.value for state in GONE]
_MESSAGE_OF = (
    sa.select(messages.c.id)
    .join(message_dispatches, message_dispatches.c.message_id == messages.c.id)
    .where(message_dispatches.c.dispatch_id == dispatches.c.id)
    .correlate(dispatches)
)
IS_SENT = _MESSAGE_OF.where(messages.c.state.in_(_GONE)).exists()
"""Of a dispatch: its message has gone."""
_NOT_LEFT = _MESSAGE_OF.where(messages.c.state.not_in([state.value for state in MAY_HAVE_GONE]))
MAY_HAVE_LEFT = sa.not_(_NOT_LEFT.exists())
"""Of a dispatch whose file is made: its message has gone or may have, if nobody has sent a draft of it."""
MAY_BE_RECEIVED = sa.not_(
    _NOT_LEFT.where(
        messages.c.path.is_(None),  # its draft may have been sent by somebody who has not said so yet
    ).exists()
)
"""Of a dispatch whose file is made: its recipient has it, or may have it.

One in no message yet counts: where folders are shared, its file is in its recipient's by then.
"""
_WAITING_FOR_OFFICE = (  # with every board, so made once
    sa.select(dispatches.c.challenge_id, dispatches.c.kind)
    .join(message_dispatches, message_dispatches.c.dispatch_id == dispatches.c.id)
    .join(messages, messages.c.id == message_dispatches.c.message_id)
    .where(
        messages.c.cycle_id == sa.bindparam("cycle"),
        dispatches.c.challenge_id.is_not(None),
        sa.or_(
            sa.and_(messages.c.way == Delivery.DRAFTS.value, messages.c.state == MessageState.READY.value),
            messages.c.state.in_([state.value for state in ASKING_OFFICE]),
        ),
    )
)
_MOST = 500
"""For a caller who names no number: no table is read whole because one was forgotten."""


def list_without_message(connection: Connection) -> list[Dispatch]:
    """The dispatches that have gone into the outbox and belong to no message yet, in order."""
    query = (
        sa.select(dispatches)
        .join(message_dispatches, message_dispatches.c.dispatch_id == dispatches.c.id)
        .where(message_dispatches.c.message_id.is_(None))
        .order_by(dispatches.c.id)
    )
    return [Dispatch.from_row(row) for row in connection.execute(query)]


def make_message_key(first: Dispatch) -> str:
    """The left half of a message's Message-ID: the same whenever it is worked out from its first dispatch."""
    return hashlib.sha256(f"{first.cycle_id}/{first.key}".encode()).hexdigest()[:32]


def follow_keys(connection: Connection, before: Collection[Dispatch]) -> None:
    """Give messages that were named by dispatches as they were `before` a name by the keys of those now.

    Another dispatch may get the key of one that was taken back, and no two messages have one Message-ID.
    """
    for was in before:
        now = connection.execute(sa.select(dispatches).where(dispatches.c.id == was.id)).one()
        connection.execute(
            messages.update()
            .where(messages.c.key == make_message_key(was))
            .values(key=make_message_key(Dispatch.from_row(now)))
        )


def add_message(
    connection: Connection,
    contents: Sequence[Dispatch],
    state: MessageState,
    way: Delivery,
    *,
    at: datetime,
    sent_by: str | None = None,
    problem: str | None = None,
) -> int:
    """Record a message with the dispatches `contents`, all of one recipient; returns its number.

    Where it has gone at once, as into a shared folder, `sent_by` says by what.
    """
    first = contents[0]
    addressee = find_addressee_kind(first.role)
    has_gone = MESSAGE_STATES[state].has_gone
    result = connection.execute(
        messages.insert(),
        {
            "cycle_id": first.cycle_id,
            "addressee": addressee.value,
            "recipient_id": first.recipient_id,
            "key": make_message_key(first),
            "state": state.value,
            "state_since_at": at,
            "made_at": at,
            "way": way.value,
            "sent_at": at if has_gone else None,
            "sent_by": sent_by,
            "sent_to": [],
            "problem": problem,
        },
    )
    number = int((result.inserted_primary_key or (0,))[0])
    add_to_message(connection, number, contents)
    details = {"message": number, "recipient": first.recipient_id}
    _add_entries(connection, name_event(state), first.cycle_id, details, contents, at)
    return number


def add_to_message(connection: Connection, message_id: int, contents: Sequence[Dispatch]) -> None:
    """Add dispatches of the same moment to a message that has not gone by email."""
    connection.execute(
        message_dispatches.update()
        .where(
            message_dispatches.c.dispatch_id.in_([dispatch.id for dispatch in contents]),
            message_dispatches.c.message_id.is_(None),
        )
        .values(message_id=message_id)
    )


def detach_dispatches(connection: Connection, dispatch_ids: Collection[int]) -> None:
    """Take dispatches out of a message that has not gone: they wait to be put into another."""
    connection.execute(
        message_dispatches.update()
        .where(message_dispatches.c.dispatch_id.in_(dispatch_ids))
        .values(message_id=None)
    )


def list_of_this_moment(
    connection: Connection, first: Dispatch, way: Delivery, *, since: datetime
) -> list[Message]:
    """The messages which a dispatch may join, as they went to its recipient or were made just before.

    They were made at `since` or later, and nobody has been given one by email or as a draft.
    """
    can_grow: sa.ColumnElement[bool] = messages.c.state.in_(
        [MessageState.READY.value, MessageState.NO_ADDRESS.value]
    )
    if way is Delivery.FOLDER:
        can_grow = messages.c.state == MessageState.SENT.value
    elif way is Delivery.SEND:  # one that was held when it was made, and that nobody has looked at since
        is_held = messages.c.state == MessageState.ON_HOLD.value
        can_grow = sa.or_(can_grow, is_held & (messages.c.state_since_at == messages.c.made_at))
    query = (
        sa.select(messages)
        .where(
            messages.c.cycle_id == first.cycle_id,
            messages.c.addressee == find_addressee_kind(first.role).value,
            messages.c.recipient_id == first.recipient_id,
            messages.c.way == way.value,
            can_grow,
            messages.c.made_at >= since,
            messages.c.path.is_(None),
            messages.c.covering.is_(None),
        )
        .order_by(messages.c.id.desc())
    )
    return [Message.from_row(row) for row in connection.execute(query)]


def load_message(connection: Connection, message_id: int) -> Message | None:
    """The message with this number, or None."""
    row = connection.execute(sa.select(messages).where(messages.c.id == message_id)).first()
    return Message.from_row(row) if row is not None else None


def find_by_key(connection: Connection, key: str) -> Message | None:
    """The message whose Message-ID begins with `key`, or None."""
    row = connection.execute(sa.select(messages).where(messages.c.key == key)).first()
    return Message.from_row(row) if row is not None else None


def find_message_of(connection: Connection, dispatch_id: int) -> Message | None:
    """The message that a dispatch belongs to, or None."""
    query = (
        sa.select(messages)
        .join(message_dispatches, message_dispatches.c.message_id == messages.c.id)
        .where(message_dispatches.c.dispatch_id == dispatch_id)
    )
    row = connection.execute(query).first()
    return Message.from_row(row) if row is not None else None


def list_messages(
    connection: Connection,
    *,
    states: Collection[MessageState] = (),
    cycle_id: str | None = None,
    addressee: Addressee | None = None,
    recipient_id: str | None = None,
    kinds: Collection[DispatchKind] = (),
    challenge_id: str | None = None,
    search: str = "",
    most: int | None = _MOST,
    skip: int = 0,
) -> list[Message]:
    """Messages, newest first, at most so many (all for None), of the given states, recipient, kinds.

    The first `skip` of them are left out.

    `search` is found in the recipient's id, in the ids of the areas that its documents are about, in their
    kinds and paths, and in the addresses that it went to. Capitals make no difference.
    """
    query = sa.select(messages)
    if states:
        query = query.where(messages.c.state.in_([state.value for state in states]))
    if cycle_id is not None:
        query = query.where(messages.c.cycle_id == cycle_id)
    if addressee is not None:
        query = query.where(messages.c.addressee == addressee.value)
    if recipient_id is not None:
        query = query.where(messages.c.recipient_id == recipient_id)
    if kinds:
        query = query.where(_has_dispatch(dispatches.c.kind.in_([kind.value for kind in kinds])))
    if challenge_id is not None:
        query = query.where(_has_dispatch(dispatches.c.challenge_id == challenge_id))
    for word in search.lower().split():
        query = query.where(_matches_word(word))
    query = query.order_by(messages.c.id.desc()).limit(most).offset(skip)
    return [Message.from_row(row) for row in connection.execute(query)]


def _has_dispatch(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return (
        sa.select(message_dispatches.c.dispatch_id)
        .join(dispatches, dispatches.c.id == message_dispatches.c.dispatch_id)
        .where(message_dispatches.c.message_id == messages.c.id, condition)
        .exists()
    )


def _matches_word(word: str) -> sa.ColumnElement[bool]:
    def holds(column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        return sa.func.lower(column).contains(word, autoescape=True)

    in_documents = sa.or_(
        holds(dispatches.c.challenge_id), holds(dispatches.c.path), holds(dispatches.c.kind)
    )
    return sa.or_(
        holds(messages.c.recipient_id),
        holds(sa.cast(messages.c.sent_to, sa.Text)),
        _has_dispatch(in_documents),
    )


def list_dispatches_of(
    connection: Connection, message_ids: Collection[int]
) -> Mapping[int, Sequence[Dispatch]]:
    """The dispatches of messages, by the message's number, each in the order in which they were intended."""
    query = (
        sa.select(message_dispatches.c.message_id, dispatches)
        .join(dispatches, dispatches.c.id == message_dispatches.c.dispatch_id)
        .where(message_dispatches.c.message_id.in_(message_ids))
        .order_by(dispatches.c.id)
    )
    found: dict[int, list[Dispatch]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.message_id].append(Dispatch.from_row(row))
    return found


def count_states(connection: Connection, *, cycle_id: str | None = None) -> Counter[MessageState]:
    """How many messages there are in each state, in one cycle or in all."""
    query = sa.select(messages.c.state, sa.func.count()).group_by(messages.c.state)
    if cycle_id is not None:
        query = query.where(messages.c.cycle_id == cycle_id)
    return Counter({MessageState(row[0]): row[1] for row in connection.execute(query)})


def has_waiting(connection: Connection, challenge_id: str) -> bool:
    """Whether a document of a challenge has not been sent yet, though its file is made."""
    query = sa.select(messages.c.id).where(
        messages.c.state.in_([*(state.value for state in WAITING), MessageState.SENDING.value]),
        _has_dispatch(dispatches.c.challenge_id == challenge_id),
    )
    return connection.scalar(query.limit(1)) is not None


def list_waiting_for_office(connection: Connection, cycle_id: str) -> set[tuple[str, DispatchKind]]:
    """What of a cycle goes to nobody before the office does something: challenge and kind of dispatch.

    Drafts that it has to send, and messages that are held or have no address. What the mail server is given
    by itself is not among them.
    """
    rows = connection.execute(_WAITING_FOR_OFFICE, {"cycle": cycle_id})
    return {(row.challenge_id, DispatchKind(row.kind)) for row in rows}


def list_sent_at(
    connection: Connection, challenge_id: str, kind: DispatchKind, *, to: str | None = None
) -> list[datetime]:
    """When each dispatch of a kind was sent in a challenge (to one recipient, when given), earliest first.

    One that was left out of its message when that went was not sent.
    """
    query = (
        sa.select(messages.c.sent_at)
        .join(message_dispatches, message_dispatches.c.message_id == messages.c.id)
        .join(dispatches, dispatches.c.id == message_dispatches.c.dispatch_id)
        .where(
            dispatches.c.challenge_id == challenge_id,
            dispatches.c.kind == kind.value,
            dispatches.c.state == DispatchState.ISSUED.value,
            messages.c.state.in_(_GONE),
            messages.c.sent_at.is_not(None),
        )
    )
    if to is not None:
        query = query.where(dispatches.c.recipient_id == to)
    return list(connection.scalars(query.order_by(messages.c.sent_at)))


def find_last_received(
    connection: Connection,
    challenge_id: str,
    kind: DispatchKind,
    role: Role,
    *,
    before: int,
    to: str | None = None,
    review: int = 0,
) -> tuple[Dispatch, datetime] | None:
    """The newest dispatch of a kind, about a review, that the holder of a role has or may have, or None.

    It was intended before the dispatch with the number `before`; `to` is its recipient, when given. Comes
    with when it was sent, or was made where that is not known.
    """
    query = sa.select(dispatches).where(
        dispatches.c.challenge_id == challenge_id,
        dispatches.c.kind == kind.value,
        dispatches.c.role == role.value,
        dispatches.c.state == DispatchState.ISSUED.value,
        dispatches.c.id < before,
        MAY_BE_RECEIVED,
    )
    if to is not None:
        query = query.where(dispatches.c.recipient_id == to)
    found = map(Dispatch.from_row, connection.execute(query.order_by(dispatches.c.id.desc())))
    newest = next((one for one in found if one.review == review), None)
    if newest is None or newest.issued_at is None:
        return None
    return newest, find_sent_times(connection, [newest.id]).get(newest.id) or newest.issued_at


def was_sent_to(connection: Connection, addressee: Addressee, recipient_id: str, address: str) -> bool:
    """Whether any message to this recipient has gone to this address before, in any cycle."""
    query = sa.select(messages.c.sent_to).where(
        messages.c.addressee == addressee.value,
        messages.c.recipient_id == recipient_id,
        messages.c.state.in_(_GONE),
    )
    return any(address in sent_to for sent_to in connection.scalars(query))


def change_state(
    connection: Connection,
    message: Message,
    after: MessageState,
    *,
    at: datetime,
    actor: str = journal.SYSTEM,
    problem: str | None = None,
    sent_at: datetime | None = None,
    sent_to: Sequence[str] | None = None,
    reason: str | None = None,
) -> bool:
    """Bring a message from the state in `message` to `after`, with an entry in the journal.

    Returns False, and changes nothing, when somebody has changed its state meanwhile, or when `after`
    can't follow. `sent_at` is given where it has gone.
    """
    if after not in MESSAGE_STATES[message.state].follows:
        return False
    values: dict[str, object] = {"state": after.value, "state_since_at": at, "problem": problem}
    if sent_at is not None:
        values |= {"sent_at": sent_at, "sent_by": actor}
    if sent_to is not None:
        values["sent_to"] = list(sent_to)
    changed = connection.execute(
        messages.update()
        .where(messages.c.id == message.id, messages.c.state == message.state.value)
        .values(**values)
    )
    if changed.rowcount != 1:
        return False
    contents = list_dispatches_of(connection, [message.id]).get(message.id, ())
    told = {"reason": reason} if reason else {"problem": problem} if problem else {}
    details = {"message": message.id, "recipient": message.recipient_id, **told}
    _add_entries(connection, name_event(after), message.cycle_id, details, contents, at, actor)
    return True


def _add_entries(
    connection: Connection,
    event: str,
    cycle_id: str,
    details: Mapping[str, object],
    contents: Sequence[Dispatch],
    at: datetime,
    actor: str = journal.SYSTEM,
) -> None:
    """One entry for each challenge that the message is about: each has its own journal on the page."""
    about = dict.fromkeys(dispatch.challenge_id for dispatch in contents) or {None: None}
    entries = [(cycle_id, challenge_id, details) for challenge_id in about]
    journal.append_entries(connection, event, entries, at=at, actor=actor)


def name_event(state: MessageState) -> str:
    """What the entry of the journal is called that says that a message has come to a state."""
    return f"message {state.value.replace('_', ' ')}"


def find_state_before_sent(connection: Connection, message: Message) -> tuple[MessageState, str | None]:
    """The state in which a message was before it was sent, with what was in its way; READY if not known."""
    states = {name_event(state): state for state in MessageState if not MESSAGE_STATES[state].has_gone}
    query = (
        sa.select(journal_entries.c.event, journal_entries.c.details)
        .where(journal_entries.c.cycle_id == message.cycle_id, journal_entries.c.event.in_(states))
        .order_by(journal_entries.c.sequence.desc())
    )
    for row in connection.execute(query):
        if row.details.get("message") == message.id:
            return states[row.event], row.details.get("reason") or row.details.get("problem")
    return MessageState.READY, None


def take_sending_back(
    connection: Connection,
    message: Message,
    to: MessageState,
    *,
    at: datetime,
    actor: str,
    reason: str,
    problem: str | None,
) -> bool:
    """Bring a message that counts as sent back to the state `to`: nobody sent it. The journal says so.

    Returns False, and changes nothing, when somebody has changed its state meanwhile, or when it can't be
    taken back to `to`.
    """
    if to not in MESSAGE_STATES[message.state].taken_back_to:
        return False
    changed = connection.execute(
        messages.update()
        .where(messages.c.id == message.id, messages.c.state == message.state.value)
        .values(state=to.value, state_since_at=at, problem=problem, sent_at=None, sent_by=None, sent_to=[])
    )
    if changed.rowcount != 1:
        return False
    contents = list_dispatches_of(connection, [message.id]).get(message.id, ())
    details = {"message": message.id, "recipient": message.recipient_id, "state": to.value, "reason": reason}
    _add_entries(connection, NOT_SENT, message.cycle_id, details, contents, at, actor)
    return True


def list_with_needless_draft(connection: Connection, *, are_wanted: bool) -> list[Message]:
    """The messages that have a draft in the outbox, and need none: all of them where drafts are not wanted.

    Where they are, those that are not ready to be sent (any more).
    """
    query = sa.select(messages).where(messages.c.path.is_not(None))
    if are_wanted:
        query = query.where(messages.c.state != MessageState.READY.value)
    return [Message.from_row(row) for row in connection.execute(query)]


def note_draft(connection: Connection, message_id: int, path: str | None) -> None:
    """Record where in the outbox the draft of a message lies; None when it has none."""
    connection.execute(messages.update().where(messages.c.id == message_id).values(path=path))


def note_problem(connection: Connection, message_id: int, problem: str | None) -> None:
    """Record why a message has not gone yet, though it is still to go; None when nothing is in its way."""
    connection.execute(messages.update().where(messages.c.id == message_id).values(problem=problem))


def write_covering_words(
    connection: Connection, message: Message, words: str | None, *, at: datetime, actor: str
) -> None:
    """Put words of the office in place of a message's own; None brings its own back."""
    connection.execute(messages.update().where(messages.c.id == message.id).values(covering=words))
    journal.append_entry(
        connection,
        "message reworded",
        at=at,
        actor=actor,
        cycle_id=message.cycle_id,
        message=message.id,
        recipient=message.recipient_id,
    )


def find_sent_times(connection: Connection, dispatch_ids: Collection[int]) -> dict[int, datetime]:
    """When each of these dispatches was sent, by its number, without those whose message has not gone."""
    query = (
        sa.select(message_dispatches.c.dispatch_id, messages.c.sent_at)
        .join(messages, messages.c.id == message_dispatches.c.message_id)
        .where(message_dispatches.c.dispatch_id.in_(dispatch_ids), messages.c.state.in_(_GONE))
    )
    return {row.dispatch_id: row.sent_at for row in connection.execute(query)}


def list_waiting_among(connection: Connection, dispatch_ids: Collection[int]) -> set[int]:
    """Those of these dispatches whose message still waits to be sent."""
    query = (
        sa.select(message_dispatches.c.dispatch_id)
        .join(messages, messages.c.id == message_dispatches.c.message_id)
        .where(
            message_dispatches.c.dispatch_id.in_(dispatch_ids),
            messages.c.state.in_([state.value for state in WAITING]),
        )
    )
    return set(connection.scalars(query))


def note_asked_to_send(connection: Connection, message: Message, *, at: datetime, actor: str) -> None:
    """Note in the journal who of the office had a message sent now."""
    journal.append_entry(
        connection,
        "message sent by hand",
        at=at,
        actor=actor,
        cycle_id=message.cycle_id,
        message=message.id,
        recipient=message.recipient_id,
    )


def note_opened(connection: Connection, dispatch_id: int, *, at: datetime, actor: str) -> bool:
    """Record that the recipient has fetched a document on the page; returns whether that is news."""
    message = find_message_of(connection, dispatch_id)
    if message is None or message.state is not MessageState.SENT:
        return False
    return change_state(connection, message, MessageState.OPENED, at=at, actor=actor)
