"""Forms that a recipient's present contacts have not got: they were sent before these came."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from peer_challenge.model.cycle import Cycle
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.kinds_of_submission import DUE_BY
from peer_challenge.model.messages import GONE, Addressee
from peer_challenge.model.sentences import join_in_words
from peer_challenge.model.vocabulary import KIND_NAMES, Kind
from peer_challenge.post.group_into_messages import find_recipients
from peer_challenge.post.still_needed import is_still_needed
from peer_challenge.register import challenges, messages
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Dispatch, Message
from peer_challenge.word.form.forms import KIND_ON


@dataclass(frozen=True, slots=True)
class FormNotGot:
    """A form that is still to be filled in, and the message that took it to addresses before.

    `due_on` is None where no day is set. `addresses` are those of today that it did not go to.
    """

    message_id: int
    kind: Kind
    recipient: str
    recipient_id: str
    author_id: str
    about: str
    due_on: date | None
    addresses: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """What form it is, of which area, and by when: "self-assessment of Ashcombe, by 26 February 2027"."""
        day = f", by {day_in_words(self.due_on)}" if self.due_on else ""
        return f"{KIND_NAMES[self.kind]} of {self.about}{day}"

    @property
    def told(self) -> str:
        """A sentence: who has not got the form."""
        return f"{join_in_words(self.addresses)} never got the form: {self.in_words}."


def list_forms_not_got(
    connection: Transaction,
    cycle: Cycle,
    *,
    addressee: Addressee | None = None,
    recipient_id: str | None = None,
) -> list[FormNotGot]:
    """The forms that have to come back, and did not go to every contact that `cycle` has for them now.

    Of one recipient where one is given. What went into a shared folder, or not by email, is not among them.
    """
    gone = messages.list_messages(
        connection,
        states=GONE,
        cycle_id=cycle.id,
        addressee=addressee,
        recipient_id=recipient_id,
        kinds=tuple(KIND_ON),
        most=None,
    )
    contents = messages.list_dispatches_of(connection, [one.id for one in gone])
    sent = [(one, contents[one.id]) for one in gone if one.sent_to and one.id in contents]
    # few recipients have new contacts: the register is asked about the forms of these alone
    with_new = {one.recipient_id for one, documents in sent if _list_missing(cycle, one, documents)}
    found = [
        form
        for one, documents in sent
        if one.recipient_id in with_new
        for form in _list_of_message(connection, cycle, one, documents)
    ]
    # a form that went out again, to those of today, is got by them
    got = {(form.kind, form.author_id, form.recipient_id): form for form in reversed(found)}
    return [form for form in got.values() if form.addresses]


def _list_missing(cycle: Cycle, message: Message, contents: Sequence[Dispatch]) -> tuple[str, ...]:
    """The addresses to which a message would go today, and did not go."""
    had = {address.lower() for address in message.sent_to}
    return tuple(one.email for one in find_recipients(cycle, contents).to if one.email.lower() not in had)


def _list_of_message(
    connection: Transaction, cycle: Cycle, message: Message, contents: Sequence[Dispatch]
) -> Iterator[FormNotGot]:
    name, missing = find_recipients(cycle, contents).name, _list_missing(cycle, message, contents)
    for dispatch in contents:
        challenge = challenges.find_challenge(connection, dispatch.challenge_id or "")
        kind = KIND_ON.get(dispatch.kind)
        if kind is None or challenge is None or not is_still_needed(connection, dispatch):
            continue
        yield FormNotGot(
            message.id,
            kind,
            name,
            message.recipient_id,
            challenge.author_id,
            cycle.participant[challenge.author_id].name,
            challenges.due_dates(connection, challenge.id).get(DUE_BY[kind]),
            missing,
        )
