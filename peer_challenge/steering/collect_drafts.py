"""The drafts of several messages in one ZIP file, for an office that sends them from its own mail program."""

import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from peer_challenge.dispatches.gather_facts import WrongAddressee
from peer_challenge.dispatches.regional_tables import csv_bytes
from peer_challenge.errors import WrongUse
from peer_challenge.model.messages import Delivery, MessageState
from peer_challenge.post.compose import CanNotCompose, Composed, compose_message, make_email
from peer_challenge.post.drafts import name_draft
from peer_challenge.register import journal
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.records import Message
from peer_challenge.settings import Settings
from peer_challenge.steering.send_messages import load_message, refuse_in_state

TO_SEND_BY_HAND = (MessageState.READY, MessageState.NO_ADDRESS)
"""The states of messages that the office can send now: nobody holds them, and none may have gone already."""
LIST_NAME = "Who gets what.csv"
_HEADINGS = ("File", "For", "To", "Copy to", "Subject", "Attached", "Note")


def write_drafts_zip(
    register: Register,
    settings: Settings,
    message_ids: Sequence[int],
    into: Path,
    *,
    at: datetime,
    actor: str,
) -> int:
    """Write the drafts of messages, and a list of who gets which, into a ZIP file; returns how many drafts.

    A message that can't be made, or whose recipient has no right to one of its documents any more, is left
    out; the list says so and why. The journal has an entry for each draft. Raises WrongUse where messages
    leave by themselves, where one is not to be sent by hand now, and where none can be made.
    """
    if settings.way_to_deliver is not Delivery.DRAFTS:
        raise WrongUse(
            "Messages leave by themselves here, so a draft might go a second time.",
            remedy="Open a message to download its draft alone, or change how messages leave.",
        )
    rows: list[Sequence[str]] = [_HEADINGS]
    done: list[Message] = []
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
        for message_id in message_ids:
            with register.reading() as connection:
                message = load_message(connection, message_id)
                if message.state not in TO_SEND_BY_HAND:
                    raise refuse_in_state(message, "be sent by hand now")
                try:
                    composed = compose_message(connection, settings, message, at)
                except (CanNotCompose, WrongAddressee) as error:
                    rows.append(("", message.recipient_id, "", "", "", "", f"Not here: {error.in_full}"))
                    continue
            email = make_email(composed, settings, at, is_draft=True)
            packed.writestr(name_draft(message), email.as_bytes())
            rows.append(_describe_draft(composed))
            done.append(message)
        packed.writestr(LIST_NAME, csv_bytes(rows))
    if not done:
        raise WrongUse("No draft can be made of these.", remedy="Open each message: it says what is wrong.")
    with register.writing() as connection:
        for message in done:
            note_download(connection, message, at=at, actor=actor)
    return len(done)


def note_download(connection: Transaction, message: Message, *, at: datetime, actor: str) -> None:
    """Note in the journal who has downloaded a message or its files."""
    journal.append_entry(
        connection,
        "message downloaded",
        at=at,
        actor=actor,
        cycle_id=message.cycle_id,
        message=message.id,
        recipient=message.recipient_id,
    )


def _describe_draft(composed: Composed) -> Sequence[str]:
    to, copies = composed.recipients.to, composed.recipients.copies
    return (
        name_draft(composed.message),
        composed.recipients.name,
        "; ".join(contact.email for contact in to),
        "; ".join(contact.email for contact in copies),
        composed.subject,
        "; ".join(attachment.name for attachment in composed.attachments),
        "" if to else "No address: type it into the draft yourself.",
    )
