"""Drafts of messages: an .eml each, which a mail program opens unsent, in the cycle's folder "To send"."""

import logging
import os
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import PurePosixPath

from peer_challenge.clock import local_day
from peer_challenge.dispatches.gather_facts import WrongAddressee
from peer_challenge.model.messages import Delivery, MessageState
from peer_challenge.post.compose import CanNotCompose, compose_message, is_as_composed, make_email
from peer_challenge.register import messages
from peer_challenge.register.database import Register
from peer_challenge.register.records import Message
from peer_challenge.settings import Settings
from peer_challenge.system.file_modes import file_mode_in, folder_mode_in
from peer_challenge.system.folder_handles import (
    NOT_THERE,
    TooLarge,
    open_folder,
    read_file,
    remove_file,
    write_file,
)

log = logging.getLogger(__name__)
FOLDER = "To send"
"""Which no recipient can have: their folders are called by ids, of small letters and hyphens."""
_DRAFT = ".draft-message-"


def write_drafts(register: Register, settings: Settings, at: datetime) -> int:
    """Write the draft of each message that is ready; returns how many are new or say something else now.

    What a draft says of days is true on the day of `at`.
    """
    with register.reading() as connection:
        ready = messages.list_messages(connection, states=[MessageState.READY], most=None)
    return sum(_write_draft(register, settings, message, at) for message in reversed(ready))


def refresh_drafts(register: Register, settings: Settings, message_ids: Sequence[int], at: datetime) -> None:
    """Write the drafts of some messages again, or remove them, as somebody has just changed those.

    Where another run is at the drafts, that run or the next does it.
    """
    if settings.way_to_deliver is not Delivery.DRAFTS:
        return
    with register.exclusive("mail") as is_ours:
        if not is_ours:
            return
        remove_needless_drafts(register, settings)
        with register.reading() as connection:
            found = [messages.load_message(connection, number) for number in message_ids]
        for message in found:
            if message is not None and message.state is MessageState.READY:
                _write_draft(register, settings, message, at)


def remove_drafts(register: Register, settings: Settings, numbers: Collection[int]) -> None:
    """Remove the drafts of messages whose contacts have changed; the next run writes what is wanted."""
    with register.reading() as connection:
        found = [messages.load_message(connection, number) for number in numbers]
    for message in found:
        if message is not None and message.path is not None:
            _remove_draft(settings, message)


def remove_needless_drafts(register: Register, settings: Settings) -> None:
    """Remove the draft of each message that nobody is to send from one: it has gone, or is sent by us now."""
    are_wanted = settings.way_to_deliver is Delivery.DRAFTS
    with register.reading() as connection:
        needless = messages.list_with_needless_draft(connection, are_wanted=are_wanted)
    for message in needless:
        _remove_draft(settings, message)
        with register.writing() as connection:
            messages.note_draft(connection, message.id, None)


def name_draft(message: Message) -> str:
    """What the file with the draft of a message is called: only letters, digits, hyphens and spaces."""
    return f"{local_day(message.made_at)} {message.recipient_id} {message.id}.eml"


def _write_draft(register: Register, settings: Settings, message: Message, at: datetime) -> bool:
    try:
        with register.reading() as connection:
            composed = compose_message(connection, settings, message, at)
    except (CanNotCompose, WrongAddressee) as error:
        stop_message(register, message, error, at)
        return False
    if not composed.recipients.to:
        return False
    path = f"{message.cycle_id}/{FOLDER}/{name_draft(message)}"
    data = make_email(composed, settings, message.made_at, is_draft=True).as_bytes()
    if _is_there(settings, path, data):
        return False
    with register.writing() as connection:  # a draft that is not noted would never be removed
        if not is_as_composed(connection, composed):
            return False  # changed or added to meanwhile: the next run writes it as it is then
        messages.note_draft(connection, message.id, path)
    try:
        _replace_file(settings, path, data, message.id)
    except (NotADirectoryError, IsADirectoryError):  # somebody made it: the other drafts are written
        no_place = CanNotCompose(
            f"Its draft has no place in the folder “{FOLDER}” of its cycle in the outbox.",
            remedy="That folder, or what has the draft's name in there, is a link or another thing. See what "
            "lies there, remove it, then let the message go again.",
        )
        stop_message(register, message, no_place, at)
        return False
    return True


def _is_there(settings: Settings, path: str, data: bytes) -> bool:
    try:
        return read_file(settings.outbox_folder, path, most=len(data)) == data
    except (*NOT_THERE, TooLarge):
        return False


def stop_message(
    register: Register, message: Message, error: CanNotCompose | WrongAddressee, at: datetime
) -> None:
    """Record that a message can't go: the office is told why, and nothing was sent."""
    log.error("message %s can't be made (%s)", message.id, type(error).__name__)
    problem = f"{error.args[0]} {error.remedy}"
    with register.writing() as connection:
        messages.change_state(connection, message, MessageState.ON_HOLD, at=at, problem=problem)


def _replace_file(settings: Settings, path: str, data: bytes, number: int) -> None:
    """Write a file of the outbox whole, or not at all."""
    *above, name = PurePosixPath(path).parts
    mode = folder_mode_in(settings.outbox_folder)
    with open_folder(settings.outbox_folder, above, mode=mode) as folder:
        draft = f"{_DRAFT}{number}"
        write_file(folder, draft, data, file_mode_in(settings.outbox_folder))
        os.rename(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
        os.fsync(folder)


def _remove_draft(settings: Settings, message: Message) -> None:
    """Remove a message's draft from the outbox, where it is still there."""
    if message.path:
        remove_file(settings.outbox_folder, message.path)
