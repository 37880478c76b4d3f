"""Readings between two steps of an intake: beside the claimed documents, until the claim ends.

A document may be read in another process than the one that records it, on another machine too: what passes
between them lies in the claim, which only our account can enter, and in no queue of anybody else's.
"""

import os
from pathlib import Path

import orjson

from peer_challenge.intake.claims import READING
from peer_challenge.system.file_modes import open_private
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.process.reader_main import reading_of


def keep_reading(place: Path, reading: Reading) -> None:
    """Keep the reading of the document in the folder `place` of a claim. Raises OSError."""
    handle = open_private(_file_of(place))
    with os.fdopen(handle, "wb") as file:
        file.write(orjson.dumps(reading))


def load_reading(place: Path) -> Reading:
    """The reading that was kept of the document in `place`. Raises OSError where there is none."""
    return reading_of(_file_of(place).read_bytes())


def _file_of(place: Path) -> Path:
    return place.with_name(f"{READING}{place.name}")
