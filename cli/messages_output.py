"""What `peer-challenge messages` prints, and what other commands say of messages."""

from pathlib import Path

from cli.ask_to_confirm import ask_to_confirm
from cli.options import ACTOR, moment_of, open_installation, print_json, print_sentence
from cli.terminal import console, make_text_table
from peer_challenge.model.days_in_words import short_weekday, time_of_day
from peer_challenge.model.messages import GONE, MESSAGE_STATES
from peer_challenge.model.sentences import join_list_briefly, say_how_many
from peer_challenge.post.deliver import Delivered
from peer_challenge.post.describe_messages import DescribedMessage, describe_messages
from peer_challenge.post.drafts import refresh_drafts
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from peer_challenge.steering.take_back_sent import preview_taking_back, take_back_sent

_MOST_DOCUMENTS = 3
"""Named in a row of the table; the others are counted, so that a row stays short in a terminal."""


def list_messages(register: Register, cycle: str | None, search: str, as_json: bool) -> None:
    """Print every message, what is to be sent before what was sent."""
    with register.reading() as connection:
        found = describe_messages(connection, cycle_id=cycle, search=search)
    found.sort(key=lambda one: one.message.state in GONE)
    if as_json:
        for one in found:
            print_json(one.as_dict())
        return
    if not found:
        console.print("There are no messages.")
        return
    listed = make_text_table("Number", "State", "To", "Documents", "When")
    for one in found:
        listed.add_row(*_make_row(one))
    console.print(listed)
    for one in found:
        if one.message.problem and one.message.state not in GONE:
            print_sentence(f"{one.message.id}: {one.message.problem}")


def _make_row(one: DescribedMessage) -> tuple[str, ...]:
    when = one.message.sent_at or one.message.made_at
    documents = [dispatch.kind.in_words for dispatch in one.documents]
    to = ", ".join(one.message.sent_to or one.addresses) or "no address"
    return (
        str(one.message.id),
        MESSAGE_STATES[one.message.state].name,
        f"{one.recipient} ({to})",
        join_list_briefly(documents, most=_MOST_DOCUMENTS),
        f"{short_weekday(when)} {time_of_day(when)}",
    )


def take_message_back(
    message_id: int, reason: str, is_sure: bool, today: str | None, home: Path | None
) -> None:
    """Say what follows if a message was not sent after all; then take the mark back. Raises WrongUse."""
    at = moment_of(today)
    with open_installation(home) as (settings, register):
        told = preview_taking_back(register, settings, message_id, at=at)
        reason = ask_to_confirm(told, "Was it not sent?", reason, is_sure=is_sure)
        with register.writing() as connection:
            take_back_sent(connection, settings, message_id, reason=reason, at=at, actor=ACTOR)
        refresh_drafts(register, settings, [message_id], at)
        print_sentence(f"Message {message_id} counts as not sent.")


def print_delivered(settings: Settings, done: Delivered) -> None:
    """Say what became of the messages of a run, where there were any."""
    if done.drafted:
        what = say_how_many(done.drafted, "draft")
        print_sentence(f'{what} to send: see the folder "To send" of the cycle in {settings.outbox_folder}.')
    if done.sent:
        print_sentence(f"{say_how_many(done.sent, 'message')} sent.")
    if done.refused:
        print_sentence(f"{done.refused} not sent: `peer-challenge messages` says why.")
    if done.is_away:
        print_sentence("The mail server can't be used now. We try again at the next run.")
