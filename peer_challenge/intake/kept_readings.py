"""Readings between two steps of an intake: beside the claimed documents, until the claim ends.

A document may be read in another process than the one that records it, on another machine too: what passes
between them lies in the claim, which only our account can enter, and in no queue of anybody else's.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from peer_challenge.intake.claims import READING
from peer_challenge.intake.emails.email_forms import EmailOrigin
from peer_challenge.intake.emails.message_content import Envelope
from peer_challenge.intake.emails.prepare_files import Delivered
from peer_challenge.intake.left_files import name_as_text
from peer_challenge.register.received_emails import Attachment
from peer_challenge.system.file_modes import open_private
from peer_challenge.word.process.reader_main import reading_from_mapping


def keep_readings(place: Path, delivered: Sequence[Delivered]) -> None:
    """Keep what was read of the file in the folder `place` of a claim. Raises OSError.

    Names are kept as text: what a sender calls a file may be none.
    """
    named = [replace(one, name=name_as_text(one.name)) for one in delivered]
    handle = open_private(_file_of(place))
    with os.fdopen(handle, "wb") as file:
        file.write(orjson.dumps(named))


def load_readings(place: Path) -> list[Delivered]:
    """What was read of the file in `place`, a document each. Raises OSError where there is none."""
    told: list[dict[str, Any]] = orjson.loads(_file_of(place).read_bytes())
    return [
        Delivered(reading_from_mapping(one["reading"]), one["name"], _read_origin(one["origin"]))
        for one in told
    ]


def _read_origin(told: Mapping[str, Any] | None) -> EmailOrigin | None:
    if told is None:
        return None
    return EmailOrigin(
        told["sha256"],
        told["size"],
        tuple(Envelope(**envelope) for envelope in told["envelopes"]),
        tuple(Attachment(**attachment) for attachment in told["attachments"]),
        told["ending"],
        told.get("forms", 1),
    )


def _file_of(place: Path) -> Path:
    return place.with_name(f"{READING}{place.name}")
